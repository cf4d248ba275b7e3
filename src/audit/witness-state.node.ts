import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { lockFile, replaceDurably } from './durable-file.node.ts';
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
  const release = await lockFile(path);
  if (release === null) throw new WitnessStateUnusable('in-use');
  try {
    const logs = await readState(path, isNew);
    if (isNew) await writeState(path, logs);
    return fileState(path, logs, release);
  } catch (error) {
    await release();
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

async function writeState(path: string, logs: ReadonlyMap<string, SeenCheckpoint>): Promise<void> {
  const state = { version: 'hikitsugi-witness/1', logs: Object.fromEntries(logs) };
  await replaceDurably(path, `${JSON.stringify(state)}\n`);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
