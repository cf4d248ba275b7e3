import { bytesText, textBytes } from './write-value.ts';

/** A signature dictionary whose value is still missing, and where the missing parts lie. */
export interface Prepared {
  readonly bytes: Uint8Array;
  readonly valueAt: number;
  /** The number of bytes that the value may have. */
  readonly reserved: number;
}

const rangePlaceholder = '/ByteRange [0 9999999999 9999999999 9999999999]';

/** The text of a signature dictionary with room for its value: ByteRange and Contents are filled in later, in place. */
export function signatureText(head: string, reserved: number): string {
  return `<< /Type /Sig ${head} ${rangePlaceholder} /Contents <${'0'.repeat(2 * reserved)}> >>`;
}

/** Fixes the byte range: all but the value's hexadecimal digits and their brackets. Gives the file and what is signed of it. */
export function openHole(prepared: Prepared): { readonly bytes: Uint8Array; readonly signed: Uint8Array } {
  const { start, end } = holeOf(prepared);
  const bytes = new Uint8Array(prepared.bytes);
  const range = `/ByteRange [0 ${start} ${end} ${bytes.length - end}]`.padEnd(rangePlaceholder.length);
  bytes.set(textBytes(range), placeIn(prepared, rangePlaceholder));
  const signed = new Uint8Array(bytes.length - (end - start));
  signed.set(bytes.subarray(0, start));
  signed.set(bytes.subarray(end), start);
  return { bytes, signed };
}

/** Puts the value in; null when it is larger than the room left for it. The rest stays zero. */
export function fillHole(prepared: Prepared, bytes: Uint8Array, value: Uint8Array): Uint8Array | null {
  if (value.length > prepared.reserved) return null;
  const digits = Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const filled = new Uint8Array(bytes);
  filled.set(textBytes(digits), holeOf(prepared).start + 1);
  return filled;
}

function holeOf(prepared: Prepared): { readonly start: number; readonly end: number } {
  const start = placeIn(prepared, '/Contents <') + '/Contents '.length;
  return { start, end: start + 2 * prepared.reserved + 2 };
}

/** Looked for in the dictionary that was just written, and nowhere else: a file may carry the same words inside. */
function placeIn({ bytes, valueAt }: Prepared, text: string): number {
  const at = bytesText(bytes.subarray(valueAt, valueAt + 2048)).indexOf(text);
  if (at === -1) throw new Error('the signature dictionary has lost its form');
  return valueAt + at;
}
