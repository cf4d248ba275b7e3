import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { signJws } from '../../src/crypto/jose.ts';
import {
  anchorsFor,
  type DatedTrustList,
  parseTrustList,
  signTrustList,
  trustListType,
  verifyTrustList,
} from '../../src/crypto/trust-list.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { verifyPath } from '../../src/crypto/x509/path.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { now } from './support/authorities.ts';
import { createTestWorld, valueOf } from './support/trust.ts';

const { seal, anchors, timestampAnchors, revocation } = await createTestWorld();
const gateway = await seal.issue({ algorithm: 'ES256', name: 'gateway' });
const key = { spki: valueOf(parseX509Certificate(gateway.certificate)).publicKey.spki };
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
const list: DatedTrustList = {
  version: 'hikitsugi-trust/2',
  serial: 7,
  issuedAt: now,
  expiresAt: inDays(30),
  anchors: [
    ...anchors.map((anchor) => ({ purpose: 'seal' as const, anchor })),
    ...timestampAnchors.map((anchor) => ({ purpose: 'time' as const, anchor })),
  ],
  logKeys: ['example.jp/log+0a1b2c3d+AbCd'],
};
const plain = {
  version: 'hikitsugi-trust/2',
  serial: 7,
  issuedAt: now.toISOString(),
  expiresAt: inDays(30).toISOString(),
  anchors: [
    {
      name: '封緘',
      purpose: 'seal',
      algorithms: ['ecdsa-p256-sha256'],
      certificate: derToPem(seal.root, 'CERTIFICATE'),
    },
  ],
  logKeys: [],
};

describe('a trust list', () => {
  it('comes back as it was signed, and its anchors work', async () => {
    const jws = await signTrustList(list, gateway.signer);
    const verified = valueOf(await verifyTrustList({ jws: JSON.parse(JSON.stringify(jws)) as unknown, key }));
    expect(verified).toEqual(list);
    const leaf = valueOf(parseX509Certificate(gateway.certificate));
    const pool = [valueOf(parseX509Certificate(seal.issuing))];
    const purpose = { keyUsage: ['digitalSignature'] as const };
    const path = await verifyPath({ leaf, pool, anchors: anchorsFor(verified, 'seal'), at: now, purpose, revocation });
    expect(path.valid).toBe(true);
    expect(anchorsFor(verified, 'person')).toEqual([]);
  });

  it('is refused under another key, of another type, or changed', async () => {
    const other = await seal.issue({ algorithm: 'ES256' });
    const otherKey = { spki: valueOf(parseX509Certificate(other.certificate)).publicKey.spki };
    const jws = await signTrustList(list, gateway.signer);
    const refused = (fault: string) => ({ ok: false, fault });
    expect(await verifyTrustList({ jws, key: otherKey })).toEqual(refused('signature-invalid'));
    const otherType = await signJws({ payload: canonicalJson(plain), header: { typ: 'x' }, signer: gateway.signer });
    expect(await verifyTrustList({ jws: otherType, key })).toEqual(refused('type-mismatch'));
    const swapped = { ...jws, payload: otherType.payload };
    expect(await verifyTrustList({ jws: swapped, key })).toEqual(refused('signature-invalid'));
    const broken = await signJws({
      payload: canonicalJson({}),
      header: { typ: trustListType },
      signer: gateway.signer,
    });
    expect(await verifyTrustList({ jws: broken, key })).toEqual(refused('list-malformed'));
  });

  it('is refused when a newer one is known: a lost key does not come back with an old list', async () => {
    const jws = await signTrustList(list, gateway.signer);
    const verify = (known: { readonly serial: number; readonly issuedAt: Date }) =>
      verifyTrustList({ jws, key, known });
    expect(await verify({ serial: 8, issuedAt: now })).toEqual({ ok: false, fault: 'older-than-known' });
    expect(await verify({ serial: 7, issuedAt: inDays(1) })).toEqual({ ok: false, fault: 'older-than-known' });
    expect((await verify({ serial: 7, issuedAt: now })).ok).toBe(true);
    expect((await verify({ serial: 6, issuedAt: inDays(-1) })).ok).toBe(true);
  });

  it('says nothing from its own end on', async () => {
    const jws = await signTrustList(list, gateway.signer);
    expect(await verifyTrustList({ jws, key, at: inDays(30) })).toEqual({ ok: false, fault: 'trust-list-expired' });
    expect((await verifyTrustList({ jws, key, at: inDays(29) })).ok).toBe(true);
  });

  it('is still read in its first format, which a dated list replaces for good', async () => {
    const { serial: _, expiresAt: __, ...undated } = plain;
    const payload = canonicalJson({ ...undated, version: 'hikitsugi-trust/1' });
    const jws = await signJws({ payload, header: { typ: trustListType }, signer: gateway.signer });
    const verified = valueOf(await verifyTrustList({ jws, key, at: inDays(10_000) }));
    expect(verified).toMatchObject({ version: 'hikitsugi-trust/1', serial: 0, expiresAt: null });
    const known = { serial: 1, issuedAt: now };
    expect(await verifyTrustList({ jws, key, known })).toEqual({ ok: false, fault: 'older-than-known' });
  });

  it('is refused when anything in it is unknown, missing or no certificate', () => {
    const [anchor] = plain.anchors;
    const change = (part: object) => ({ ...plain, anchors: [{ ...anchor, ...part }] });
    expect(parseTrustList(canonicalJson(plain)).ok).toBe(true);
    for (const bad of [
      { ...plain, version: 'hikitsugi-trust/3' },
      { ...plain, serial: 0 },
      { ...plain, serial: 1.5 },
      { ...plain, expiresAt: undefined },
      // The first format has no place for these.
      { ...plain, version: 'hikitsugi-trust/1' },
      { ...plain, more: 1 },
      { ...plain, issuedAt: 'yesterday' },
      change({ purpose: 'everything' }),
      change({ algorithms: ['rsa-pkcs1-sha1'] }),
      change({ algorithms: [] }),
    ]) {
      expect(parseTrustList(canonicalJson(bad))).toEqual({ ok: false, fault: 'list-malformed' });
    }
    const two = derToPem(seal.root, 'CERTIFICATE').repeat(2);
    for (const certificate of ['', 'x', two, derToPem(new Uint8Array([1]), 'CERTIFICATE')]) {
      expect(parseTrustList(canonicalJson(change({ certificate })))).toEqual({ ok: false, fault: 'anchor-malformed' });
    }
    expect(parseTrustList(new TextEncoder().encode(JSON.stringify(plain, null, 2))).ok).toBe(false);
  });
});
