import { arrayIn, catalogOf } from '../form.ts';
import { isArray, isDictionary, isReference, type PdfValue, spendValues } from '../values.ts';
import { follow, objectIn } from '../view.ts';
import { appendedTo } from './form-changes.ts';
import { differentKeys } from './same-value.ts';
import { isExclusive, newObject, type Step } from './step.ts';

export interface Pages {
  /** Numbers of the page objects. */
  readonly pages: ReadonlySet<number>;
  /** Numbers of their lists of annotations, where these are objects of their own. */
  readonly lists: ReadonlySet<number>;
}

/** The pages of the older revision; none when their tree is no tree. */
export function pagesOf({ before, budget }: Pick<Step, 'before' | 'budget'>): Pages {
  const none: Pages = { pages: new Set(), lists: new Set() };
  const [pages, lists, seen] = [new Set<number>(), new Set<number>(), new Set<number>()];
  const waiting: PdfValue[] = [catalogOf(before)?.entries.get('Pages') ?? null];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    spendValues(budget, 1);
    const node = follow(before, next);
    if (!isReference(next) || seen.has(next.number) || !isDictionary(node)) return none;
    seen.add(next.number);
    if (node.entries.has('Kids')) waiting.push(...arrayIn(before, node.entries.get('Kids')));
    else {
      pages.add(next.number);
      const annotations = node.entries.get('Annots');
      if (isReference(annotations)) lists.add(annotations.number);
    }
  }
  return { pages, lists };
}

/** A page may get the widgets of new signature fields, and nothing else. */
export function judgePage(step: Step, number: number): void {
  const [before, after] = [objectIn(step.before, number), objectIn(step.after, number)];
  if (!isDictionary(before) || !isDictionary(after) || before.data !== null || after.data !== null) {
    step.reasons.add('page-changed');
    return;
  }
  const keys = differentKeys(before, after, { bytes: step.after.file.bytes, budget: step.budget });
  if (keys.some((key) => key !== 'Annots')) step.reasons.add('page-changed');
  else judgeAnnotations(step, before.entries.get('Annots'), listAfter(step, after.entries.get('Annots')));
}

/** A list of annotations in an object of its own. */
export function judgeAnnotationList(step: Step, number: number): void {
  if (!isExclusive(step, number)) step.reasons.add('shared-object-changed');
  else judgeAnnotations(step, objectIn(step.before, number), objectIn(step.after, number));
}

/** A list that stands there itself, or came with this revision. */
function listAfter(step: Step, value: PdfValue | undefined): PdfValue | undefined {
  return isArray(value) ? value : newObject(step, value);
}

function judgeAnnotations(step: Step, before: PdfValue | undefined, after: PdfValue | undefined): void {
  const appended = appendedTo(step, before, after);
  if (appended === null) step.reasons.add('page-changed');
  else if (!appended.every((item) => isReference(item) && step.newFields.has(item.number)))
    step.reasons.add('annotation-added');
}
