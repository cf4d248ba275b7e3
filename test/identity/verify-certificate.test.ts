import { beforeAll, describe, expect, it } from 'vitest';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { loginText } from '../../src/identity/rules.ts';
import type { PersonTrust } from '../../src/identity/services.ts';
import { isRevokedNow, verifyCertificateLogin } from '../../src/identity/verify-certificate-login.ts';
import { identityOf, makePersons, type Persons } from './support/persons.ts';

const challenge = { origin: 'https://a.example', purpose: 'login', challenge: 'c'.repeat(43) };

describe('what a certificate shows for a log-in', () => {
  let persons: Persons;

  beforeAll(async () => {
    persons = await makePersons();
  }, 120_000);

  async function verify(
    id: string,
    wrong: {
      readonly certificates?: (chain: readonly Uint8Array[]) => readonly Uint8Array[];
      readonly trust?: Partial<PersonTrust>;
      readonly keyOf?: string;
    } = {},
  ) {
    const { chain } = identityOf(persons, id);
    const { pkcs8, algorithm } = identityOf(persons, wrong.keyOf ?? id);
    const text = loginText({ ...challenge, challengeId: 'x' });
    const signature = await (await webCryptoSigner(pkcs8, [], algorithm)).sign(text);
    const certificates = wrong.certificates?.(chain) ?? chain;
    return verifyCertificateLogin({
      proof: { challengeId: 'x', certificates, signature },
      challenge,
      trust: { ...persons.trust, ...wrong.trust },
      at: new Date(),
    });
  }

  async function reasonOf(...asked: Parameters<typeof verify>): Promise<[reason: string, isShown: boolean]> {
    const verified = await verify(...asked);
    return verified.ok ? ['good', true] : [verified.fault.reason, verified.fault.shown !== null];
  }

  it('is its holder’s certificate and the authority that signed it', async () => {
    const verified = await verify('sakura');
    const leaf = parseX509Certificate(identityOf(persons, 'sakura').chain[0] ?? new Uint8Array());
    expect(verified.ok && [verified.value.leaf.der, verified.value.revocation]).toEqual([
      leaf.ok && leaf.value.der,
      'good',
    ]);
    // What is kept to ask again: all but the anchor, which the gateway has.
    expect(verified.ok && verified.value.chain).toEqual([identityOf(persons, 'sakura').chain[0]]);
    expect(verified.ok && verified.value.leaf.issuer.der).toEqual(verified.ok && verified.value.issuer.subject.der);
  });

  it.each(['fumi', 'yoko', 'mayumi', 'ren'])('is good by a key of whatever kind: %s', async (id) => {
    expect(await reasonOf(id)).toEqual(['good', true]);
  });

  it('are one to five certificates of a size that some have', async () => {
    expect(await reasonOf('sakura', { certificates: () => [] })).toEqual(['certificate-count', false]);
    const repeated = (count: number) => (chain: readonly Uint8Array[]) =>
      Array.from({ length: count }, () => chain[0] ?? new Uint8Array());
    expect(await reasonOf('sakura', { certificates: repeated(6) })).toEqual(['certificate-count', false]);
    expect((await reasonOf('sakura', { certificates: repeated(5) }))[0]).not.toBe('certificate-count');
    const large = (bytes: number) => (chain: readonly Uint8Array[]) => [...chain.slice(0, 1), new Uint8Array(bytes)];
    expect(await reasonOf('sakura', { certificates: large(16_385) })).toEqual(['certificate-too-large', false]);
    const [malformed, isShown] = await reasonOf('sakura', { certificates: large(16_384) });
    expect([malformed.startsWith('certificate-malformed:'), isShown]).toEqual([true, false]);
  });

  it('is never the certificate for signatures, nor that of an authority', async () => {
    expect(await reasonOf('kamome-signature')).toEqual(['wrong-kind:signature', false]);
    const authority = () => persons.trust.anchors.slice(0, 1).map(({ certificate }) => certificate.der);
    expect(await reasonOf('sakura', { certificates: authority })).toEqual(['wrong-kind:other', false]);
  });

  it('is nothing, and speaks ill of nobody, when another key has signed', async () => {
    expect(await reasonOf('fumi', { keyOf: 'hajime' })).toEqual(['signature-invalid', false]);
    expect(await reasonOf('expired', { keyOf: 'fumi' })).toEqual(['signature-invalid', false]);
  });

  it('is shown and refused with its reasons when its time or its authority is over', async () => {
    const [expired, isExpiredShown] = await reasonOf('expired');
    expect(expired).toMatch(/^path:[a-z-]+(,[a-z-]+)*$/);
    expect([expired.includes('expired'), isExpiredShown]).toEqual([true, true]);
    const [revoked, isRevokedShown] = await reasonOf('revoked');
    expect([revoked.includes('revoked'), isRevokedShown]).toEqual([true, true]);
    const shown = await verify('revoked');
    const { leaf, issuer } = (shown.ok ? null : shown.fault.shown) ?? {};
    expect(leaf?.der).toEqual(identityOf(persons, 'revoked').chain[0]);
    expect(issuer?.subject.der).toEqual(leaf?.issuer.der);
    const [unknown, isUnknownShown] = await reasonOf('sakura', { trust: { anchors: [] } });
    expect([unknown.startsWith('path:'), isUnknownShown]).toEqual([true, false]);
  });

  it('is asked for again later: revoked by now, or not, or nobody can tell', async () => {
    const chainOf = (id: string) => identityOf(persons, id).chain.slice(0, 1);
    const ask = (chain: readonly Uint8Array[], trust: Partial<PersonTrust> = {}) =>
      isRevokedNow(chain, { ...persons.trust, ...trust }, new Date());
    expect(await ask(chainOf('revoked'))).toBe(true);
    expect(await ask(chainOf('sakura'))).toBe(false);
    expect(await ask(chainOf('revoked'), { revocation: noRevocationSource })).toBe(false);
    await expect(ask([])).rejects.toThrow('the certificate of a session cannot be read');
    await expect(ask([new Uint8Array(3)])).rejects.toThrow('the certificate of a session cannot be read');
  });

  it('is refused when nobody can check it, unless the operator lets such people see', async () => {
    const { anchors } = persons.trust;
    const blind = { revocation: noRevocationSource };
    expect(await reasonOf('sakura', { trust: blind })).toEqual(['path:revocation-unknown', true]);
    const refusing = anchors.map((anchor) => ({ ...anchor, whenNotChecked: 'refuse' as const }));
    expect(await reasonOf('sakura', { trust: { ...blind, anchors: refusing } })).toEqual([
      'path:revocation-unknown',
      true,
    ]);
    const limiting = anchors.map((anchor) => ({ ...anchor, whenNotChecked: 'limit' as const }));
    const limited = await verify('sakura', { trust: { ...blind, anchors: limiting } });
    expect(limited.ok && limited.value.revocation).toBe('notChecked');
    const checked = await verify('sakura', { trust: { anchors: limiting } });
    expect(checked.ok && checked.value.revocation).toBe('good');
  });
});
