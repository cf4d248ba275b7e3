import { evidenceType } from '../audit/evidence.ts';
import { parseJws } from '../crypto/jose.ts';
import { credentialType } from '../crypto/sd-jwt/rules.ts';
import { statusListType } from '../crypto/status-list/sign.ts';
import { proofType } from '../records/certificate-proof.ts';
import { consentType } from '../records/consent.ts';
import { manifestType } from '../records/manifest.ts';
import { verifyCertificateProof } from './certificate-proof.ts';
import { compactTokenIn, typeOfToken } from './compact-token.ts';
import { verifyConsent } from './consent.ts';
import { verifyContainer } from './container.ts';
import { type CredentialCompanions, noCompanions, verifyCredential } from './credential.ts';
import { verifyManifest } from './manifest.ts';
import { isPackedLog, verifyPackedLog } from './packed-log.ts';
import { noPaper, type PaperCompanions } from './paper.ts';
import { parseJson } from './parse-json.ts';
import { isPdf, verifyPdfFile } from './pdf.ts';
import { verifyReceipt } from './receipt.ts';
import { judgeRenewal } from './renewal.ts';
import type { Report } from './report.ts';
import type { TrustMaterial } from './trust-material.ts';

/** What a file says of itself in its first bytes; the ending of its name is anybody's word. */
export type FileKind = Report['kind'];

export function kindOf(bytes: Uint8Array): FileKind | null {
  if (isPdf(bytes)) return 'pdf';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'container';
  if (isPackedLog(bytes)) return 'log';
  const token = compactTokenIn(bytes);
  if (token !== null) return tokenKind(token);
  const parsed = parseJws(parseJson(bytes));
  const type = parsed.ok ? parsed.value.protectedHeader['typ'] : null;
  if (type === evidenceType) return 'receipt';
  if (type === consentType) return 'consent';
  return type === manifestType ? 'manifest' : null;
}

/** A tilde is in no other token: one that is spoilt is still told as a credential that is not valid. */
function tokenKind(token: string): FileKind | null {
  const type = typeOfToken(token);
  if (type === proofType) return 'certificateProof';
  return token.includes('~') || type === credentialType ? 'credential' : null;
}

/** The token of a status list, which goes with a credential beside it; null for any other file. */
export function statusListIn(bytes: Uint8Array): string | null {
  const token = compactTokenIn(bytes);
  return token !== null && typeOfToken(token) === statusListType ? token : null;
}

/**
 * Verifies one file, whatever it is, by the trust given alone: the same code for the command line, the page and
 * `verify.html`.
 *
 * @param input.proof - text of the `.tlog-proof` of a receipt; null without one
 */
export async function examineFile(input: {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly proof: string | null;
  /** Renewal records of containers, manifests or receipts. */
  readonly renewals?: readonly Uint8Array[];
  /** Of a credential. */
  readonly companions?: CredentialCompanions;
  /** Of a certificate's code, or of its PDF. */
  readonly paper?: PaperCompanions;
  /** Asked for only where something rests on it. */
  readonly trust: () => Promise<TrustMaterial>;
}): Promise<Report> {
  const { kind, bytes, proof, renewals = [], companions, paper = noPaper, trust } = input;
  if (renewals.length > 0) {
    const judged = await judgeRenewal({ kind, bytes }, renewals, await trust());
    const report = await examineFile({ ...input, renewals: [], trust: () => Promise.resolve(judged.trust) });
    return { ...report, verdicts: [...report.verdicts, judged.verdict] };
  }
  switch (kind) {
    case 'pdf':
      return verifyPdfFile(bytes, await trust(), paper);
    case 'container':
      return verifyContainer(bytes, await trust());
    case 'receipt':
      return verifyReceipt(bytes, await trust(), proof);
    case 'consent':
      return verifyConsent(bytes, await trust());
    case 'manifest':
      return verifyManifest(bytes, await trust());
    case 'log':
      return verifyPackedLog(bytes, await trust());
    case 'credential':
      return verifyCredential(compactTokenIn(bytes) ?? '', await trust(), companions ?? noCompanions);
    case 'certificateProof':
      return verifyCertificateProof(compactTokenIn(bytes) ?? '', await trust(), paper);
  }
}
