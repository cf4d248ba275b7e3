import { type TimestampService, timestampService } from '../../../src/crypto/timestamp.ts';
import { createTimestampResponse } from '../../../src/crypto/timestamp-response.ts';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import type { TrustAnchor } from '../../../src/crypto/x509/path.ts';
import { type RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import type { Result } from '../../../src/result.ts';
import { createTestAuthority, now, type TestAuthority, type TestLeaf, timeStampingUsage } from './authorities.ts';

export const testPolicy = '1.3.6.1.4.1.32473.9';
const algorithms = [
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
] as const;

export interface TestWorld {
  readonly seal: TestAuthority;
  readonly time: TestAuthority;
  readonly anchors: readonly TrustAnchor[];
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  readonly stamper: TestLeaf;
  readonly timestamps: TimestampService;
}

/** A school seal authority and a time authority with a server that answers in process. */
export async function createTestWorld(): Promise<TestWorld> {
  const seal = await createTestAuthority('封緘');
  const time = await createTestAuthority('時刻');
  const stamper = await time.issue({ algorithm: 'RS256', name: '時刻認証局', extendedKeyUsage: timeStampingUsage });
  const timestampAnchors = [anchorOf('time', time.root)];
  const revocation = crlSource([...seal.crls, ...time.crls], { now });
  const timestamps = timestampService([
    {
      url: 'http://tsa.invalid/',
      anchors: timestampAnchors,
      revocation,
      policies: [testPolicy],
      timeoutMs: 1000,
      clock: { now: () => now },
      fetch: stampingFetch(stamper, now),
    },
  ]);
  return { seal, time, anchors: [anchorOf('seal', seal.root)], timestampAnchors, revocation, stamper, timestamps };
}

export function anchorOf(name: string, der: Uint8Array): TrustAnchor {
  return { name, certificate: valueOf(parseX509Certificate(der)), algorithms };
}

/** A time-stamping server without a network in between. */
export function stampingFetch(stamper: TestLeaf, genTime: Date): typeof globalThis.fetch {
  return async (_url, init) => {
    const request = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
    const { signer } = stamper;
    const reply = await createTimestampResponse({ request, signer, policy: testPolicy, serial: 1n, now: genTime });
    return new Response(new Uint8Array(reply), { headers: { 'content-type': 'application/timestamp-reply' } });
  };
}

export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.fault)}`);
  return result.value;
}
