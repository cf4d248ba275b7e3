import { randomBytes } from 'node:crypto';
import { concatBytes, equalBytes } from './bytes.ts';
import { sha256 } from './hash.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * Encrypts what an event's commitment hides. It runs inside the business transaction, so its key must be at hand:
 * no key service, no store, no other waiting in here.
 */
export type SealDetail = (plaintext: Uint8Array) => Uint8Array;

/** The plaintext again; null when its key is another or a byte has changed. */
export type OpenDetail = (sealed: Uint8Array) => Uint8Array | null;

export interface CommittedDetail {
  /** SHA-256(salt ‖ detail). */
  readonly commitment: Uint8Array;
  readonly sealedDetail: Uint8Array;
}

/** Salts, commits to and seals one event's detail. */
export function commitDetail(detail: JsonObject, seal: SealDetail): CommittedDetail {
  const plaintext = concatBytes([randomBytes(32), new TextEncoder().encode(JSON.stringify(detail))]);
  return { commitment: sha256(plaintext), sealedDetail: seal(plaintext) };
}

/** The detail out of its opened plaintext, if it is what the entry committed to. */
export function revealDetail(plaintext: Uint8Array, commitment: Uint8Array): JsonObject | null {
  if (!equalBytes(sha256(plaintext), commitment)) return null;
  // Sound: the commitment shows that these are the bytes that commitDetail made from a JsonObject.
  return JSON.parse(new TextDecoder().decode(plaintext.subarray(32))) as JsonObject;
}
