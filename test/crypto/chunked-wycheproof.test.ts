import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hkdfExpandSha512 } from '../../src/crypto/hkdf.ts';

// The vectors lie beside the project: ../shared/vectors from its root.
const folder = new URL('../../../shared/vectors/wycheproof/', import.meta.url);
const present = existsSync(folder);
if (!present) console.warn('skipped: Wycheproof vectors are not at ../shared/vectors');

const hex = z.string().transform((text) => Buffer.from(text, 'hex'));
const result = z.enum(['valid', 'invalid', 'acceptable']);
const hkdfFile = z.object({
  testGroups: z.array(
    z.object({
      tests: z.array(
        z.object({ tcId: z.number(), ikm: hex, salt: hex, info: hex, size: z.number(), okm: hex, result }),
      ),
    }),
  ),
});
const gcmFile = z.object({
  testGroups: z.array(
    z.object({
      ivSize: z.number(),
      keySize: z.number(),
      tagSize: z.number(),
      tests: z.array(z.object({ tcId: z.number(), key: hex, iv: hex, aad: hex, msg: hex, ct: hex, tag: hex, result })),
    }),
  ),
});

function read<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

describe.skipIf(!present)('Wycheproof', () => {
  it('HKDF-Expand with SHA-512 agrees with every case', () => {
    let seen = 0;
    for (const test of read('hkdf_sha512_test.json', hkdfFile).testGroups.flatMap((group) => group.tests)) {
      // RFC 5869 §2.2: an absent salt is a string of zeros.
      const salt = test.salt.length === 0 ? Buffer.alloc(64) : test.salt;
      const prk = createHmac('sha512', salt).update(test.ikm).digest();
      const expand = (): Buffer => Buffer.from(hkdfExpandSha512(prk, test.info, test.size));
      if (test.result === 'invalid') expect(expand, `case ${test.tcId}`).toThrow(RangeError);
      else expect(expand().equals(test.okm), `case ${test.tcId}`).toBe(true);
      seen++;
    }
    expect(seen).toBeGreaterThan(50);
  });

  it('the AES-256-GCM that chunks are sealed with agrees with every case of its sizes', () => {
    let seen = 0;
    for (const group of read('aes_gcm_test.json', gcmFile).testGroups) {
      if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) continue;
      for (const test of group.tests) {
        const decipher = createDecipheriv('aes-256-gcm', test.key, test.iv, { authTagLength: 16 });
        decipher.setAAD(test.aad).setAuthTag(test.tag);
        const open = (): Buffer => Buffer.concat([decipher.update(test.ct), decipher.final()]);
        seen++;
        if (test.result === 'invalid') {
          expect(open, `case ${test.tcId}`).toThrow();
          continue;
        }
        expect(open().equals(test.msg), `case ${test.tcId}`).toBe(true);
        const cipher = createCipheriv('aes-256-gcm', test.key, test.iv, { authTagLength: 16 });
        cipher.setAAD(test.aad);
        expect(Buffer.concat([cipher.update(test.msg), cipher.final()]).equals(test.ct), `case ${test.tcId}`).toBe(
          true,
        );
        expect(cipher.getAuthTag().equals(test.tag), `case ${test.tcId}`).toBe(true);
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});
