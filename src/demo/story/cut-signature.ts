export interface CutSignature {
  /** CMS, DER. */
  readonly value: Uint8Array;
  readonly signed: Uint8Array;
}

/** Cuts the first signature out of a PDF by hand, as docs/verify-by-hand.md tells it; nothing of our own reader in it. */
export function cutFirstSignature(pdf: Uint8Array): CutSignature {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length);
  const range = /ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(file.toString('latin1'));
  const [first = 0, second = 0, rest = 0] = (range ?? []).slice(1).map(Number);
  const padded = Buffer.from(file.toString('latin1', first + 1, second - 1), 'hex');
  // The length stands in two octets behind 30 82.
  const value = new Uint8Array(padded.subarray(0, 4 + padded.readUInt16BE(2)));
  return {
    value,
    signed: new Uint8Array(Buffer.concat([file.subarray(0, first), file.subarray(second, second + rest)])),
  };
}
