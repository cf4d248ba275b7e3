import { type EvidenceStatement, verifyEvidence, verifyEvidenceProof } from '../audit/evidence.ts';
import { parseProof } from '../audit/proof-text.ts';
import { cosigners } from '../audit/witness-policy.ts';
import { parseJson } from './parse-json.ts';
import { type Report, type Verdict, verdict } from './report.ts';
import { existence, logKeyOf, type TrustMaterial } from './trust-material.ts';
import { issuerVerdict, signatureVerdict } from './trust-verdicts.ts';

/**
 * A receipt: the gateway's signature, and with a proof that the act lies in the log.
 *
 * @param proofText - of the `.tlog-proof`; null when only the receipt itself is asked about
 */
export async function verifyReceipt(
  bytes: Uint8Array,
  trust: TrustMaterial,
  proofText: string | null,
): Promise<Report> {
  const { seal, statement } = await verifyEvidence({
    jws: parseJson(bytes),
    anchors: trust.evidence,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
    ...existence(trust),
  });
  const signed = signatureVerdict(seal);
  const verdicts: Verdict[] = [signed];
  if (signed.word === 'valid') verdicts.push(issuerVerdict(seal.issuer), statementVerdict(statement));
  if (statement !== null && proofText !== null)
    verdicts.push(...(await inclusionVerdicts(statement, proofText, trust)));
  return {
    kind: 'receipt',
    verdicts,
    facts: statement === null ? {} : { ...statement, log: statement.log.origin },
    remarks: proofText === null ? ['proof-not-given'] : [],
  };
}

function statementVerdict(statement: EvidenceStatement | null): Verdict {
  if (statement === null) return verdict('statement', 'invalid', { reasons: ['statement-malformed'] });
  return verdict('statement', 'valid', { about: `${statement.event} ${statement.issuedAt}` });
}

async function inclusionVerdicts(
  statement: EvidenceStatement,
  proofText: string,
  trust: TrustMaterial,
): Promise<readonly Verdict[]> {
  const proof = parseProof(proofText);
  if (!proof.ok) return [verdict('inclusion', 'invalid', { reasons: [proof.fault] })];
  const key = logKeyOf(trust, proof.value.checkpoint);
  if (key === null) return [verdict('inclusion', 'notChecked', { reasons: ['log-key-unknown'] })];
  const place = await verifyEvidenceProof(statement, proofText, key);
  if (!place.ok) return [verdict('inclusion', 'invalid', { reasons: [place.fault] })];
  const { index, checkpoint } = place.value;
  const about = `${checkpoint.origin} ${index + 1n}/${checkpoint.size}`;
  return [verdict('inclusion', 'valid', { about }), ...(await witnessVerdict(proof.value.checkpoint, trust))];
}

/** Asked only by whoever has a policy: one operator alone could show two logs. */
export async function witnessVerdict(
  checkpoint: string,
  { witnessPolicy }: TrustMaterial,
): Promise<readonly Verdict[]> {
  if (witnessPolicy === undefined) return [];
  const by = await cosigners(checkpoint, witnessPolicy);
  const about = by.map(({ name }) => name).join(', ');
  return witnessPolicy.isQuorum(by)
    ? [verdict('witnesses', 'valid', { about })]
    : [verdict('witnesses', 'invalid', { about: about === '' ? null : about, reasons: ['quorum.missing'] })];
}
