import { verifyToken } from '../../timestamp-token.ts';
import { type Embedded } from './embedded.ts';
import { type OpenedSignature, signerOf } from './judge-signature.ts';
import type { Level, LevelReason, PdfSignatureReport, PdfTrust } from './report.ts';

/** What the file holds to prove one signature by. */
export interface Kept {
  readonly trust: PdfTrust;
  /** The store of the newest revision. */
  readonly newest: Embedded;
  /** The store under the newest document time stamp that proves its time, when that lies behind the signature; else null. */
  readonly stamped: Embedded | null;
}

/** The baseline level that a signature has reached, and what it lacks for the next. */
export async function levelOf(
  report: Pick<PdfSignatureReport, 'subFilter' | 'integrity' | 'modifications' | 'path' | 'revocation' | 'time'>,
  opened: OpenedSignature | null,
  kept: Kept,
): Promise<PdfSignatureReport['level']> {
  if (report.subFilter !== 'ETSI.CAdES.detached') return level('none', 'not-pades');
  if (report.integrity.status === 'invalid' || opened === null) return level('none', 'integrity-invalid');
  if (report.modifications?.status === 'notAllowed') return level('none', 'modified');
  if (report.time.status !== 'proved') return level('B-B', 'time-not-proved');
  // What the file keeps is no proof against what the verifier knows better.
  if (report.path.status !== 'trusted' || report.revocation.status !== 'good')
    return level('B-T', 'signer-not-trusted');
  if (kept.stamped !== null && (await isProvedBy(kept.stamped, opened, kept.trust))) return level('B-LTA');
  if (!(await isProvedBy(kept.newest, opened, kept.trust))) return level('B-T', 'validation-data-incomplete');
  return level('B-LT', 'not-stamped-after');
}

/** Whether the document's own certificates and revocation lists suffice for the signer, and for who stamped the time. */
async function isProvedBy(embedded: Embedded, opened: OpenedSignature, trust: PdfTrust): Promise<boolean> {
  const signer = await signerOf(opened, trust, embedded.revocation);
  if (signer?.status !== 'trusted') return false;
  if (opened.token === null) return true;
  const verdict = await verifyToken({
    token: opened.token,
    stamped: { data: opened.signedData.signature },
    anchors: trust.timestampAnchors,
    revocation: embedded.revocation,
    at: trust.at,
    pool: embedded.pool,
  });
  return verdict.status === 'valid';
}

function level(status: Level, ...reasons: readonly LevelReason[]): PdfSignatureReport['level'] {
  return { status, reasons };
}
