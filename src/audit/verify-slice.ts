import { equalBytes, fromHex } from './bytes.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { type LogEntry, parseEntry } from './entry.ts';
import { hashLeaf, sha256 } from './hash.ts';
import type { LogFinding } from './log-findings.ts';
import { noteFromBytes, type VerifierKey } from './note.ts';
import { schoolPlace, schoolSliceOf } from './school-place.ts';
import type { OwnEntry, SliceEcho, SliceFile } from './slice-file.ts';
import { openStatement, type SliceKind, type SliceStatement } from './slice-statement.ts';
import { openVerifiedTiles, type VerifiedTiles } from './verified-tiles.ts';
import { type LogReader, missingWitnesses } from './verify-log.ts';
import type { WitnessPolicy } from './witness-policy.ts';

/** What was established at the last time, and is never given up. */
export interface SliceMemory {
  /** The newest checkpoint verified, verbatim. */
  readonly checkpoint: string;
  readonly slice: string;
  /** Entries of the slice verified without a gap. */
  readonly entries: bigint;
  /** Exports whose own entries have not come back yet. */
  readonly echoes: readonly SliceEcho[];
}

export interface SliceToVerify {
  /** The public half of the log: checkpoint and tiles. */
  readonly read: LogReader;
  readonly logKey: VerifierKey;
  readonly policy?: WitnessPolicy;
  readonly kind: SliceKind;
  /** Code of the board or school. */
  readonly owner: string;
  /** What was exported to it; several where the slice was fetched in parts. */
  readonly files: readonly SliceFile[];
  readonly memory: SliceMemory | null;
  /** Entries that somebody holds by receipts. */
  readonly held?: readonly OwnEntry[];
  /** Salt and detail of entries that were disclosed. */
  readonly details?: readonly { readonly index: bigint; readonly opened: Uint8Array }[];
}

export interface SliceVerdict {
  readonly valid: boolean;
  readonly findings: readonly LogFinding[];
  readonly checkpoint: Checkpoint | null;
  /** Entries that were looked at now. */
  readonly entriesChecked: bigint;
  /** How many the slice has, by what was signed last and what was seen. */
  readonly entries: bigint;
  /** Exports whose own entries have still to come back, i.e. up to which the end of the slice is only signed. */
  readonly awaited: number;
  /** To be kept for the next time; null unless everything was right. */
  readonly memory: SliceMemory | null;
}

/**
 * What a board or a school checks of its own entries against the public tiles: signatures, witnesses, growth out of what it saw
 * before, that each entry lies where it should, that none is missing in between, and none at the end (ADR 42). Needs the tiles that
 * its entries lie in and those above them, not the whole log.
 */
export async function verifySlice(input: SliceToVerify): Promise<SliceVerdict> {
  const findings: LogFinding[] = [];
  const opened = await openHead(input, findings);
  if (opened === null) return verdictOf(findings, null);
  const { note, checkpoint } = opened;
  const tiles = await openVerifiedTiles(input.read, checkpoint, findings);
  await compareMemory(input, { tiles, checkpoint }, findings);
  const statements = await openStatements(input, { tiles, checkpoint }, findings);
  const [newest] = statements.toSorted((one, two) => Number(two.checkpoint.size - one.checkpoint.size));
  if (newest === undefined) return verdictOf(findings, checkpoint);
  const readNumber = numberReader(input, newest.slice);
  const own = await checkEntries(input, { slice: newest.slice, tiles, readNumber }, findings);
  compareStatements({ statements, newest, own, remembered: input.memory?.entries ?? 0n }, findings);
  compareHeld({ held: input.held ?? [], own, newest, readNumber }, findings);
  await includeHeld(input.held ?? [], tiles, findings);
  compareDetails(input.details ?? [], own, findings);
  const echoes = awaitedEchoes(input, { own, newest }, findings);
  const memory = { checkpoint: note, slice: newest.slice, entries: newest.entries, echoes };
  return { ...verdictOf(findings, checkpoint, memory), entriesChecked: BigInt(own.size), entries: newest.entries };
}

/** An own entry by its number in the slice. */
type Own = ReadonlyMap<bigint, OwnEntry & { readonly parsed: LogEntry }>;

function verdictOf(findings: readonly LogFinding[], checkpoint: Checkpoint | null, memory?: SliceMemory): SliceVerdict {
  const valid = findings.length === 0;
  return {
    valid,
    findings,
    checkpoint,
    entriesChecked: 0n,
    entries: 0n,
    awaited: memory?.echoes.length ?? 0,
    memory: valid ? (memory ?? null) : null,
  };
}

