import { isArray, isDictionary, isReference, type PdfDictionary, type PdfText, type PdfValue } from './values.ts';

/** A value as a PDF writes it, one character per byte. Streams are objects of their own and have no place here. */
export function valueText(value: PdfValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return nameText(value);
  if (isReference(value)) return `${value.number} ${value.generation} R`;
  if (isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (isDictionary(value)) return dictionaryText(value);
  return bytesText(value.source.subarray(value.start, value.end));
}

/** One character per byte. */
export function bytesText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

export function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A string object with these bytes, in hexadecimal. */
export function hexText(bytes: Uint8Array): PdfText {
  return textValue(`<${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}>`);
}

/** The dictionary with some entries put in place of others. */
export function withEntries(dictionary: PdfDictionary, changes: Readonly<Record<string, PdfValue>>): PdfDictionary {
  return { ...dictionary, entries: new Map([...dictionary.entries, ...Object.entries(changes)]) };
}

export function dictionaryOf(entries: Readonly<Record<string, PdfValue>>): PdfDictionary {
  return { kind: 'dictionary', entries: new Map(Object.entries(entries)), data: null };
}

export function referenceTo(number: number, generation = 0): PdfValue {
  return { kind: 'reference', number, generation };
}

function textValue(written: string): PdfText {
  const source = textBytes(written);
  return { kind: 'text', empty: source.length === 2, source, start: 0, end: source.length };
}

function dictionaryText({ entries, data }: PdfDictionary): string {
  if (data !== null) throw new Error('a stream is no value to be written');
  return `<< ${[...entries].map(([key, value]) => `${nameText(key)} ${valueText(value)}`).join(' ')} >>`;
}

/** ISO 32000-2 §7.3.5: whatever is not plain is written as #xx. */
function nameText(name: string): string {
  const escaped = name.replaceAll(/[^A-Za-z0-9+\-*_.!:@$&]/g, (character) => {
    return `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `/${escaped}`;
}

/** §7.3.3 knows no exponents. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(Number.isInteger(value) ? 0 : 10) : text;
}
