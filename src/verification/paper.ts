import { readAssociatedFiles } from '../crypto/pdf/associated-files.ts';
import { openPdf } from '../crypto/pdf/open.ts';
import { type CertificateProof, proofOf } from '../records/certificate-proof.ts';
import { certificateStatement } from '../records/certificate-statement.ts';
import type { AnsweredState } from './certificate-state.ts';
import { parseJson } from './parse-json.ts';
import type { SealChain } from './seal-chain.ts';

/** What may be at hand beside the code of a certificate or its PDF. */
export interface PaperCompanions {
  readonly seals: readonly SealChain[];
  /** Asked by fingerprint for a seal that is not at hand; null where nothing is fetched. */
  readonly fetchSeal: ((fingerprint: string) => Promise<SealChain | null>) | null;
  /** Asked by the code on the paper, of a certificate whose seal is trusted; null where nobody is asked. */
  readonly askState: ((code: string) => Promise<AnsweredState>) | null;
  /** What the PDFs given beside it say of themselves. */
  readonly papers: readonly CertificateProof[];
}

export const noPaper: PaperCompanions = { seals: [], fetchSeal: null, askState: null, papers: [] };

/** What the PDF of a certificate says of itself, as its code would; null for any other PDF. Nothing is verified here. */
export async function paperIn(pdf: Uint8Array): Promise<CertificateProof | null> {
  const view = await openPdf(pdf);
  if (!view.ok) return null;
  for (const file of readAssociatedFiles(view.value)) {
    const statement = certificateStatement.safeParse(parseJson(file));
    if (statement.success) return proofOf(statement.data);
  }
  return null;
}
