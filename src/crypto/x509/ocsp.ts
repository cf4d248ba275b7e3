import { createHash } from 'node:crypto';
import { scanDer } from '../der.ts';
import { bitOctetsOf, nextOf, openDer, TAG } from '../der-reader.ts';
import type { X509Certificate } from './certificate.ts';
import { countsAt } from './crl.ts';
import { hexOf } from './hex.ts';
import { sameName } from './names.ts';
import { type OcspCertId, type OcspResponse, type OcspSingle, parseOcspResponse } from './ocsp-reader.ts';
import { isAuthority, profileFaults } from './profile.ts';
import { keyFits } from './public-key.ts';
import type { RevocationAnswer, RevocationQuestion, RevocationReason } from './revocation.ts';

export interface OcspExpectation {
  /** The nonce of the request; null when none was sent. */
  readonly nonce: Uint8Array | null;
  /** The time of the verification; later than the question's `at` when that is about the past. */
  readonly now: Date;
  /** Clocks may differ by this much: 5 minutes unless told. */
  readonly skewMs?: number;
  /** The oldest answer that counts when no next one is promised: 24 hours unless told. */
  readonly maxAgeMs?: number;
}

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';

/**
 * What a responder's answer is worth for this question (RFC 6960 §3.2, docs/path-validation.md §6). Who answered does not matter, only who
 * signed: the issuer itself, or a responder to which this very issuer key gave OCSPSigning.
 */
export async function checkOcspResponse(
  der: Uint8Array,
  question: RevocationQuestion,
  expected: OcspExpectation,
): Promise<RevocationAnswer> {
  const parsed = parseOcspResponse(der);
  if (!parsed.ok) return unknown(parsed.fault === 'ocsp.not-successful' ? 'ocsp-refused' : 'ocsp-malformed');
  const response = parsed.value;
  if (response.hasUnknownCritical) return unknown('ocsp-unknown-critical-extension');
  if (expected.nonce !== null && !isSameNonce(response.nonce, expected.nonce)) return unknown('ocsp-nonce');
  const authenticity = await authenticityFault(response, question);
  if (authenticity !== null) return unknown(authenticity);
  const single = singleAbout(response, question);
  if (single === null) return unknown('ocsp-other-certificate');
  if (single.hasUnknownCritical) return unknown('ocsp-unknown-critical-extension');
  const untimely = timeFault(single, response, { question, expected });
  return untimely === null ? answerOf(single, question.at) : unknown(untimely);
}

/** RFC 6960 §4.1.1: the name and key are those of the issuer that the path found, not those of whoever shares its name. */
export function certIdOf(
  { certificate, issuer }: Pick<RevocationQuestion, 'certificate' | 'issuer'>,
  hash: OcspCertId['hash'],
): OcspCertId {
  return {
    hash,
    issuerNameHash: digestOf(hash, certificate.issuer.der),
    issuerKeyHash: digestOf(hash, publicKeyBits(issuer)),
    serial: certificate.serial,
  };
}

function unknown(reason: RevocationReason): RevocationAnswer {
  return { status: 'notChecked', reason };
}

function isSameNonce(given: Uint8Array | null, sent: Uint8Array): boolean {
  return given !== null && hexOf(given) === hexOf(sent);
}

function singleAbout({ singles }: OcspResponse, question: RevocationQuestion): OcspSingle | null {
  const about = singles.filter(({ certId }) => {
    if (certId === null) return false;
    const own = certIdOf(question, certId.hash);
    return (
      certId.serial === own.serial &&
      certId.issuerKeyHash === own.issuerKeyHash &&
      certId.issuerNameHash === own.issuerNameHash
    );
  });
  // Of two answers about one certificate the worse counts.
  const worst = ['revoked', 'unknown', 'good'] as const;
  return worst.flatMap((status) => about.filter((single) => single.status === status))[0] ?? null;
}

interface Timing {
  readonly question: RevocationQuestion;
  readonly expected: OcspExpectation;
}

const WEEK_MS = 7 * 86_400_000;

