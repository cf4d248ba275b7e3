import { type Cursor, skipSpace, takeInteger } from './cursor.ts';
import { decodeStream } from './decode-stream.ts';
import { parseValue } from './parse-value.ts';
import { type Budget, damaged, integerOf, isDictionary, type PdfDictionary, type PdfValue } from './values.ts';

export interface InnerObject {
  readonly number: number;
  readonly value: PdfValue;
}

/** Whether a reader could take this stream for one that holds objects, whatever it says of its type. */
export function isContainer(value: PdfValue): value is PdfDictionary {
  if (!isDictionary(value) || value.data === null) return false;
  return value.entries.get('Type') === 'ObjStm' || (value.entries.has('N') && value.entries.has('First'));
}

/** The objects in an object stream, in its order. ISO 32000-2 §7.5.7. */
export function expandObjectStream(bytes: Uint8Array, stream: PdfDictionary, budget: Budget): readonly InnerObject[] {
  const count = integerOf(stream.entries.get('N'));
  const first = integerOf(stream.entries.get('First'));
  if (count === null || first === null) throw damaged('object-stream');
  const content = decodeStream(bytes, stream, budget);
  const header: Cursor = { bytes: content, at: 0, end: Math.min(first, content.length), budget };
  const objects: InnerObject[] = [];
  for (let index = 0; index < count; index++) {
    skipSpace(header);
    const number = takeInteger(header);
    skipSpace(header);
    const offset = takeInteger(header);
    if (number === null || offset === null) throw damaged('object-stream');
    const value = parseValue({ bytes: content, at: first + offset, end: content.length, budget });
    objects.push({ number, value });
  }
  return objects;
}
