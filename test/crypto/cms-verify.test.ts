import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, buildSignedData } from '../../src/crypto/cms/build.ts';
import { derElement, derNull, derOctetString, derOid, derSequence, derSetOf } from '../../src/crypto/cms/der-write.ts';
import { ecdsaToDer } from '../../src/crypto/cms/ecdsa-form.ts';
import { issuerSerialOf } from '../../src/crypto/cms/issuer-serial.ts';
import { oids } from '../../src/crypto/cms/oids.ts';
import { signCades } from '../../src/crypto/cms/sign-cades.ts';
import { type CadesVerdict, verifyCades } from '../../src/crypto/cms.ts';
import { compareBytes } from '../../src/crypto/der.ts';
import { signerAlgorithms } from '../../src/crypto/signer.ts';
import { timestampService } from '../../src/crypto/timestamp.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { createTestAuthority, now, type TestLeaf } from './support/authorities.ts';
import { hasTool, runTool } from './support/tools.ts';
import { anchorOf, createTestWorld, testPolicy, valueOf } from './support/trust.ts';

const world = await createTestWorld();
const { seal, time, revocation, anchors, timestampAnchors, timestamps } = world;
const content = new TextEncoder().encode('封緘された目録');
const trust = { anchors, timestampAnchors, revocation, at: now };
const day = 24 * 3600 * 1000;

function verify(cms: Uint8Array, other: Partial<Parameters<typeof verifyCades>[0]> = {}): Promise<CadesVerdict> {
  return verifyCades({ ...trust, cms, content, ...other });
}

async function signed(leaf: TestLeaf, stamp: 'stamped' | 'plain' = 'stamped'): Promise<Uint8Array> {
  const service = stamp === 'stamped' ? timestamps : null;
  return valueOf(await signCades({ content, signer: leaf.signer, timestamps: service }));
}

describe('a good signature', () => {
  it.each(signerAlgorithms)('with %s and a time stamp is valid in every part', async (algorithm) => {
    const leaf = await seal.issue({ algorithm });
    const verdict = await verify(await signed(leaf));
    expect(verdict).toMatchObject({
      integrity: 'valid',
      signer: { status: 'trusted', name: 'C=JP,CN=桜台中学校 公印' },
      time: { status: 'valid', genTime: now, policy: testPolicy },
      judgedAt: now,
      reasons: [],
    });
    expect(verdict.signer?.path.path).toHaveLength(3);
  });

  it('without a time stamp is valid and says that the time is absent', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const verdict = await verify(await signed(leaf, 'plain'));
    expect(verdict).toMatchObject({ integrity: 'valid', time: { status: 'absent', genTime: null }, reasons: [] });
  });

  it('stays trusted after its certificate has expired, when it was stamped in time', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256', notAfter: new Date(now.getTime() + day) });
    const later = new Date(now.getTime() + 30 * day);
    expect(await verify(await signed(leaf), { at: later })).toMatchObject({
      signer: { status: 'trusted' },
      reasons: [],
    });
    expect(await verify(await signed(leaf, 'plain'), { at: later })).toMatchObject({
      integrity: 'valid',
      signer: { status: 'expired' },
      reasons: ['signer-expired'],
    });
    const late = new Date(now.getTime() + 1000 * day);
    expect(await verify(await signed(leaf), { at: late })).toMatchObject({
      time: { status: 'notChecked', reasons: ['timestamp-ended'] },
      reasons: ['signer-expired', 'time-notChecked'],
    });
  });
});

describe('a signer who is not to be trusted', () => {
  it('is called revoked, unknown, not checkable or of an unwanted kind, never all the same', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const cms = await signed(leaf);
    const revoked = crlSource([...(await seal.revoke([leaf.serial])), ...time.crls], { now });
    expect(await verify(cms, { revocation: revoked })).toMatchObject({
      integrity: 'valid',
      signer: { status: 'revoked' },
      reasons: ['signer-revoked'],
    });
    const stranger = anchorOf('other', (await createTestAuthority('別')).root);
    expect(await verify(cms, { anchors: [stranger] })).toMatchObject({ signer: { status: 'unknownRoot' } });
    const namesake = anchorOf('forged', (await createTestAuthority('封緘')).root);
    expect(await verify(cms, { anchors: [namesake] })).toMatchObject({ signer: { status: 'invalid' } });
    expect(await verify(cms, { revocation: noRevocationSource })).toMatchObject({
      integrity: 'valid',
      signer: { status: 'notChecked' },
      time: { status: 'notChecked' },
      reasons: ['signer-notChecked', 'time-notChecked'],
    });
    const onlyRsa = anchors.map((anchor) => ({ ...anchor, algorithms: ['rsa-pkcs1-sha256' as const] }));
    expect(await verify(cms, { anchors: onlyRsa })).toMatchObject({ signer: { status: 'algorithmNotAllowed' } });
  });

  it('is refused for a signature algorithm that the anchor does not allow, even under a good path', async () => {
    const leaf = await seal.issue({ algorithm: 'PS256' });
    const onlyEcdsa = anchors.map((anchor) => ({ ...anchor, algorithms: ['ecdsa-p256-sha256' as const] }));
    const verdict = await verify(await signed(leaf), { anchors: onlyEcdsa });
    expect(verdict).toMatchObject({ signer: { status: 'algorithmNotAllowed', path: { valid: true } } });
  });

  it('is not yet valid when the stamp is older than the certificate', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256', notBefore: new Date(now.getTime() + day) });
    const later = new Date(now.getTime() + 2 * day);
    expect(await verify(await signed(leaf), { at: later })).toMatchObject({ signer: { status: 'notYetValid' } });
  });
});