/** RFC 6960 §4.2.2.1; both ends inclusive. */
function timeFault(single: OcspSingle, response: OcspResponse, { question, expected }: Timing) {
  const { skewMs = 300_000, maxAgeMs = 86_400_000 } = expected;
  const now = expected.now.getTime();
  const [producedAt, thisUpdate] = [response.producedAt.getTime(), single.thisUpdate.getTime()];
  // What is known after it was said is a lie: a responder's lost key would date itself back into its certificate.
  const isAhead = thisUpdate > producedAt + skewMs || producedAt > now + skewMs || thisUpdate > now + skewMs;
  if (isAhead) return 'ocsp-not-yet-valid' as const;
  // A certificate that has ended may have been forgotten (RFC 6960 §4.4.4).
  const isForgotten = single.thisUpdate > question.at && single.thisUpdate > question.certificate.notAfter;
  // However long an answer promises to hold, it is asked for again within a week.
  const until = Math.min(single.nextUpdate?.getTime() ?? thisUpdate + maxAgeMs, thisUpdate + WEEK_MS);
  return isForgotten || until < now - skewMs ? ('ocsp-stale' as const) : null;
}

function answerOf(single: OcspSingle, at: Date): RevocationAnswer {
  const { status, revokedAt, revocationReason: reason, invalidAt } = single;
  if (status === 'unknown') return unknown('ocsp-unknown');
  if (revokedAt === null || !countsAt({ revokedAt, reason, invalidAt }, at)) return { status: 'good' };
  return { status: 'revoked', reason: 'listed', revokedAt };
}

async function authenticityFault(
  response: OcspResponse,
  question: RevocationQuestion,
): Promise<RevocationReason | null> {
  const { signatureAlgorithm: algorithm, tbs: data, signature } = response;
  if (!question.anchor.algorithms.includes(algorithm)) return 'ocsp-algorithm-not-allowed';
  let fault: RevocationReason = 'ocsp-responder';
  for (const signer of [question.issuer, ...response.certificates]) {
    if (!isNamed(signer, response) || !keyFits(signer.publicKey.kind, algorithm)) continue;
    if (signer !== question.issuer && !(await isDelegate(signer, response, question))) continue;
    if (await question.verify({ algorithm, spki: signer.publicKey.spki, data, signature })) return null;
    fault = 'ocsp-signature';
  }
  return fault;
}

function isNamed(signer: X509Certificate, { responder }: OcspResponse): boolean {
  if (responder.kind === 'name') return sameName(signer.subject, responder.name);
  return digestOf('SHA-1', publicKeyBits(signer)) === responder.keyHash;
}

/** RFC 6960 §4.2.2.2: issued directly by the key that issued the certificate in question, for nothing less than OCSPSigning. */
async function isDelegate(
  signer: X509Certificate,
  { producedAt }: OcspResponse,
  question: RevocationQuestion,
): Promise<boolean> {
  const { issuer, anchor } = question;
  const { extensions, signatureAlgorithm: algorithm, tbs: data, signature } = signer;
  const relaxed: readonly string[] = anchor.relax ?? [];
  if (!extensions.extendedKeyUsage?.purposes.includes(OCSP_SIGNING) || isAuthority(signer)) return false;
  if (extensions.keyUsage !== undefined && !extensions.keyUsage.bits.includes('digitalSignature')) return false;
  if (producedAt < signer.notBefore || producedAt > signer.notAfter) return false;
  if (profileFaults(signer).some((fault) => !relaxed.includes(fault))) return false;
  if (!anchor.algorithms.includes(algorithm) || !keyFits(issuer.publicKey.kind, algorithm)) return false;
  if (!sameName(signer.issuer, issuer.subject)) return false;
  if (!(await question.verify({ algorithm, spki: issuer.publicKey.spki, data, signature }))) return false;
  // RFC 6960 §4.2.2.2.1: without nocheck the responder has a status of its own.
  return extensions.ocspNoCheck !== undefined || (await question.askAbout(signer)).status === 'good';
}

/** The BIT STRING's octets, without tag, length and unused bits. */
function publicKeyBits({ publicKey }: X509Certificate): Uint8Array {
  const cursor = openDer(scanDer(publicKey.spki));
  nextOf(cursor, TAG.sequence);
  return bitOctetsOf(nextOf(cursor, TAG.bitString));
}

function digestOf(hash: OcspCertId['hash'], bytes: Uint8Array): string {
  return createHash(hash === 'SHA-1' ? 'sha1' : 'sha256')
    .update(bytes)
    .digest('hex');
}
