import type { TrustBundle } from './open-trust.ts';

/** A bundle as the gateway publishes it (`/verify/trust.json`) and as `verify.html` holds it; lists in base64. */
export interface PublishedBundle {
  readonly list: unknown;
  readonly pin: string;
  readonly crls: readonly string[];
}

/** Null for anything else. Whether to believe it is another question: see `openTrustMaterial`. */
export function parseBundle(found: unknown): TrustBundle | null {
  if (typeof found !== 'object' || found === null) return null;
  // Sound: each member that is used is looked at; the list is, when its signature is verified.
  const { list, pin, crls } = found as Partial<PublishedBundle>;
  if (list === undefined || typeof pin !== 'string' || !Array.isArray(crls)) return null;
  const lists = crls.flatMap((text) => (typeof text === 'string' ? [bytesOf(text)] : []));
  return lists.length === crls.length && lists.every((der) => der !== null) ? { list, pin, crls: lists } : null;
}

function bytesOf(text: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : null;
}
