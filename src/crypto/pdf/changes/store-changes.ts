import { catalogOf } from '../form.ts';
import { isArray, isDictionary, isReference, type PdfDictionary, type PdfValue } from '../values.ts';
import { follow, type PdfView } from '../view.ts';
import { isExclusive, type Step } from './step.ts';

/** Keys of the document security store and of what it says of one signature (ISO 32000-2 tables 261, 262). */
const storeLists = ['Certs', 'CRLs', 'OCSPs'];
const relatedLists = ['Cert', 'CRL', 'OCSP'];

/** The dictionaries and lists of which a store consists; null when it holds anything that is none. Its streams are not listed. */
export function storeParts(view: PdfView): ReadonlySet<number> | null {
  const store = catalogOf(view)?.entries.get('DSS');
  const parts = new Set<number>();
  const walk: Walk = { view, parts, isSound: true };
  if (store != null) visitStore(walk, store);
  return walk.isSound ? parts : null;
}

interface Walk {
  readonly view: PdfView;
  readonly parts: Set<number>;
  isSound: boolean;
}

function visitStore(walk: Walk, value: PdfValue): void {
  const store = partOf(walk, value);
  if (!isDictionary(store)) return fail(walk);
  for (const [key, entry] of store.entries) {
    if (storeLists.includes(key)) visitList(walk, entry);
    else if (key === 'VRI') visitRelated(walk, entry);
    else if (key !== 'Type') fail(walk);
  }
}

function visitRelated(walk: Walk, value: PdfValue): void {
  const all = partOf(walk, value);
  if (!isDictionary(all)) return fail(walk);
  for (const entry of all.entries.values()) {
    const one = partOf(walk, entry);
    if (!isDictionary(one)) return fail(walk);
    for (const [key, inner] of one.entries) {
      if (relatedLists.includes(key)) visitList(walk, inner);
      else if (key !== 'Type' && key !== 'TU' && key !== 'TS') fail(walk);
    }
  }
}

function visitList(walk: Walk, value: PdfValue): void {
  const list = partOf(walk, value);
  if (!isArray(list) || !list.every((item) => isReference(item) && isStream(follow(walk.view, item)))) fail(walk);
}

/** The dictionary or list itself; its number, when it is an object of its own, is remembered. */
function partOf({ view, parts }: Walk, value: PdfValue): PdfValue {
  if (isReference(value)) parts.add(value.number);
  const part = follow(view, value);
  return isStream(part) ? null : part;
}

function isStream(value: PdfValue): value is PdfDictionary {
  return isDictionary(value) && value.data !== null;
}

function fail(walk: Walk): void {
  walk.isSound = false;
}

/** A part of the store that differs: it must have been one before, and be nothing else. */
export function judgeStorePart(step: Step, number: number): void {
  if (storeParts(step.after) === null) step.reasons.add('store-changed');
  else if (!isExclusive(step, number)) step.reasons.add('shared-object-changed');
  else step.kinds.add('validation-data');
}

/** Another store in the catalog, or the first. */
export function judgeStore(step: Step): void {
  const store = follow(step.after, catalogOf(step.after)?.entries.get('DSS'));
  if (store === null || storeParts(step.after) === null) step.reasons.add('store-changed');
  else step.kinds.add('validation-data');
}
