import type { IssuedKind } from './certificate-kinds.ts';

/** Raised with any change of the page about a type: credentials name it with its hash, and old ones must keep theirs. */
export const typeVersion = 1;

/**
 * Claim that says whom alone a credential is shown to, in its holder's words. Not `aud` (RFC 7519 §4.1.3): every reader that does not know
 * itself by those words would have to reject it.
 */
export const audienceClaim = 'shared_with';

export const typesPath = '/credential-types';

/** `vct` of a certificate as SD-JWT VC, where the page about it is served. */
export function typeOf(origin: string, kind: IssuedKind): string {
  return `${origin}${typesPath}/${kind}/${typeVersion}`;
}
