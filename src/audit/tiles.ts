import { ok, type Result, refuse } from '../result.ts';
import { concatBytes } from './bytes.ts';
import { hashNode } from './hash.ts';
import type { ReadSubtree } from './merkle-proof.ts';

/** A tile of the tree (C2SP tlog-tiles), or a bundle of entries; `width` 256 is a full one. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: bigint;
  readonly width: number;
}

export const tileWidth = 256;
export const maxEntryBytes = 65_535;

/** `tile/<L>/<N>[.p/<W>]`, e.g. index 1234067 as `x001/x234/067`. */
export function tilePath({ level, index, width }: Tile): string {
  const groups = [String(index % 1000n).padStart(3, '0')];
  for (let rest = index / 1000n; rest > 0n; rest /= 1000n) groups.unshift(`x${String(rest % 1000n).padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** Every tile and bundle that a tree of `to` leaves has and one of `from` leaves had not, or had narrower. */
export function newTiles(from: bigint, to: bigint): Tile[] {
  const tiles: Tile[] = [];
  for (const level of levelsOf(to)) {
    const span = 256n ** BigInt(level);
    const [had, has] = [from / span, to / span];
    if (had === has) continue;
    for (let index = had / 256n; index * 256n < has; index++) {
      const width = widthOf(index, has);
      tiles.push({ level, index, width });
      if (level === 0) tiles.push({ level: 'entries', index, width });
    }
  }
  return tiles;
}

/** Where the hashes of tile `index` of `level` end in a tree of `size` leaves: 0 (no such tile) to 256. */
export function tileWidthIn(level: number, index: bigint, size: bigint): number {
  return widthOf(index, size / 256n ** BigInt(level));
}

export function levelsOf(size: bigint): number[] {
  const levels: number[] = [];
  for (let span = 1n; span <= size; span *= 256n) levels.push(levels.length);
  return levels;
}

/** Big-endian uint16 length, then the entry, for each. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(
    entries.flatMap((entry) => {
      if (entry.length > maxEntryBytes) throw new RangeError('a log entry is longer than 65,535 bytes');
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

export function decodeBundle(bundle: Uint8Array): Result<Uint8Array[], 'bundle.truncated'> {
  const entries: Uint8Array[] = [];
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) return refuse('bundle.truncated');
    const end = at + 2 + view.getUint16(at);
    if (end > bundle.length) return refuse('bundle.truncated');
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return ok(entries);
}

export function splitTile(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / 32 }, (_, at) => tile.subarray(at * 32, at * 32 + 32));
}

/** A view of a tree of `size` leaves through its tiles, each read once; `read` must give exactly the tile asked for. */
export function subtreesFromTiles(size: bigint, read: (tile: Tile) => Promise<Uint8Array>): ReadSubtree {
  const seen = new Map<string, Promise<Uint8Array[]>>();
  const hashesOf = (tile: Tile): Promise<Uint8Array[]> => {
    const path = tilePath(tile);
    const known = seen.get(path) ?? read(tile).then(splitTile);
    seen.set(path, known);
    return known;
  };
  return async (height, index) => {
    const level = Math.floor(height / 8);
    const span = 1 << (height % 8);
    const first = index * BigInt(span);
    const tileIndex = first / 256n;
    const hashes = await hashesOf({ level, index: tileIndex, width: tileWidthIn(level, tileIndex, size) });
    const at = Number(first % 256n);
    return foldPerfect(hashes.slice(at, at + span), span);
  };
}

function foldPerfect(hashes: readonly Uint8Array[], span: number): Uint8Array {
  const [first] = hashes;
  if (first === undefined || hashes.length !== span) throw new RangeError('a tile is too narrow for this subtree');
  if (span === 1) return first;
  const half = span / 2;
  return hashNode(foldPerfect(hashes.slice(0, half), half), foldPerfect(hashes.slice(half), half));
}

function widthOf(index: bigint, hashesInLevel: bigint): number {
  const left = hashesInLevel - index * 256n;
  return left <= 0n ? 0 : left >= 256n ? tileWidth : Number(left);
}
