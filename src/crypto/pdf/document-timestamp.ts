import { ok, type Result, refuse } from '../../result.ts';
import type { TimestampService } from '../timestamp.ts';
import { fillHole, openHole, type Prepared, signatureText } from './hole.ts';
import { openPdf } from './open.ts';
import type { SignPdfReason } from './sign-pdf.ts';
import { addSignatureField } from './signature-field.ts';

const reservedBytes = 16_384;

/**
 * Puts a time stamp on the whole file as it is (ETSI EN 319 142-1 §5.4.3): after validation data were added this makes it
 * baseline LTA; repeated before the newest authority's certificate ends it goes on proving.
 *
 * @param options.fieldName - must be new in the document
 */
export async function addDocumentTimestamp(
  pdf: Uint8Array,
  options: { readonly timestamps: TimestampService; readonly fieldName: string },
): Promise<Result<Uint8Array, SignPdfReason>> {
  const view = await openPdf(pdf);
  if (!view.ok) return view;
  const head = '/Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161';
  const field = addSignatureField(view.value, {
    name: options.fieldName,
    box: null,
    // ISO 32000-2 §12.8.5: the same dictionary under a type of its own.
    value: signatureText(head, reservedBytes).replace('/Type /Sig', '/Type /DocTimeStamp'),
    role: 'timestamp',
  });
  if (!field.ok) return field;
  const prepared: Prepared = { ...field.value, reserved: reservedBytes };
  const { bytes, signed } = openHole(prepared);
  const token = await options.timestamps.stamp(signed);
  if (!token.ok) return token;
  const filled = fillHole(prepared, bytes, token.value);
  return filled === null ? refuse('signature-too-large') : ok(filled);
}
