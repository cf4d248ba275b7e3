import { verifyEvidence } from '../../audit/evidence.ts';
import { endOfEvidence } from '../../crypto/algorithm-suites.ts';
import { parseSignedData } from '../../crypto/cms/parse.ts';
import { timestampTokens, verifyCades } from '../../crypto/cms.ts';
import type { RecordedObject } from '../../crypto/evidence-record/record.ts';
import { canonicalJson } from '../../crypto/jcs.ts';
import type { FlattenedJws } from '../../crypto/jose.ts';
import { parseBase64 } from '../../crypto/jose-encoding.ts';
import { type SealVerdict, verifySealedJws } from '../../crypto/sealed-jws.ts';
import type { SignerVerdict } from '../../crypto/signer-verdict.ts';
import type { Trust } from '../../crypto/trust.ts';
import { manifestType } from '../../records/manifest.ts';
import { sealPurpose } from '../../records/seal-purpose.ts';
import { evidenceDigest } from '../../verification/renewal.ts';

/** What a case leaves that has to be believed for years. */
export interface CaseEvidenceFiles {
  readonly manifest: FlattenedJws;
  readonly containers: readonly {
    readonly visibility: string;
    readonly manifestXml: Uint8Array;
    readonly signature: Uint8Array;
  }[];
  readonly receipts: readonly { readonly id: string; readonly event: string; readonly evidence: FlattenedJws }[];
}

/** One piece, found good: until when it stands, and what proves it. */
export interface GoodEvidence extends RecordedObject {
  readonly countsUntil: Date;
  readonly chain: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
}

/** Judges all of it as a stranger would, now; null when one piece does not hold, which no time stamp may hide. */
export async function judgeEvidence(
  files: CaseEvidenceFiles,
  trust: Trust,
  at: Date,
): Promise<readonly GoodEvidence[] | null> {
  const found = [
    await manifestEvidence(files.manifest, trust, at),
    ...(await Promise.all(files.containers.map((one) => containerEvidence(one, trust, at)))),
    ...(await Promise.all(files.receipts.map((one) => receiptEvidence(one, trust, at)))),
  ];
  const good = found.filter((one) => one !== null);
  return good.length === found.length ? good : null;
}

async function manifestEvidence(jws: FlattenedJws, trust: Trust, at: Date): Promise<GoodEvidence | null> {
  const { seal, time, revocation } = trust;
  const about = { anchors: seal, timestampAnchors: time, revocation, at, purpose: sealPurpose };
  const verdict = await verifySealedJws({ jws, typ: manifestType, ...about });
  return evidenceOf(jws, 'manifest', { verdict, ends: verdict.time.signer });
}

async function receiptEvidence(
  { id, event, evidence }: CaseEvidenceFiles['receipts'][number],
  trust: Trust,
  at: Date,
): Promise<GoodEvidence | null> {
  const { time, revocation } = trust;
  const about = { anchors: trust.evidence, timestampAnchors: time, revocation, at };
  const { seal: verdict } = await verifyEvidence({ jws: evidence, ...about });
  return evidenceOf(evidence, `receipt ${event} ${id}`, { verdict, ends: verdict.issuer });
}

function evidenceOf(
  jws: FlattenedJws,
  name: string,
  { verdict, ends }: { readonly verdict: SealVerdict; readonly ends: SignerVerdict | null },
): GoodEvidence | null {
  if (verdict.reasons.length > 0 || ends === null || verdict.issuer === null) return null;
  const stamp = jws.header?.['sigTst'];
  const token = typeof stamp === 'string' ? parseBase64(stamp) : null;
  return {
    name,
    sha256: evidenceDigest(canonicalJson(jws)),
    countsUntil: endOfEvidence(ends.path.path).at,
    chain: verdict.issuer.path.path.map(({ der }) => der),
    tokens: token === null ? [] : [token],
  };
}

async function containerEvidence(
  { visibility, manifestXml, signature }: CaseEvidenceFiles['containers'][number],
  trust: Trust,
  at: Date,
): Promise<GoodEvidence | null> {
  const { seal, time, revocation } = trust;
  const about = { anchors: seal, timestampAnchors: time, revocation, at, purpose: sealPurpose };
  const verdict = await verifyCades({ cms: signature, content: manifestXml, ...about });
  const parsed = parseSignedData(signature);
  if (verdict.reasons.length > 0 || verdict.time.signer === null || !parsed.ok) return null;
  return {
    name: `container ${visibility}`,
    sha256: evidenceDigest(signature),
    countsUntil: endOfEvidence(verdict.time.signer.path.path).at,
    chain: parsed.value.certificates,
    tokens: timestampTokens(parsed.value.unsignedAttributes),
  };
}
