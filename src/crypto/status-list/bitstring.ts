import { toBase64url } from '../jose-encoding.ts';

/** The bits of a list; entry 0 is the leftmost bit of the first byte (W3C Bitstring Status List v1.0 §3.3). */
export function packBits(size: number, set: Iterable<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  for (const index of set) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such entry');
    const at = index >> 3;
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (index & 7));
  }
  return bytes;
}

/** `encodedList`: GZIP, base64url without padding, behind the `u` by which multibase names that. */
export async function encodeBitstring(bits: Uint8Array): Promise<string> {
  const stream = new Blob([new Uint8Array(bits)]).stream().pipeThrough(new CompressionStream('gzip'));
  return `u${toBase64url(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
}
