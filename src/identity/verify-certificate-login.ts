import { type SignatureAlgorithm, verifyRawSignature } from '../crypto/x509/algorithms.ts';
import { parseX509Certificate, type X509Certificate } from '../crypto/x509/certificate.ts';
import { JPKI_AUTHENTICATION_POLICY, jpkiKind } from '../crypto/x509/jpki.ts';
import { type PathVerdict, verifyPath } from '../crypto/x509/path.ts';
import type { RevocationStanding } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { loginText } from './rules.ts';
import type { PersonTrust } from './services.ts';

/** What a client sends back for a challenge. */
export interface CertificateProof {
  readonly challengeId: string;
  /** DER, leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** RSA PKCS#1 v1.5 with SHA-256; ECDSA P-256 with SHA-256 or P-384 with SHA-384 as r‖s. */
  readonly signature: Uint8Array;
}

/** A certificate whose key has answered, with the authority that signed it. */
export interface ShownCertificate {
  readonly leaf: X509Certificate;
  readonly issuer: X509Certificate;
}

export interface ProvenCertificate extends ShownCertificate {
  /** DER of the certificate and of the authorities below the anchor. */
  readonly chain: readonly Uint8Array[];
  /** `notChecked` only under an anchor that is set to let such people in, to see and never to read. */
  readonly revocation: RevocationStanding;
}

export interface RefusedCertificate {
  /** For the audit log alone. */
  readonly reason: string;
  /** Null unless the answer came from the certificate's own key, so that nobody can speak ill of another's card. */
  readonly shown: ShownCertificate | null;
}

const maxCertificates = 5;
const maxCertificateBytes = 16_384;
/** Of what counts and is kept for the session; JPKI's have a tenth of it. */
const maxChainBytes = 12_000;

/** What a certificate has to be good for to log in. */
const loginPurpose = {
  keyUsage: ['digitalSignature'],
  policy: [JPKI_AUTHENTICATION_POLICY],
} as const;

/**
 * Does this proof show possession of a personal authentication certificate that is good now? Pure but for the
 * revocation source; the challenge has been taken away before.
 *
 * @returns the leaf, or the exact reason for the audit log: outside, every reason looks alike
 */
export async function verifyCertificateLogin(input: {
  readonly proof: CertificateProof;
  readonly challenge: { readonly origin: string; readonly purpose: string; readonly challenge: string };
  readonly trust: PersonTrust;
  readonly at: Date;
}): Promise<Result<ProvenCertificate, RefusedCertificate>> {
  const { proof, challenge, trust, at } = input;
  const certificates = parseAll(proof.certificates);
  if (!certificates.ok) return refuseUnshown(certificates.fault);
  const [leaf, ...pool] = certificates.value;
  if (leaf === undefined) return refuseUnshown('certificate-count');
  // The signature certificate carries name and address and is never to be shown for a log-in (公的個人認証法).
  if (jpkiKind(leaf) !== 'authentication') return refuseUnshown(`wrong-kind:${jpkiKind(leaf) ?? 'other'}`);
  const text = loginText({ ...challenge, challengeId: proof.challengeId });
  const algorithm = loginAlgorithm(leaf);
  if (algorithm === null || !(await isSignedBy(leaf, algorithm, { text, signature: proof.signature }))) {
    return refuseUnshown('signature-invalid');
  }
  const verdict = await verifyPath({
    leaf,
    pool,
    anchors: trust.anchors,
    at,
    purpose: loginPurpose,
    revocation: trust.revocation,
    whenNotChecked: 'report',
  });
  const reason = reasonAgainst(verdict, algorithm);
  const issuer = verdict.path[1];
  if (reason !== null) return refuse({ reason, shown: issuer === undefined ? null : { leaf, issuer } });
  if (issuer === undefined || verdict.revocation === 'revoked') return refuseUnshown('path:too-short');
  const chain = verdict.path.slice(0, -1).map(({ der }) => der);
  const bytes = chain.reduce((sum, { length }) => sum + length, 0);
  if (bytes > maxChainBytes) return refuse({ reason: 'certificate-too-large', shown: { leaf, issuer } });
  return ok({ leaf, issuer, chain, revocation: verdict.revocation });
}

/**
 * Is a certificate that was good once revoked by now, or an authority above it? What nobody can tell is no revocation:
 * whoever cut the line to the responder would end everybody's session.
 *
 * @param chain - as {@link ProvenCertificate} has it
 */
export async function isRevokedNow(chain: readonly Uint8Array[], trust: PersonTrust, at: Date): Promise<boolean> {
  const certificates = parseAll(chain);
  const [leaf, ...pool] = certificates.ok ? certificates.value : [];
  if (leaf === undefined) throw new Error('the certificate of a session cannot be read');
  const { anchors, revocation } = trust;
  const asked = { leaf, pool, anchors, at, purpose: loginPurpose, revocation, whenNotChecked: 'report' } as const;
  return (await verifyPath(asked)).revocation === 'revoked';
}

/** Null for a path that will do. */
function reasonAgainst(verdict: PathVerdict, algorithm: SignatureAlgorithm): string | null {
  const { valid, reasons, revocation, anchor } = verdict;
  if (!valid) return `path:${reasons.map(({ code }) => code).join(',')}`;
  // Whether a path that nobody could check will do is the operator's word, and "no" without it.
  if (revocation !== 'good' && anchor?.whenNotChecked !== 'limit') return 'path:revocation-unknown';
  // What signed the challenge must be of a kind that the authority allows, as all that it signs itself.
  return anchor?.algorithms.includes(algorithm) === true ? null : 'algorithm-not-allowed';
}

function refuseUnshown(reason: string): Result<never, RefusedCertificate> {
  return refuse({ reason, shown: null });
}

function parseAll(ders: readonly Uint8Array[]): Result<X509Certificate[], string> {
  if (ders.length > maxCertificates) return refuse('certificate-count');
  const certificates: X509Certificate[] = [];
  for (const der of ders) {
    if (der.length > maxCertificateBytes) return refuse('certificate-too-large');
    const parsed = parseX509Certificate(der);
    if (!parsed.ok) return refuse(`certificate-malformed:${parsed.fault}`);
    certificates.push(parsed.value);
  }
  return ok(certificates);
}

/** The algorithm follows from the key, never from what the client says. */
function loginAlgorithm({ publicKey }: X509Certificate): SignatureAlgorithm | null {
  switch (publicKey.kind) {
    case 'rsa':
      return 'rsa-pkcs1-sha256';
    case 'p256':
      return 'ecdsa-p256-sha256';
    case 'p384':
      return 'ecdsa-p384-sha384';
    case 'ed25519':
      return null;
  }
}

async function isSignedBy(
  { publicKey: { spki } }: X509Certificate,
  algorithm: SignatureAlgorithm,
  { text: data, signature }: { readonly text: Uint8Array; readonly signature: Uint8Array },
): Promise<boolean> {
  return verifyRawSignature({ algorithm, spki, data, signature });
}
