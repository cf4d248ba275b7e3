import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { type FlattenedJws, signJws } from '../../src/crypto/jose.ts';
import { toBase64, toBase64url } from '../../src/crypto/jose-encoding.ts';
import { sealJws, verifySealedJws } from '../../src/crypto/sealed-jws.ts';
import { type Signer, signerAlgorithms } from '../../src/crypto/signer.ts';
import { timestampService } from '../../src/crypto/timestamp.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { createTestAuthority, now, type TestLeaf } from './support/authorities.ts';
import { hasTool, runTool } from './support/tools.ts';
import { anchorOf, createTestWorld, stampingFetch, valueOf } from './support/trust.ts';

const { seal, time, stamper, anchors, timestampAnchors, revocation, timestamps } = await createTestWorld();
const typ = 'example-manifest+jws';
const payload = canonicalJson({ documents: [], pupil: '𠮷田 葛󠄀' });
const trust = { typ, anchors, timestampAnchors, revocation, at: now };
const day = 24 * 3600 * 1000;
const goodSource = { check: () => Promise.resolve({ status: 'good' as const }) };
const school = await seal.issue({ algorithm: 'ES256' });

async function sealed(leaf: TestLeaf = school, stamp: 'stamped' | 'plain' = 'stamped'): Promise<FlattenedJws> {
  const service = stamp === 'stamped' ? timestamps : null;
  return valueOf(await sealJws({ payload, typ, signer: leaf.signer, timestamps: service, iat: now }));
}

describe('a sealed manifest', () => {
  it.each(signerAlgorithms)('sealed with %s is whole, by a trusted issuer, at a proved time', async (algorithm) => {
    const jws = await sealed(await seal.issue({ algorithm }));
    expect(await verifySealedJws({ ...trust, jws })).toMatchObject({
      signature: 'valid',
      issuer: { status: 'trusted', name: 'C=JP,CN=桜台中学校 公印' },
      time: { status: 'valid', genTime: now },
      claimedAt: now,
      judgedAt: now,
      payload,
      reasons: [],
    });
  });

  it('survives being stored as JSON text', async () => {
    const jws: unknown = JSON.parse(JSON.stringify(await sealed()));
    expect((await verifySealedJws({ ...trust, jws })).reasons).toEqual([]);
  });

  it('has exactly the agreed header', async () => {
    const jws = await sealed();
    const header: unknown = JSON.parse(Buffer.from(jws.protected, 'base64url').toString());
    expect(Object.keys(header ?? {}).sort()).toEqual(['alg', 'iat', 'typ', 'x5c', 'x5t#S256']);
    expect(Object.keys(jws.header ?? {})).toEqual(['sigTst']);
  });

  it('without a time stamp is judged now', async () => {
    const plain = await sealed(school, 'plain');
    expect(await verifySealedJws({ ...trust, jws: plain })).toMatchObject({ time: { status: 'absent' }, reasons: [] });
    const late = { ...trust, at: new Date(now.getTime() + 1000 * day) };
    expect((await verifySealedJws({ ...late, jws: plain })).reasons).toEqual(['issuer-expired']);
  });

  it('outlives its certificate as long as its time stamp stands, and no longer', async () => {
    const brief = await seal.issue({ algorithm: 'ES256', notAfter: new Date(now.getTime() + 10 * day) });
    const soon = { ...trust, at: new Date(now.getTime() + 60 * day) };
    expect((await verifySealedJws({ ...soon, jws: await sealed(brief) })).reasons).toEqual([]);
    // The authority of the time stamp ends after a year.
    const late = { ...trust, at: new Date(now.getTime() + 1000 * day) };
    const verdict = await verifySealedJws({ ...late, jws: await sealed() });
    expect(verdict.reasons).toEqual(['issuer-expired', 'time-notChecked']);
    expect(verdict.time).toMatchObject({ status: 'notChecked', reasons: ['timestamp-ended'] });
  });
});

