import { arrayIn, catalogOf, type FormField } from './form.ts';
import { isDictionary, type PdfDictionary } from './values.ts';
import { follow, type PdfView } from './view.ts';

/** What may be done after a signature (ISO 32000-2 table 257): 1 nothing, 2 forms and signatures, 3 annotations too. */
export type Permissions = 1 | 2 | 3;

/** What one signature allows of the document afterwards; null when it says nothing of it (DocMDP, §12.8.2.2). */
export function permissionsBy(view: PdfView, signature: PdfDictionary): Permissions | null {
  const said = arrayIn(view, signature.entries.get('Reference')).flatMap((entry): readonly Permissions[] => {
    const reference = follow(view, entry);
    if (!isDictionary(reference) || follow(view, reference.entries.get('TransformMethod')) !== 'DocMDP') return [];
    return [permissionsIn(view, reference)];
  });
  return strictest(said);
}

/** What the signatures of a document allow together: the strictest word counts; null when none says anything. */
export function permissionsOf(view: PdfView, fields: readonly FormField[]): Permissions | null {
  const perms = follow(view, catalogOf(view)?.entries.get('Perms'));
  const values = [
    isDictionary(perms) ? perms.entries.get('DocMDP') : null,
    ...fields.filter(({ type }) => type === 'Sig').map(({ entries }) => entries.get('V')),
  ];
  const signatures = values.map((value) => follow(view, value)).filter(isDictionary);
  return strictest(signatures.flatMap((signature) => permissionsBy(view, signature) ?? []));
}

/** 2 is the default; what is none of the three is taken for the strictest. */
function permissionsIn(view: PdfView, reference: PdfDictionary): Permissions {
  const parameters = follow(view, reference.entries.get('TransformParams'));
  const written = isDictionary(parameters) ? follow(view, parameters.entries.get('P')) : null;
  if (written === null || written === 2) return 2;
  return written === 3 ? 3 : 1;
}

function strictest(said: readonly Permissions[]): Permissions | null {
  return said.length === 0 ? null : said.reduce((least, next) => (next < least ? next : least));
}
