import { gatherValidationData, recordingTimestamps } from '../../crypto/pdf/gather-validation.ts';
import { signPdf } from '../../crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../crypto/pdf/validation-data.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { Gateway } from '../../gateway.ts';
import { signCertificateProof } from '../../records/certificate-proof.ts';
import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { drawCertificate } from '../drawing/draw-certificate.ts';

export interface CopyToMake {
  readonly statement: CertificateStatement;
  readonly sealImage: Uint8Array | null;
  readonly signer: Signer;
}

export interface MadeCopy {
  readonly pdf: Uint8Array;
  readonly level: 'B-T' | 'B-LT';
}

/** No time, or a document that could not be signed: tried again later. The name is all that is logged. */
export class CopyNotMade extends Error {
  override readonly name = 'CertificateNotMade';
}

/**
 * Draws one copy, certifies it with the school's seal and a time stamp (PAdES B-T), and adds what verifies it later (B-LT)
 * where lists of all authorities are at hand. Outside any transaction: the time-stamp authority is asked.
 * @throws {CopyNotMade}
 */
export async function makeCopy(
  gateway: Pick<Gateway, 'clock' | 'timestamps' | 'certificateFont' | 'revocationLists'> & {
    readonly settings: Pick<Gateway['settings'], 'PUBLIC_ORIGIN'>;
  },
  { statement, sealImage, signer }: CopyToMake,
): Promise<MadeCopy> {
  const at = gateway.clock.now();
  const proof = await signCertificateProof(statement, signer);
  const drawn = await drawCertificate({
    statement,
    font: await gateway.certificateFont(),
    sealImage,
    offlineProof: `${gateway.settings.PUBLIC_ORIGIN}/verify#${proof}`,
    at,
  });
  // The words have been looked at before; a character cannot be missing now.
  if (!drawn.ok) throw new CopyNotMade(drawn.fault.codePoint);
  const timestamps = recordingTimestamps(gateway.timestamps);
  const signed = await signPdf(drawn.value, {
    signer,
    timestamps: timestamps.service,
    fieldName: 'Seal',
    at,
    // Nothing may be added but proofs: neither a page nor a note.
    certification: { permissions: 1 },
  });
  if (!signed.ok) throw new CopyNotMade(signed.fault);
  const lists = await gateway.revocationLists();
  const { data, isComplete } = gatherValidationData({ chain: signer.chain, tokens: timestamps.tokens, lists });
  const kept = await addValidationData(signed.value, data);
  if (!kept.ok) throw new CopyNotMade(kept.fault);
  return { pdf: kept.value, level: isComplete ? 'B-LT' : 'B-T' };
}
