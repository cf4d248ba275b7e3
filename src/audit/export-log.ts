import type { ObjectStore } from '../objects/store.ts';
import type { LogName } from './log-name.ts';
import { LogStopped } from './log-state.ts';
import { readBundle, readCheckpoint, readTile } from './log-store.ts';
import type { VerifierKey } from './note.ts';
import { encodeBundle, newTiles, tilePath } from './tiles.ts';

export interface LogExport {
  readonly store: ObjectStore;
  readonly log: LogName;
  readonly logKey: VerifierKey;
  /** `hashes` leaves out the entries, which mix the boards: what may be public. */
  readonly what: 'everything' | 'hashes';
}

export interface LogFile {
  /** As in C2SP tlog-tiles: `checkpoint`, `tile/0/000.p/12`, `tile/entries/000.p/12`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files of a log as its newest published checkpoint covers them; the checkpoint comes first. */
export async function* exportLog({ store, log, logKey, what }: LogExport): AsyncIterable<LogFile> {
  const checkpoint = await readCheckpoint(store, log, logKey);
  if (checkpoint === null) throw new LogStopped('damaged', 'this log has not published anything yet');
  yield { path: 'checkpoint', bytes: new TextEncoder().encode(checkpoint.note) };
  for (const tile of newTiles(0n, checkpoint.size)) {
    if (what === 'hashes' && tile.level === 'entries') continue;
    const isBundle = tile.level === 'entries';
    const bytes = isBundle ? encodeBundle(await readBundle(store, log, tile)) : await readTile(store, log, tile);
    yield { path: tilePath(tile), bytes };
  }
}
