import { PDFDocument, StandardFonts } from 'pdf-lib';
import { addDocumentTimestamp } from '../../../../src/crypto/pdf/document-timestamp.ts';
import { type SignPdfOptions, signPdf } from '../../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../../../src/crypto/pdf/validation-data.ts';
import type { SignerAlgorithm } from '../../../../src/crypto/signer.ts';
import { now } from '../../support/authorities.ts';
import { type TestWorld, valueOf } from '../../support/trust.ts';

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** A document as the gateway makes one: two pages with text. */
export async function makeDocument(form: 'table' | 'stream' = 'table'): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setCreationDate(now);
  document.setModificationDate(now);
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const text of ['Certificate of graduation', 'Second page']) {
    document.addPage([420, 300]).drawText(text, { x: 40, y: 200, size: 20, font });
  }
  return document.save({ useObjectStreams: form === 'stream' });
}

/** Signed by a new certificate of the world's seal authority, up to a level. */
export async function signedPdf(
  world: TestWorld,
  wanted: {
    readonly level: Level;
    readonly algorithm?: SignerAlgorithm;
    readonly document?: Uint8Array;
    readonly options?: Partial<SignPdfOptions>;
  },
): Promise<Uint8Array> {
  const document = wanted.document ?? (await makeDocument());
  const { signer } = await world.seal.issue({ algorithm: wanted.algorithm ?? 'ES256' });
  const timestamps = wanted.level === 'B-B' ? null : world.timestamps;
  const options = { signer, timestamps, fieldName: 'Seal', at: now, ...wanted.options };
  const signed = valueOf(await signPdf(document, options));
  if (wanted.level === 'B-B' || wanted.level === 'B-T') return signed;
  const kept = valueOf(await addValidationData(signed, validationDataOf(world, options.signer.chain)));
  if (wanted.level === 'B-LT') return kept;
  return valueOf(await addDocumentTimestamp(kept, { timestamps: world.timestamps, fieldName: 'Time' }));
}

export function validationDataOf(world: TestWorld, chain: readonly Uint8Array[]) {
  return {
    certificates: [...chain, ...world.stamper.signer.chain],
    crls: [...world.seal.crls, ...world.time.crls],
    ocsps: [],
  };
}
