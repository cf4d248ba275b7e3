import { equalBytes } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { LogFinding } from './log-findings.ts';
import { appendLeaves, emptyRange, rootOf } from './merkle.ts';
import { levelsOf, splitTile, type Tile, tilePath, tileWidth, tileWidthIn } from './tiles.ts';
import type { LogReader } from './verify-log.ts';

/** The tiles of a log that are needed, each verified against the root of a checkpoint before its hashes are given. */
export interface VerifiedTiles {
  /** The leaf hash of an entry; null where its tile, or one above it, is missing or altered. */
  leafAt(index: bigint): Promise<Uint8Array | null>;
  /** The root that the first `size` leaves have; null as above. */
  rootAt(size: bigint): Promise<Uint8Array | null>;
}

/**
 * Verifies as much of the tree as somebody needs who holds few of its entries: tiles on the right edge by the signed root, every
 * other tile by the hash that the tile above has of it. What is wrong is named once, by its path. Reads each tile about once as long
 * as indices are asked for in their order, and holds one of each level.
 */
export async function openVerifiedTiles(
  read: LogReader,
  { size, root }: Checkpoint,
  findings: LogFinding[],
): Promise<VerifiedTiles> {
  const bad = new Set<string>();
  const latest = new Map<number, { readonly index: bigint; readonly hashes: readonly Uint8Array[] }>();
  const edges = new Map<number, { readonly index: bigint; readonly hashes: readonly Uint8Array[] }>();

  const complain = (code: 'tile.missing' | 'tile.malformed' | 'tile.mismatch', tile: Tile): null => {
    const path = tilePath(tile);
    if (!bad.has(path)) findings.push({ code, path });
    bad.add(path);
    return null;
  };

  const fetchTile = async (tile: Tile): Promise<readonly Uint8Array[] | null> => {
    const bytes = await readWide(read, tile);
    if (bytes === null) return complain('tile.missing', tile);
    const isTile = bytes.length >= 32 * tile.width && bytes.length % 32 === 0 && bytes.length <= 32 * tileWidth;
    return isTile ? splitTile(bytes).slice(0, tile.width) : complain('tile.malformed', tile);
  };

  const hashesOf = async (level: number, index: bigint): Promise<readonly Uint8Array[] | null> => {
    const known = [edges.get(level), latest.get(level)].find((tile) => tile?.index === index);
    if (known !== undefined) return known.hashes;
    const tile = { level, index, width: tileWidth };
    if (bad.has(tilePath(tile)) || tileWidthIn(level, index, size) !== tileWidth) return null;
    const above = await hashesOf(level + 1, index / 256n);
    const expected = above?.[Number(index % 256n)];
    if (expected === undefined) return null;
    const hashes = await fetchTile(tile);
    if (hashes === null) return null;
    if (!equalBytes(rootOf(appendLeaves(emptyRange, hashes)), expected)) return complain('tile.mismatch', tile);
    latest.set(level, { index, hashes });
    return hashes;
  };

  const rootAt = async (upTo: bigint, tileAt: typeof hashesOf): Promise<Uint8Array | null> => {
    const hashes: Uint8Array[] = [];
    for (const level of levelsOf(upTo).toReversed()) {
      const end = upTo / 256n ** BigInt(level);
      const width = Number(end % 256n);
      const tile = width === 0 ? [] : await tileAt(level, end / 256n);
      if (tile === null) return null;
      hashes.push(...appendLeaves(emptyRange, tile.slice(0, width)).hashes);
    }
    return rootOf({ size: upTo, hashes });
  };

  const found = await rootAt(size, async (level, index) => {
    const hashes = await fetchTile({ level, index, width: tileWidthIn(level, index, size) });
    if (hashes !== null) edges.set(level, { index, hashes });
    return hashes;
  });
  if (found !== null && !equalBytes(found, root)) findings.push({ code: 'root.mismatch', size });
  // Nothing can be believed of a tree whose edge does not lead to its root.
  if (found === null || !equalBytes(found, root)) return { leafAt: async () => null, rootAt: async () => null };
  return {
    leafAt: async (index) => (await hashesOf(0, index / 256n))?.[Number(index % 256n)] ?? null,
    rootAt: async (upTo) => (upTo > size ? null : rootAt(upTo, hashesOf)),
  };
}

/** A partial tile may have given way to the full one. */
async function readWide(read: LogReader, tile: Tile): Promise<Uint8Array | null> {
  return (await read(tilePath(tile))) ?? (await read(tilePath({ ...tile, width: tileWidth })));
}
