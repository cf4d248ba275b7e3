import { ok, type Result, refuse } from '../../result.ts';
import type { SdJwtReason } from './reasons.ts';

/** The parts of `<JWT>~<Disclosure>~…~[<KB-JWT>]` (RFC 9901 §4), before anything about them has been looked at. */
export interface SdJwtParts {
  readonly jwt: string;
  readonly disclosures: readonly string[];
  readonly keyBinding: string | null;
  /** Everything up to and including the last tilde: what a holder signs the digest of (RFC 9901 §4.3.1). */
  readonly bound: string;
}

/** Nested objects and lists of the claims, disclosures in their places. */
export const maxDepth = 8;
/** Of one JSON text: `_sd` and `...` add two levels. */
export const maxTextDepth = maxDepth + 2;

const maxCharacters = 256 * 1024;
const maxDisclosures = 512;

export function splitSdJwt(text: unknown): Result<SdJwtParts, SdJwtReason> {
  if (typeof text !== 'string') return refuse('malformed');
  if (text.length > maxCharacters) return refuse('too-large');
  const [jwt, ...rest] = text.split('~');
  const keyBinding = rest.pop();
  if (jwt === undefined || keyBinding === undefined) return refuse('malformed');
  if (rest.length > maxDisclosures) return refuse('too-many-disclosures');
  return ok({
    jwt,
    disclosures: rest,
    keyBinding: keyBinding === '' ? null : keyBinding,
    bound: joinSdJwt(jwt, rest),
  });
}

export function joinSdJwt(jwt: string, disclosures: readonly string[]): string {
  return `${[jwt, ...disclosures].join('~')}~`;
}
