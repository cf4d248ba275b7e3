import canonicalize from 'canonicalize';

/**
 * The canonical bytes of a JSON value (RFC 8785), the only form in which manifests are signed.
 *
 * @throws for what JSON cannot say: NaN, infinities, lone surrogates, cycles, undefined
 */
export function canonicalJson(value: unknown): Uint8Array {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this value has no JSON form');
  return new TextEncoder().encode(text);
}

/**
 * Whether bytes are the canonical form of the JSON they contain: one document, one spelling.
 * Duplicate names, blanks, other number forms and a byte order mark all fail here.
 */
export function isCanonicalJson(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return canonicalize(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}
