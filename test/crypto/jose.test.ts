import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isCanonicalJson } from '../../src/crypto/jcs.ts';
import { compactJws, parseJws, signCompactJwt, signJws, verifyCompactJwt, verifyJws } from '../../src/crypto/jose.ts';
import { parseBase64, parseBase64url, toBase64url } from '../../src/crypto/jose-encoding.ts';
import { cryptoKeySigner, importParameters, type SignerAlgorithm, signerAlgorithms } from '../../src/crypto/signer.ts';
import { parseStrictJson } from '../../src/crypto/strict-json.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const now = new Date('2026-11-21T00:00:00Z');
const seconds = now.getTime() / 1000;

async function keyPair(algorithm: SignerAlgorithm) {
  const parameters = importParameters(algorithm);
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  // Sound: the union's RSA half needs the two extra fields, the EC half ignores them.
  const pair = await crypto.subtle.generateKey({ ...rsa, ...parameters } as RsaHashedKeyGenParams, true, [
    'sign',
    'verify',
  ]);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)) };
  return { signer: cryptoKeySigner(pair.privateKey, [], algorithm), spki, jwk };
}

describe('signing and verifying', () => {
  it.each(signerAlgorithms)('verifies what it signed with %s, flattened and compact', async (algorithm) => {
    const { signer, spki } = await keyPair(algorithm);
    const payload = canonicalJson({ 氏名: '𠮷野 葛󠄀' });
    const jws = await signJws({ payload, header: { typ: 'example+jws' }, signer });
    const compact = compactJws(jws);
    for (const form of [jws, compact]) {
      const verified = await verifyJws({
        jws: form,
        algorithms: [algorithm],
        typ: 'example+jws',
        keyFrom: () => ({ spki }),
      });
      expect(verified).toMatchObject({ ok: true, value: { payload } });
    }
  });

  it('refuses an algorithm that is not in the list, another type and an unknown key', async () => {
    const { signer, spki } = await keyPair('ES256');
    const jws = await signJws({ payload: utf8('{}'), header: { typ: 'a' }, signer });
    const keyFrom = () => ({ spki });
    expect(await verifyJws({ jws, algorithms: ['ES384', 'RS256'], keyFrom })).toEqual(refusal('algorithm-not-allowed'));
    expect(await verifyJws({ jws, algorithms: ['ES256'], typ: 'b', keyFrom })).toEqual(refusal('type-mismatch'));
    expect(await verifyJws({ jws, algorithms: ['ES256'], keyFrom: () => null })).toEqual(refusal('key-unknown'));
  });

  it('refuses a key of another kind, a JWK for encryption and a JWK with its private part', async () => {
    const { signer, jwk } = await keyPair('ES256');
    const other = await keyPair('RS256');
    const jws = await signJws({ payload: utf8('{}'), header: {}, signer });
    const refusedKeys = [
      { spki: other.spki },
      { jwk: { ...jwk, use: 'enc' } },
      { jwk: { ...jwk, key_ops: ['sign'] } },
      { jwk: { ...jwk, alg: 'ES384' } },
      { jwk: { ...jwk, d: jwk.x } },
    ];
    for (const key of refusedKeys) {
      expect(await verifyJws({ jws, algorithms: ['ES256'], keyFrom: () => key })).toEqual(refusal('key-not-usable'));
    }
    expect(await verifyJws({ jws, algorithms: ['ES256'], keyFrom: () => ({ jwk }) })).toMatchObject({ ok: true });
  });

  it.each(['jku', 'x5u', 'jwk', 'x5t', 'crit', 'b64', 'zip'])('refuses the header parameter %s', async (name) => {
    const { signer, spki } = await keyPair('ES256');
    const jws = await signJws({ payload: utf8('{}'), header: { [name]: name === 'crit' ? ['exp'] : 'x' }, signer });
    expect(await verifyJws({ jws, algorithms: ['ES256'], keyFrom: () => ({ spki }) })).toEqual(
      refusal('header-not-allowed'),
    );
    const outside = { ...(await signJws({ payload: utf8('{}'), header: {}, signer })), header: { [name]: 'x' } };
    expect(await verifyJws({ jws: outside, algorithms: ['ES256'], keyFrom: () => ({ spki }) })).toEqual(
      refusal('header-not-allowed'),
    );
  });

  it('permits jwk only to a caller that asks for it', async () => {
    const { signer, jwk } = await keyPair('ES256');
    const jws = await signJws({ payload: utf8('{}'), header: { jwk }, signer });
    const verified = await verifyJws({ jws, algorithms: ['ES256'], permit: ['jwk'], keyFrom: () => ({ jwk }) });
    expect(verified).toMatchObject({ ok: true });
  });

  it('refuses other members, alg outside the signature and what is not a JWS at all', async () => {
    const { signer, spki } = await keyPair('ES256');
    const jws = await signJws({ payload: utf8('{}'), header: {}, signer });
    const bad: unknown[] = [
      { ...jws, signatures: [] },
      { ...jws, header: [] },
      `${compactJws(jws)}.`,
      `${jws.protected}.${jws.payload}`,
      null,
      7,
      {},
      { ...jws, payload: 7 },
      { ...jws, signature: '' },
    ];
    for (const input of bad) {
      expect(await verifyJws({ jws: input, algorithms: ['ES256'], keyFrom: () => ({ spki }) })).toEqual(
        refusal('malformed'),
      );
    }
    const outside = { ...jws, header: { alg: 'ES256' } };
    expect(await verifyJws({ jws: outside, algorithms: ['ES256'], keyFrom: () => ({ spki }) })).toEqual(
      refusal('header-not-allowed'),
    );
  });

  it('refuses a token with any one character changed, added or taken away', async () => {
    const { signer, spki } = await keyPair('ES256');
    const token = compactJws(await signJws({ payload: utf8('{"a":1}'), header: { typ: 't' }, signer }));
    const alphabet = Array.from('ABCDwxyz0189-_=+/. \n');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...alphabet),
        fc.constantFrom('replace', 'insert', 'remove'),
        async (at, character, how) => {
          const tail = token.slice(how === 'insert' ? at : at + 1);
          const changed = token.slice(0, at) + (how === 'remove' ? '' : character) + tail;
          if (changed === token) return;
          const verified = await verifyJws({ jws: changed, algorithms: ['ES256'], keyFrom: () => ({ spki }) });
          expect(verified.ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});

describe('JWT claims', () => {
  async function verdict(claims: Record<string, unknown>, header: Record<string, unknown> = { typ: 'at+jwt' }) {
    const { signer, spki } = await keyPair('ES256');
    const token = await signCompactJwt({ claims, header, signer });
    const verified = await verifyCompactJwt({
      token,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      keyFrom: () => ({ spki }),
      now,
      issuer: 'me',
      audience: 'you',
      required: ['jti', 'exp'],
      maxLifetimeSeconds: 60,
    });
    return verified.ok ? 'ok' : verified.fault;
  }
  const good = { iss: 'me', aud: 'you', jti: '1', iat: seconds, exp: seconds + 60 };

  it('accepts good claims and tells the bad ones apart', async () => {
    expect(await verdict(good)).toBe('ok');
    expect(await verdict({ ...good, aud: ['you'] })).toBe('ok');
    expect(await verdict({ ...good, aud: ['you', 'them'] })).toBe('audience-mismatch');
    expect(await verdict({ ...good, aud: undefined })).toBe('audience-mismatch');
    expect(await verdict({ ...good, iss: 'you' })).toBe('issuer-mismatch');
    expect(await verdict({ ...good, jti: undefined })).toBe('claims-invalid');
    expect(await verdict({ ...good, exp: seconds - 10, iat: seconds - 60 })).toBe('expired');
    expect(await verdict({ ...good, nbf: seconds + 30 })).toBe('not-yet-valid');
    expect(await verdict({ ...good, iat: seconds + 30 })).toBe('not-yet-valid');
    expect(await verdict({ ...good, exp: seconds + 61 })).toBe('lifetime-too-long');
    expect(await verdict({ ...good, iat: undefined })).toBe('claims-invalid');
    expect(await verdict({ ...good, exp: 'soon' })).toBe('claims-invalid');
    expect(await verdict(good, { typ: 'JWT' })).toBe('type-mismatch');
  });
});

describe('encodings', () => {
  it('reads no base64 whose unused bits say something, in either alphabet', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/';
    for (const last of letters.split('')) {
      for (const text of ['', 'A', 'AA', 'AAA', 'AAAA', 'AAAAA'].map((before) => `${before}${last}`)) {
        const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
        const isUrl = Buffer.from(text, 'base64url').toString('base64url') === text;
        const isPadded = Buffer.from(padded, 'base64').toString('base64') === padded;
        expect(parseBase64url(text) !== null, text).toBe(isUrl);
        expect(parseBase64(padded) !== null, padded).toBe(isPadded);
      }
    }
  });

  it('reads UTF-8 after it has refused some', () => {
    const [broken, good] = [Uint8Array.of(0x22, 0xe3, 0x81), new TextEncoder().encode('"あ"')];
    expect([parseStrictJson(broken, 2).ok, parseStrictJson(good, 2)]).toEqual([false, { ok: true, value: 'あ' }]);
  });

  it('reads back every base64url it writes, and only that spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(parseBase64url(toBase64url(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'AB==', 'AB', 'A A', 'AA\n', 'A+', 'AAA=']) expect(parseBase64url(text)).toBeNull();
    for (const text of ['AA', 'AAA', 'A', 'AB==', 'AA =', 'A-==', 'AAAA\n']) expect(parseBase64(text)).toBeNull();
    expect(parseBase64('AA==')).toEqual(new Uint8Array([0]));
  });

  it('knows canonical JSON from other spellings of the same document', () => {
    expect(new TextDecoder().decode(canonicalJson({ b: 1.0, a: ['\u20ac', 1e21, '\u000f'] }))).toBe(
      '{"a":["€",1e+21,"\\u000f"],"b":1}',
    );
    expect(isCanonicalJson(utf8('{"a":1,"b":2}'))).toBe(true);
    for (const text of ['{"b":2,"a":1}', '{"a": 1}', '{"a":1,"a":1}', '{"a":1.0}', '\ufeff{}', '{', '']) {
      expect(isCanonicalJson(utf8(text))).toBe(false);
    }
    expect(isCanonicalJson(new Uint8Array([0x22, 0xff, 0x22]))).toBe(false);
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });

  it('shows the header of a JWS without verifying it', async () => {
    const { signer } = await keyPair('ES256');
    const jws = await signJws({ payload: utf8('{}'), header: { kid: 'k1' }, signer });
    expect(parseJws(jws)).toMatchObject({ ok: true, value: { protectedHeader: { alg: 'ES256', kid: 'k1' } } });
  });
});

function refusal(fault: string) {
  return { ok: false, fault };
}
