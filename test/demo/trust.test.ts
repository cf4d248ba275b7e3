import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../src/audit/note.ts';
import { systemClock } from '../../src/clock.ts';
import type { Trust } from '../../src/crypto/trust.ts';
import { verifyTrustList } from '../../src/crypto/trust-list.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { JPKI_AUTHENTICATION_POLICY } from '../../src/crypto/x509/jpki.ts';
import { type Purpose, verifyPath } from '../../src/crypto/x509/path.ts';
import type { Identity } from '../../src/demo/certificate-maker.node.ts';
import { demoTrust } from '../../src/demo/demo-trust.node.ts';
import { isGoodPlan, personCertificatePlans } from '../../src/demo/person-certificates.ts';
import { publishTrustList } from '../../src/demo/signed-trust.node.ts';
import { sealPurpose } from '../../src/records/seal-purpose.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from './temporary-authorities.ts';

const logIn: Purpose = {
  keyUsage: ['digitalSignature'],
  policy: [JPKI_AUTHENTICATION_POLICY],
  allowWithoutExtendedKeyUsage: true,
};

describe('our own path validation on the development certificates', () => {
  let temporary: TemporaryAuthorities;
  let trust: Trust;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    trust = await demoTrust(temporary.authorities);
  });
  afterAll(() => temporary.remove());

  async function verify(
    identity: Identity | undefined,
    purpose: Purpose,
    anchors: Trust['seal'],
    revocation = trust.revocation,
  ) {
    const [leaf, ...pool] = (identity?.chain ?? []).map((der) => {
      const parsed = parseX509Certificate(der);
      if (!parsed.ok) throw new Error(parsed.fault);
      return parsed.value;
    });
    if (!leaf) throw new Error('no certificate');
    const verdict = await verifyPath({ leaf, pool, anchors, purpose, revocation, at: new Date() });
    return { valid: verdict.valid, revocation: verdict.revocation, reasons: verdict.reasons.map(({ code }) => code) };
  }

  it('accepts every seal', async () => {
    for (const seal of temporary.authorities.seals.values()) {
      expect(await verify(seal, sealPurpose, trust.seal)).toEqual({ valid: true, revocation: 'good', reasons: [] });
    }
  });

  it.each([
    ['expired', 'expired'],
    ['revoked', 'revoked'],
    ['unknownRoot', 'issuer-not-found'],
  ] as const)('refuses the seal that is %s', async (name, reason) => {
    const verdict = await verify(temporary.authorities.badSeals[name], sealPurpose, trust.seal);
    expect(verdict.valid).toBe(false);
    expect(verdict.reasons).toContain(reason);
  });

  it('accepts the personal certificates of every generation in force, told apart by their signatures', async () => {
    for (const { id } of personCertificatePlans.filter(isGoodPlan)) {
      const verdict = await verify(temporary.authorities.persons.get(id), logIn, trust.person);
      expect(verdict).toEqual({ valid: true, revocation: 'good', reasons: [] });
    }
  });

  it.each(['kamome-signature', 'expired', 'old-generation', 'revoked', 'wrong-purpose', 'self-made', 'unknown-root'])(
    'refuses the personal certificate %s',
    async (id) => {
      expect((await verify(temporary.authorities.persons.get(id), logIn, trust.person)).valid).toBe(false);
    },
  );

  it('does not know the status without a revocation list', async () => {
    const person = temporary.authorities.persons.get('sakura');
    const verdict = await verify(person, logIn, trust.person, crlSource([]));
    expect(verdict).toMatchObject({ valid: false, revocation: 'notChecked', reasons: ['revocation-unknown'] });
  });

  it('refuses a revocation list that was altered', async () => {
    const path = join(temporary.authorities.crlDirectory, 'jpki-authentication-1.crl');
    const crl = new Uint8Array(await readFile(path));
    crl[crl.length - 5] = (crl[crl.length - 5] ?? 0) ^ 1;
    await writeFile(join(temporary.folder, 'altered.crl'), crl);
    const verdict = await verify(temporary.authorities.persons.get('sakura'), logIn, trust.person, crlSource([crl]));
    expect(verdict).toMatchObject({ valid: false, revocation: 'notChecked' });
  });

  it('publishes a trust list that the evidence key signed, with the keys of the log', async () => {
    const { authorities } = temporary;
    await publishTrustList(authorities, systemClock);
    const jws: unknown = JSON.parse(await readFile(join(authorities.trustDirectory, 'trust.json'), 'utf8'));
    const leaf = parseX509Certificate(authorities.evidence.chain[0] ?? new Uint8Array());
    if (!leaf.ok) throw new Error(leaf.fault);
    const key = { spki: leaf.value.publicKey.spki };
    const list = await verifyTrustList({ jws, key });
    if (!list.ok) throw new Error(list.fault);
    expect(list.value.anchors.map(({ anchor }) => anchor.name)).toEqual(authorities.anchors.map(({ name }) => name));
    expect(list.value.logKeys.map((text) => parseVerifierKey(text).ok)).toEqual([true, true]);
    const stranger = parseX509Certificate(authorities.timeStamp.chain[0] ?? new Uint8Array());
    if (!stranger.ok) throw new Error(stranger.fault);
    const other = await verifyTrustList({ jws, key: { spki: stranger.value.publicKey.spki } });
    expect(other.ok).toBe(false);
  });
});
