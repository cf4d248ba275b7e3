import { derElement, derGeneralizedTime, derOctetString, derOid, derSequence } from '../crypto/cms/der-write.ts';
import { scanDer } from '../crypto/der.ts';
import { endOf, innerDer, membersOf, nextIf, nextOf, octetsOf, oidOf, openDer, TAG } from '../crypto/der-reader.ts';
import type { X509Certificate } from '../crypto/x509/certificate.ts';
import { certIdOf } from '../crypto/x509/ocsp.ts';
import { encodeCertId } from '../crypto/x509/ocsp-request.ts';

export type DemoStatus = 'good' | 'unknown' | { readonly revokedAt: Date };

/** What an OCSPRequest asks: the CertID octet for octet, and the nonce that the answer must repeat. */
export interface OcspQuestion {
  readonly certId: Uint8Array;
  readonly nonce: Uint8Array | null;
}

/** RFC 6960 §4.1.1, one certificate at a time; throws on anything else. */
export function readOcspRequest(der: Uint8Array): OcspQuestion {
  const whole = openDer(scanDer(der, { maxBytes: 4_096 }));
  const request = openDer(nextOf(whole, TAG.sequence));
  const [only, ...others] = membersOf(nextOf(request, TAG.sequence));
  const extensions = nextIf(request, 0xa2);
  endOf(request);
  if (only === undefined || others.length > 0) throw new Error('One certificate at a time');
  const certId = nextOf(openDer(only), TAG.sequence);
  const nonces = extensions === null ? [] : membersOf(innerDer(extensions)).flatMap(nonceOf);
  return { certId: certId.bytes, nonce: nonces[0] ?? null };
}

function nonceOf(extension: ReturnType<typeof innerDer>): Uint8Array[] {
  const cursor = openDer(extension);
  if (oidOf(nextOf(cursor, TAG.oid)) !== NONCE) return [];
  nextIf(cursor, TAG.boolean);
  return [octetsOf(scanDer(octetsOf(nextOf(cursor, TAG.octetString))))];
}

const NONCE = '1.3.6.1.5.5.7.48.1.2';

/** Whether the question is about this certificate of this issuer, whichever hash it was put with. */
export function isAbout(certId: Uint8Array, about: { certificate: X509Certificate; issuer: X509Certificate }): boolean {
  const asked = Buffer.from(certId);
  return (['SHA-1', 'SHA-256'] as const).some((hash) => asked.equals(encodeCertId(certIdOf(about, hash))));
}

/** The ResponseData to sign: one answer, good for an hour. */
export function responseData(input: {
  readonly question: OcspQuestion;
  readonly status: DemoStatus;
  readonly responder: X509Certificate;
  readonly now: Date;
}): Uint8Array {
  const { question, now } = input;
  const second = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const { issuerKeyHash } = certIdOf({ certificate: input.responder, issuer: input.responder }, 'SHA-1');
  const single = derSequence(
    question.certId,
    encodeStatus(input.status),
    derGeneralizedTime(second),
    derElement(0xa0, derGeneralizedTime(new Date(second.getTime() + 3_600_000))),
  );
  return derSequence(
    derElement(0xa2, derOctetString(new Uint8Array(Buffer.from(issuerKeyHash, 'hex')))),
    derGeneralizedTime(second),
    derSequence(single),
    ...(question.nonce === null ? [] : [nonceExtensions(question.nonce)]),
  );
}

/** OCSPResponse around a signed ResponseData (RFC 6960 §4.2.1). */
export function successfulResponse(signed: {
  readonly data: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificate: Uint8Array;
}): Uint8Array {
  const basic = derSequence(
    signed.data,
    signed.algorithm,
    derElement(0x03, Uint8Array.of(0), signed.signature),
    derElement(0xa0, derSequence(signed.certificate)),
  );
  const bytes = derSequence(derOid('1.3.6.1.5.5.7.48.1.1'), derOctetString(basic));
  return derSequence(derElement(0x0a, Uint8Array.of(0)), derElement(0xa0, bytes));
}

/** RFC 6960 §2.3: nothing is signed for a request that cannot be read. */
export const malformedRequest: Uint8Array = derSequence(derElement(0x0a, Uint8Array.of(1)));

function encodeStatus(status: DemoStatus): Uint8Array {
  if (status === 'good') return derElement(0x80);
  if (status === 'unknown') return derElement(0x82);
  return derElement(0xa1, derGeneralizedTime(status.revokedAt));
}

function nonceExtensions(nonce: Uint8Array): Uint8Array {
  return derElement(0xa1, derSequence(derSequence(derOid(NONCE), derOctetString(derOctetString(nonce)))));
}
