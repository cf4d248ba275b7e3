import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditKey } from '../../src/audit/audit-key.ts';
import { commitDetail, revealDetail } from '../../src/audit/detail.ts';
import { detailSealer, openSealedDetail } from '../../src/audit/detail-sealer.ts';
import { openLogKey, seedOfPkcs8 } from '../../src/audit/log-key.ts';
import { openLocalFileKeyService } from '../../src/keys/local-file.node.ts';
import type { KeyService } from '../../src/keys/service.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
let keys: KeyService;
let folder: string;
beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hikitsugi-keys-'));
  keys = await openLocalFileKeyService(join(folder, 'keys.json'));
});
afterAll(async () => {
  await test.drop();
  await rm(folder, { recursive: true });
});

describe('the audit keys', () => {
  it('are made once, also by processes that start together, and are the same ever after', async () => {
    const together = await Promise.all([1, 2, 3].map(() => openAuditKey(test.database, keys, 'detail')));
    const later = await openAuditKey(test.database, keys, 'detail');
    for (const key of together) expect(key).toEqual(later);
    expect(later).toHaveLength(32);
    expect(await openAuditKey(test.database, keys, 'log')).not.toEqual(later);
  });

  it('come out of the PKCS#8 file of an Ed25519 key too', async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
    const { key } = await openLogKey('log.example', seedOfPkcs8(pkcs8));
    expect(key.publicKey).toEqual(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
    expect(() => seedOfPkcs8(pkcs8.subarray(1))).toThrow(RangeError);
  });
});

describe('sealed details', () => {
  it('open again under their key, and commit to what they say', () => {
    const key = new Uint8Array(randomBytes(32));
    const seal = detailSealer(key);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (detail) => {
        const { commitment, sealedDetail } = commitDetail(detail, seal);
        const plaintext = openSealedDetail(key, sealedDetail);
        expect(revealDetail(plaintext ?? new Uint8Array(), commitment)).toEqual(JSON.parse(JSON.stringify(detail)));
        expect(
          revealDetail(
            plaintext ?? new Uint8Array(),
            commitment.map((byte) => byte ^ 1),
          ),
        ).toBeNull();
      }),
    );
  });

  it('do not open under another key, with any byte changed, or cut short', () => {
    const key = new Uint8Array(randomBytes(32));
    const sealed = detailSealer(key)(new Uint8Array(50));
    expect(openSealedDetail(new Uint8Array(randomBytes(32)), sealed)).toBeNull();
    for (let at = 0; at < sealed.length; at++) {
      expect(openSealedDetail(key, sealed.with(at, (sealed[at] ?? 0) ^ 1))).toBeNull();
      expect(openSealedDetail(key, sealed.subarray(0, at))).toBeNull();
    }
  });

  it('never use a key and a nonce twice', () => {
    const key = new Uint8Array(randomBytes(32));
    const sealers = [detailSealer(key), detailSealer(key)];
    const heads = sealers.flatMap((seal) =>
      [1, 2, 3].map(() => Buffer.from(seal(new Uint8Array(1))).toString('hex', 0, 36)),
    );
    expect(new Set(heads).size).toBe(6);
  });
});
