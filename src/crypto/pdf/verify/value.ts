import { ok, type Result, refuse } from '../../../result.ts';
import { stringBytes } from '../string-bytes.ts';
import { integerOf, isArray, isText, type PdfDictionary, type PdfText } from '../values.ts';

/** How a signature value is to be read (ISO 32000-2 table 255); nothing else is looked at. */
export type SubFilter = 'ETSI.CAdES.detached' | 'ETSI.RFC3161' | 'adbe.pkcs7.detached';

export type ValueReason =
  | 'subfilter-not-allowed'
  | 'range-malformed'
  | 'range-other-hole'
  | 'range-beyond-file'
  | 'contents-malformed'
  | 'contents-padding';

/** What a signature dictionary says, and says in one way only. */
export interface SignatureValue {
  readonly subFilter: SubFilter;
  /** The whole of the file up to `hole.start`, and from `hole.end` up to `end`. */
  readonly hole: { readonly start: number; readonly end: number };
  readonly end: number;
  /** CMS or time-stamp token, without what pads it. */
  readonly der: Uint8Array;
}

/**
 * Reads a signature dictionary of the file. Its byte range must leave out exactly the `<…>` of its own /Contents: every byte
 * more could hold what nobody signed (U-16).
 */
export function readSignatureValue(file: Uint8Array, value: PdfDictionary): Result<SignatureValue, ValueReason> {
  const subFilter = subFilterOf(value);
  if (subFilter === null) return refuse('subfilter-not-allowed');
  const contents = value.entries.get('Contents');
  // Of the file itself: what lies in an object stream has no place that could be left out.
  if (!isText(contents) || contents.source !== file || !isPlainHex(contents)) return refuse('contents-malformed');
  const range = rangeOf(value);
  if (range === null) return refuse('range-malformed');
  const [first, second, length] = range;
  if (first !== contents.start || second !== contents.end) return refuse('range-other-hole');
  if (second + length > file.length) return refuse('range-beyond-file');
  const padded = stringBytes(contents) ?? new Uint8Array();
  const der = firstDer(padded);
  if (der === null) return refuse('contents-malformed');
  if (padded.subarray(der.length).some((byte) => byte !== 0)) return refuse('contents-padding');
  return ok({ subFilter, hole: { start: first, end: second }, end: second + length, der });
}

/** The bytes that a signature is about. */
export function signedBytes(file: Uint8Array, { hole, end }: SignatureValue): Uint8Array {
  const signed = new Uint8Array(hole.start + end - hole.end);
  signed.set(file.subarray(0, hole.start));
  signed.set(file.subarray(hole.end, end), hole.start);
  return signed;
}

function subFilterOf({ entries }: PdfDictionary): SubFilter | null {
  const [type, subFilter] = [entries.get('Type'), entries.get('SubFilter')];
  if (subFilter === 'ETSI.RFC3161') return type === 'DocTimeStamp' ? subFilter : null;
  if (type !== undefined && type !== 'Sig') return null;
  // adbe.pkcs7.sha1 and adbe.x509.rsa_sha1 rest on a broken hash.
  return subFilter === 'ETSI.CAdES.detached' || subFilter === 'adbe.pkcs7.detached' ? subFilter : null;
}

/** Where the hole begins and ends, and how much follows it; the numbers stand there themselves. */
function rangeOf({ entries }: PdfDictionary): readonly [number, number, number] | null {
  const written = entries.get('ByteRange');
  if (!isArray(written) || written.length !== 4) return null;
  const [zero, first, second, length] = written.map(integerOf);
  if (zero !== 0 || first == null || second == null || length == null) return null;
  return [first, second, length];
}

/** `<` and pairs of digits as one program writes them: no white space, letters all small or all capital. */
function isPlainHex({ source, start, end }: PdfText): boolean {
  if (source[start] !== 0x3c || (end - start) % 2 !== 0) return false;
  const digits = source.subarray(start + 1, end - 1);
  return [0x61, 0x41].some((letters) =>
    digits.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= letters && byte < letters + 6)),
  );
}

/** The SEQUENCE that stands first, by its own length; whether it is good DER is for its parser to say. */
function firstDer(bytes: Uint8Array): Uint8Array | null {
  const [tag, first = 0x80] = bytes;
  if (tag !== 0x30 || first === 0x80 || first > 0x84) return null;
  const octets = first < 0x80 ? 0 : first - 0x80;
  const length = octets === 0 ? first : bytes.subarray(2, 2 + octets).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = 2 + octets + length;
  return end <= bytes.length ? bytes.subarray(0, end) : null;
}
