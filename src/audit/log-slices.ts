import { randomBytes } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { toHex } from './bytes.ts';
import { logSlices } from './tables.ts';

/** The boards of these organisations, as far as they have one; asked inside the sequencer's transaction. */
export type BoardOf = (tx: Transaction, organisations: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** The slices that one round writes to, counting along. */
export interface OpenSlices {
  next(organisation: string | null): { readonly slice: string; readonly seq: bigint };
  save(tx: Transaction): Promise<void>;
}

interface Counter {
  readonly board: string;
  readonly slice: string;
  size: bigint;
}

export async function openSlices(
  tx: Transaction,
  input: {
    readonly origin: string;
    readonly organisations: readonly (string | null)[];
    readonly boardOf: BoardOf | undefined;
  },
): Promise<OpenSlices> {
  const codes = input.organisations.filter((code) => code !== null);
  const boards = (await input.boardOf?.(tx, codes)) ?? new Map<string, string>();
  const boardFor = (organisation: string | null): string =>
    organisation === null ? 'gateway' : (boards.get(organisation) ?? organisation);
  const names = [...new Set(input.organisations.map(boardFor))];
  const counters = new Map(
    (await readCounters(tx, input.origin, names)).map((counter) => [counter.board, counter] as const),
  );
  return {
    next: (organisation) => {
      const board = boardFor(organisation);
      const counter = counters.get(board) ?? { board, slice: toHex(randomBytes(16)), size: 0n };
      counters.set(board, counter);
      counter.size += 1n;
      return { slice: counter.slice, seq: counter.size };
    },
    save: async (tx) => {
      const rows = [...counters.values()].map((counter) => ({ origin: input.origin, ...counter }));
      if (rows.length === 0) return;
      await tx
        .insert(logSlices)
        .values(rows)
        .onConflictDoUpdate({ target: [logSlices.origin, logSlices.board], set: { size: sql`excluded.size` } });
    },
  };
}

async function readCounters(tx: Transaction, origin: string, boards: readonly string[]): Promise<Counter[]> {
  if (boards.length === 0) return [];
  return tx
    .select({ board: logSlices.board, slice: logSlices.slice, size: logSlices.size })
    .from(logSlices)
    .where(and(eq(logSlices.origin, origin), inArray(logSlices.board, [...boards])));
}
