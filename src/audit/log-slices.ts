import { randomBytes } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { toHex } from './bytes.ts';
import type { EntryPlace } from './entry.ts';
import { schoolPlace, schoolSliceOf } from './school-place.ts';
import { logSlices } from './tables.ts';

/** The boards of these organisations, as far as they have one; asked inside the sequencer's transaction. */
export type BoardOf = (tx: Transaction, organisations: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** A place in one slice: its name, and the number there. */
export interface SlicePlace {
  readonly slice: string;
  readonly seq: bigint;
}

/** Where the sequencer puts an entry: what the entry says, and what only the database knows. */
export interface PlacedInSlices {
  readonly says: EntryPlace;
  readonly board: SlicePlace;
  /** Null for an entry of version 1. */
  readonly school: SlicePlace | null;
}

/** The slices that one round writes to, counting along. */
export interface OpenSlices {
  next(organisation: string | null, of: { readonly saysSchool: boolean }): PlacedInSlices;
  save(tx: Transaction): Promise<void>;
}

type Kind = 'board' | 'school';

interface Counter {
  readonly kind: Kind;
  readonly owner: string;
  readonly slice: string;
  readonly key: Uint8Array | null;
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
  const schoolFor = (organisation: string | null): string => organisation ?? 'gateway';
  const boardFor = (organisation: string | null): string => boards.get(organisation ?? '') ?? schoolFor(organisation);
  const owners = [...new Set(input.organisations.flatMap((one) => [boardFor(one), schoolFor(one)]))];
  const known = await readCounters(tx, input.origin, owners);
  const counters = new Map(known.map((counter) => [`${counter.kind} ${counter.owner}`, counter] as const));
  const count = (kind: Kind, owner: string): Counter => {
    const counter = counters.get(`${kind} ${owner}`) ?? newCounter(kind, owner);
    counters.set(`${kind} ${owner}`, counter);
    counter.size += 1n;
    return counter;
  };
  return {
    next: (organisation, { saysSchool }) => {
      const board = placeOf(count('board', boardFor(organisation)));
      const counted = saysSchool ? count('school', schoolFor(organisation)) : null;
      const ofBoard = { boardSlice: board.slice, boardSeq: Number(board.seq) };
      if (counted?.key === undefined || counted.key === null) return { says: ofBoard, board, school: null };
      const says = { ...ofBoard, schoolPlace: schoolPlace(counted.key, counted.size) };
      return { says, board, school: placeOf(counted) };
    },
    save: async (tx) => {
      const rows = [...counters.values()].map((counter) => ({ origin: input.origin, ...counter }));
      if (rows.length === 0) return;
      await tx
        .insert(logSlices)
        .values(rows)
        .onConflictDoUpdate({
          target: [logSlices.origin, logSlices.kind, logSlices.owner],
          set: { size: sql`excluded.size` },
        });
    },
  };
}

function placeOf({ slice, size }: Counter): SlicePlace {
  return { slice, seq: size };
}

function newCounter(kind: Kind, owner: string): Counter {
  if (kind === 'board') return { kind, owner, slice: toHex(randomBytes(16)), key: null, size: 0n };
  const key = new Uint8Array(randomBytes(32));
  return { kind, owner, slice: schoolSliceOf(key), key, size: 0n };
}

async function readCounters(tx: Transaction, origin: string, owners: readonly string[]): Promise<Counter[]> {
  if (owners.length === 0) return [];
  const { kind, owner, slice, key, size } = logSlices;
  return tx
    .select({ kind, owner, slice, key, size })
    .from(logSlices)
    .where(and(eq(logSlices.origin, origin), inArray(owner, [...owners])));
}
