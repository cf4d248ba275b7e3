import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { SeenCheckpoint, WitnessState } from './witness.ts';

const stateShape = z.strictObject({
  version: z.literal('hikitsugi-witness/1'),
  logs: z.record(
    z.string(),
    z.strictObject({ size: z.string().regex(/^(0|[1-9]\d{0,19})$/), root: z.base64().length(44) }),
  ),
});

/** The file is there and cannot be read, or another process has it. A witness that forgot would cosign two histories. */
export class WitnessStateUnusable extends Error {
  override readonly name = 'WitnessStateUnusable';
  readonly reason: 'damaged' | 'in-use' | 'missing';
  constructor(reason: WitnessStateUnusable['reason']) {
    super(`the state of the witness is ${reason}`);
    this.reason = reason;
  }
}

export interface WitnessFile extends WitnessState {
  close(): Promise<void>;
}

/**
 * The state of a witness in one file, for one process at a time.
 *
 * @param isNew - begins an empty file; without it a file that is missing is refused, since it may have been lost
 * @throws {WitnessStateUnusable}
 */
export async function openWitnessFile(path: string, { isNew }: { readonly isNew: boolean }): Promise<WitnessFile> {
  const lock = `${path}.lock`;
  await takeLock(lock);
  try {
    const logs = await readState(path, isNew);
    if (isNew) await writeState(path, logs);
    return fileState(path, logs, () => rm(lock, { force: true }));
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

function fileState(path: string, logs: Map<string, SeenCheckpoint>, release: () => Promise<void>): WitnessFile {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    advance: (origin, decide) =>
      inTurn(async () => {
        const seen = logs.get(origin) ?? null;
        const { next, answer } = await decide(seen);
        if (next === null || (next.size === seen?.size && next.root === seen.root)) return answer;
        // Written first: what the disk did not take has not been seen.
        await writeState(path, new Map(logs).set(origin, next));
        logs.set(origin, next);
        return answer;
      }),
    close: () => inTurn(release),
  };
}

async function readState(path: string, isNew: boolean): Promise<Map<string, SeenCheckpoint>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null && isNew) return new Map();
  if (text === null) throw new WitnessStateUnusable('missing');
  if (isNew) throw new WitnessStateUnusable('in-use');
  const parsed = stateShape.safeParse(parseOrNull(text));
  if (!parsed.success) throw new WitnessStateUnusable('damaged');
  return new Map(Object.entries(parsed.data.logs));
}

/** Whole or as before: written beside, to the disk, renamed, and the folder to the disk as well. */
async function writeState(path: string, logs: ReadonlyMap<string, SeenCheckpoint>): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ version: 'hikitsugi-witness/1', logs: Object.fromEntries(logs) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The lock of a process that is no more counts for nothing. */
async function takeLock(lock: string): Promise<void> {
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && !isAlive(holder)) await rm(lock, { force: true });
  const file = await open(lock, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new WitnessStateUnusable('in-use');
    throw error;
  });
  await file.writeFile(String(process.pid));
  await file.close();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
