import { absenceDays, after, refusedBeforeLogInToTell } from '../rules.ts';
import type { StaffLogInSubject } from './tables.ts';

/** One of the ways in which a person logs in: a certificate, or an account of デジタル認証アプリ. */
export interface Way {
  readonly id: string;
  readonly assurance: 'certificate' | 'digitalAuthenticationApp';
  readonly addedAt: Date;
  /** Null for one that was added and never used. */
  readonly lastUsedAt: Date | null;
  /** When the certificate runs out; null for an account. */
  readonly notAfter: Date | null;
}

/** An expired certificate opens no door any more. */
export function isUsable({ notAfter }: Pick<Way, 'notAfter'>, at: Date): boolean {
  return notAfter === null || at <= notAfter;
}

/** Is this the only way left by which the person can come in? */
export function isLastWay(ways: readonly Pick<Way, 'id' | 'notAfter'>[], id: string, at: Date): boolean {
  return !ways.some((way) => way.id !== id && isUsable(way, at));
}

/**
 * What is unusual about a log-in of staff that went well (ASVS 6.3.5): it comes after a long rest, or after several that
 * were refused. Never where it comes from, or by which browser. A first log-in follows what the school has just done.
 */
export function unusualIn(logIn: {
  readonly lastLogInAt: Date | null;
  /** How many were refused since then, within a day. */
  readonly refused: number;
  readonly at: Date;
}): readonly StaffLogInSubject[] {
  const { lastLogInAt, refused, at } = logIn;
  const isLate = lastLogInAt !== null && at > after(lastLogInAt, { days: absenceDays });
  return [
    ...(isLate ? (['log-in-after-absence'] as const) : []),
    ...(refused >= refusedBeforeLogInToTell ? (['log-in-after-refusals'] as const) : []),
  ];
}

/** What a person is told of why a certificate of theirs was turned away. */
export function turnedAwayBy(reason: string): 'revoked' | 'expired' | 'other' {
  return (['revoked', 'expired'] as const).find((word) => reason.includes(word)) ?? 'other';
}
