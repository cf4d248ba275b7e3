import type { CrossReference } from './cross-references.ts';
import { skipFew } from './cursor.ts';
import type { PdfFile } from './read-file.ts';
import { damaged, isReference, newBudget, type PdfDictionary, type PdfValue } from './values.ts';

/** Where an object lies: the offset of it or of its object stream, and its index in there. */
export interface Place {
  readonly offset: number;
  /** Null for an object of its own. */
  readonly index: number | null;
  readonly generation: number;
}

/** A file as a reader sees it from one cross-reference section back: of each number the newest object that counts. */
export interface PdfView {
  readonly file: PdfFile;
  /** Where its newest cross-reference section begins. */
  readonly start: number;
  readonly trailer: PdfDictionary;
  readonly places: ReadonlyMap<number, Place>;
}

/**
 * The document as it stood when this section was the newest. Readers disagree about hybrid files (ISO 32000-2 §7.5.8.4)
 * and about a number listed twice in one section, so both are refused.
 * @throws {PdfRefused}
 */
export function viewFrom(file: PdfFile, start: number): PdfView {
  const newest = file.revisions.byOffset.get(start);
  if (newest === undefined) throw damaged('xref-chain');
  const references = new Map<number, CrossReference>();
  let section: typeof newest | undefined = newest;
  while (section !== undefined) {
    const { entries } = section.trailer;
    if (entries.has('XRefStm')) throw damaged('hybrid');
    const own = new Map(section.references.map((reference) => [reference.number, reference]));
    if (own.size !== section.references.length) throw damaged('xref-repeated');
    for (const [number, reference] of own) if (!references.has(number)) references.set(number, reference);
    // Sound: readRevisions has followed every /Prev to a section, and never twice to one.
    section = file.revisions.byOffset.get(Number(entries.get('Prev') ?? -1));
  }
  return { file, start, trailer: newest.trailer, places: placesOf(file, references) };
}

/** The object of this number; undefined when there is none. */
export function objectIn({ file, places }: PdfView, number: number): PdfValue | undefined {
  const place = places.get(number);
  if (place === undefined) return undefined;
  if (place.index === null) return file.body.get(place.offset)?.value;
  return file.packed.get(place.offset)?.[place.index]?.value;
}

/** The value itself, or the object that it refers to; null when there is none. */
export function follow(view: PdfView, value: PdfValue | undefined): PdfValue {
  return (isReference(value) ? objectIn(view, value.number) : value) ?? null;
}

function placesOf(file: PdfFile, references: ReadonlyMap<number, CrossReference>): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  for (const [number, reference] of references) {
    const place = placeOf(file, references, reference);
    if (place !== null) places.set(number, place);
  }
  return places;
}

function placeOf(
  file: PdfFile,
  references: ReadonlyMap<number, CrossReference>,
  reference: CrossReference | undefined,
): Place | null {
  if (reference === undefined || reference.kind === 'free') return null;
  if (reference.kind === 'offset') {
    return { offset: startOf(file, reference.offset), index: null, generation: reference.generation };
  }
  const container = references.get(reference.container);
  if (container?.kind !== 'offset') throw damaged('xref-inside');
  const offset = startOf(file, container.offset);
  if (file.packed.get(offset)?.[reference.index]?.number !== reference.number) throw damaged('xref-inside');
  return { offset, index: reference.index, generation: 0 };
}

/** Where something really begins: a few white bytes may stand before it. */
export function startOf({ bytes }: Pick<PdfFile, 'bytes'>, offset: number): number {
  const cursor = { bytes, at: offset, end: bytes.length, budget: newBudget() };
  skipFew(cursor);
  return cursor.at;
}