describe('time stamps in a signature', () => {
  it('count for nothing without anchors for time, and the signer is then judged now', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const verdict = await verify(await signed(leaf), { timestampAnchors: [] });
    expect(verdict).toMatchObject({ integrity: 'valid', time: { status: 'notChecked' }, reasons: ['time-notChecked'] });
    expect(verdict.judgedAt).toBe(now);
  });

  it('are invalid when the token stamps another signature', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const other = valueOf(await timestamps.stamp(new TextEncoder().encode('another')));
    const swapped = { stamp: () => Promise.resolve({ ok: true as const, value: other }) };
    const cms = valueOf(await signCades({ content, signer: leaf.signer, timestamps: swapped }));
    expect(await verify(cms)).toMatchObject({
      integrity: 'valid',
      time: { status: 'invalid', reasons: ['imprint-mismatch'] },
      reasons: ['time-invalid'],
    });
  });

  it('make signing fail with a reason when no authority answers', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const dead = timestampService([
      {
        url: 'http://127.0.0.1:9/',
        anchors: timestampAnchors,
        revocation,
        timeoutMs: 500,
        clock: { now: () => now },
        fetch: () => Promise.reject(new TypeError('connection refused')),
      },
    ]);
    expect(await signCades({ content, signer: leaf.signer, timestamps: dead })).toEqual({
      ok: false,
      fault: 'unreachable',
    });
  });
});

describe('a changed signature', () => {
  it('is invalid over other content', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const verdict = await verify(await signed(leaf), { content: new TextEncoder().encode('別の目録') });
    expect(verdict).toMatchObject({ integrity: 'invalid', reasons: ['digest-mismatch'] });
  });

  it('is refused whichever byte is flipped', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const cms = await signed(leaf);
    await fc.assert(
      fc.asyncProperty(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = new Uint8Array(cms);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const verdict = await verify(changed);
        // A stamp whose name was changed is no stamp any more: then the time is absent, which this caller does not accept.
        expect([verdict.reasons.length > 0, verdict.time.status]).not.toEqual([false, 'valid']);
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('is refused when cut off or followed by anything', async () => {
    const cms = await signed(await seal.issue({ algorithm: 'ES256' }));
    for (const changed of [cms.subarray(0, -1), new Uint8Array([...cms, 0]), new Uint8Array()]) {
      expect(await verify(changed)).toMatchObject({ integrity: 'invalid', signer: null, reasons: ['malformed'] });
    }
  });

  it('never throws on bytes of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await verify(bytes)).integrity).toBe('invalid');
      }),
    );
  });
});

