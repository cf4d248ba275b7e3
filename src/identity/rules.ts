import type { AssuranceLevel } from '../policy/actor.ts';
import type { SessionLimits } from './services.ts';

export const signInMinutes = 10;
export const challengeSeconds = 120;
export const accessTokenSeconds = 300;
export const assertionSeconds = 60;
export const linkingCodeDays = 14;
export const triesPerLinkingCode = 5;
export const linkingRefusalsPerDay = 10;
/** How long people see what happened to their log-ins. */
export const logInHistoryDays = 180;
/** So many refused attempts within a day are told, once a day. */
export const refusedLogInsToTell = 5;
/** So often it is asked whether the certificate behind a session that is in use has been revoked. */
export const certificateCheckMinutes = 60;
/** A log-in of staff after so many refused ones within a day is told. */
export const refusedBeforeLogInToTell = 3;
/** Whoever of the staff has not come for so long is told when they come. */
export const absenceDays = 90;

/** The calendar day in Japan, `YYYY-MM-DD`: memberships begin and end with it. */
export function dayInJapan(at: Date): string {
  // Japan has had no daylight saving time since 1951: a fixed offset is exact.
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** Until midnight in Japan, rounded up. */
export function secondsOfDayLeft(at: Date): number {
  const day = 86_400_000;
  return Math.ceil((day - ((at.getTime() + 9 * 3_600_000) % day)) / 1000);
}

export function after(
  at: Date,
  span: { readonly seconds?: number; readonly minutes?: number; readonly days?: number },
): Date {
  const seconds = (span.seconds ?? 0) + (span.minutes ?? 0) * 60 + (span.days ?? 0) * 86_400;
  return new Date(at.getTime() + seconds * 1000);
}

/** The paper of a school is the weakest proof: what it opens is short, whatever the operator allows others. */
const codeSessionLimits: SessionLimits = { idleMinutes: 10, absoluteHours: 1 };

/** How long a session of this level lives. */
export function limitsOf(assurance: AssuranceLevel, limits: SessionLimits): SessionLimits {
  if (assurance !== 'schoolCode') return limits;
  return {
    idleMinutes: Math.min(limits.idleMinutes, codeSessionLimits.idleMinutes),
    absoluteHours: Math.min(limits.absoluteHours, codeSessionLimits.absoluteHours),
  };
}

/** Has this session run out, by rest or by age? (ASVS 7.3.1, 7.3.2) */
export function isSessionOver(
  session: { readonly lastSeenAt: Date; readonly expiresAt: Date; readonly assurance: AssuranceLevel },
  { now, limits }: { readonly now: Date; readonly limits: SessionLimits },
): boolean {
  return (
    now >= session.expiresAt ||
    now >= after(session.lastSeenAt, { minutes: limitsOf(session.assurance, limits).idleMinutes })
  );
}

/** A path of ours to go back to after log-in; anything that could lead elsewhere becomes the top page. */
export function localPath(text: string | undefined): string {
  if (text === undefined || text.length > 500) return '/';
  // One slash and then neither slash nor backslash: `//host` and `/\host` are other hosts to a browser.
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : '/';
}

export const challengePurposes = ['login', 'bind-certificate', 'step-up'] as const;
export type ChallengePurpose = (typeof challengePurposes)[number];

interface Challenge {
  readonly origin: string;
  readonly purpose: string;
  readonly expiresAt: Date;
}

/** Why this challenge, which has been taken away by now, is none to answer here; null when it is. */
export function reasonAgainstChallenge(
  challenge: Challenge,
  wanted: { readonly origin: string; readonly purpose: ChallengePurpose; readonly at: Date },
): string | null {
  if (wanted.at >= challenge.expiresAt) return 'challenge-expired';
  if (challenge.purpose !== wanted.purpose) return 'challenge-other-purpose';
  return challenge.origin === wanted.origin ? null : 'challenge-other-origin';
}

/**
 * The text a person's certificate signs. The first line separates it from every document signature; the client composes
 * it from what it sees itself, above all its own origin, so a relayed challenge signs the wrong text.
 */
export function loginText(parts: {
  readonly origin: string;
  readonly purpose: string;
  readonly challengeId: string;
  readonly challenge: string;
}): Uint8Array {
  const lines = ['electronic-locker/login/v1', parts.origin, parts.purpose, parts.challengeId, parts.challenge];
  return new TextEncoder().encode(lines.join('\n'));
}

const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 128 random bits as 26 characters of Crockford's Base32 in groups: readable from paper, and short in a QR. */
export function linkingCodeText(random: Uint8Array): string {
  let value = 0n;
  for (const byte of random.subarray(0, 16)) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = `${codeAlphabet.charAt(Number(value & 31n))}${text}`;
    value >>= 5n;
  }
  return text.replace(/(.{5})(?=.)/g, '$1-');
}

/** Reads a code as people type it: any case and width, blanks, O for 0, I and L for 1. Null when it cannot be one. */
export function parseLinkingCode(typed: string): string | null {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐-―−ー]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(plain) ? plain : null;
}
