import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectoryStore } from '../../src/objects/directory.node.ts';
import { describeStore, newKey, pieces, read } from './contract.ts';

async function openTemporary() {
  const folder = await mkdtemp(path.join(tmpdir(), 'hikitsugi-objects-'));
  return {
    folder,
    store: await openDirectoryStore(folder),
    leftovers: () => readdir(path.join(folder, '.incoming')),
    close: () => rm(folder, { recursive: true }),
  };
}

describeStore('directory', openTemporary);

describe('directory store', () => {
  let opened: Awaited<ReturnType<typeof openTemporary>>;
  beforeAll(async () => {
    opened = await openTemporary();
  });
  afterAll(async () => opened.close());

  it('keeps objects for its owner only', async () => {
    const key = newKey();
    await opened.store.put(key, pieces(randomBytes(10)));
    expect((await stat(path.join(opened.folder, key))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(opened.folder, 'contract'))).mode & 0o077).toBe(0);
  });

  it.runIf(existsSync('/proc/self/fd'))('holds no file open that was read, left or never begun', async () => {
    const files = async () => {
      const links = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      return links
        .filter((link) => link.startsWith(path.join(opened.folder, 'contract/')))
        .filter((link) => link.endsWith(name));
    };
    const [short, long] = [newKey(), newKey()];
    let name = path.basename(long);
    await opened.store.put(short, pieces(randomBytes(1000)));
    await opened.store.put(long, pieces(randomBytes(900_000)));
    const body = await opened.store.get(long);
    expect(await files()).toHaveLength(1);
    const iterator = body?.[Symbol.asyncIterator]();
    await iterator?.next();
    await iterator?.return?.();
    expect((await read(opened.store, long)).length).toBe(900_000);
    await expect.poll(files).toEqual([]);
    name = path.basename(short);
    await opened.store.get(short);
    await expect.poll(files).toEqual([]);
  });

  it('finds what another process stored before', async () => {
    const key = newKey();
    const bytes = randomBytes(10);
    await opened.store.put(key, pieces(bytes));
    const again = await openDirectoryStore(opened.folder);
    expect(Buffer.compare(await read(again, key), bytes)).toBe(0);
    expect(await again.put(key, pieces(bytes))).toBe('exists');
  });

  it('sweeps old unfinished files, and no others', async () => {
    const incoming = path.join(opened.folder, '.incoming');
    await writeFile(path.join(incoming, 'old'), 'x');
    await writeFile(path.join(incoming, 'young'), 'x');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(path.join(incoming, 'old'), yesterday, yesterday);
    await opened.store.sweep(new Date(Date.now() - 24 * 3_600_000));
    expect(await readdir(incoming)).toEqual(['young']);
    await rm(path.join(incoming, 'young'));
  });

  it('holds no file open for a body that nobody reads', async () => {
    const key = newKey();
    await opened.store.put(key, pieces(randomBytes(1000)));
    const before = (await readdir('/proc/self/fd')).length;
    for (let i = 0; i < 50; i++) await opened.store.get(key);
    expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10);
  });

  it('passes on that the disk refuses', async () => {
    await writeFile(path.join(opened.folder, 'file'), 'x');
    await expect(opened.store.put('file/below', pieces(randomBytes(10)))).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await opened.leftovers()).toEqual([]);
  });
});
