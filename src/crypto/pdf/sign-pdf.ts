import { ok, type Result, refuse } from '../../result.ts';
import { signCadesDigest } from '../cms/sign-cades.ts';
import { digestOf, type Signer } from '../signer.ts';
import type { TimestampReason, TimestampService } from '../timestamp.ts';
import { fillHole, openHole, type Prepared, signatureText } from './hole.ts';
import { openPdf, type PdfReason } from './open.ts';
import { addSignatureField, type FieldReason, type SignatureBox } from './signature-field.ts';

export type SignPdfReason = PdfReason | FieldReason | TimestampReason | 'signature-too-large';

export interface SignPdfOptions {
  readonly signer: Signer;
  /** Null for baseline B: a signature without proved time. */
  readonly timestamps: TimestampService | null;
  /** Must be new in the document. */
  readonly fieldName: string;
  /** The signer's own word for the time (/M); never evidence. */
  readonly at: Date;
  /** Absent for an invisible signature. */
  readonly box?: SignatureBox;
  /** Certifies the document: afterwards nothing but validation data and document time stamps may be added (DocMDP, P=1). */
  readonly certification?: { readonly permissions: 1 };
}

/**
 * Signs a PDF as PAdES baseline B or T (ETSI EN 319 142-1 §6): ETSI.CAdES.detached in a revision of its own behind the file,
 * which stays a prefix byte for byte. The document must be whole and unencrypted, as the strict reader has it.
 */
export async function signPdf(pdf: Uint8Array, options: SignPdfOptions): Promise<Result<Uint8Array, SignPdfReason>> {
  const { signer, timestamps } = options;
  const reserved = reservedBytes(options);
  const view = await openPdf(pdf);
  if (!view.ok) return view;
  const field = addSignatureField(view.value, {
    name: options.fieldName,
    box: options.box ?? null,
    value: signatureText(headOf(options), reserved),
    role: options.certification === undefined ? 'approval' : 'certification',
  });
  if (!field.ok) return field;
  const prepared: Prepared = { ...field.value, reserved };
  const { bytes, signed } = openHole(prepared);
  const digest = await crypto.subtle.digest(digestOf(signer.algorithm), new Uint8Array(signed));
  const cms = await signCadesDigest({ messageDigest: new Uint8Array(digest), signer, timestamps });
  if (!cms.ok) return cms;
  const filled = fillHole(prepared, bytes, cms.value);
  return filled === null ? refuse('signature-too-large') : ok(filled);
}

function headOf({ at, certification }: SignPdfOptions): string {
  const head = `/Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (${pdfDate(at)})`;
  if (certification === undefined) return head;
  const parameters = `<< /Type /TransformParams /P ${certification.permissions} /V /1.2 >>`;
  return `${head} /Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams ${parameters} >>]`;
}

/** Twice what signatures and tokens of usual certificates need; a chain counts with its own size. */
function reservedBytes({ signer, timestamps }: SignPdfOptions): number {
  const chain = signer.chain.reduce((sum, certificate) => sum + certificate.length, 0);
  return 4096 + chain + (timestamps === null ? 0 : 12_288);
}

/** A date as PDF writes it, in the time of Japan (ISO 32000-2 §7.9.4). */
function pdfDate(at: Date): string {
  const local = new Date(at.getTime() + 9 * 3_600_000).toISOString();
  return `D:${local.slice(0, 19).replaceAll(/[-:T]/g, '')}+09'00'`;
}
