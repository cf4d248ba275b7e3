import { createHash } from 'node:crypto';
import { parseBase64url, toBase64url } from '../jose-encoding.ts';
import { type JsonValue, parseStrictJson } from '../strict-json.ts';
import { maxTextDepth } from './format.ts';
import { SdJwtError } from './reasons.ts';

/** What one disclosure says: a member of an object, or with `name` null an element of a list (RFC 9901 §4.2). */
export interface Disclosure {
  /** As it stands in the SD-JWT. */
  readonly text: string;
  readonly digest: string;
  readonly name: string | null;
  readonly value: JsonValue;
}

/** Names that RFC 9901 keeps for itself (§4.2.1). */
export const reservedNames: readonly string[] = ['_sd', '_sd_alg', '...'];

export function makeDisclosure(
  salt: Uint8Array,
  content: { readonly name: string | null; readonly value: JsonValue },
): Disclosure {
  const { name, value } = content;
  const members = name === null ? [toBase64url(salt), value] : [toBase64url(salt), name, value];
  const text = toBase64url(new TextEncoder().encode(JSON.stringify(members)));
  return { text, digest: disclosureDigest(text), name, value };
}

/** @throws SdJwtError */
export function parseDisclosure(text: string): Disclosure {
  const bytes = parseBase64url(text);
  if (bytes === null || bytes.length === 0) throw new SdJwtError('disclosure-malformed');
  const parsed = parseStrictJson(bytes, maxTextDepth);
  if (!parsed.ok) throw new SdJwtError(parsed.fault === 'json-malformed' ? 'disclosure-malformed' : parsed.fault);
  const { name, value } = membersOf(parsed.value);
  if (name !== null && reservedNames.includes(name)) throw new SdJwtError('name-reserved');
  return { text, digest: disclosureDigest(text), name, value };
}

function membersOf(members: JsonValue): { readonly name: string | null; readonly value: JsonValue } {
  if (!Array.isArray(members) || typeof members[0] !== 'string') throw new SdJwtError('disclosure-malformed');
  const [, second, third] = members as readonly (JsonValue | undefined)[];
  if (members.length === 2 && second !== undefined) return { name: null, value: second };
  if (members.length !== 3 || typeof second !== 'string' || third === undefined) {
    throw new SdJwtError('disclosure-malformed');
  }
  return { name: second, value: third };
}

/**
 * RFC 9901 §4.2.3: over the ASCII of the encoded disclosure, never over its content. At once: for some hundred bytes WebCrypto's way
 * to another thread and back costs twenty times the hash.
 */
export function disclosureDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** SHA-256 in base64url; the last of its characters has two bits that say nothing. */
export function isDigest(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && digestForm.test(value);
}

const digestForm = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
