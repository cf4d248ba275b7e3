import { equalBytes } from './bytes.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { parseEntry } from './entry.ts';
import { hashLeaf } from './hash.ts';
import type { LogFinding } from './log-findings.ts';
import { appendLeaves, type CompactRange, emptyRange, rootOf } from './merkle.ts';
import { noteFromBytes, type VerifierKey } from './note.ts';
import { createSliceCounts, type SliceCounts } from './slice-counts.ts';
import { decodeBundle, levelsOf, splitTile, type Tile, tilePath, tileWidth, tileWidthIn } from './tiles.ts';
import { cosigners, type WitnessPolicy } from './witness-policy.ts';

/** An exported log: a folder, one file, or a web server. Paths as in C2SP tlog-tiles; null when there is no such file. */
export type LogReader = (path: string) => Promise<Uint8Array | null>;

export interface LogToVerify {
  readonly read: LogReader;
  readonly logKey: VerifierKey;
  /** A checkpoint of this log seen earlier: the log must have grown out of exactly that. */
  readonly olderCheckpoint?: string;
  /** Whose cosignatures the checkpoint has to carry; nobody's where none is given. */
  readonly policy?: WitnessPolicy;
  /** Entries that somebody holds, e.g. out of receipts or a board's own: each must lie at its index. */
  readonly entries?: readonly { readonly index: bigint; readonly entry: Uint8Array }[];
}

export interface LogVerdict {
  readonly valid: boolean;
  readonly checkpoint: Checkpoint | null;
  readonly findings: readonly LogFinding[];
  /** Entries whose bytes were there and have been checked; a board's export has the hashes of the others only. */
  readonly entriesChecked: bigint;
  /** Entries by slice: boardSeq ran from 1 to this. */
  readonly slices: ReadonlyMap<string, bigint>;
}

/**
 * Checks an exported log offline: the signature of its checkpoint, the whole tree from the leaves up, that an older
 * checkpoint is its beginning, that given entries are in it, and that no slice has a gap. Findings name the place.
 */
export async function verifyLog(log: LogToVerify): Promise<LogVerdict> {
  const opened = await openExportedCheckpoint(log);
  if ('code' in opened) return verdictOf(null, [opened]);
  const note = await log.read('checkpoint');
  const findings = await missingWitnesses(note === null ? '' : (noteFromBytes(note) ?? ''), log.policy);
  const older = await openOlder(log, opened, findings);
  const walk = await walkTree(log, opened, { older, findings });
  if (!equalBytes(rootOf(walk.range), opened.root)) findings.push({ code: 'root.mismatch', size: opened.size });
  await compareUpperTiles(log.read, walk, findings);
  return verdictOf(opened, findings, walk);
}

/** Whether enough witnesses of a policy have cosigned; without a policy nobody's cosignature is wanted. */
export async function missingWitnesses(note: string, policy: WitnessPolicy | undefined): Promise<LogFinding[]> {
  if (policy === undefined) return [];
  const by = await cosigners(note, policy);
  if (policy.isQuorum(by)) return [];
  return [{ code: 'quorum.missing', cosigned: by.map(({ name }) => name).join(',') }];
}

interface Walk {
  range: CompactRange;
  readonly counts: SliceCounts;
  /** Roots of full tiles as computed, by level and index. */
  readonly nodes: Map<string, Uint8Array>;
}

function verdictOf(checkpoint: Checkpoint | null, findings: readonly LogFinding[], walk?: Walk): LogVerdict {
  const slices = walk?.counts.slices() ?? new Map<string, bigint>();
  return {
    valid: findings.length === 0,
    checkpoint,
    findings,
    entriesChecked: walk?.counts.entries() ?? 0n,
    slices,
  };
}

async function openExportedCheckpoint({ read, logKey }: LogToVerify): Promise<Checkpoint | LogFinding> {
  const bytes = await read('checkpoint');
  if (bytes === null) return { code: 'checkpoint.missing' };
  const opened = await openCheckpoint(noteFromBytes(bytes) ?? '', logKey);
  return opened.ok ? opened.value : { code: 'checkpoint.refused', reason: opened.fault };
}

async function openOlder(log: LogToVerify, newer: Checkpoint, findings: LogFinding[]): Promise<Checkpoint | null> {
  if (log.olderCheckpoint === undefined) return null;
  const opened = await openCheckpoint(log.olderCheckpoint, log.logKey);
  if (!opened.ok) {
    findings.push({ code: 'older-checkpoint.refused', reason: opened.fault });
    return null;
  }
  if (opened.value.size <= newer.size) return opened.value;
  findings.push({ code: 'older-checkpoint.larger', size: opened.value.size });
  return null;
}

