import { type FormField, fieldsOf } from '../form.ts';
import { integerOf, isArray, isDictionary, isReference, type PdfDictionary, type PdfValue } from '../values.ts';
import { follow, objectIn } from '../view.ts';
import { isPlain, judgeNewField, kindOf } from './new-field.ts';
import { differentKeys } from './same-value.ts';
import { isExclusive, isSame, newObject, type Step } from './step.ts';

/** The interactive form: fields may come behind those there are, SigFlags may be told; all else stays (§12.7.3). */
export function judgeForm(step: Step, before: PdfValue, after: PdfValue): void {
  if (!isPlain(before) || !isPlain(after)) {
    step.reasons.add('form-changed');
    return;
  }
  for (const key of differentIn(step, before, after)) {
    const value = after.entries.get(key);
    if (key === 'Fields') judgeFieldList(step, before.entries.get(key), value);
    else if (key !== 'SigFlags' || integerOf(value) === null) step.reasons.add('form-changed');
  }
}

/** A list of fields that stands in an object of its own, which nothing else may use. */
export function judgeFieldListObject(step: Step, number: number): void {
  if (isExclusive(step, number)) judgeFieldList(step, objectIn(step.before, number), objectIn(step.after, number));
  else step.reasons.add('shared-object-changed');
}

function judgeFieldList(step: Step, before: PdfValue | undefined, after: PdfValue | undefined): void {
  const appended = appendedTo(step, before, after);
  if (appended === null) step.reasons.add('form-changed');
  else for (const field of appended) judgeNewField(step, field);
}

/** What a list has more than it had, at its end; null when anything else differs. */
export function appendedTo(
  step: Step,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): readonly PdfValue[] | null {
  if (!isArray(after) || !(isArray(before) || before == null)) return null;
  const old = before ?? [];
  return old.every((item, index) => isSame(step, item, after[index])) ? after.slice(old.length) : null;
}

/** A field that was there: an empty one for a signature may be signed, others may be filled in. */
export function judgeField(step: Step, field: FormField, number: number): void {
  const [before, after] = [objectIn(step.before, number), objectIn(step.after, number)];
  if (!isPlain(before ?? null) || !isDictionary(before) || !isDictionary(after) || after.data !== null) {
    step.reasons.add('field-changed');
    return;
  }
  const keys = differentIn(step, before, after);
  if (keys.includes('AP') && !isNewAppearance(step, after)) step.reasons.add('field-changed');
  else if (field.type === 'Sig') judgeSigning(step, before, after);
  else if (keys.every((key) => filledKeys.has(key)) && isFillable(field)) {
    step.kinds.add('form-filling');
    step.filledFields.add(field.name);
  } else step.reasons.add('field-changed');
}

const filledKeys: ReadonlySet<string> = new Set(['V', 'AS', 'AP', 'M']);
const signedKeys: ReadonlySet<string> = new Set(['V', 'AP', 'M']);

function isFillable({ type }: FormField): boolean {
  return type === 'Tx' || type === 'Ch' || type === 'Btn';
}

/** Its place and size were there when the others signed, so what is drawn in there is as it was agreed. */
function judgeSigning(step: Step, before: PdfDictionary, after: PdfDictionary): void {
  const signature = newObject(step, after.entries.get('V'));
  const isEmpty = follow(step.before, before.entries.get('V')) === null;
  const keys = differentIn(step, before, after);
  if (isEmpty && isPlain(signature) && keys.every((key) => signedKeys.has(key))) step.kinds.add(kindOf(signature));
  else step.reasons.add('field-changed');
}

/** Only what came with this revision is drawn: nothing that is shown elsewhere too, or was prepared. */
function isNewAppearance(step: Step, { entries }: PdfDictionary): boolean {
  const written = entries.get('AP');
  const appearance = isReference(written) ? newObject(step, written) : written;
  if (!isDictionary(appearance) || appearance.data !== null) return false;
  return [...appearance.entries.values()].every((state) => isDictionary(newObject(step, state)));
}

function differentIn(step: Step, before: PdfDictionary, after: PdfDictionary): readonly string[] {
  return differentKeys(before, after, { bytes: step.after.file.bytes, budget: step.budget });
}

/** The fields of the older revision that are objects of their own. */
export function fieldObjects(step: Step): ReadonlyMap<number, FormField> {
  const fields = (fieldsOf(step.before) ?? []).flatMap((field) =>
    field.number === null ? [] : [[field.number, field] as const],
  );
  return new Map(fields);
}
