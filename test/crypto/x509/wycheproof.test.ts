import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  createKeyCache,
  type SignatureAlgorithm,
  verifyRawSignature,
  verifySignature,
} from '../../../src/crypto/x509/algorithms.ts';
import { hex } from './der-writer.ts';

const folder = new URL('../../../../shared/vectors/wycheproof/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.log('Wycheproof signatures skipped: ../shared/vectors/wycheproof is not there');

const Vectors = z.object({
  testGroups: z.array(
    z.object({
      publicKeyDer: z.string(),
      tests: z.array(
        z.object({
          tcId: z.number(),
          msg: z.string(),
          sig: z.string(),
          result: z.enum(['valid', 'invalid', 'acceptable']),
        }),
      ),
    }),
  ),
});

interface Row {
  readonly file: string;
  readonly algorithm: SignatureAlgorithm;
  readonly verify: typeof verifySignature;
  readonly cases: number;
}

const rows: readonly Row[] = [
  { file: 'rsa_signature_2048_sha256', algorithm: 'rsa-pkcs1-sha256', verify: verifySignature, cases: 259 },
  { file: 'rsa_pss_2048_sha256_mgf1_32', algorithm: 'rsa-pss-sha256', verify: verifySignature, cases: 108 },
  { file: 'ecdsa_secp256r1_sha256', algorithm: 'ecdsa-p256-sha256', verify: verifySignature, cases: 484 },
  { file: 'ecdsa_secp256r1_sha256_p1363', algorithm: 'ecdsa-p256-sha256', verify: verifyRawSignature, cases: 262 },
  { file: 'ecdsa_secp384r1_sha384', algorithm: 'ecdsa-p384-sha384', verify: verifySignature, cases: 504 },
  { file: 'ed25519', algorithm: 'ed25519', verify: verifySignature, cases: 151 },
];

describe.skipIf(!isThere)('Wycheproof', () => {
  it.each(rows)('$file: no wrong answer in $cases cases', async ({ file, algorithm, verify, cases }) => {
    const vectors = Vectors.parse(JSON.parse(readFileSync(new URL(`${file}_test.json`, folder), 'utf8')));
    const keys = createKeyCache(4);
    const wrong: number[] = [];
    let count = 0;
    for (const { publicKeyDer, tests } of vectors.testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        const input = { algorithm, spki: hex(publicKeyDer), data: hex(msg), signature: hex(sig) };
        const verified = await verify(input, keys);
        // "acceptable" is a form that old software wrote; ours refuses it.
        if (verified !== (result === 'valid')) wrong.push(tcId);
        count += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(cases);
    expect(keys.size).toBeLessThanOrEqual(4);
    console.log(`Wycheproof ${file}: ${count} cases, no wrong answer`);
  });
});
