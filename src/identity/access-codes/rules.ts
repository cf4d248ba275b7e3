import { parseLinkingCode } from '../rules.ts';
import { hashToken } from '../secrets.ts';
import type { AccessCodeRow } from './tables.ts';

export const accessCodeDays = 14;
/** Wrong numbers in all, over every number that was sent for one paper. */
export const triesPerAccessCode = 5;
/** Mails in all: whoever finds a paper cannot flood a guardian's letter box. */
export const numbersPerAccessCode = 5;
/** ASVS 6.5.5: how long a number that was sent is good. */
export const accessNumberMinutes = 10;

export type AccessCodeState = 'open' | 'used' | 'expired' | 'locked' | 'withdrawn';

type Counted = Pick<AccessCodeRow, 'usedAt' | 'withdrawnAt' | 'expiresAt' | 'tries' | 'numbersSent'>;

/** Of locked codes one can be released; the other ends are for good. */
export function stateOfAccessCode(code: Counted, at: Date): AccessCodeState {
  if (code.withdrawnAt !== null) return 'withdrawn';
  if (code.usedAt !== null) return 'used';
  if (at >= code.expiresAt) return 'expired';
  return code.tries >= triesPerAccessCode || code.numbersSent > numbersPerAccessCode ? 'locked' : 'open';
}

/** What is stored of a code; the purpose is part of it, so that a linking code opens no session, nor the other way round. */
export function accessCodeHash(typed: string): string {
  return hashToken(`hikitsugi/access-code/${parseLinkingCode(typed) ?? ''}`);
}

/** For good; one that is locked may yet be released, and its last number be right. */
export function hasEnded(code: Counted, at: Date): boolean {
  return ['used', 'expired', 'withdrawn'].includes(stateOfAccessCode(code, at));
}

/** Six digits: by ASVS 6.5.4 enough for a few tries within minutes. */
export function accessNumberFrom(random: Uint32Array): string {
  return String((random[0] ?? 0) % 1_000_000).padStart(6, '0');
}

/** As people type it: any width, with blanks or hyphens. */
export function plainNumber(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\-‐-―−ー]/g, '');
}
