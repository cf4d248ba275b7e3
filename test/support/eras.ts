import type { TimestampService } from '../../src/crypto/timestamp.ts';
import { timestampService } from '../../src/crypto/timestamp.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import type { TrustAnchor } from '../../src/crypto/x509/path.ts';
import { authorityProfile, timeStampProfile } from '../../src/demo/authority-profiles.node.ts';
import { issueCertificate, issueCrl, type KeyKind } from '../../src/demo/certificate-maker.node.ts';
import { openTimeStampAuthority } from '../../src/demo/tsa.node.ts';
import { days } from '../../src/demo/validity.ts';

/** A time-stamping authority of some years, over HTTP: its root, its own certificate, its revocation list of that day. */
export interface Era {
  readonly at: Date;
  readonly anchor: TrustAnchor;
  readonly timestamps: TimestampService;
  readonly url: string;
  /** Its revocation list, as of a day while it stood. */
  listAt(day: Date): Promise<Uint8Array>;
  close(): Promise<void>;
}

const year = 365;

/** The development authority as it would be renewed: a new root and a new certificate, valid from about this day on. */
export async function openEra(
  at: Date,
  {
    keyKind = 'p256',
    rootYears = 10,
    stampYears = 5,
  }: { readonly keyKind?: KeyKind; readonly rootYears?: number; readonly stampYears?: number } = {},
): Promise<Era> {
  const validity = (count: number) => ({ notBefore: days(at, -1), notAfter: days(at, year * count) });
  const name = [{ C: ['JP'] }, { O: ['Hikitsugi 開発用'] }, { CN: [`時刻 ${at.getUTCFullYear()}`] }];
  const root = await issueCertificate(authorityProfile(name, 'p256', { ...validity(rootYears), pathLength: 0 }), null);
  const identity = await issueCertificate({ ...timeStampProfile(validity(stampYears)), keyKind }, root);
  const certificate = parseX509Certificate(new Uint8Array(root.certificate.rawData));
  if (!certificate.ok) throw new Error(certificate.fault);
  const anchor: TrustAnchor = {
    name: `time-${at.getUTCFullYear()}`,
    certificate: certificate.value,
    algorithms: ['rsa-pkcs1-sha256', 'ecdsa-p256-sha256'],
  };
  let number = 0n;
  const listAt = (day: Date) => {
    number += 1n;
    return issueCrl(root, { number, thisUpdate: days(day, -1), nextUpdate: days(day, 7), revoked: [] });
  };
  const clock = { now: () => at };
  const server = await openTimeStampAuthority({ port: 0, identity, clock });
  const list = await listAt(at);
  const timestamps = timestampService([
    {
      url: server.url,
      anchors: [anchor],
      revocation: crlSource([list], { now: at }),
      timeoutMs: 5_000,
      clock,
    },
  ]);
  return { at, anchor, timestamps, url: server.url, listAt, close: () => server.close() };
}
