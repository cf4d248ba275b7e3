import { scanDer } from '../der.ts';
import { nextIf, nextOf, openDer, TAG } from '../der-reader.ts';

/** The two elements by which CMS names a certificate, as they stand in it. */
export interface IssuerSerial {
  /** The issuer's Name as DER. */
  readonly issuer: Uint8Array;
  /** The serial number's INTEGER as DER. */
  readonly serial: Uint8Array;
}

/** @throws DerError when the bytes are no certificate */
export function issuerSerialOf(certificate: Uint8Array): IssuerSerial {
  const tbs = openDer(nextOf(openDer(scanDer(certificate)), TAG.sequence));
  nextIf(tbs, 0xa0);
  const serial = nextOf(tbs, TAG.integer);
  nextOf(tbs, TAG.sequence);
  return { issuer: nextOf(tbs, TAG.sequence).bytes, serial: serial.bytes };
}
