import { canonicalJson } from '../crypto/jcs.ts';
import { parseJws, verifyJws } from '../crypto/jose.ts';
import { type SignerAlgorithm, signerAlgorithms } from '../crypto/signer.ts';
import { verifySigner } from '../crypto/signer-verdict.ts';
import { x509Names } from '../crypto/x5c.ts';
import { type CertificateProof, certificateProof, proofType } from '../records/certificate-proof.ts';
import { isSealOfAnother } from '../records/seal-holder.ts';
import { sealPurpose } from '../records/seal-purpose.ts';
import { closureRemarks, stateVerdict } from './certificate-state.ts';
import type { PaperCompanions } from './paper.ts';
import { parseJson } from './parse-json.ts';
import { type Report, type Verdict, verdict } from './report.ts';
import type { SealChain } from './seal-chain.ts';
import type { TrustMaterial } from './trust-material.ts';
import { issuerVerdict } from './trust-verdicts.ts';

/** The second QR code of a certificate (docs/formats.md, Proof of a certificate): what is on the paper, under the school's seal. */
export async function verifyCertificateProof(
  token: string,
  trust: TrustMaterial,
  paper: PaperCompanions,
): Promise<Report> {
  const fingerprint = fingerprintOf(token);
  if (fingerprint === null) return bare(verdict('signature', 'invalid', { reasons: ['malformed'] }));
  const seal = await findSeal(fingerprint, paper);
  // Without the certificate nothing is known of what the code says; and so nothing of it is shown.
  if (seal === null) return bare(verdict('signature', 'notChecked', { reasons: ['seal-missing'] }));
  const opened = await open(token, seal);
  if ('reason' in opened) return bare(verdict('signature', 'invalid', { reasons: [opened.reason] }));
  const { proof } = opened;
  const issuer = await judgeIssuer(seal, { ...opened, trust });
  const isTrusted = issuer.word !== 'invalid';
  const answered = paper.askState === null || !isTrusted ? null : await paper.askState(proof.code);
  return {
    kind: 'certificateProof',
    verdicts: [
      verdict('signature', 'valid'),
      issuer,
      issuedVerdict(seal, proof),
      stateVerdict(answered, proof),
      ...pairVerdicts(proof, paper),
    ],
    facts: factsOf(proof),
    remarks: ['compare-with-paper', ...closureRemarks(answered)],
  };
}

function bare(one: Verdict): Report {
  return { kind: 'certificateProof', verdicts: [one], facts: {}, remarks: [] };
}

/** Exactly the agreed header, so that nothing in it goes unread. */
function fingerprintOf(token: string): string | null {
  const parsed = parseJws(token);
  if (!parsed.ok) return null;
  const { protectedHeader } = parsed.value;
  const { kid } = protectedHeader;
  const isAgreed = Object.keys(protectedHeader).sort().join(' ') === 'alg kid typ';
  return isAgreed && typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid) ? kid : null;
}

/** Whoever hands it out may hand out another: the code itself says by digest which one it is. */
async function findSeal(fingerprint: string, { seals, fetchSeal }: PaperCompanions): Promise<SealChain | null> {
  const atHand = seals.find((seal) => seal.fingerprint === fingerprint);
  if (atHand !== undefined) return atHand;
  const fetched = fetchSeal === null ? null : await fetchSeal(fingerprint);
  return fetched?.fingerprint === fingerprint ? fetched : null;
}

type Opened = { readonly proof: CertificateProof; readonly algorithm: SignerAlgorithm } | { readonly reason: string };

async function open(token: string, { leaf }: SealChain): Promise<Opened> {
  const verified = await verifyJws({
    jws: token,
    typ: proofType,
    algorithms: signerAlgorithms,
    keyFrom: () => ({ spki: leaf.publicKey.spki }),
  });
  if (!verified.ok) return { reason: verified.fault };
  const { payload, protectedHeader } = verified.value;
  const algorithm = signerAlgorithms.find((one) => one === protectedHeader.alg);
  const proof = certificateProof.safeParse(parseJson(payload));
  if (!proof.success || algorithm === undefined) return { reason: 'malformed' };
  return { proof: proof.data, algorithm };
}

async function judgeIssuer(
  { leaf, pool }: SealChain,
  by: { readonly proof: CertificateProof; readonly algorithm: SignerAlgorithm; readonly trust: TrustMaterial },
): Promise<Verdict> {
  const { proof, algorithm, trust } = by;
  const signer = await verifySigner({
    certificate: leaf,
    algorithm: x509Names[algorithm],
    pool,
    anchors: trust.seal,
    at: trust.at,
    purpose: sealPurpose,
    revocation: trust.revocation,
    cache: trust.cache,
  });
  if (isSealOfAnother(leaf, proof.school)) {
    return verdict('issuer', 'invalid', { about: signer.name, reasons: ['issuer-other-school'] });
  }
  // A paper outlives the certificate of the seal. No time stamp says that it was made before: neither yes nor no.
  if (signer.status === 'expired') {
    return verdict('issuer', 'notChecked', { about: signer.name, reasons: ['seal-ended'] });
  }
  return issuerVerdict(signer);
}

/** By the school's own word: there is no room for a time stamp on paper. */
function issuedVerdict({ leaf }: SealChain, { issued }: CertificateProof): Verdict {
  const day = Date.parse(`${issued}T00:00:00+09:00`);
  const isInside = day + dayMs > leaf.notBefore.getTime() && day <= leaf.notAfter.getTime();
  return isInside
    ? verdict('issued', 'valid', { about: issued })
    : verdict('issued', 'invalid', { about: issued, reasons: ['signed-outside-validity'] });
}

const dayMs = 86_400_000;

/** None without a PDF beside it: whether it is the code of the paper in hand, its reader compares. */
function pairVerdicts(proof: CertificateProof, { papers }: PaperCompanions): readonly Verdict[] {
  if (papers.length === 0) return [];
  const same = canonicalText(proof);
  const isOne = papers.some((one) => canonicalText(one) === same);
  const [first] = papers;
  return isOne
    ? [verdict('pair', 'valid', { about: proof.no })]
    : [verdict('pair', 'invalid', { about: `${proof.no} ≠ ${first?.no ?? ''}`, reasons: ['pair-other-certificate'] })];
}

function canonicalText(proof: CertificateProof): string {
  return new TextDecoder().decode(canonicalJson(proof));
}

function factsOf({
  no,
  kind,
  school,
  for: former,
  name,
  birth,
  left,
  issued,
  code,
}: CertificateProof): Report['facts'] {
  const certificate = { number: no, certificateKind: kind, school, name, birth, issued };
  const closed = former === undefined ? {} : { formerSchool: former };
  return { ...certificate, ...closed, ...(left === undefined ? {} : { left }), code };
}