async function walkTree(
  log: LogToVerify,
  { size }: Checkpoint,
  { older, findings }: { readonly older: Checkpoint | null; readonly findings: LogFinding[] },
): Promise<Walk> {
  const walk: Walk = { range: emptyRange, counts: createSliceCounts(findings), nodes: new Map() };
  const isInside = ({ index }: { readonly index: bigint }): boolean => index >= 0n && index < size;
  const held = Map.groupBy((log.entries ?? []).filter(isInside), ({ index }) => index / 256n);
  compareOlder(older, walk.range, findings);
  for (let index = 0n; index * 256n < size; index++) {
    const leaves = await readLeaves(log.read, { level: 0, index, width: tileWidthIn(0, index, size) }, findings);
    if (leaves === null) return walk;
    await checkBundle(log.read, { level: 'entries', index, width: leaves.length }, { leaves, walk, findings });
    for (const { index: at, entry } of held.get(index) ?? []) {
      const leaf = leaves[Number(at % 256n)];
      if (leaf === undefined || !equalBytes(leaf, hashLeaf(entry))) {
        findings.push({ code: 'entry.not-included', index: at });
      }
    }
    growWith(walk, leaves, { older, findings });
  }
  for (const entry of log.entries ?? []) {
    if (!isInside(entry)) findings.push({ code: 'entry.not-included', index: entry.index });
  }
  return walk;
}

function growWith(
  walk: Walk,
  leaves: readonly Uint8Array[],
  { older, findings }: { readonly older: Checkpoint | null; readonly findings: LogFinding[] },
): void {
  const keep = (height: number, index: bigint, hash: Uint8Array): void => {
    if (height > 0 && height % 8 === 0) walk.nodes.set(`${height / 8}/${index}`, hash);
  };
  const start = walk.range.size;
  const cut = older === null || older.size <= start ? 0 : Number(older.size - start);
  walk.range = appendLeaves(walk.range, leaves.slice(0, cut), keep);
  if (cut > 0) compareOlder(older, walk.range, findings);
  walk.range = appendLeaves(walk.range, leaves.slice(cut), keep);
}

/** The older root, recomputed from this log's leaves: stronger than a consistency proof, and no more work here. */
function compareOlder(older: Checkpoint | null, range: CompactRange, findings: LogFinding[]): void {
  if (older === null || older.size !== range.size || equalBytes(older.root, rootOf(range))) return;
  findings.push({ code: 'older-checkpoint.inconsistent', size: older.size });
}

async function readLeaves(read: LogReader, tile: Tile, findings: LogFinding[]): Promise<Uint8Array[] | null> {
  const bytes = await readWide(read, tile);
  const path = tilePath(tile);
  if (bytes === null) {
    findings.push({ code: 'tile.missing', path });
    return null;
  }
  if (bytes.length < 32 * tile.width || bytes.length % 32 !== 0 || bytes.length > 32 * tileWidth) {
    findings.push({ code: 'tile.malformed', path });
    return null;
  }
  return splitTile(bytes).slice(0, tile.width);
}

async function checkBundle(
  read: LogReader,
  tile: Tile,
  { leaves, walk, findings }: { readonly leaves: readonly Uint8Array[]; readonly walk: Walk; findings: LogFinding[] },
): Promise<void> {
  const bytes = await readWide(read, tile);
  // A board's export has the tree's hashes and its own entries, no bundles.
  if (bytes === null) return;
  const bundle = decodeBundle(bytes);
  if (!bundle.ok) findings.push({ code: 'tile.malformed', path: tilePath(tile) });
  const entries = bundle.ok ? bundle.value : [];
  leaves.forEach((leaf, at) => {
    const index = tile.index * 256n + BigInt(at);
    const entry = entries[at];
    if (entry === undefined) {
      if (bundle.ok) findings.push({ code: 'entry.missing', index });
      return;
    }
    if (!equalBytes(leaf, hashLeaf(entry))) findings.push({ code: 'entry.altered', index });
    const parsed = parseEntry(entry);
    if (parsed.ok) walk.counts.see(index, parsed.value);
    else findings.push({ code: 'entry.malformed', index });
  });
}

async function compareUpperTiles(read: LogReader, { range, nodes }: Walk, findings: LogFinding[]): Promise<void> {
  for (const level of levelsOf(range.size).filter((level) => level > 0)) {
    const hashes = range.size / 256n ** BigInt(level);
    for (let index = 0n; index * 256n < hashes; index++) {
      const tile = { level, index, width: tileWidthIn(level, index, range.size) };
      const leaves = await readLeaves(read, tile, findings);
      const isRight = leaves?.every((hash, at) => {
        const computed = nodes.get(`${level}/${index * 256n + BigInt(at)}`);
        return computed !== undefined && equalBytes(computed, hash);
      });
      if (isRight === false) findings.push({ code: 'tile.mismatch', path: tilePath(tile) });
    }
  }
}

/** A partial tile may have given way to the full one. */
async function readWide(read: LogReader, tile: Tile): Promise<Uint8Array | null> {
  return (await read(tilePath(tile))) ?? (await read(tilePath({ ...tile, width: tileWidth })));
}
