import { ok, type Result, refuse } from '../../result.ts';
import { type Appended, appendRevision, type NewObject, nextNumber } from './append.ts';
import { arrayIn, catalogOf, fieldsOf, formOf } from './form.ts';
import { permissionsOf } from './permissions.ts';
import { isArray, isDictionary, isReference, type PdfDictionary, type PdfValue } from './values.ts';
import { follow, type PdfView } from './view.ts';
import { dictionaryOf, hexText, referenceTo, valueText, withEntries } from './write-value.ts';

/** Where a signature can be clicked on; what is to be seen there the document has drawn itself. */
export interface SignatureBox {
  /** From 0. */
  readonly page: number;
  /** Left, bottom, right, top, in the page's own units. */
  readonly rectangle: readonly [number, number, number, number];
}

export interface FieldToAdd {
  readonly name: string;
  readonly box: SignatureBox | null;
  /** The signature dictionary as text. */
  readonly value: string;
  /** Whether it certifies the document: the catalog then points to it (ISO 32000-2 §12.8.6). A time stamp is always allowed. */
  readonly role: 'approval' | 'certification' | 'timestamp';
}

export type FieldReason =
  | 'pdf-damaged'
  | 'field-exists'
  | 'page-missing'
  | 'already-signed'
  | 'certified-against-changes';

export interface AddedField {
  readonly bytes: Uint8Array;
  /** Where the text of the signature dictionary begins. */
  readonly valueAt: number;
}

const maxPages = 10_000;

/** Appends a signature field with its value: the widget on its page, the field in the form (§12.7.5.5). */
export function addSignatureField(view: PdfView, field: FieldToAdd): Result<AddedField, FieldReason> {
  const fields = fieldsOf(view);
  const catalog = catalogOf(view);
  const root = view.trailer.entries.get('Root');
  const page = pageAt(view, field.box?.page ?? 0);
  if (fields === null || catalog === null || !isReference(root)) return refuse('pdf-damaged');
  if (fields.some(({ name }) => name === field.name)) return refuse('field-exists');
  if (page === null) return refuse('page-missing');
  // A further signature would make the certifying one worthless; table 257 exempts document time stamps alone.
  if (field.role !== 'timestamp' && permissionsOf(view, fields) === 1) return refuse('certified-against-changes');
  const isSigned = fields.some(({ type, entries }) => type === 'Sig' && entries.has('V'));
  if (field.role === 'certification' && (isSigned || catalog.entries.has('Perms'))) return refuse('already-signed');
  const value = nextNumber(view);
  const [widget, appearance] = [value + 1, value + 2];
  const changed = new Map<number, PdfDictionary | readonly PdfValue[]>();
  addToList({ view, changed, owner: page.dictionary, ownerNumber: page.number, key: 'Annots' }, referenceTo(widget));
  const form = formWith({ view, changed, catalog }, referenceTo(widget));
  const perms = field.role === 'certification' ? { Perms: dictionaryOf({ DocMDP: referenceTo(value) }) } : {};
  if (form !== null || field.role === 'certification') {
    changed.set(root.number, withEntries(catalog, { ...(form === null ? {} : { AcroForm: form }), ...perms }));
  }
  const appended = appendRevision(view, [
    ...[...changed].map(([number, object]): NewObject => objectFor(view, number, object)),
    { number: value, body: field.value },
    { number: widget, body: widgetText(field, { value, appearance, page: page.number }) },
    ...(field.box === null ? [] : [{ number: appearance, body: emptyAppearance(field.box) }]),
  ]);
  return ok({ bytes: appended.bytes, valueAt: bodyAt(appended, value) });
}

function bodyAt({ bodies }: Appended, number: number): number {
  const at = bodies.get(number);
  if (at === undefined) throw new Error('an appended object has a place');
  return at;
}

export function objectFor(view: PdfView, number: number, object: PdfValue): NewObject {
  return { number, generation: view.places.get(number)?.generation ?? 0, body: valueText(object) };
}

interface ListChange {
  readonly view: PdfView;
  readonly changed: Map<number, PdfDictionary | readonly PdfValue[]>;
  readonly owner: PdfDictionary;
  readonly ownerNumber: number;
  readonly key: string;
}

/** One more entry in a list, wherever that lies: in an object of its own, or in its owner, which is then written anew. */
function addToList({ view, changed, owner, ownerNumber, key }: ListChange, entry: PdfValue): void {
  const list = owner.entries.get(key);
  const longer = [...arrayIn(view, list), entry];
  if (isReference(list) && isArray(follow(view, list))) changed.set(list.number, longer);
  else changed.set(ownerNumber, withEntries(owner, { [key]: longer }));
}

/** The form with one field more; null when it lies in an object of its own, which is then among the changed ones. */
function formWith(
  { view, changed, catalog }: Pick<ListChange, 'view' | 'changed'> & { readonly catalog: PdfDictionary },
  field: PdfValue,
): PdfDictionary | null {
  const known = formOf(view) ?? dictionaryOf({});
  const fields = known.entries.get('Fields');
  const isApart = isReference(fields) && isArray(follow(view, fields));
  if (isApart) changed.set(fields.number, [...arrayIn(view, fields), field]);
  const longer = isApart ? {} : { Fields: [...arrayIn(view, fields), field] };
  // Table 225: signatures exist, and the file may only grow.
  const form = withEntries(known, { ...longer, SigFlags: 3 });
  const place = catalog.entries.get('AcroForm');
  if (!isReference(place) || formOf(view) === null) return form;
  changed.set(place.number, form);
  return null;
}

function widgetText(
  { name, box }: FieldToAdd,
  { value, appearance, page }: { readonly value: number; readonly appearance: number; readonly page: number },
): string {
  const utf16 = Uint8Array.from(
    `\ufeff${name}`.split('').flatMap((unit) => [unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 0xff]),
  );
  const widget = dictionaryOf({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: hexText(utf16),
    V: referenceTo(value),
    // Print, and locked: its place and properties stay (table 167).
    F: 132,
    Rect: box?.rectangle ?? [0, 0, 0, 0],
    P: referenceTo(page),
    ...(box === null ? {} : { AP: dictionaryOf({ N: referenceTo(appearance) }) }),
  });
  return valueText(widget);
}

/** A widget with a size must have an appearance (§12.5.5); this one draws nothing. */
function emptyAppearance({ rectangle: [left, bottom, right, top] }: SignatureBox): string {
  const form = dictionaryOf({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, right - left, top - bottom],
    Resources: dictionaryOf({}),
    Length: 0,
  });
  return `${valueText(form)}\nstream\n\nendstream`;
}

interface PageFound {
  readonly number: number;
  readonly dictionary: PdfDictionary;
}

/** A page by its place in the document; null when there is none, or when the tree is no tree. */
function pageAt(view: PdfView, index: number): PageFound | null {
  const waiting: PdfValue[] = [catalogOf(view)?.entries.get('Pages') ?? null];
  const seen = new Set<number>();
  let passed = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const dictionary = follow(view, next);
    if (!isReference(next) || seen.has(next.number) || !isDictionary(dictionary) || seen.size > maxPages) return null;
    seen.add(next.number);
    if (dictionary.entries.has('Kids')) waiting.push(...arrayIn(view, dictionary.entries.get('Kids')).toReversed());
    else if (passed === index) return { number: next.number, dictionary };
    else passed += 1;
  }
  return null;
}
