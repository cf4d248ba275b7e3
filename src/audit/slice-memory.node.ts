import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ok, type Result, refuse } from '../result.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { lockFile, replaceDurably } from './durable-file.node.ts';
import { parseNote } from './note.ts';
import type { SliceKind } from './slice-statement.ts';
import type { SliceMemory } from './verify-slice.ts';

const memoryShape = z.strictObject({
  version: z.literal('hikitsugi-slice-memory/1'),
  kind: z.enum(['board', 'school']),
  owner: z.string(),
  logs: z.record(
    z.string(),
    z.strictObject({
      checkpoint: z.string(),
      slice: z.string(),
      entries: z.string().regex(/^(0|[1-9]\d{0,18})$/),
      echoes: z.array(z.strictObject({ nonce: z.string(), time: z.string() })),
    }),
  ),
});

/** `in-use`: another process verifies with it. `damaged`: there, and cannot be read. `other`: of another board or school. */
export type MemoryFault = 'in-use' | 'damaged' | 'other';

export interface SliceMemoryFile {
  /** Null for a log that has not been verified before. */
  recall(origin: string): SliceMemory | null;
  /** To the disk before it returns, whole or not at all; never a smaller log or a shorter slice than before. */
  keep(origin: string, memory: SliceMemory): Promise<void>;
  close(): Promise<void>;
}

/** What a board or a school remembers of the logs, in one file; one that is not there begins with nothing. */
export async function openSliceMemory(
  path: string,
  { kind, owner }: { readonly kind: SliceKind; readonly owner: string },
): Promise<Result<SliceMemoryFile, MemoryFault>> {
  const release = await lockFile(path);
  if (release === null) return refuse('in-use');
  const found = await readMemory(path).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const fault =
    found === 'damaged' ? found : found !== null && (found.kind !== kind || found.owner !== owner) ? 'other' : null;
  if (fault !== null || found === 'damaged') await release();
  if (fault !== null || found === 'damaged') return refuse(fault ?? 'damaged');
  const logs = new Map(Object.entries(found?.logs ?? {}));
  return ok({
    recall(origin) {
      const known = logs.get(origin);
      return known === undefined ? null : { ...known, entries: BigInt(known.entries) };
    },
    async keep(origin, memory) {
      const known = logs.get(origin);
      const goesBack =
        known !== undefined &&
        (sizeOf(memory.checkpoint) < sizeOf(known.checkpoint) || memory.entries < BigInt(known.entries));
      if (goesBack) throw new Error('what was verified does not go back');
      logs.set(origin, { ...memory, entries: String(memory.entries), echoes: [...memory.echoes] });
      const text = JSON.stringify({ version: 'hikitsugi-slice-memory/1', kind, owner, logs: Object.fromEntries(logs) });
      await replaceDurably(path, `${text}\n`);
    },
    close: release,
  });
}

async function readMemory(path: string): Promise<z.infer<typeof memoryShape> | 'damaged' | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return memoryShape.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

function sizeOf(note: string): bigint {
  const parsed = parseNote(note);
  const checkpoint = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  return checkpoint.ok ? checkpoint.value.size : 0n;
}