describe('rules of CMS and CAdES', () => {
  it('refuses content inside a detached signature', async () => {
    const { signer } = await seal.issue({ algorithm: 'ES256' });
    const cms = await buildSignedData({
      contentType: oids.data,
      content,
      messageDigest: await sha256(content),
      signer,
      certificates: signer.chain,
      stamp: () => Promise.resolve(null),
    });
    expect(await verify(cms)).toMatchObject({ integrity: 'invalid', reasons: ['content-inside'] });
  });

  it('refuses a time-stamp token in the place of a signature', async () => {
    const token = valueOf(await timestamps.stamp(content));
    expect((await verify(token)).integrity).toBe('invalid');
  });

  it('refuses a signature without ESS certificate, with the SHA-1 one, or bound to another certificate', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const other = await seal.issue({ algorithm: 'ES256' });
    const ess = async (der: Uint8Array) => derSequence(derSequence(derSequence(derOctetString(await sha256(der)))));
    const sha1 = new Uint8Array(await crypto.subtle.digest('SHA-1', new Uint8Array(leaf.certificate)));
    const oldStyle = derSequence(derSequence(derSequence(derOctetString(sha1))));
    const good = attribute(oids.signingCertificateV2, await ess(leaf.certificate));
    const cases = [
      [[good], []],
      [[], ['ess-missing']],
      [[attribute(oids.signingCertificate, oldStyle)], ['ess-missing']],
      [[attribute(oids.signingCertificateV2, await ess(other.certificate))], ['ess-mismatch']],
      [[attribute(oids.signingCertificateV2, derNull())], ['ess-mismatch']],
      [
        [good, good],
        ['attribute-repeated', 'ess-missing'],
      ],
    ] as const;
    for (const [attributes, reasons] of cases) {
      const cms = await handMade(leaf, { attributes });
      expect((await verify(cms)).reasons).toEqual(reasons);
    }
  });

  it('refuses two signers, no signed attributes, unsorted attributes and a hash that differs between places', async () => {
    const leaf = await seal.issue({ algorithm: 'ES256' });
    const good = attribute(
      oids.signingCertificateV2,
      derSequence(derSequence(derSequence(derOctetString(await sha256(leaf.certificate))))),
    );
    const attributes = [good];
    expect((await verify(await handMade(leaf, { attributes }))).reasons).toEqual([]);
    expect((await verify(await handMade(leaf, { attributes, signers: 2 }))).reasons).toEqual(['signer-count']);
    expect((await verify(await handMade(leaf, { attributes, signers: 0 }))).reasons).toEqual(['signer-count']);
    expect((await verify(await handMade(leaf, { attributes, order: 'reversed' }))).reasons).toEqual(['malformed']);
    expect((await verify(await handMade(leaf, { attributes, order: 'none' }))).reasons).toEqual(['malformed']);
    expect((await verify(await handMade(leaf, { attributes, listedHash: oids.sha512 }))).reasons).toEqual([
      'malformed',
    ]);
    expect((await verify(await handMade(leaf, { attributes, hash: '1.3.14.3.2.26' }))).reasons).toEqual([
      'algorithm-not-allowed',
    ]);
  });
});

describe.skipIf(!hasTool('openssl', 'version'))('signatures made by OpenSSL', () => {
  it('verify here when they are CAdES, and lack their binding when they are not', async () => {
    for (const algorithm of ['RS256', 'ES256'] as const) {
      const { certificate, privateKey } = await seal.issue({ algorithm });
      const files = {
        'x.dat': content,
        'c.pem': derToPem(certificate, 'CERTIFICATE'),
        'i.pem': derToPem(seal.issuing, 'CERTIFICATE'),
        'k.pem': derToPem(privateKey, 'PRIVATE KEY'),
      };
      const command = 'cms -sign -binary -outform DER -md sha256 -in x.dat -signer c.pem -certfile i.pem -inkey k.pem';
      const cades = runTool('openssl', [...command.split(' '), '-cades', '-nosmimecap'], files).stdout;
      expect((await verify(cades)).reasons).toEqual([]);
      const bySki = runTool('openssl', [...command.split(' '), '-cades', '-keyid'], files).stdout;
      expect((await verify(bySki)).reasons).toEqual([]);
      const plain = runTool('openssl', command.split(' '), files).stdout;
      expect((await verify(plain)).reasons).toEqual(['ess-missing']);
    }
  });
});

/** A SignedData made by hand, to leave out or bend what the builder never would. */
async function handMade(
  leaf: TestLeaf,
  wanted: {
    readonly attributes: readonly Uint8Array[];
    readonly signers?: number;
    readonly order?: 'reversed' | 'none';
    readonly hash?: string;
    readonly listedHash?: string;
  },
): Promise<Uint8Array> {
  const { issuer, serial } = issuerSerialOf(leaf.certificate);
  const list = [
    attribute(oids.contentType, derOid(oids.data)),
    attribute(oids.messageDigest, derOctetString(await sha256(content))),
    ...wanted.attributes,
  ];
  const sorted = derSetOf(list);
  const bent = wanted.order === 'reversed' ? derElement(0x31, ...list.toSorted(compareBytes).toReversed()) : sorted;
  const signature = ecdsaToDer(await leaf.signer.sign(bent));
  const inMessage = new Uint8Array(bent);
  inMessage[0] = 0xa0;
  const hash = derSequence(derOid(wanted.hash ?? oids.sha256));
  const info = derSequence(
    Uint8Array.of(2, 1, 1),
    derSequence(issuer, serial),
    hash,
    ...(wanted.order === 'none' ? [] : [inMessage]),
    derSequence(derOid(oids.ecdsaSha256)),
    derOctetString(signature),
  );
  const signedData = derSequence(
    Uint8Array.of(2, 1, 1),
    derSetOf([derSequence(derOid(wanted.listedHash ?? wanted.hash ?? oids.sha256))]),
    derSequence(derOid(oids.data)),
    derSetOf(leaf.signer.chain, 0xa0),
    derSetOf(Array.from({ length: wanted.signers ?? 1 }, () => info)),
  );
  return derSequence(derOid(oids.signedData), derElement(0xa0, signedData));
}

async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)));
}
