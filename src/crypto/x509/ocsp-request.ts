import { derElement, derNull, derOctetString, derOid, derSequence } from '../cms/der-write.ts';
import type { OcspCertId } from './ocsp-reader.ts';

const HASH_OIDS = { 'SHA-1': '1.3.14.3.2.26', 'SHA-256': '2.16.840.1.101.3.4.2.1' } as const;

/** An OCSPRequest about one certificate (RFC 6960 §4.1.1), unsigned, with the nonce when there is one (RFC 9654: 32 octets). */
export function ocspRequest(certId: OcspCertId, nonce: Uint8Array | null): Uint8Array {
  const request = derSequence(derSequence(derSequence(encodeCertId(certId))), ...nonceExtension(nonce));
  return derSequence(request);
}

/** Shared with the development responder, which answers with the CertID it was asked. */
export function encodeCertId({ hash, issuerNameHash, issuerKeyHash, serial }: OcspCertId): Uint8Array {
  return derSequence(
    derSequence(derOid(HASH_OIDS[hash]), derNull()),
    derOctetString(fromHex(issuerNameHash)),
    derOctetString(fromHex(issuerKeyHash)),
    derElement(0x02, fromHex(serial)),
  );
}

function nonceExtension(nonce: Uint8Array | null): Uint8Array[] {
  if (nonce === null) return [];
  const extension = derSequence(derOid('1.3.6.1.5.5.7.48.1.2'), derOctetString(derOctetString(nonce)));
  return [derElement(0xa2, derSequence(extension))];
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
