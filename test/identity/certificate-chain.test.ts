import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { JPKI_AUTHENTICATION_POLICY } from '../../src/crypto/x509/jpki.ts';
import { loginText } from '../../src/identity/rules.ts';
import type { PersonTrust } from '../../src/identity/services.ts';
import { isRevokedNow, verifyCertificateLogin } from '../../src/identity/verify-certificate-login.ts';
import { octets } from '../crypto/x509/der-writer.ts';
import { keyUsage, NOW, parsed, type TestKey } from '../crypto/x509/make.ts';
import { alwaysGood, policies, type TestWorld, testWorld } from '../crypto/x509/test-world.ts';

const challenge = { origin: 'https://a.example', purpose: 'login', challenge: 'c'.repeat(43) };
const forLogin = policies(JPKI_AUTHENTICATION_POLICY);

/** What the personal cards of today do not have, and other anchors may: an authority between, and keys of other kinds. */
describe('the chain of a certificate for a log-in', () => {
  let world: TestWorld;
  let trust: PersonTrust;

  beforeAll(async () => {
    world = await testWorld();
    trust = { anchors: [world.anchor], revocation: alwaysGood, indexKey: new Uint8Array(32) };
  });

  async function verify(certificates: readonly Uint8Array[], how: Partial<PersonTrust> & { key?: TestKey } = {}) {
    const { key = world.person.key, ...other } = how;
    const text = new Uint8Array(loginText({ ...challenge, challengeId: 'x' }));
    const hash = key === world.person.key ? 'SHA-256' : 'SHA-384';
    const signature = await crypto.subtle.sign({ ...key.privateKey.algorithm, hash }, key.privateKey, text);
    return verifyCertificateLogin({
      proof: { challengeId: 'x', certificates, signature: new Uint8Array(signature) },
      challenge,
      trust: { ...trust, ...other },
      at: NOW,
    });
  }

  /** A card and the authority above it, of so many bytes together: signatures differ in length, so some are tried. */
  async function chainOf(bytes: number): Promise<[leaf: Uint8Array, middle: Uint8Array]> {
    const middle = await world.intermediate({ extensions: [forLogin] });
    let padding = bytes - 2_000;
    for (let attempt = 0; attempt < 200; attempt++) {
      const filling = { oid: '1.3.6.1.4.1.99999.1', value: octets(new Uint8Array(padding)) };
      const leaf = await world.leaf({ extensions: [forLogin, filling] });
      const missing = bytes - leaf.length - middle.length;
      if (missing === 0) return [leaf, middle];
      padding += missing;
    }
    throw new Error('no chain of that length');
  }

  it('is kept with every authority below the anchor, and names the one that signed', async () => {
    const [leaf, middle] = await chainOf(4_000);
    const verified = await verify([leaf, middle]);
    if (!verified.ok) throw new Error(verified.fault.reason);
    expect(verified.value.chain).toEqual([leaf, middle]);
    expect([verified.value.leaf.der, verified.value.issuer.der]).toEqual([leaf, middle]);
  });

  it('is refused above the bytes that a session keeps, counted over all of it', async () => {
    expect((await verify(await chainOf(12_000))).ok).toBe(true);
    const [leaf, middle] = await chainOf(12_001);
    expect(await verify([leaf, middle])).toEqual({
      ok: false,
      fault: { reason: 'certificate-too-large', shown: { leaf: parsed(leaf), issuer: parsed(middle) } },
    });
  });

  it('is refused when what signed the challenge is no algorithm of the anchor', async () => {
    const p384 = await keyOf({ name: 'ECDSA', namedCurve: 'P-384' });
    const subject = { name: 'Person', key: p384 };
    const leaf = await world.leaf({ subject, issuer: world.root, extensions: [forLogin] });
    expect(await verify([leaf], { key: p384 })).toEqual({
      ok: false,
      fault: { reason: 'algorithm-not-allowed', shown: { leaf: parsed(leaf), issuer: world.anchor.certificate } },
    });
    const anchors = [{ ...world.anchor, algorithms: ['ecdsa-p256-sha256', 'ecdsa-p384-sha384'] as const }];
    expect((await verify([leaf], { key: p384, anchors })).ok).toBe(true);
  });

  it('is nothing with a key that no card has', async () => {
    const key = await keyOf({ name: 'Ed25519' });
    const leaf = await world.leaf({ subject: { name: 'Person', key }, issuer: world.root, extensions: [forLogin] });
    const anchors = [{ ...world.anchor, algorithms: ['ecdsa-p256-sha256', 'ed25519'] as const }];
    expect(await verify([leaf], { key, anchors })).toEqual({
      ok: false,
      fault: { reason: 'signature-invalid', shown: null },
    });
  });

  it('names everything that is wrong with it', async () => {
    const leaf = await world.leaf({
      issuer: world.root,
      notAfter: new Date('2026-02-01T00:00:00Z'),
      extensions: [forLogin, keyUsage('listsOnly')],
    });
    expect(await verify([leaf])).toMatchObject({ ok: false, fault: { reason: 'path:expired,key-usage' } });
  });

  it('is asked for again as a whole: a card is over with the authority between', async () => {
    const [leaf, middle] = await chainOf(4_000);
    const isMiddle = ({ sha256 }: { sha256: string }) => sha256 === parsed(middle).sha256;
    const revocation: PersonTrust['revocation'] = {
      check: ({ certificate }) => Promise.resolve({ status: isMiddle(certificate) ? 'revoked' : 'good' }),
    };
    expect(await isRevokedNow([leaf, middle], { ...trust, revocation }, NOW)).toBe(true);
    expect(await isRevokedNow([leaf, middle], trust, NOW)).toBe(false);
  });
});

async function keyOf(algorithm: Algorithm | EcKeyGenParams): Promise<TestKey> {
  // Sound: the algorithms above are for signing, so a pair comes.
  const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { privateKey: pair.privateKey, spki, id: new Uint8Array(createHash('sha1').update(spki).digest()) };
}
