/** Cuts the first signature out by hand, as docs/verify-by-hand.md tells it: its value, and the bytes that it signs. */
export function cutSignature(pdf: Uint8Array): { readonly value: Uint8Array; readonly signed: Uint8Array } {
  const text = Buffer.from(pdf).toString('latin1');
  const found = /ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(text);
  if (found === null) throw new Error('no signature');
  const [first = 0, second = 0, third = 0] = found.slice(1).map(Number);
  const padded = Buffer.from(text.slice(first + 1, second - 1), 'hex');
  // The length stands in two octets behind 30 82.
  const value = padded.subarray(0, 4 + padded.readUInt16BE(2));
  const signed = Buffer.concat([pdf.subarray(0, first), pdf.subarray(second, second + third)]);
  return { value: new Uint8Array(value), signed: new Uint8Array(signed) };
}
