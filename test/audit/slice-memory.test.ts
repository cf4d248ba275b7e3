import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { openSliceMemory } from '../../src/audit/slice-memory.node.ts';
import type { SliceMemory } from '../../src/audit/verify-slice.ts';

const origin = 'hikitsugi.example/log/2026';
const whose = { kind: 'board', owner: '119990' } as const;

describe('what a board remembers of a log', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-memory-'));
    path = join(folder, 'board.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function memoryOf(size: bigint, entries: bigint): Promise<SliceMemory> {
    const signer = await openLogKey(origin, new Uint8Array(32).fill(1));
    const checkpoint = await signCheckpoint({ origin, size, root: new Uint8Array(32) }, signer);
    return { checkpoint, slice: 'a'.repeat(32), entries, echoes: [{ nonce: 'b'.repeat(32), time: 'x' }] };
  }

  async function open(of: Parameters<typeof openSliceMemory>[1] = whose) {
    const opened = await openSliceMemory(path, of);
    if (!opened.ok) throw new Error(opened.fault);
    return opened.value;
  }

  it('begins with nothing, and is there the next time', async () => {
    const first = await open();
    expect(first.recall(origin)).toBeNull();
    const memory = await memoryOf(10n, 4n);
    await first.keep(origin, memory);
    await first.close();
    const second = await open();
    expect(second.recall(origin)).toEqual(memory);
    await second.close();
  });

  it('goes back neither in the log nor in the slice, and then stays as it was', async () => {
    const file = await open();
    await file.keep(origin, await memoryOf(10n, 4n));
    const before = await readFile(path, 'utf8');
    await expect(file.keep(origin, await memoryOf(9n, 4n))).rejects.toThrow('does not go back');
    await expect(file.keep(origin, await memoryOf(11n, 3n))).rejects.toThrow('does not go back');
    expect(await readFile(path, 'utf8')).toBe(before);
    await file.close();
  });

  it('is one process’s at a time, one owner’s, and refused when it is damaged', async () => {
    const file = await open();
    await file.keep(origin, await memoryOf(10n, 4n));
    expect(await openSliceMemory(path, whose)).toEqual({ ok: false, fault: 'in-use' });
    await file.close();
    expect(await openSliceMemory(path, { ...whose, owner: '209990' })).toEqual({ ok: false, fault: 'other' });
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -10));
    expect(await openSliceMemory(path, whose)).toEqual({ ok: false, fault: 'damaged' });
    // A refusal keeps no lock.
    expect(await openSliceMemory(path, whose)).toEqual({ ok: false, fault: 'damaged' });
  });
});
