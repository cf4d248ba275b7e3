import { verifySealedJws } from '../crypto/sealed-jws.ts';
import { type Manifest, manifestType, parseManifest } from '../records/manifest.ts';
import { sealPurpose } from '../records/seal-purpose.ts';
import { parseJson } from './parse-json.ts';
import { outcomeOf, type Report, type Verdict, verdict, type Word } from './report.ts';
import { existence, type TrustMaterial } from './trust-material.ts';
import { issuerVerdict, signatureVerdict, timeVerdict } from './trust-verdicts.ts';

export interface JudgedManifest {
  readonly word: Word;
  readonly reasons: readonly string[];
  readonly manifest: Manifest | null;
  /** SHA-256 of the certificate that sealed it, hexadecimal. */
  readonly signer: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly verdicts: readonly Verdict[];
}

/** A sealed manifest by itself: what was sent, by whom, for whom, and when. */
export async function verifyManifest(bytes: Uint8Array, trust: TrustMaterial): Promise<Report> {
  const { verdicts, facts } = await judgeManifest(bytes, trust);
  return { kind: 'manifest', verdicts, facts, remarks: [] };
}

export async function judgeManifest(bytes: Uint8Array, trust: TrustMaterial): Promise<JudgedManifest> {
  const seal = await verifySealedJws({
    jws: parseJson(bytes),
    typ: manifestType,
    anchors: trust.seal,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
    ...existence(trust),
    purpose: sealPurpose,
  });
  const manifest = seal.payload === null ? null : parseManifest(seal.payload);
  const statement =
    manifest === null
      ? verdict('statement', 'invalid', { reasons: ['manifest-malformed'] })
      : verdict('statement', 'valid', { about: `${manifest.sender} → ${manifest.recipient}` });
  const signed = signatureVerdict(seal);
  // Of a broken signature nobody is the issuer, and no time is proved.
  const verdicts =
    signed.word === 'valid' ? [signed, issuerVerdict(seal.issuer), timeVerdict(seal.time), statement] : [signed];
  return {
    word: outcomeOf(verdicts),
    reasons: verdicts.flatMap(({ word, reasons }) => (word === 'valid' ? [] : reasons)),
    manifest,
    signer: seal.issuer?.certificate.sha256 ?? null,
    facts: manifest === null ? {} : factsOf(manifest),
    verdicts,
  };
}

function factsOf(manifest: Manifest): Readonly<Record<string, unknown>> {
  const { case: caseId, kind, sender, recipient, pupil, legalBasis, approvedAt } = manifest;
  const documents = manifest.documents.map(({ kind: documentKind, form, title, bytes, sha256 }) => ({
    kind: documentKind,
    form,
    title,
    bytes,
    sha256,
  }));
  return { case: caseId, kind, sender, recipient, pupil: pupil.officialName, legalBasis, approvedAt, documents };
}
