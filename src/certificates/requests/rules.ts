/** 本人・保護者・代理人: as whom somebody asks. */
export const relations = ['self', 'guardian', 'agent'] as const;
export type Relation = (typeof relations)[number];

/** What it is for, as far as a school has to know. */
export const purposes = ['admission', 'employment', 'studyAbroad', 'qualification', 'fare', 'other'] as const;
export type Purpose = (typeof purposes)[number];

/** Why a school refuses; a word of this list, so that nothing is typed about a person. */
export const refusals = ['notCertifiable', 'identity', 'mandate', 'fee', 'paperOnly', 'other'] as const;
export type Refusal = (typeof refusals)[number];

/** Why a certificate is issued in the place of another: it held a mistake, or the paper was lost. */
export const replacements = ['correction', 'loss'] as const;
export type Replacement = (typeof replacements)[number];

export const requestStates = ['requested', 'checked', 'approved', 'issued', 'refused', 'withdrawn'] as const;
export type RequestState = (typeof requestStates)[number];

/** How far one may go from where. What cannot be made goes back to the office, also after its approval. */
const next: Readonly<Record<RequestState, readonly RequestState[]>> = {
  // Straight to the approval: by the standing rule of the school.
  requested: ['checked', 'approved', 'refused', 'withdrawn'],
  checked: ['requested', 'checked', 'approved', 'refused', 'withdrawn'],
  approved: ['requested', 'issued'],
  issued: [],
  refused: [],
  withdrawn: [],
};

export function mayFollow(from: RequestState, to: RequestState): boolean {
  return next[from].includes(to);
}

/** Whether whoever it is for may take it back: a correction is the school's own business. */
export function isOwnWish(reason: Replacement | null): boolean {
  return reason !== 'correction';
}

/** Under way: somebody has to do something yet. */
export const openStates = requestStates.filter((state) => next[state].length > 0);

export const maxCopies = 5;
/** Of one person at a time: an office is not to be buried. */
export const maxOpenRequests = 5;
