import { describe, expect, it } from 'vitest';
import { authorityProfile, sealProfile } from '../../src/demo/authority-profiles.node.ts';
import { type Authority, issueCertificate, type KeyKind } from '../../src/demo/certificate-maker.node.ts';
import { writePkcs12 } from '../../src/demo/pkcs12.node.ts';
import { years } from '../../src/demo/validity.ts';
import { parsePkcs12 } from '../../src/records/pkcs12.ts';

const now = new Date();
const named = (name: string) => [{ C: ['JP'] }, { CN: [name] }];

describe('a PKCS#12 file with a seal key', () => {
  async function sealOf(key: KeyKind) {
    // node-forge writes RSA alone.
    const above = key === 'p256' ? 'p256' : 'rsa-2048';
    const root = await issueCertificate(
      authorityProfile(named('root'), above, { ...years(now, 9), pathLength: 1 }),
      null,
    );
    const issuer: Authority = await issueCertificate(
      authorityProfile(named('issuer'), above, { ...years(now, 9), pathLength: 0 }),
      root,
    );
    const school = { name: '見本', code: 'C111111111111', town: '見本市', key };
    return { root, seal: await issueCertificate(sealProfile(school, years(now, 5)), issuer) };
  }

  it.each(['p256', 'rsa-2048'] as const)(
    'is opened with a key of %s, leaf first and without the root',
    async (kind) => {
      const { seal, root } = await sealOf(kind);
      const file = await writePkcs12({ ...seal, chain: [...seal.chain, ...root.chain] }, 'geheim', 'own');
      const opened = parsePkcs12(file, 'geheim');
      expect(opened).toMatchObject({ ok: true });
      const { privateKey, chain } = opened.ok ? opened.value : { privateKey: new Uint8Array(), chain: [] };
      expect(chain.map((der) => Buffer.from(der).toString('hex'))).toEqual(
        seal.chain.map((der) => Buffer.from(der).toString('hex')),
      );
      const parameters =
        kind === 'p256' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
      await crypto.subtle.importKey('pkcs8', new Uint8Array(privateKey), parameters, false, ['sign']);
      expect(parsePkcs12(file, 'falsch')).toEqual({ ok: false, fault: 'password-or-file-wrong' });
    },
  );

  it('is refused when it is none, or far too large', () => {
    expect(parsePkcs12(new Uint8Array(100), '')).toEqual({ ok: false, fault: 'password-or-file-wrong' });
    expect(parsePkcs12(new Uint8Array(100_000), '')).toEqual({ ok: false, fault: 'password-or-file-wrong' });
  });
});
