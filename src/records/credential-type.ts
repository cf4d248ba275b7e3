import type { IssuedKind } from './certificate-kinds.ts';

/** Raised with any change of the page about a type: credentials name it with its hash, and old ones must keep theirs. */
export const typeVersion = 1;

export const typesPath = '/credential-types';

/** `vct` of a certificate as SD-JWT VC, where the page about it is served. */
export function typeOf(origin: string, kind: IssuedKind): string {
  return `${origin}${typesPath}/${kind}/${typeVersion}`;
}