async function openHead(
  { read, logKey, policy }: SliceToVerify,
  findings: LogFinding[],
): Promise<{ readonly note: string; readonly checkpoint: Checkpoint } | null> {
  const bytes = await read('checkpoint');
  if (bytes === null) findings.push({ code: 'checkpoint.missing' });
  if (bytes === null) return null;
  const note = noteFromBytes(bytes) ?? '';
  const opened = await openCheckpoint(note, logKey);
  if (!opened.ok) {
    findings.push({ code: 'checkpoint.refused', reason: opened.fault });
    return null;
  }
  findings.push(...(await missingWitnesses(note, policy)));
  return { note, checkpoint: opened.value };
}

interface Tree {
  readonly tiles: VerifiedTiles;
  readonly checkpoint: Checkpoint;
}

/** The log must have grown out of what was seen: not shrunk, and not become another. */
async function compareMemory({ memory, logKey }: SliceToVerify, tree: Tree, findings: LogFinding[]): Promise<void> {
  if (memory === null) return;
  const older = await openCheckpoint(memory.checkpoint, logKey);
  if (!older.ok) findings.push({ code: 'older-checkpoint.refused', reason: older.fault });
  else
    await compareRoot(
      older.value,
      tree,
      { larger: 'older-checkpoint.larger', other: 'older-checkpoint.inconsistent' },
      findings,
    );
}

type RootCodes =
  | { readonly larger: 'older-checkpoint.larger'; readonly other: 'older-checkpoint.inconsistent' }
  | { readonly larger: 'statement.newer'; readonly other: 'statement.other-history' };

async function compareRoot(
  { size, root }: Checkpoint,
  { tiles, checkpoint }: Tree,
  codes: RootCodes,
  findings: LogFinding[],
): Promise<void> {
  if (size > checkpoint.size) findings.push({ code: codes.larger, size });
  if (size > checkpoint.size) return;
  const found = await tiles.rootAt(size);
  // Null: a tile is missing or altered, which has been said.
  if (found !== null && !equalBytes(found, root)) findings.push({ code: codes.other, size });
}

async function openStatements(input: SliceToVerify, tree: Tree, findings: LogFinding[]): Promise<SliceStatement[]> {
  const statements: SliceStatement[] = [];
  for (const { statement: note, key } of input.files) {
    const opened = await openStatement(note, input.logKey);
    if (!opened.ok) {
      findings.push({ code: 'statement.refused', reason: opened.fault });
      continue;
    }
    const statement = opened.value;
    if (statement.kind !== input.kind || statement.owner !== input.owner)
      findings.push({ code: 'statement.other-owner' });
    const isRightKey =
      statement.kind === 'board' ? key === null : key !== null && schoolSliceOf(key) === statement.slice;
    if (!isRightKey) findings.push({ code: 'statement.other-key' });
    const known = input.memory?.slice ?? statements[0]?.slice ?? statement.slice;
    if (statement.slice !== known) findings.push({ code: 'slice.changed', slice: statement.slice });
    const codes = { larger: 'statement.newer', other: 'statement.other-history' } as const;
    await compareRoot(statement.checkpoint, tree, codes, findings);
    statements.push(statement);
  }
  return statements;
}

/** Each entry in the tree, and the numbers without a gap, in the order of the log. */
async function checkEntries(
  input: SliceToVerify,
  {
    slice,
    tiles,
    readNumber,
  }: { readonly slice: string; readonly tiles: VerifiedTiles; readonly readNumber: ReadNumber },
  findings: LogFinding[],
): Promise<Own> {
  const own = new Map<bigint, OwnEntry & { readonly parsed: LogEntry }>();
  const all = input.files.flatMap(({ entries }) => entries);
  const ordered = all.toSorted((one, two) => (one.index < two.index ? -1 : one.index > two.index ? 1 : 0));
  const next = (input.memory?.entries ?? 0n) + 1n;
  let last: bigint | null = null;
  let before: OwnEntry | null = null;
  for (const given of ordered) {
    const { index, entry } = given;
    // Parts of an export may overlap.
    if (before !== null && before.index === index && equalBytes(before.entry, entry)) continue;
    before = given;
    const leaf = await tiles.leafAt(index);
    if (leaf === null || !equalBytes(leaf, hashLeaf(entry))) findings.push({ code: 'entry.not-included', index });
    const parsed = parseEntry(entry);
    if (!parsed.ok) findings.push({ code: 'entry.malformed', index });
    if (!parsed.ok) continue;
    const seq = readNumber(parsed.value);
    if (seq === null) findings.push({ code: 'slice.foreign', index });
    if (seq === null) continue;
    // What was verified before may be left out, or be given again.
    const expected: bigint = last === null ? (seq < next ? seq : next) : last + 1n;
    if (seq > expected) findings.push({ code: 'slice.gap', index, slice, missing: expected });
    if (seq < expected) findings.push({ code: 'slice.repeated', index, slice, seq });
    else last = seq;
    if (!own.has(seq)) own.set(seq, { ...given, parsed: parsed.value });
  }
  return own;
}

