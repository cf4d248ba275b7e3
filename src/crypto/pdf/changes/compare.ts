import { catalogOf, type FormField, formOf } from '../form.ts';
import type { PdfRevision } from '../history.ts';
import { isArray, isReference, newBudget, type PdfValue } from '../values.ts';
import { follow, objectIn } from '../view.ts';
import { judgeCatalog, judgeInformation, judgeTrailer } from './catalog-changes.ts';
import { fieldObjects, judgeField, judgeFieldListObject, judgeForm } from './form-changes.ts';
import { judgeAnnotationList, judgePage, pagesOf } from './page-changes.ts';
import { countReferences } from './reference-counts.ts';
import { type ChangeKind, type ModificationReason, openStep, type Step } from './step.ts';
import { judgeStorePart, storeParts } from './store-changes.ts';

/** What one revision did to the document before it. */
export interface RevisionChanges {
  /** Index of the revision. */
  readonly revision: number;
  readonly kinds: ReadonlySet<ChangeKind>;
  readonly filledFields: ReadonlySet<string>;
  /** Not empty when it did more than these kinds, or might have. */
  readonly reasons: ReadonlySet<ModificationReason>;
}

/**
 * Compares each revision behind `from` with the one before it, object by object. A change counts as one of the few kinds
 * only where all that differs is explained by it: every object that changed has one known role and nothing else leads to it
 * in another, and nothing that was there before leads to what is new.
 * @throws {PdfRefused} when the comparison would cost too much
 */
export function compareRevisions(history: readonly PdfRevision[], from: number): readonly RevisionChanges[] {
  const [first, ...later] = history.slice(from);
  if (first === undefined) return [];
  const budget = newBudget();
  let [before, counts] = [first.view, countReferences(first.view, budget)];
  return later.map(({ view: after }, index) => {
    const step = openStep({ before, after }, counts, budget);
    judgeStep(step);
    [before, counts] = [after, step.counts.after];
    const { kinds, filledFields, reasons } = step;
    return { revision: from + index + 1, kinds, filledFields, reasons };
  });
}

function judgeStep(step: Step): void {
  judgeTrailer(step);
  for (const number of step.added) {
    // Prepared before it was signed, and only now to be seen (shadow attack).
    if (isReferred(step.counts.before, number)) step.reasons.add('prepared-object-defined');
  }
  for (const number of step.removed) {
    if (isReachable(step, number)) step.reasons.add('object-removed');
  }
  const changed = [...step.changed].filter((number) => isReachable(step, number));
  if (changed.length === 0) return;
  const fields = fieldObjects(step);
  const roles = rolesOf(step, fields.keys());
  // Fields before pages: a page may show the widgets of those that were found in order.
  for (const role of roleOrder) {
    for (const number of changed.filter((one) => roles.get(one) === role)) judges[role](step, number, fields);
  }
  if (changed.some((number) => !roles.has(number))) step.reasons.add('object-changed');
}

/** What is not referred to, before or after, is to be seen nowhere: cross-reference streams, what others left behind. */
function isReachable({ counts }: Step, number: number): boolean {
  return isReferred(counts.before, number) || isReferred(counts.after, number);
}

function isReferred(counts: ReadonlyMap<number, number>, number: number): boolean {
  return (counts.get(number) ?? 0) > 0;
}

type Role = (typeof roleOrder)[number];
const roleOrder = ['catalog', 'form', 'fieldList', 'field', 'store', 'page', 'annotationList', 'information'] as const;

type Judge = (step: Step, number: number, fields: ReadonlyMap<number, FormField>) => void;
const judges: Readonly<Record<Role, Judge>> = {
  catalog: judgeCatalog,
  form: (step, number) =>
    judgeForm(step, valueOf(objectIn(step.before, number)), valueOf(objectIn(step.after, number))),
  fieldList: judgeFieldListObject,
  field: (step, number, fields) => {
    const field = fields.get(number);
    if (field !== undefined) judgeField(step, field, number);
  },
  store: judgeStorePart,
  page: judgePage,
  annotationList: judgeAnnotationList,
  information: judgeInformation,
};

function valueOf(value: PdfValue | undefined): PdfValue {
  return value ?? null;
}

/** The role in which each object of the older revision may change; what has two roles has none. */
function rolesOf(step: Step, fieldNumbers: Iterable<number>): ReadonlyMap<number, Role> {
  const { before } = step;
  const { pages, lists } = pagesOf(step);
  const fields = formOf(before)?.entries.get('Fields');
  const claims: readonly (readonly [Role, Iterable<number>])[] = [
    ['catalog', numberOf(before.trailer.entries.get('Root'))],
    ['information', numberOf(before.trailer.entries.get('Info'))],
    ['form', numberOf(catalogOf(before)?.entries.get('AcroForm'))],
    ['fieldList', isArray(follow(before, fields)) ? numberOf(fields) : []],
    ['field', fieldNumbers],
    ['store', storeParts(before) ?? []],
    ['page', pages],
    ['annotationList', lists],
  ];
  const roles = new Map<number, Role>();
  const doubtful = new Set<number>();
  for (const [role, numbers] of claims) {
    for (const number of numbers) {
      if (roles.has(number)) doubtful.add(number);
      roles.set(number, role);
    }
  }
  for (const number of doubtful) roles.delete(number);
  return roles;
}

function numberOf(value: PdfValue | undefined): readonly number[] {
  return isReference(value) ? [value.number] : [];
}
