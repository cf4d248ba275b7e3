import { integerOf, isDictionary, type PdfDictionary, type PdfValue } from '../values.ts';
import { objectIn } from '../view.ts';
import { judgeForm } from './form-changes.ts';
import { isPlain } from './new-field.ts';
import { differentKeys } from './same-value.ts';
import { isSame, type Step } from './step.ts';
import { judgeStore } from './store-changes.ts';

/** Keys of a trailer that only say where the cross-references are (ISO 32000-2 tables 15, 17). */
const technicalKeys: ReadonlySet<string> = new Set('Size Prev Type W Index Length Filter DecodeParms'.split(' '));

/** The trailer leads to the same catalog and information as before; what it does not repeat is no matter. */
export function judgeTrailer(step: Step): void {
  const [before, after] = [step.before.trailer, step.after.trailer];
  const keys = differentIn(step, before, after).filter((key) => !technicalKeys.has(key) && key !== 'ID');
  const changed = keys.filter((key) => key === 'Root' || after.entries.has(key));
  if (changed.length > 0) step.reasons.add('trailer-changed');
}

/** The catalog: validation data, the form, extensions of developers (which only say so); all else stays. */
export function judgeCatalog(step: Step, number: number): void {
  const [before, after] = [objectIn(step.before, number), objectIn(step.after, number)];
  if (!isDictionary(before) || !isDictionary(after) || after.data !== null) {
    step.reasons.add('catalog-changed');
    return;
  }
  for (const key of differentIn(step, before, after)) {
    const [old, value] = [before.entries.get(key) ?? null, after.entries.get(key) ?? null];
    if (key === 'DSS') judgeStore(step);
    else if (key === 'AcroForm') judgeForm(step, old, value);
    else if (key !== 'Extensions' || !areExtensions(step, old, value)) step.reasons.add('catalog-changed');
  }
}

/** More extensions than there were (§7.12), such as that of the store for validation data. */
function areExtensions(step: Step, before: PdfValue, after: PdfValue): boolean {
  if (!isPlain(after) || !(before === null || isPlain(before))) return false;
  const kept =
    before === null || [...before.entries].every(([key, value]) => isSame(step, value, after.entries.get(key)));
  return kept && [...after.entries].every(([key, value]) => key === 'Type' || isExtension(value));
}

function isExtension(value: PdfValue): boolean {
  if (!isPlain(value)) return false;
  const { entries } = value;
  return typeof entries.get('BaseVersion') === 'string' && integerOf(entries.get('ExtensionLevel')) !== null;
}

/** The document information: writers date it anew. */
export function judgeInformation(step: Step, number: number): void {
  const [before, after] = [objectIn(step.before, number), objectIn(step.after, number)];
  const isDated = isPlain(before ?? null) && isPlain(after ?? null) && isDictionary(before) && isDictionary(after);
  if (isDated && differentIn(step, before, after).every((key) => key === 'ModDate'))
    step.kinds.add('modification-date');
  else step.reasons.add('information-changed');
}

function differentIn(step: Step, before: PdfDictionary, after: PdfDictionary): readonly string[] {
  return differentKeys(before, after, { bytes: step.after.file.bytes, budget: step.budget });
}