/** Reads the number of an entry in the slice; null when it is of another. */
type ReadNumber = (entry: LogEntry) => bigint | null;

/** How far behind the last entry given a school's receipts are looked for. */
const triedBeyond = 10_000;

function numberReader({ files, memory }: SliceToVerify, slice: string): ReadNumber {
  const key = files[0]?.key ?? null;
  if (key === null) return ({ boardSlice, boardSeq }) => (boardSlice === slice ? BigInt(boardSeq) : null);
  const given = files.reduce((sum, { entries }) => sum + entries.length, 0);
  const upTo = (memory?.entries ?? 0n) + BigInt(given + triedBeyond);
  const numbers = new Map<string, bigint>();
  for (let seq = 1n; seq <= upTo; seq++) numbers.set(schoolPlace(key, seq), seq);
  return ({ schoolPlace: place }) => (place === undefined ? null : (numbers.get(place) ?? null));
}

/** What the log signed of the slice's size holds of the entries: as many before the checkpoint, no fewer and no more. */
function compareStatements(
  given: {
    readonly statements: readonly SliceStatement[];
    readonly newest: SliceStatement;
    readonly own: Own;
    readonly remembered: bigint;
  },
  findings: LogFinding[],
): void {
  const { statements, newest, own, remembered } = given;
  const shown = [...own.keys()].reduce((most, seq) => (seq > most ? seq : most), remembered);
  if (newest.entries > shown) findings.push({ code: 'slice.short', missing: shown + 1n });
  // It was longer, and that was verified.
  if (newest.entries < remembered) findings.push({ code: 'slice.short', missing: newest.entries + 1n });
  for (const { entries, checkpoint } of statements) {
    const next = own.get(entries + 1n);
    if (next !== undefined && next.index < checkpoint.size) {
      findings.push({ code: 'slice.understated', index: next.index });
    }
  }
}

/** An entry that somebody holds a receipt of, is of this slice, was there when the size was signed, and was not given. */
function compareHeld(
  given: {
    readonly held: readonly OwnEntry[];
    readonly own: Own;
    readonly newest: SliceStatement;
    readonly readNumber: ReadNumber;
  },
  findings: LogFinding[],
): void {
  const { own, newest } = given;
  const first = [...own.keys()][0] ?? 1n;
  for (const { index, entry } of given.held) {
    const parsed = parseEntry(entry);
    const seq = parsed.ok ? given.readNumber(parsed.value) : null;
    if (seq === null || seq < first || index >= newest.checkpoint.size) continue;
    const shown = own.get(seq);
    if (shown === undefined || !equalBytes(shown.entry, entry)) findings.push({ code: 'entry.withheld', index });
  }
}

async function includeHeld(held: readonly OwnEntry[], tiles: VerifiedTiles, findings: LogFinding[]): Promise<void> {
  for (const { index, entry } of held.toSorted((one, two) => (one.index < two.index ? -1 : 1))) {
    const leaf = await tiles.leafAt(index);
    if (leaf === null || !equalBytes(leaf, hashLeaf(entry))) findings.push({ code: 'entry.not-included', index });
  }
}

function compareDetails(details: NonNullable<SliceToVerify['details']>, own: Own, findings: LogFinding[]): void {
  const byIndex = new Map([...own.values()].map((entry) => [entry.index, entry.parsed.commitment] as const));
  for (const { index, opened } of details) {
    const commitment = fromHex(byIndex.get(index) ?? '');
    if (!byIndex.has(index) || commitment === null) findings.push({ code: 'detail.unknown', index });
    else if (!equalBytes(sha256(opened), commitment)) findings.push({ code: 'detail.other', index });
  }
}

/** After that the log itself would have stopped, rather than leave an act out (`readLogHealth`). */
const echoDueMs = 4 * 3_600_000;

/** The exports that were logged and have not come back; one that was due is a finding. */
function awaitedEchoes(
  { files, memory }: SliceToVerify,
  { own, newest }: { readonly own: Own; readonly newest: SliceStatement },
  findings: LogFinding[],
): SliceEcho[] {
  const nonces = new Set([...own.values()].map(({ parsed }) => parsed.nonce));
  const asked = [...(memory?.echoes ?? []), ...files.flatMap(({ echo }) => (echo === null ? [] : [echo]))];
  const open = new Map(asked.filter(({ nonce }) => !nonces.has(nonce)).map((echo) => [echo.nonce, echo] as const));
  for (const { time } of open.values()) {
    if (newest.time.getTime() - Date.parse(time) > echoDueMs) findings.push({ code: 'echo.missing', time });
  }
  return [...open.values()];
}
