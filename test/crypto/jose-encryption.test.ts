import { existsSync, readFileSync } from 'node:fs';
import { CompactEncrypt, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifyJws } from '../../src/crypto/jose.ts';
import { type ContentEncryption, decryptJwe, type KeyManagement } from '../../src/crypto/jose-encryption.ts';
import { importVerificationKey } from '../../src/crypto/jose-key.ts';
import { signerAlgorithms } from '../../src/crypto/signer.ts';

type Jwk = Readonly<Record<string, unknown>>;

interface EncryptionVectors {
  readonly testGroups: readonly {
    readonly private: Jwk;
    readonly tests: readonly {
      readonly tcId: number;
      readonly jwe: string;
      readonly pt: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

interface KeyVectors {
  readonly testGroups: readonly {
    readonly private: { readonly keys: readonly Jwk[] };
    readonly public?: { readonly keys: readonly Jwk[] };
    readonly tests: readonly { readonly tcId: number; readonly jws: string; readonly result: 'valid' | 'invalid' }[];
  }[];
}

const folder = new URL('../../../shared/vectors/wycheproof/', import.meta.url);
const present = existsSync(folder);
if (!present) console.warn('skipped: no Wycheproof vectors at ../shared/vectors/wycheproof');

function read(name: string): unknown {
  return present ? JSON.parse(readFileSync(new URL(name, folder), 'utf8')) : { testGroups: [] };
}

const algorithms: readonly KeyManagement[] = [
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A256KW',
  'A128KW',
  'A256KW',
  'A128GCMKW',
  'A256GCMKW',
  'dir',
];
const encryptions: readonly ContentEncryption[] = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512'];

describe.skipIf(!present)('Wycheproof json_web_encryption', async () => {
  // Sound: the shape of the published file.
  const vectors = read('json_web_encryption_test.json') as EncryptionVectors;
  const cases = await Promise.all(
    vectors.testGroups.flatMap(({ private: key, tests }) =>
      tests.map(async (test) => {
        const opened = await decryptJwe({ jwe: test.jwe, key, algorithms, encryptions });
        const text = opened.ok ? Buffer.from(opened.value).toString('hex') : null;
        return { ...test, text, outcome: opened.ok ? 'accepted' : opened.fault };
      }),
    ),
  );

  it('A-14 opens no invalid message, nor one under a key for another algorithm', () => {
    expect(cases).toHaveLength(139);
    expect(cases.filter(({ result, outcome }) => result === 'invalid' && outcome === 'accepted')).toEqual([]);
    // What plain jose opens: a key for key wrap used for GCM key wrap, and the other way round.
    for (const id of [106, 107, 108, 109]) {
      expect(cases.find(({ tcId }) => tcId === id)?.outcome).toBe('key-not-usable');
    }
    const invalid = cases.filter(({ result }) => result === 'invalid').length;
    console.log(`Wycheproof JWE: ${cases.length} cases, ${invalid} invalid, no false accept`);
  });

  it('opens every valid message of the algorithms it offers, and only to its own text', () => {
    const valid = cases.filter(({ result }) => result === 'valid');
    const opened = valid.filter(({ outcome }) => outcome === 'accepted');
    expect(opened.every(({ text, pt }) => text === pt)).toBe(true);
    const others = valid.filter(({ outcome }) => outcome !== 'accepted');
    // AES-192, RSA-OAEP with SHA-1 and RSA1_5 are not offered; 135 is compressed.
    expect(new Set(others.map(({ outcome }) => outcome))).toEqual(
      new Set(['algorithm-not-allowed', 'header-not-allowed']),
    );
    expect(others.filter(({ outcome }) => outcome === 'header-not-allowed').map(({ tcId }) => tcId)).toEqual([135]);
    expect(opened).toHaveLength(37);
  });
});

describe.skipIf(!present)('Wycheproof json_web_key', async () => {
  // Sound: the shape of the published file.
  const vectors = read('json_web_key_test.json') as KeyVectors;
  const cases = await Promise.all(
    vectors.testGroups.flatMap(({ private: own, public: shown, tests }) =>
      tests.map(async (test) => {
        const { keys } = shown ?? own;
        const keyFrom = ({ kid }: Jwk) => {
          const named = keys.filter((key) => key['kid'] === kid);
          return named[0] !== undefined && named.length === 1 ? { jwk: named[0] } : null;
        };
        const verified = await verifyJws({ jws: test.jws, algorithms: signerAlgorithms, keyFrom });
        return { ...test, outcome: verified.ok ? 'accepted' : verified.fault };
      }),
    ),
  );

  it('A-14 takes no key that is weak, doubled, changed or for something else', () => {
    expect(cases).toHaveLength(26);
    expect(cases.filter(({ result, outcome }) => result === 'invalid' && outcome === 'accepted')).toEqual([]);
    const outcomeOf = (id: number) => cases.find(({ tcId }) => tcId === id)?.outcome;
    expect(outcomeOf(5)).toBe('accepted');
    // For another use, of the weak chips (ROCA), too short, with the exponent 1.
    for (const id of [6, 7, 8, 9]) expect(outcomeOf(id)).toBe('key-not-usable');
    console.log(`Wycheproof JWK: ${cases.length} cases, no false accept`);
  });

  it('offers no symmetric signatures, whatever their key', () => {
    const symmetric = cases.filter(({ tcId }) => [2, 13, 14, 15].includes(tcId));
    expect(symmetric.map(({ outcome }) => outcome)).toEqual(Array(4).fill('algorithm-not-allowed'));
  });
});

describe('decryptJwe', () => {
  const key = { kty: 'oct', alg: 'A256KW', use: 'enc', k: Buffer.alloc(32, 7).toString('base64url') };
  const input = { key, algorithms: ['A256KW'], encryptions: ['A256GCM'] } as const;

  async function seal(header: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const bytes = new TextEncoder().encode('指導要録');
    const secret = await importJWK(key, 'A256KW');
    return new CompactEncrypt(bytes).setProtectedHeader({ alg: 'A256KW', enc: 'A256GCM', ...header }).encrypt(secret);
  }

  it('opens what was sealed for its key', async () => {
    const opened = await decryptJwe({ ...input, jwe: await seal() });
    expect(opened.ok && new TextDecoder().decode(opened.value)).toBe('指導要録');
  });

  it('wants the algorithms of the caller, and a key that is for them', async () => {
    const jwe = await seal();
    const faultOf = async (changes: Partial<Parameters<typeof decryptJwe>[0]>) => {
      const opened = await decryptJwe({ ...input, jwe, ...changes });
      return opened.ok ? 'opened' : opened.fault;
    };
    expect(await faultOf({ algorithms: ['A128KW'] })).toBe('algorithm-not-allowed');
    expect(await faultOf({ encryptions: ['A128GCM'] })).toBe('algorithm-not-allowed');
    for (const change of [{ alg: undefined }, { alg: 'A256GCMKW' }, { use: 'sig' }, { key_ops: ['verify'] }]) {
      expect(await faultOf({ key: { ...key, ...change } })).toBe('key-not-usable');
    }
    expect(await faultOf({ key: { ...key, key_ops: ['unwrapKey'] } })).toBe('opened');
    const other = Buffer.alloc(32, 8).toString('base64url');
    expect(await faultOf({ key: { ...key, k: other } })).toBe('decryption-failed');
  });

  it('reads one spelling of a message alone', async () => {
    const jwe = await seal();
    const spellings = [
      `${jwe}=`,
      ` ${jwe}`,
      `${jwe}\n`,
      jwe.replaceAll('.', '. '),
      `${jwe}.`,
      jwe.slice(0, jwe.lastIndexOf('.')),
      '',
      '....',
      'A'.repeat(1024 * 1024 + 1),
    ];
    for (const spelling of spellings) {
      expect(await decryptJwe({ ...input, jwe: spelling })).toMatchObject({ ok: false, fault: 'malformed' });
    }
  });

  it('refuses parameters that would bring a key, inflate or nest', async () => {
    for (const header of [{ zip: 'DEF' }, { cty: 'JWT' }, { jku: 'https://a.example' }, { jwk: {} }]) {
      const [, ...rest] = (await seal()).split('.');
      const head = Buffer.from(JSON.stringify({ alg: 'A256KW', enc: 'A256GCM', ...header })).toString('base64url');
      const opened = await decryptJwe({ ...input, jwe: [head, ...rest].join('.') });
      expect(opened).toMatchObject({ fault: 'header-not-allowed' });
    }
  });
});

describe('a weak RSA key', () => {
  it('is not imported: short, or with an exponent that is even, 1 or 3', async () => {
    const pair = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
      true,
      ['sign', 'verify'],
    );
    const { n } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const usable = async (e: string) => (await importVerificationKey({ jwk: { kty: 'RSA', n, e } }, 'RS256')) !== null;
    expect(await usable('AQAB')).toBe(true);
    for (const e of ['AQ', 'Aw', 'AQAA', 'AQABAQABAQ']) expect([e, await usable(e)]).toEqual([e, false]);
    const none = { kty: 'RSA', n: '', e: 'AQAB' };
    expect(await importVerificationKey({ jwk: none }, 'RS256')).toBeNull();
  });
});
