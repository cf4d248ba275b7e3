const utf8 = new TextEncoder();

/**
 * Joins texts so that no two different lists give the same bytes: each as UTF-8 behind its length
 * (16 bits, big-endian). Used for the contexts that keys and objects are bound to.
 */
export function lengthPrefixed(parts: readonly string[]): Uint8Array {
  const encoded = parts.map((part) => utf8.encode(part));
  const output = new Uint8Array(encoded.reduce((sum, part) => sum + 2 + part.length, 0));
  const view = new DataView(output.buffer);
  let offset = 0;
  for (const part of encoded) {
    if (part.length > 0xffff) throw new RangeError('a part of a context is longer than 65,535 bytes');
    view.setUint16(offset, part.length);
    output.set(part, offset + 2);
    offset += 2 + part.length;
  }
  return output;
}
