import { isWhite } from '../cursor.ts';
import { isDictionary, isReference, type PdfDictionary, type PdfValue } from '../values.ts';
import { follow } from '../view.ts';
import { newObject, type Step } from './step.ts';

/** All that a signature field with its widget in one needs (ISO 32000-2 tables 226, 234, 166); no actions, no colours. */
const fieldKeys: ReadonlySet<string> = new Set('Type Subtype FT T TU TM Ff V Lock SV DA F Rect P AP M NM'.split(' '));

/** A signature field that came with this revision and brings its signature along; anything else is a reason. */
export function judgeNewField(step: Step, value: PdfValue): void {
  const field = newObject(step, value);
  if (!isReference(value) || !isPlain(field) || field.entries.get('FT') !== 'Sig') {
    step.reasons.add('field-added');
    return;
  }
  const signature = newObject(step, field.entries.get('V'));
  if (!isPlain(signature) || [...field.entries.keys()].some((key) => !fieldKeys.has(key)))
    step.reasons.add('field-added');
  else if (!isInvisible(step, field)) step.reasons.add('widget-visible');
  else {
    step.kinds.add(kindOf(signature));
    step.newFields.add(value.number);
  }
}

export function isPlain(value: PdfValue): value is PdfDictionary {
  return isDictionary(value) && value.data === null;
}

/** By what it says it is: whether it is that, its own verdict tells. */
export function kindOf({ entries }: PdfDictionary): 'signature' | 'document-timestamp' {
  return entries.get('SubFilter') === 'ETSI.RFC3161' ? 'document-timestamp' : 'signature';
}

/** Nobody agreed to what a later signature would show over the page (sneaky signature attack): it may show nothing. */
function isInvisible(step: Step, { entries }: PdfDictionary): boolean {
  const appearance = follow(step.after, entries.get('AP'));
  if (appearance === null) return true;
  const drawn =
    isPlain(appearance) && appearance.entries.size === 1 ? newObject(step, appearance.entries.get('N')) : null;
  return isDictionary(drawn) && isEmptyStream(step, drawn);
}

function isEmptyStream({ after }: Step, { data, entries }: PdfDictionary): boolean {
  return data !== null && !entries.has('Filter') && after.file.bytes.subarray(data.start, data.end).every(isWhite);
}
