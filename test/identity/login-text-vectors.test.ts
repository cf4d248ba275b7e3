import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyRawSignature } from '../../src/crypto/x509/algorithms.ts';
import { loginText } from '../../src/identity/rules.ts';

const file = new URL('../vectors/login/login.json', import.meta.url);
const algorithms = ['rsa-pkcs1-sha256', 'ecdsa-p256-sha256'] as const;
const parts = z.object({ origin: z.string(), purpose: z.string(), challengeId: z.string(), challenge: z.string() });
const schema = z.object({
  valid: z.array(
    z.object({ parts, text: z.string(), algorithm: z.enum(algorithms), spki: z.string(), signature: z.string() }),
  ),
  invalid: z.array(z.object({ name: z.string(), of: z.int(), parts })),
});

// The keys are drawn and thrown away, so the file cannot be made twice: once written it stays.
if (process.env['WRITE_LOGIN_VECTORS'] === 'yes') writeFileSync(file, `${JSON.stringify(await make(), null, 2)}\n`);

describe('the text that a personal certificate signs', () => {
  const vectors = schema.parse(JSON.parse(readFileSync(file, 'utf8')));

  it.each(vectors.valid)('is five lines, signed with $algorithm', async ({ parts, text, ...signed }) => {
    expect(new TextDecoder().decode(loginText(parts))).toBe(text);
    expect(await verified(signed, loginText(parts))).toBe(true);
  });

  it.each(vectors.invalid)('is not signed when it is for $name', async ({ of, parts }) => {
    const vector = vectors.valid[of];
    if (vector === undefined) throw new Error('no such vector');
    expect(await verified(vector, loginText(parts))).toBe(false);
  });
});

type Signed = Omit<z.output<typeof schema>['valid'][number], 'parts' | 'text'>;

async function verified({ algorithm, spki, signature }: Signed, data: Uint8Array): Promise<boolean> {
  return verifyRawSignature({ algorithm, spki: bytesOf(spki), signature: bytesOf(signature), data });
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

async function make(): Promise<z.output<typeof schema>> {
  const example = {
    origin: 'https://hikitsugi.example',
    purpose: 'login',
    challengeId: 'Zm9yIGV4YW1wbGUgMTYgYg',
    challenge: 'MzIgYnl0ZXMgdGhhdCBvbmx5IHRoaXMgdmVjdG9yIHVzZXM',
  };
  const valid = await Promise.all(
    algorithms.map(async (algorithm) => {
      const signing =
        algorithm === 'rsa-pkcs1-sha256'
          ? { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
          : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
      const keys = await crypto.subtle.generateKey(signing, true, ['sign', 'verify']);
      const text = new Uint8Array(loginText(example));
      return {
        parts: example,
        text: new TextDecoder().decode(text),
        algorithm,
        spki: Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey)).toString('base64'),
        signature: Buffer.from(await crypto.subtle.sign(signing, keys.privateKey, text)).toString('base64'),
      };
    }),
  );
  const changes = [
    { name: 'another origin', parts: { ...example, origin: 'https://hikitsugi.example.net' } },
    { name: 'another purpose', parts: { ...example, purpose: 'bind-certificate' } },
    { name: 'another challenge', parts: { ...example, challenge: example.challenge.toLowerCase() } },
    { name: 'another attempt', parts: { ...example, challengeId: 'YW5vdGhlciBhdHRlbXB0IQ' } },
  ];
  return { valid, invalid: [0, 1].flatMap((of) => changes.map((change) => ({ ...change, of }))) };
}
