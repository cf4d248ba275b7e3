import { ok, type Result, refuse } from '../../result.ts';
import { appendRevision, type NewObject, nextNumber, streamBody } from './append.ts';
import { decodeStream } from './decode-stream.ts';
import { arrayIn, catalogOf } from './form.ts';
import { openPdf, type PdfReason } from './open.ts';
import { objectFor } from './signature-field.ts';
import { isDictionary, isReference, newBudget, type PdfDictionary, PdfRefused, type PdfValue } from './values.ts';
import { follow, type PdfView } from './view.ts';
import { bytesText, dictionaryOf, referenceTo, withEntries } from './write-value.ts';

/** What a verifier needs years later, each as DER: complete OCSPResponses, not their inner part. */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
}

/** Keys of the document security store (ISO 32000-2 §12.8.4.3). */
const storeKeys = { certificates: 'Certs', crls: 'CRLs', ocsps: 'OCSPs' } as const;
type Kind = keyof typeof storeKeys;
const kinds: readonly Kind[] = ['certificates', 'crls', 'ocsps'];

/** A file may bring no more than this; what is beyond is not looked at. */
const maxEntries = 64;

/** What the document security store of a file holds; streams that cannot be read are left out. */
export function readValidationData(view: PdfView): ValidationData {
  const store = follow(view, catalogOf(view)?.entries.get('DSS'));
  const budget = newBudget();
  const read = (kind: Kind): readonly Uint8Array[] => {
    const entries = isDictionary(store) ? arrayIn(view, store.entries.get(storeKeys[kind])) : [];
    return entries.slice(0, maxEntries).flatMap((entry) => {
      const stream = follow(view, entry);
      const content = isDictionary(stream) ? contentOf(view, stream, budget) : null;
      return content === null ? [] : [content];
    });
  };
  return { certificates: read('certificates'), crls: read('crls'), ocsps: read('ocsps') };
}

/**
 * Adds validation data to the document security store in a revision of its own (ETSI EN 319 142-1 §5.4.2). What the store
 * held stays in it; nothing is stored twice. A file that has it all already is given back as it is.
 */
export async function addValidationData(pdf: Uint8Array, data: ValidationData): Promise<Result<Uint8Array, PdfReason>> {
  const view = await openPdf(pdf);
  if (!view.ok) return view;
  const catalog = catalogOf(view.value);
  const root = view.value.trailer.entries.get('Root');
  if (catalog === null || !isReference(root)) return refuse('pdf-damaged');
  const { objects, lists } = newEntries(view.value, data);
  if (objects.length === 0) return ok(pdf);
  const place = catalog.entries.get('DSS');
  const known = follow(view.value, place);
  const store = withEntries(isDictionary(known) ? known : dictionaryOf({ Type: 'DSS' }), lists);
  const changed =
    isReference(place) && isDictionary(known)
      ? objectFor(view.value, place.number, store)
      : objectFor(view.value, root.number, withEntries(catalog, { DSS: store }));
  return ok(appendRevision(view.value, [changed, ...objects]).bytes);
}

function newEntries(view: PdfView, data: ValidationData) {
  const store = follow(view, catalogOf(view)?.entries.get('DSS'));
  const held = readValidationData(view);
  const objects: NewObject[] = [];
  const lists: Record<string, PdfValue> = {};
  let number = nextNumber(view);
  for (const kind of kinds) {
    const known = new Set(held[kind].map(keyOf));
    const list = isDictionary(store) ? [...arrayIn(view, store.entries.get(storeKeys[kind]))] : [];
    for (const der of data[kind]) {
      if (known.has(keyOf(der))) continue;
      known.add(keyOf(der));
      objects.push({ number, body: streamBody(der) });
      list.push(referenceTo(number));
      number += 1;
    }
    if (list.length > 0) lists[storeKeys[kind]] = list;
  }
  return { objects, lists };
}

function keyOf(der: Uint8Array): string {
  return bytesText(der);
}

function contentOf(view: PdfView, stream: PdfDictionary, budget: ReturnType<typeof newBudget>): Uint8Array | null {
  try {
    return decodeStream(view.file.bytes, stream, budget);
  } catch (error) {
    if (error instanceof PdfRefused) return null;
    throw error;
  }
}
