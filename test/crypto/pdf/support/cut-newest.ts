/** Cuts the newest signature out by hand, as docs/verify-by-hand.md tells it. */
export function cutNewest(file: Uint8Array): { readonly value: Uint8Array; readonly signed: Uint8Array } {
  const text = Buffer.from(file).toString('latin1');
  const [, first = 0, second = 0, third = 0] = (
    /ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(text.slice(text.lastIndexOf('/ByteRange'))) ?? []
  ).map(Number);
  const padded = Buffer.from(text.slice(first + 1, second - 1), 'hex');
  // The length stands in two octets behind 30 82.
  const value = padded.subarray(0, 4 + padded.readUInt16BE(2));
  const signed = Buffer.concat([file.subarray(0, first), file.subarray(second, second + third)]);
  return { value: new Uint8Array(value), signed: new Uint8Array(signed) };
}
