import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/crypto/jose-encoding.ts';
import { bindSdJwt, presentSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { packStatuses, statusListSize } from '../../src/crypto/status-list/entries.ts';
import { signStatusList } from '../../src/crypto/status-list/sign.ts';
import { statusSourceOf, verifyStatusList } from '../../src/crypto/status-list/verify.ts';
import { now } from './support/authorities.ts';
import {
  audience,
  createCredentialWorld,
  day,
  expectHolder,
  fields,
  issuer,
  listUri,
  open,
  vct,
} from './support/credentials.ts';
import { valueOf } from './support/trust.ts';

/** The few parts of @sd-jwt/sd-jwt-vc that are used here. */
interface Library {
  readonly SDJwtVcInstance: new (
    config: Readonly<Record<string, unknown>>,
  ) => {
    issue(payload: object, frame: object, options: object): Promise<string>;
    verify(token: string, options: object): Promise<{ readonly payload: Readonly<Record<string, unknown>> }>;
    present(token: string, frame: object, options: object): Promise<string>;
  };
}

const library = await loadLibrary();
if (library === null) console.warn('skipped: @sd-jwt/sd-jwt-vc is not installed, its cross-checks do not run');

const world = await createCredentialWorld();
const { holder, school } = world;
const seconds = Math.floor(now.getTime() / 1000);
const sha256 = async (data: string | ArrayBuffer) =>
  new Uint8Array(
    await crypto.subtle.digest('SHA-256', typeof data === 'string' ? new TextEncoder().encode(data) : data),
  );
const leafKey = await crypto.subtle.importKey(
  'spki',
  await spkiOf(school.certificate),
  { name: 'ECDSA', namedCurve: 'P-256' },
  true,
  ['verify'],
);
const holderKey = await crypto.subtle.importKey('jwk', holder.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'verify',
]);
const verifierOf = (key: CryptoKey) => async (data: string, signature: string) =>
  crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    Buffer.from(signature, 'base64url'),
    new TextEncoder().encode(data),
  );
const signWith = (signer: { sign(data: Uint8Array): Promise<Uint8Array> }) => async (data: string) =>
  Buffer.from(await signer.sign(new TextEncoder().encode(data))).toString('base64url');

function instance() {
  if (library === null) throw new Error('not installed');
  return new library.SDJwtVcInstance({
    hasher: sha256,
    hashAlg: 'sha-256',
    saltGenerator: () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url'),
    signAlg: 'ES256',
    signer: signWith(school.signer),
    verifier: verifierOf(leafKey),
    kbSignAlg: 'ES256',
    kbSigner: signWith(holder.signer),
    kbVerifier: verifierOf(holderKey),
  });
}

describe.skipIf(library === null)(
  'credentials and the library @sd-jwt/sd-jwt-vc, which shares no code with ours',
  () => {
    it('it verifies what we issue, whole and in part', async () => {
      const token = await world.issue();
      const whole = await instance().verify(token, { currentDate: seconds });
      expect(whole.payload).toMatchObject({ iss: issuer, vct, ...open, ...fields });
      const part = valueOf(await presentSdJwt(token, (path) => path.join('.') === 'subjects.2'));
      const { payload } = await instance().verify(part, { currentDate: seconds });
      expect(payload['subjects']).toEqual([fields.subjects[2]]);
      expect(payload).not.toHaveProperty('family_name');
    });

    it('it verifies the proof of our holder, and refuses another nonce', async () => {
      const presentation = valueOf(await presentSdJwt(await world.issue(), (path) => path[0] === 'gpa'));
      const bound = await bindSdJwt({ presentation, audience, nonce: 'n-1', at: now, signer: holder.signer });
      const verified = await instance().verify(bound, { currentDate: seconds, keyBindingNonce: 'n-1' });
      expect(verified.payload['gpa']).toBe(fields.gpa);
      await expect(instance().verify(bound, { currentDate: seconds, keyBindingNonce: 'n-2' })).rejects.toThrow();
    });

    it('it reads our status list and refuses what is revoked there', async () => {
      const entries = packStatuses(statusListSize, [[7, 'revoked']]);
      const expiresAt = new Date(now.getTime() + day);
      const list = await signStatusList({
        uri: listUri,
        issuedAt: now,
        expiresAt,
        ttlSeconds: 3600,
        entries,
        signer: school.signer,
      });
      const { SDJwtVcInstance } = library ?? { SDJwtVcInstance: null };
      if (SDJwtVcInstance === null) throw new Error('not installed');
      const checking = new SDJwtVcInstance({
        hasher: sha256,
        hashAlg: 'sha-256',
        verifier: verifierOf(leafKey),
        statusListFetcher: () => Promise.resolve(list),
        statusVerifier: verifierOf(leafKey),
      });
      const good = await world.issue({ status: { uri: listUri, index: 6 } });
      const revoked = await world.issue({ status: { uri: listUri, index: 7 } });
      expect((await checking.verify(good, { currentDate: seconds })).payload).toMatchObject(fields);
      await expect(checking.verify(revoked, { currentDate: seconds })).rejects.toThrow();
      const ours = valueOf(await verifyStatusList({ ...world.trust, token: list }));
      const verdict = await world.verify(revoked, { status: statusSourceOf([{ list: ours }], now) });
      expect(verdict.reasons).toEqual(['status-revoked']);
    });

    it('we verify what it issues and presents', async () => {
      const frame = {
        _sd: ['family_name', 'subjects', 'gpa'],
        _sd_decoy: 3,
        subjects: { _sd: [0, 1, 2], _sd_decoy: 2 },
      };
      const claims = { iss: issuer, iat: seconds, vct, cnf: { jwk: holder.jwk }, ...open, ...fields };
      const header = { x5c: school.signer.chain.map(toBase64) };
      const token = await instance().issue(claims, frame, { header });
      expect(await world.verify(token)).toMatchObject({ reasons: [], claims: fields });
      const kb = { payload: { iat: seconds, aud: audience, nonce: 'n-1' } };
      const shown = await instance().present(token, { subjects: { 1: true } }, { kb });
      const verdict = await world.verify(shown, { holder: expectHolder('n-1') });
      expect([verdict.holder, verdict.reasons, verdict.claims?.['subjects']]).toEqual([
        'proved',
        [],
        [fields.subjects[1]],
      ]);
      expect(verdict.claims).not.toHaveProperty('gpa');
    });
  },
);

/** The key of a certificate, by Node's own reader. */
async function spkiOf(certificate: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { X509Certificate } = await import('node:crypto');
  return new Uint8Array(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
}

async function loadLibrary(): Promise<Library | null> {
  try {
    const file = createRequire(import.meta.url).resolve('@sd-jwt/sd-jwt-vc');
    // Sound: the tests below fail if the module lacks what the interface says.
    return (await import(pathToFileURL(file).href)) as Library;
  } catch {
    return null;
  }
}
