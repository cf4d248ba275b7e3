import { stringBytes } from './string-bytes.ts';
import { isArray, isDictionary, isReference, type PdfDictionary, type PdfValue } from './values.ts';
import { follow, type PdfView } from './view.ts';
import { bytesText } from './write-value.ts';

/** A form field at the end of its branch, with what it inherits (ISO 32000-2 §12.7.4). */
export interface FormField {
  /** Its object; null for one that stands in the list itself. */
  readonly number: number | null;
  /** The fully qualified name, one character per byte or UTF-16 unit. */
  readonly name: string;
  readonly type: PdfValue;
  readonly entries: PdfDictionary['entries'];
}

const maxFields = 10_000;
const maxLevels = 32;

export function catalogOf(view: PdfView): PdfDictionary | null {
  const catalog = follow(view, view.trailer.entries.get('Root'));
  return isDictionary(catalog) && catalog.data === null ? catalog : null;
}

/** The interactive form; null when there is none. */
export function formOf(view: PdfView): PdfDictionary | null {
  const form = follow(view, catalogOf(view)?.entries.get('AcroForm'));
  return isDictionary(form) && form.data === null ? form : null;
}

/** Every field of the form; null when the tree of fields has a circle or is beyond measure. */
export function fieldsOf(view: PdfView): readonly FormField[] | null {
  const found: FormField[] = [];
  const seen = new Set<number>();
  const waiting: Branch[] = arrayIn(view, formOf(view)?.entries.get('Fields')).map((value) => ({
    value,
    above: { name: '', type: null, level: 0 },
  }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, above } = next;
    if (isReference(value)) {
      if (seen.has(value.number)) return null;
      seen.add(value.number);
    }
    if (found.length + waiting.length > maxFields || above.level > maxLevels) return null;
    const dictionary = follow(view, value);
    if (!isDictionary(dictionary)) continue;
    const { entries } = dictionary;
    const here = {
      name: join(above.name, nameOf(view, entries.get('T'))),
      type: follow(view, entries.get('FT')) ?? above.type,
      level: above.level + 1,
    };
    const kids = arrayIn(view, entries.get('Kids'));
    if (kids.length > 0) waiting.push(...kids.map((kid) => ({ value: kid, above: here })));
    if (kids.length === 0 || entries.has('V')) {
      found.push({ number: isReference(value) ? value.number : null, name: here.name, type: here.type, entries });
    }
  }
  return found;
}

interface Branch {
  readonly value: PdfValue;
  readonly above: { readonly name: string; readonly type: PdfValue; readonly level: number };
}

export function arrayIn(view: PdfView, value: PdfValue | undefined): readonly PdfValue[] {
  const array = follow(view, value);
  return isArray(array) ? array : [];
}

function join(above: string, own: string): string {
  return above === '' || own === '' ? above + own : `${above}.${own}`;
}

function nameOf(view: PdfView, value: PdfValue | undefined): string {
  return textOf(follow(view, value)) ?? '';
}

/** The characters of a string object; null for anything else. */
export function textOf(value: PdfValue): string | null {
  const bytes = stringBytes(value);
  if (bytes === null) return null;
  const utf16 = bytes[0] === 0xfe && bytes[1] === 0xff;
  return utf16 ? new TextDecoder('utf-16be').decode(bytes) : bytesText(bytes);
}
