const table = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as ZIP uses it; give the result of the last chunk to go on, 0 to begin. */
export function crc32(chunk: Uint8Array, previous: number): number {
  let value = ~previous;
  // An index loop: this runs over every byte of every document that is handed out.
  for (let at = 0; at < chunk.length; at += 1) value = (value >>> 8) ^ (table[(value ^ (chunk[at] ?? 0)) & 0xff] ?? 0);
  return ~value >>> 0;
}
