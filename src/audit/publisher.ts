import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { ObjectStore } from '../objects/store.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import { cosign, type Witnessing } from './cosign.ts';
import type { LogName } from './log-name.ts';
import { LogStopped, readHashes, readHead } from './log-state.ts';
import { putImmutable, readCheckpoint, readTile } from './log-store.ts';
import type { NoteSigner } from './note.ts';
import { auditLog, checkpoints } from './tables.ts';
import { encodeBundle, newTiles, subtreesFromTiles, type Tile, tilePath, tileWidth } from './tiles.ts';

export interface Publishing {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly log: LogName;
  readonly signer: NoteSigner;
  /** Who has to cosign before a checkpoint is published; null where nobody does. */
  readonly witnessing: Witnessing | null;
}

/**
 * Brings the bucket up to the head: tiles and bundles first, then the signed checkpoint that speaks of them.
 * Gives the new checkpoint, or null when there is nothing new. Whatever it is interrupted at, doing it again derives
 * the same bytes.
 *
 * @throws {QuorumMissing} when too few witnesses have cosigned: nothing is published
 * @throws LogStopped when the bucket or the database holds something else than the log of the head
 */
export async function publish(publishing: Publishing): Promise<Checkpoint | null> {
  const { database, store, log } = publishing;
  const { head, published } = await database.transaction(systemScope('sequencer'), async (tx) => ({
    head: await readHead(tx, log.origin),
    published:
      (
        await tx
          .select({ size: checkpoints.size })
          .from(checkpoints)
          .where(and(eq(checkpoints.origin, log.origin), isNotNull(checkpoints.publishedAt)))
          .orderBy(desc(checkpoints.size))
          .limit(1)
      )[0]?.size ?? 0n,
  }));
  const { size } = head.range;
  if (size === published) return null;
  const tiles = newTiles(published, size);
  for (const tile of tiles) await publishTile(publishing, tile);
  const checkpoint = { origin: log.origin, size, root: head.root };
  const note = await storeNote(publishing, checkpoint);
  await releaseNote(publishing, checkpoint, await cosigned(publishing, checkpoint, note));
  await dropPartials(store, log, tiles);
  return checkpoint;
}

async function publishTile({ database, store, log }: Publishing, tile: Tile): Promise<void> {
  const bytes = await database.transaction(systemScope('sequencer'), async (tx) => {
    const from = tile.index * 256n;
    const to = from + BigInt(tile.width);
    if (tile.level !== 'entries') {
      return concatBytes(await readHashes(tx, log.origin, { level: tile.level, from, to }));
    }
    const rows = await tx
      .select({ entry: auditLog.entry })
      .from(auditLog)
      .where(sql`${auditLog.origin} = ${log.origin} and ${auditLog.idx} >= ${from} and ${auditLog.idx} < ${to}`)
      .orderBy(auditLog.idx);
    if (rows.length !== tile.width) throw new LogStopped('damaged', 'rows of the log are missing');
    return encodeBundle(rows.map(({ entry }) => new TextEncoder().encode(entry)));
  });
  await putImmutable(store, `${log.prefix}/${tilePath(tile)}`, bytes);
}

/** The signing rule: the row is stored before the note leaves the process, to a witness or the bucket, and there is one root for a size. */
async function storeNote({ database, signer }: Publishing, checkpoint: Checkpoint): Promise<string> {
  const note = await signCheckpoint(checkpoint, signer);
  return database.transaction(systemScope('sequencer'), async (tx) => {
    await tx
      .insert(checkpoints)
      .values({ ...checkpoint, note })
      .onConflictDoNothing();
    const [row] = await tx
      .select()
      .from(checkpoints)
      .where(and(eq(checkpoints.origin, checkpoint.origin), eq(checkpoints.size, checkpoint.size)));
    if (row === undefined || !equalBytes(row.root, checkpoint.root)) {
      throw new LogStopped('forked', 'another root was signed for this size');
    }
    return row.note;
  });
}

async function cosigned(publishing: Publishing, checkpoint: Checkpoint, note: string): Promise<string> {
  const { database, store, log, witnessing } = publishing;
  if (witnessing === null) return note;
  const read = subtreesFromTiles(checkpoint.size, (tile) => readTile(store, log, tile));
  return cosign(witnessing, { database, checkpoint, note, read });
}

async function releaseNote(publishing: Publishing, checkpoint: Checkpoint, note: string): Promise<void> {
  const { database, store, log, signer } = publishing;
  const key = `${log.prefix}/checkpoint`;
  const there = await readCheckpoint(store, log, signer.key);
  if (there !== null && there.size > checkpoint.size) {
    throw new LogStopped('forked', 'the bucket holds a larger checkpoint than the database');
  }
  await store.replace(key, new TextEncoder().encode(note));
  await database.transaction(systemScope('sequencer'), async (tx) => {
    await tx
      .update(checkpoints)
      .set({ publishedAt: sql`now()`, note })
      .where(and(eq(checkpoints.origin, checkpoint.origin), eq(checkpoints.size, checkpoint.size)));
  });
}

/** A partial tile may go once the full one is there (C2SP tlog-tiles); otherwise each round would leave some for ever. */
async function dropPartials(store: ObjectStore, log: LogName, tiles: readonly Tile[]): Promise<void> {
  for (const tile of tiles) {
    if (tile.width !== tileWidth) continue;
    for await (const key of store.list(`${log.prefix}/${tilePath(tile)}.p/`)) await store.delete(key);
  }
}
