import { type Budget, damaged, isReference, type PdfValue } from '../values.ts';
import { objectIn, type PdfView } from '../view.ts';
import { addReferences, type ReferenceCounts, takeReferences } from './reference-counts.ts';
import { sameValue } from './same-value.ts';

/** What a revision may do to a document that was signed before; whether it may is for the signatures to say. */
export type ChangeKind = 'validation-data' | 'document-timestamp' | 'signature' | 'form-filling' | 'modification-date';

/** Why a revision is none of that: it changes what was signed, or nobody can be sure that it does not. */
export type ModificationReason =
  | 'trailer-changed'
  | 'object-changed'
  | 'object-removed'
  | 'generation-changed'
  | 'prepared-object-defined'
  | 'shared-object-changed'
  | 'catalog-changed'
  | 'store-changed'
  | 'form-changed'
  | 'field-added'
  | 'field-changed'
  | 'page-changed'
  | 'annotation-added'
  | 'widget-visible'
  | 'information-changed';

/** From one revision to the next: what differs, and what has been found about it. */
export interface Step {
  readonly before: PdfView;
  readonly after: PdfView;
  /** Objects of both that do not say the same. */
  readonly changed: ReadonlySet<number>;
  readonly added: ReadonlySet<number>;
  readonly removed: ReadonlySet<number>;
  readonly counts: { readonly before: ReferenceCounts; readonly after: ReferenceCounts };
  readonly budget: Budget;
  readonly kinds: Set<ChangeKind>;
  readonly reasons: Set<ModificationReason>;
  /** Numbers of the new signature fields that were found in order. */
  readonly newFields: Set<number>;
  /** Names of the fields that were filled in. */
  readonly filledFields: Set<string>;
}

/** Finds what differs; references of the older view are taken over and brought up to date. */
export function openStep(views: Pick<Step, 'before' | 'after'>, counted: ReferenceCounts, budget: Budget): Step {
  const { before, after } = views;
  const [changed, added, removed] = [new Set<number>(), new Set<number>(), new Set<number>()];
  const reasons = new Set<ModificationReason>();
  const comparison = { bytes: after.file.bytes, budget };
  for (const [number, place] of after.places) {
    const older = before.places.get(number);
    if (older === undefined) added.add(number);
    else if (older.offset !== place.offset || older.index !== place.index) {
      if (older.generation !== place.generation) reasons.add('generation-changed');
      if (!sameValue(objectIn(before, number), objectIn(after, number), comparison)) changed.add(number);
    }
  }
  for (const number of before.places.keys()) if (!after.places.has(number)) removed.add(number);
  const counts = { before: counted, after: countsAfter({ ...views, changed, added, removed }, counted, budget) };
  const found = { kinds: new Set<ChangeKind>(), newFields: new Set<number>(), filledFields: new Set<string>() };
  return { ...views, changed, added, removed, counts, budget, reasons, ...found };
}

/** Whether two values of this step say the same. */
export function isSame(step: Step, left: PdfValue | undefined, right: PdfValue | undefined): boolean {
  return sameValue(left ?? null, right ?? null, { bytes: step.after.file.bytes, budget: step.budget });
}

/** Whether nothing else leads to this object, before or after: then it has no other meaning than the one it was found in. */
export function isExclusive({ counts }: Step, number: number): boolean {
  return counts.before.get(number) === 1 && counts.after.get(number) === 1;
}

/** The object that a reference leads to, when it is new with this revision; null for all else. */
export function newObject(step: Step, value: PdfValue | undefined): PdfValue {
  return isReference(value) && step.added.has(value.number) ? (objectIn(step.after, value.number) ?? null) : null;
}

function countsAfter(
  { before, after, changed, added, removed }: Pick<Step, 'before' | 'after' | 'changed' | 'added' | 'removed'>,
  counted: ReferenceCounts,
  budget: Budget,
): ReferenceCounts {
  const counts = new Map(counted);
  for (const number of [...changed, ...removed]) takeReferences(counts, objectOf(before, number), budget);
  takeReferences(counts, before.trailer, budget);
  for (const number of [...changed, ...added]) addReferences(counts, objectOf(after, number), budget);
  addReferences(counts, after.trailer, budget);
  return counts;
}

function objectOf(view: PdfView, number: number): PdfValue {
  const value = objectIn(view, number);
  if (value === undefined) throw damaged('object-missing');
  return value;
}
