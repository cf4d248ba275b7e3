import { isCanonicalJson } from '../crypto/jcs.ts';
import { verifySealedJws } from '../crypto/sealed-jws.ts';
import { type ConsentStatement, consentStatement, consentType, textDigest } from '../records/consent.ts';
import { parseJson } from './parse-json.ts';
import { type Report, type Verdict, verdict } from './report.ts';
import { existence, type TrustMaterial } from './trust-material.ts';
import { issuerVerdict, signatureVerdict } from './trust-verdicts.ts';

/** What a person agreed to by asking for a certificate (docs/formats.md, Consent), under the gateway's signature. */
export async function verifyConsent(bytes: Uint8Array, trust: TrustMaterial): Promise<Report> {
  const seal = await verifySealedJws({
    jws: parseJson(bytes),
    typ: consentType,
    anchors: trust.evidence,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
    ...existence(trust),
  });
  const signed = signatureVerdict(seal);
  const statement = seal.payload === null ? null : await parseStatement(seal.payload);
  const verdicts: Verdict[] = [signed];
  if (signed.word === 'valid') verdicts.push(issuerVerdict(seal.issuer), statementVerdict(statement));
  return {
    kind: 'consent',
    verdicts,
    facts: statement === null ? {} : factsOf(statement),
    remarks: ['consent-by-gateway', ...(statement?.text === null ? ['consent-text-elsewhere'] : [])],
  };
}

/** Null for what is no consent, or names another digest than that of the words it holds. */
async function parseStatement(payload: Uint8Array): Promise<ConsentStatement | null> {
  if (!isCanonicalJson(payload)) return null;
  const parsed = consentStatement.safeParse(parseJson(payload));
  if (!parsed.success) return null;
  const { text } = parsed.data;
  return text === null || text.sha256 === (await textDigest(text.shown)) ? parsed.data : null;
}

function statementVerdict(statement: ConsentStatement | null): Verdict {
  return statement === null
    ? verdict('statement', 'invalid', { reasons: ['consent-malformed'] })
    : verdict('statement', 'valid', { about: `${statement.request} ${statement.consentedAt}` });
}

function factsOf({ kind, text, ...rest }: ConsentStatement): Readonly<Record<string, unknown>> {
  return { ...rest, certificateKind: kind, ...(text === null ? {} : { text: text.shown, textSha256: text.sha256 }) };
}
