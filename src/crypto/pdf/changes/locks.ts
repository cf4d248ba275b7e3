import { arrayIn, textOf } from '../form.ts';
import { isDictionary, type PdfDictionary } from '../values.ts';
import { follow, type PdfView } from '../view.ts';

/** Which fields a signature locks (FieldMDP, ISO 32000-2 §12.8.2.4). What cannot be read locks all. */
export function isLockedBy(view: PdfView, signature: PdfDictionary, field: string): boolean {
  return arrayIn(view, signature.entries.get('Reference')).some((entry) => {
    const reference = follow(view, entry);
    if (!isDictionary(reference) || follow(view, reference.entries.get('TransformMethod')) !== 'FieldMDP') return false;
    const parameters = follow(view, reference.entries.get('TransformParams'));
    return !isDictionary(parameters) || isLocked(view, parameters, field);
  });
}

function isLocked(view: PdfView, { entries }: PdfDictionary, field: string): boolean {
  const names = arrayIn(view, entries.get('Fields')).map((name) => textOf(follow(view, name)));
  // A name stands for its field and for all below it.
  const isNamed = names.some((name) => name !== null && (field === name || field.startsWith(`${name}.`)));
  const action = follow(view, entries.get('Action'));
  if (action === 'Include') return isNamed || names.includes(null);
  return action === 'Exclude' ? !isNamed : true;
}
