import { z } from 'zod';
import { ok, type Result, refuse } from '../result.ts';
import { fromHex, toHex } from './bytes.ts';

/** The first line of exported entries. */
export interface SliceFileHead {
  /** The signed statement, verbatim. */
  readonly statement: string;
  /** By which a school's places are read; null for a board. */
  readonly key: Uint8Array | null;
  /** The act of exporting is logged itself: the nonce of its entry, and when. The next export must contain it. */
  readonly echo: SliceEcho | null;
}

export interface SliceEcho {
  readonly nonce: string;
  readonly time: string;
}

export interface OwnEntry {
  readonly index: bigint;
  /** The exact hashed bytes. */
  readonly entry: Uint8Array;
}

export interface SliceFile extends SliceFileHead {
  readonly entries: readonly OwnEntry[];
}

const sliceFileFormat = 'hikitsugi-entries@v1';
/** Of one export: about 70 MB. */
export const maxExportedEntries = 100_000;

export function packSliceHead({ statement, key, echo }: SliceFileHead): string {
  return `${JSON.stringify({ format: sliceFileFormat, statement, key: key === null ? null : toHex(key), echo })}\n`;
}

export function packOwnEntry({ index, entry }: OwnEntry): string {
  return `${JSON.stringify({ index: Number(index), entry: new TextDecoder().decode(entry) })}\n`;
}

const headShape = z.object({
  format: z.literal(sliceFileFormat),
  statement: z.string(),
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  echo: z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/), time: z.iso.datetime({ precision: 3 }) }).nullable(),
});
const lineShape = z.object({ index: z.number().int().nonnegative(), entry: z.string() });

/** Reads an export; `slice-file.malformed` with the line, counted from 1, at which it is none. */
export function parseSliceFile(text: string): Result<SliceFile, { code: 'slice-file.malformed'; line: number }> {
  const lines = text.split('\n');
  const head = headShape.safeParse(parseOrNull(lines[0] ?? ''));
  // Without its last line break it was cut off.
  if (!head.success || lines.at(-1) !== '')
    return refuse({ code: 'slice-file.malformed', line: head.success ? lines.length : 1 });
  const entries: OwnEntry[] = [];
  for (const [at, line] of lines.slice(1, -1).entries()) {
    const read = lineShape.safeParse(parseOrNull(line));
    if (!read.success) return refuse({ code: 'slice-file.malformed', line: at + 2 });
    entries.push({ index: BigInt(read.data.index), entry: new TextEncoder().encode(read.data.entry) });
  }
  const { statement, key, echo } = head.data;
  return ok({ statement, key: key === null ? null : fromHex(key), echo, entries });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