describe('a seal that is not to be trusted', () => {
  it('tells revoked, unknown root and could not check apart, and gives the payload all the same', async () => {
    const jws = await sealed();
    const revoked = crlSource([...(await seal.revoke([school.serial])), ...time.crls], { now });
    const stranger = anchorOf('other', (await createTestAuthority('別')).root);
    const cases = [
      [{ revocation: revoked }, ['issuer-revoked']],
      [{ anchors: [stranger] }, ['issuer-unknownRoot']],
      [{ anchors: [] }, ['issuer-unknownRoot']],
      [{ revocation: noRevocationSource }, ['issuer-notChecked', 'time-notChecked']],
      [{ timestampAnchors: [] }, ['time-notChecked']],
      [{ timestampAnchors: [stranger] }, ['time-invalid']],
    ] as const;
    for (const [other, reasons] of cases) {
      const verdict = await verifySealedJws({ ...trust, ...other, jws });
      expect(verdict).toMatchObject({ signature: 'valid', payload, reasons });
    }
  });

  it('is still trusted when the revocation came after the stamp', async () => {
    // Revoked a day before now; stamped two days before.
    const stampedAt = new Date(now.getTime() - 2 * day);
    const earlier = timestampService([
      {
        url: 'http://tsa.invalid/',
        anchors: timestampAnchors,
        revocation: goodSource,
        timeoutMs: 1000,
        clock: { now: () => stampedAt },
        fetch: stampingFetch(stamper, stampedAt),
      },
    ]);
    const { signer, serial } = school;
    const jws = valueOf(await sealJws({ payload, typ, signer, timestamps: earlier, iat: stampedAt }));
    const revoked = crlSource([...(await seal.revoke([serial])), ...time.crls], { now });
    const verdict = await verifySealedJws({ ...trust, revocation: revoked, jws });
    expect(verdict).toMatchObject({ judgedAt: stampedAt, reasons: [] });
  });

  it('gives no payload when the signature is wrong', async () => {
    const jws = await sealed();
    const other = { ...jws, payload: toBase64url(canonicalJson({ forged: true })) };
    expect(await verifySealedJws({ ...trust, jws: other })).toMatchObject({
      signature: 'invalid',
      payload: null,
      issuer: null,
      reasons: ['signature-invalid'],
    });
    expect((await verifySealedJws({ ...trust, typ: 'receipt+jws', jws })).reasons).toEqual(['type-mismatch']);
    expect((await verifySealedJws({ ...trust, jws: 'not a jws' })).reasons).toEqual(['malformed']);
  });

  it('refuses headers other than the agreed ones', async () => {
    const header = {
      x5c: school.signer.chain.map(toBase64),
      'x5t#S256': toBase64url(
        new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(school.certificate))),
      ),
      iat: 1,
      typ,
    };
    const other = await seal.issue({ algorithm: 'ES256' });
    const cases = [
      [{}, []],
      [{ kid: 'x' }, ['header-not-allowed']],
      [{ iat: 1.5 }, ['malformed']],
      [{ iat: -1 }, ['malformed']],
      [{ x5c: [] }, ['certificate-malformed']],
      [{ x5c: 'x' }, ['certificate-malformed']],
      [{ x5c: header.x5c.map((entry) => `${entry}\n`) }, ['certificate-malformed']],
      [{ x5c: [toBase64(other.certificate)] }, ['signature-invalid']],
      [{ 'x5t#S256': toBase64url(new Uint8Array(32)) }, ['thumbprint-mismatch']],
      [{ jku: 'https://x.invalid' }, ['header-not-allowed']],
    ] as const;
    for (const [change, reasons] of cases) {
      const jws = await signJws({ payload, header: { ...header, ...change }, signer: school.signer });
      expect((await verifySealedJws({ ...trust, jws })).reasons).toEqual(reasons);
    }
    const outside = { ...(await sealed()), header: { sigTst: 'AAAA', more: 1 } };
    expect((await verifySealedJws({ ...trust, jws: outside })).reasons).toEqual(['header-not-allowed']);
    const badToken = { ...(await sealed()), header: { sigTst: 'AAAA' } };
    expect((await verifySealedJws({ ...trust, jws: badToken })).reasons).toEqual(['time-invalid']);
  });

  it('refuses an algorithm that the anchor does not allow', async () => {
    const jws = await sealed(await seal.issue({ algorithm: 'PS256' }));
    const onlyEcdsa = anchors.map((anchor) => ({ ...anchor, algorithms: ['ecdsa-p256-sha256' as const] }));
    expect((await verifySealedJws({ ...trust, anchors: onlyEcdsa, jws })).reasons).toEqual([
      'issuer-algorithmNotAllowed',
    ]);
  });

  it('refuses it whichever character is changed', async () => {
    const jws = JSON.stringify(await sealed());
    await fc.assert(
      fc.asyncProperty(fc.nat(jws.length - 1), fc.integer({ min: 33, max: 126 }), async (at, code) => {
        const changed = jws.slice(0, at) + String.fromCharCode(code) + jws.slice(at + 1);
        if (changed === jws) return;
        const parsed = parseOrNull(changed);
        const verdict = await verifySealedJws({ ...trust, jws: parsed });
        expect(verdict.reasons).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('is an error to seal without a certificate, and a refusal without a time', async () => {
    const bare: Signer = { ...school.signer, chain: [] };
    await expect(sealJws({ payload, typ, signer: bare, timestamps: null, iat: now })).rejects.toThrow('certificate');
    const dead = { stamp: () => Promise.resolve({ ok: false as const, fault: 'unreachable' as const }) };
    expect(await sealJws({ payload, typ, signer: school.signer, timestamps: dead, iat: now })).toEqual({
      ok: false,
      fault: 'unreachable',
    });
  });
});

describe.skipIf(!hasTool('openssl', 'version'))('sealed manifests and OpenSSL', () => {
  it('OpenSSL verifies signature and time stamp from the parts', async () => {
    const jws = await sealed(await seal.issue({ algorithm: 'RS256' }));
    // Sound: sealJws has written this header.
    const header = JSON.parse(Buffer.from(jws.protected, 'base64url').toString()) as {
      readonly x5c: readonly string[];
    };
    const files = {
      'signed.txt': `${jws.protected}.${jws.payload}`,
      'sig.bin': new Uint8Array(Buffer.from(jws.signature, 'base64url')),
      'leaf.pem': derToPem(new Uint8Array(Buffer.from(header.x5c[0] ?? '', 'base64')), 'CERTIFICATE'),
      'sig.tok': new Uint8Array(Buffer.from(String(jws.header?.['sigTst']), 'base64')),
      'root.pem': derToPem(time.root, 'CERTIFICATE'),
    };
    const check =
      'openssl x509 -in leaf.pem -pubkey -noout > k.pem && openssl dgst -sha256 -verify k.pem -signature sig.bin signed.txt';
    expect(runTool('sh', ['-c', check], files).output).toContain('Verified OK');
    const stamp = 'ts -verify -data sig.bin -in sig.tok -token_in -CAfile root.pem -attime';
    const at = String(Math.floor(now.getTime() / 1000));
    expect(runTool('openssl', [...stamp.split(' '), at], files).output).toContain('Verification: OK');
  });
});

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
