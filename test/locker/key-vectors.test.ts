import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revealDetail } from '../../src/audit/detail.ts';
import { openSealedDetail } from '../../src/audit/detail-sealer.ts';
import { openSmall } from '../../src/crypto/chunked.ts';
import { openLocalFileKeyService } from '../../src/keys/local-file.node.ts';
import {
  caseKeyContext,
  documentContext,
  documentKeyContext,
  organisationKeyContext,
} from '../../src/locker/contexts.ts';
import { keyVectorFile, makeKeyVectors, readKeyVectors } from './key-vectors.ts';

if (process.env['WRITE_VECTORS'] === 'yes') {
  await writeFile(keyVectorFile, `${JSON.stringify(await makeKeyVectors(), null, 2)}\n`);
}

describe('key wraps, from the root key down to one document', () => {
  const vectors = readKeyVectors();
  const { wraps } = vectors;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-key-vectors-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are what docs/formats.md says, made without our code', async () => {
    expect(await makeKeyVectors()).toEqual(vectors);
  });

  it('bind each key to its place', () => {
    expect(hexOf(caseKeyContext(vectors))).toBe(wraps.caseKey.context);
    expect(hexOf(documentKeyContext(vectors))).toBe(wraps.documentKey.context);
    expect(hexOf(documentContext(vectors))).toBe(wraps.document.context);
    expect(organisationKeyContext(vectors)).toBe(wraps.organisationKey.parts[2]);
  });

  it('open one after the other, beginning with the key service', async () => {
    const file = join(folder, 'keys.json');
    const root = { label: 'root', key: Buffer.from(wraps.organisationKey.key, 'hex').toString('base64') };
    const keys = { [vectors.rootRef]: { ...root, createdAt: '2026-04-01T00:00:00Z' } };
    await writeFile(file, JSON.stringify({ version: 1, root: vectors.rootRef, keys }), { mode: 0o600 });
    const service = await openLocalFileKeyService(file);
    const context = organisationKeyContext(vectors);
    const organisationKey = await service.unwrap(vectors.rootRef, bytesOf(wraps.organisationKey.sealed), context);
    const caseKey = open(organisationKey, wraps.caseKey.sealed, caseKeyContext(vectors));
    const documentKey = open(caseKey, wraps.documentKey.sealed, documentKeyContext(vectors));
    const document = open(documentKey, wraps.document.sealed, documentContext(vectors));
    expect(new TextDecoder().decode(document)).toBe('指導要録の写し\n');
  });

  it('do not open for another school, month, case, document or media type', () => {
    const other = { ...vectors, organisation: 'D139290000389', month: '2026-05', caseId: 'x', objectId: 'x' };
    const key = bytesOf(wraps.document.key);
    expect(() => open(key, wraps.document.sealed, documentContext({ ...vectors, mediaType: 'image/png' }))).toThrow();
    expect(() => open(key, wraps.document.sealed, documentContext({ ...vectors, caseId: 'x' }))).toThrow();
    expect(() => open(bytesOf(wraps.caseKey.key), wraps.caseKey.sealed, caseKeyContext(other))).toThrow();
    expect(() => open(bytesOf(wraps.documentKey.key), wraps.documentKey.sealed, documentKeyContext(other))).toThrow();
  });

  it('include a sealed detail of the log, which opens to what its entry committed to', () => {
    const { key, sealed, commitment } = vectors.detail;
    const plaintext = openSealedDetail(bytesOf(key), bytesOf(sealed));
    expect(plaintext === null ? null : revealDetail(plaintext, bytesOf(commitment))).toEqual({ caseId: null });
    expect(openSealedDetail(bytesOf(key), bytesOf(sealed).with(40, 0))).toBeNull();
  });
});

function open(key: Uint8Array, sealed: string, context: Uint8Array): Uint8Array {
  return openSmall({ key, context, sealed: bytesOf(sealed) });
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
