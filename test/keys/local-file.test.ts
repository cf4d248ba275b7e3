import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalFileKeyService } from '../../src/keys/local-file.node.ts';
import { KeyRefused, type KeyService, KeyServiceUnavailable } from '../../src/keys/service.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hikitsugi-keys-'));
  file = path.join(folder, 'keys.json');
});
afterEach(async () => rm(folder, { recursive: true }));

async function root(keys: KeyService): Promise<string> {
  const { root } = await keys.describe();
  if (root === null) throw new Error('no root key');
  return root;
}

describe('local file key service', () => {
  it('wraps and unwraps, also after a restart', async () => {
    const keys = await openLocalFileKeyService(file);
    const key = randomBytes(32);
    const wrapped = await keys.wrap(await root(keys), key, 'context');
    const again = await openLocalFileKeyService(file);
    expect(await root(again)).toBe(await root(keys));
    expect(key.equals(await again.unwrap(await root(again), wrapped, 'context'))).toBe(true);
  });

  it('writes a file for its owner only, and leaves no other file behind', async () => {
    const keys = await openLocalFileKeyService(file);
    await keys.generate('another');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['keys.json']);
  });

  it('refuses a file that others may read', async () => {
    await openLocalFileKeyService(file);
    await chmod(file, 0o640);
    await expect(openLocalFileKeyService(file)).rejects.toThrow(KeyServiceUnavailable);
  });

  it('F-18 refuses another context, another key and a damaged wrap, and says which', async () => {
    const keys = await openLocalFileKeyService(file);
    const other = await keys.generate('other');
    const wrapped = await keys.wrap(await root(keys), randomBytes(32), 'context');
    await expect(keys.unwrap(await root(keys), wrapped, 'contexT')).rejects.toMatchObject({
      reason: 'wrong-key-or-context',
    });
    await expect(keys.unwrap(other, wrapped, 'context')).rejects.toMatchObject({ reason: 'wrong-key-or-context' });
    await expect(keys.unwrap('root-0', wrapped, 'context')).rejects.toMatchObject({ reason: 'unknown-key' });
    await expect(keys.unwrap('__proto__', wrapped, 'context')).rejects.toMatchObject({ reason: 'unknown-key' });
    wrapped[100] = (wrapped[100] ?? 0) ^ 1;
    await expect(keys.unwrap(await root(keys), wrapped, 'context')).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('opens nothing under a key that was destroyed, in any process', async () => {
    const [one, two] = [await openLocalFileKeyService(file), await openLocalFileKeyService(file)];
    const ref = await one.generate('short-lived');
    const wrapped = await two.wrap(ref, randomBytes(32), '');
    await one.destroy(ref);
    await expect(two.unwrap(ref, wrapped, '')).rejects.toThrow(KeyRefused);
    await expect(one.destroy(ref)).rejects.toMatchObject({ reason: 'unknown-key' });
    expect(await readFile(file, 'utf8')).not.toContain(ref);
  });

  it('F-25 says that it is not ready when its root key is gone', async () => {
    const keys = await openLocalFileKeyService(file);
    expect(await keys.describe()).toMatchObject({ ready: true, development: true });
    await keys.destroy(await root(keys));
    expect(await keys.describe()).toMatchObject({ ready: false, root: null });
  });

  it('F-17 is unavailable, not empty, while its file is away, and comes back with it', async () => {
    const keys = await openLocalFileKeyService(file);
    const wrapped = await keys.wrap(await root(keys), randomBytes(32), '');
    const ref = await root(keys);
    await rename(file, `${file}.away`);
    await expect(keys.unwrap(ref, wrapped, '')).rejects.toThrow(KeyServiceUnavailable);
    await expect(keys.wrap(ref, randomBytes(32), '')).rejects.toThrow(KeyServiceUnavailable);
    expect(await keys.describe()).toMatchObject({ ready: false });
    await rename(`${file}.away`, file);
    expect((await keys.unwrap(ref, wrapped, '')).length).toBe(32);
  });

  it('gives two processes that start at once the same root key', async () => {
    const services = await Promise.all(Array.from({ length: 8 }, () => openLocalFileKeyService(file)));
    const roots = new Set(await Promise.all(services.map(root)));
    expect(roots.size).toBe(1);
    expect(await readdir(folder)).toEqual(['keys.json']);
  });

  it('loses no key when many are made at once', async () => {
    const keys = await openLocalFileKeyService(file);
    const refs = await Promise.all(Array.from({ length: 10 }, (_, i) => keys.generate(`key ${i}`)));
    for (const ref of refs) expect((await keys.wrap(ref, randomBytes(32), '')).length).toBe(112);
  });
});
