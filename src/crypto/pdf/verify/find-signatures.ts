import { ok, type Result, refuse } from '../../../result.ts';
import { isWhite } from '../cursor.ts';
import { type FormField, fieldsOf } from '../form.ts';
import type { PdfRevision } from '../history.ts';
import { isDictionary, isReference, type PdfDictionary, type PdfValue } from '../values.ts';
import { follow, type PdfView } from '../view.ts';
import { readSignatureValue, type SignatureValue, type ValueReason } from './value.ts';

export type PlaceReason =
  | ValueReason
  | 'field-repeated'
  | 'value-not-indirect'
  | 'value-shared'
  | 'range-no-revision'
  | 'value-of-other-revision'
  | 'field-of-other-revision';

/** A signature field that has a value, as the newest revision shows it. */
export interface FoundSignature {
  readonly field: string;
  /** What it is about; or why nobody can say that. */
  readonly place: Result<PlacedSignature, PlaceReason>;
}

export interface PlacedSignature {
  readonly value: SignatureValue;
  readonly dictionary: PdfDictionary;
  /** The revision that it signs, all before it included. */
  readonly revision: number;
}

export type FormReason = 'form-damaged' | 'too-many-signatures';

export interface FoundSignatures {
  /** In the order of what they sign. */
  readonly shown: readonly FoundSignature[];
  /** How many there are in any revision that the newest form does not show: taken out, or put where few look. */
  readonly hidden: number;
}

/** A file with more is somebody's attempt to keep us busy. */
const maxSignatures = 32;

/** All signatures and document time stamps of a file. */
export function findSignatures(history: readonly PdfRevision[]): Result<FoundSignatures, FormReason> {
  const newest = history.at(-1);
  const fields = newest === undefined ? null : fieldsOf(newest.view);
  if (newest === undefined || fields === null) return refuse('form-damaged');
  const signed = fields.filter(({ type, entries }) => type === 'Sig' && isPresent(newest.view, entries.get('V')));
  if (signed.length > maxSignatures) return refuse('too-many-signatures');
  const found = signed.map((field): FoundSignature => ({ field: field.name, place: placeOf(field, fields, history) }));
  const shown = found.toSorted((left, right) => orderOf(left) - orderOf(right));
  return ok({ shown, hidden: countHidden(newest.view, signed) });
}

function isPresent(view: PdfView, value: PdfValue | undefined): boolean {
  return follow(view, value) !== null;
}

function orderOf({ place }: FoundSignature): number {
  return place.ok ? place.value.revision : Infinity;
}

function placeOf(
  field: FormField,
  all: readonly FormField[],
  history: readonly PdfRevision[],
): Result<PlacedSignature, PlaceReason> {
  const newest = history.at(-1);
  const reference = field.entries.get('V');
  if (newest === undefined || field.number === null || !isReference(reference)) return refuse('value-not-indirect');
  if (all.filter(({ name }) => name === field.name).length > 1) return refuse('field-repeated');
  const holders = all.filter(({ entries }) => isReferenceTo(entries.get('V'), reference.number));
  if (holders.length > 1) return refuse('value-shared');
  const dictionary = follow(newest.view, reference);
  if (!isDictionary(dictionary)) return refuse('value-not-indirect');
  const { bytes } = newest.view.file;
  const value = readSignatureValue(bytes, dictionary);
  if (!value.ok) return value;
  const revision = history.findIndex(({ end }) => reaches(bytes, end, value.value.end));
  const signed = history[revision];
  if (signed === undefined) return refuse('range-no-revision');
  // It came with the revision that it signs, and stood in its field from the beginning.
  const place = signed.view.places.get(reference.number);
  if (place === undefined || place.offset < signed.start || follow(signed.view, reference) !== dictionary)
    return refuse('value-of-other-revision');
  const then = fieldsOf(signed.view)?.find(({ number }) => number === field.number);
  if (then?.name !== field.name || then.type !== 'Sig' || !isReferenceTo(then.entries.get('V'), reference.number))
    return refuse('field-of-other-revision');
  return ok({ value: value.value, dictionary, revision });
}

function isReferenceTo(value: PdfValue | undefined, number: number): boolean {
  return isReference(value) && value.number === number;
}

/** Whether a range ends behind a revision's `%%EOF`, or behind white space that follows it. */
function reaches(bytes: Uint8Array, end: number, rangeEnd: number): boolean {
  return rangeEnd >= end && bytes.subarray(end, rangeEnd).every(isWhite);
}

function countHidden(view: PdfView, shown: readonly FormField[]): number {
  const known = new Set(shown.map(({ entries }) => follow(view, entries.get('V'))));
  const all = [...view.file.objects.values()].flat().filter(isDictionary);
  const signatures = all.flatMap((object) => [object, object.entries.get('V')]).filter(isSignature);
  return signatures.filter((signature) => !known.has(signature)).length;
}

function isSignature(value: PdfValue | undefined): value is PdfDictionary {
  return isDictionary(value) && value.entries.has('ByteRange') && value.entries.has('Contents');
}
