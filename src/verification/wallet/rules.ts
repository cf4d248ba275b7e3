/** `answered`: shown, and not yet released to the browser that asked. */
export const requestStates = ['waiting', 'answered', 'released', 'closed'] as const;
export type RequestState = (typeof requestStates)[number];

/** The holder said no, or too many wrong numbers were typed. */
export const requestEndings = ['declined', 'number'] as const;
export type RequestEnding = (typeof requestEndings)[number];

/** What a verifier may ask to see: no more than it needs (OpenID4VP 1.0 §15.4.1). */
export const claimGroups = ['name', 'birth', 'school', 'subjects'] as const;
export type ClaimGroup = (typeof claimGroups)[number];

/** How long a wallet may take, and how long the answer can be looked at. */
export const requestMinutes = 10;

/** How old the holder's proof may be; the nonce is younger than the request in any case. */
export const proofSeconds = requestMinutes * 60;

/** A million numbers and five tries: one chance in two hundred thousand. */
export const maxMisses = 5;

export const numberDigits = 6;

export function minutesAfter(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * 60_000);
}
