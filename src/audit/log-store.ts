import type { ObjectStore } from '../objects/store.ts';
import { equalBytes, oneChunk, readAll } from './bytes.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { LogName } from './log-name.ts';
import { LogStopped } from './log-state.ts';
import { noteFromBytes, type VerifierKey } from './note.ts';
import { decodeBundle, type Tile, tilePath, tileWidth } from './tiles.ts';

/** A checkpoint that has been verified, with its note verbatim. */
export interface PublishedCheckpoint extends Checkpoint {
  readonly note: string;
}

/** The bucket's checkpoint; null when there is none. One that is not ours stops the log. */
export async function readCheckpoint(
  store: ObjectStore,
  log: LogName,
  logKey: VerifierKey,
): Promise<PublishedCheckpoint | null> {
  const body = await store.get(`${log.prefix}/checkpoint`);
  if (body === null) return null;
  const note = noteFromBytes(await readAll(body)) ?? '';
  const opened = await openCheckpoint(note, logKey);
  if (!opened.ok) throw new LogStopped('forked', `the bucket's checkpoint is refused: ${opened.fault}`);
  return { ...opened.value, note };
}

/** Create only; what is there already must be the same. */
export async function putImmutable(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  if ((await store.put(key, oneChunk(bytes), { bytes: bytes.length })) === 'stored') return;
  const there = await store.get(key);
  if (there !== null && equalBytes(await readAll(there), bytes)) return;
  throw new LogStopped('forked', `the bucket holds other bytes at ${key}`);
}

/** A tile's bytes; a partial one may have given way to the full one, of which it was the beginning. */
export async function readTile(store: ObjectStore, log: LogName, tile: Tile): Promise<Uint8Array> {
  const body =
    (await store.get(`${log.prefix}/${tilePath(tile)}`)) ??
    (await store.get(`${log.prefix}/${tilePath({ ...tile, width: tileWidth })}`));
  if (body === null) throw new LogStopped('damaged', `the bucket has lost ${tilePath(tile)}`);
  const bytes = await readAll(body);
  return tile.level === 'entries' ? bytes : bytes.subarray(0, 32 * tile.width);
}

/** The entries of one bundle, as many as the tile is wide. */
export async function readBundle(store: ObjectStore, log: LogName, tile: Tile): Promise<Uint8Array[]> {
  const entries = decodeBundle(await readTile(store, log, tile));
  if (!entries.ok || entries.value.length < tile.width) {
    throw new LogStopped('damaged', `the bucket's ${tilePath(tile)} is not a bundle of ${tile.width} entries`);
  }
  return entries.value.slice(0, tile.width);
}
