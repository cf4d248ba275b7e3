import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/audit/bytes.ts';
import { claimLog } from '../../src/audit/claim.ts';
import { openSealedDetail } from '../../src/audit/detail-sealer.ts';
import { findOwnSlice, listOwnSlices, readOwnEntries } from '../../src/audit/export-slice.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { publish } from '../../src/audit/publisher.ts';
import { reconcileLog } from '../../src/audit/restore.ts';
import { parseSliceFile, type SliceFile } from '../../src/audit/slice-file.ts';
import { openStatement, signStatement } from '../../src/audit/slice-statement.ts';
import { auditLog, logSlices } from '../../src/audit/tables.ts';
import { type SliceMemory, type SliceToVerify, verifySlice } from '../../src/audit/verify-slice.ts';
import { systemClock } from '../../src/clock.ts';
import {
  anEvent,
  append,
  appendMany,
  detailKey,
  type ExportOwn,
  exportOwn,
  exportToMemory,
  openTestLog,
  readerOf,
  resetTestLog,
  schoolA,
  schoolB,
  sequenceAll,
  type TestLog,
} from './test-log.ts';

const board = 'E114100000001';
const otherSchool = 'B199999999999';

let log: TestLog;
let admin: postgres.Sql;
beforeAll(async () => {
  log = await openTestLog();
  admin = postgres(log.test.adminUrl, { max: 1 });
});
beforeEach(async () => {
  log = await resetTestLog(log);
});
afterAll(async () => {
  await admin.end();
  await log.close();
});

/** A and B are schools of the board; the third has none above it. */
const boardOf = async (_tx: unknown, codes: readonly string[]) =>
  new Map(codes.filter((code) => code !== otherSchool).map((code) => [code, board]));

async function play(): Promise<void> {
  const claim = await claimLog(log.database, log.log.origin);
  await sequenceAll(log, claim, { ...systemClock, boardOf });
  await publish(log);
}

/** 150 entries of A and as many of the others in between. */
async function playMany(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await appendMany(log, 50);
    await appendMany(log, 30, { organisation: schoolB });
    await appendMany(log, 20, { organisation: otherSchool });
  }
  await play();
}

const ofBoard: ExportOwn = { owner: board, kind: 'board' };
const ofSchool: ExportOwn = { owner: schoolA, kind: 'school' };

async function verify(of: ExportOwn, more: Partial<SliceToVerify> = {}) {
  const files = more.files ?? [await exportOwn(log, of)];
  const read = more.read ?? readerOf(await exportToMemory(log, 'hashes'));
  return verifySlice({ read, logKey: log.signer.key, ...of, files, memory: null, ...more });
}

describe('own entries', () => {
  it.each([ofBoard, ofSchool])('verify against the public tiles, without a gap, for a $kind', async (of) => {
    await playMany();
    const verdict = await verify(of);
    expect(verdict).toMatchObject({ valid: true, findings: [], entries: of === ofBoard ? 240n : 150n });
    expect(verdict.entriesChecked).toBe(verdict.entries);
  });

  it('are gapless for each school although the entries of all of them lie mixed', async () => {
    await playMany();
    for (const [owner, entries] of [
      [schoolA, 150n],
      [schoolB, 90n],
      [otherSchool, 60n],
    ] as const) {
      expect(await verify({ owner, kind: 'school' })).toMatchObject({ valid: true, entries });
    }
    expect(await verify({ owner: otherSchool, kind: 'board' })).toMatchObject({ valid: true, entries: 60n });
  });

  it('go on from what was verified before, and only that has to be given', async () => {
    await playMany();
    const first = await verify(ofSchool);
    await appendMany(log, 50);
    await play();
    const rest = await exportOwn(log, { ...ofSchool, from: 151n });
    const second = await verify(ofSchool, { files: [rest], memory: first.memory });
    expect(second).toMatchObject({ valid: true, entriesChecked: 50n, entries: 200n });
    // Without the memory what came before is missing.
    expect((await verify(ofSchool, { files: [rest] })).findings[0]).toMatchObject({ code: 'slice.gap', missing: 1n });
  });

  it('may come in parts that overlap', async () => {
    await playMany();
    const whole = await exportOwn(log, ofBoard);
    const parts = [
      { ...whole, entries: whole.entries.slice(0, 120) },
      { ...whole, entries: whole.entries.slice(100) },
    ];
    expect(await verify(ofBoard, { files: parts })).toMatchObject({ valid: true, entries: 240n });
  });

  it('of version 1 that waited through an update keep their form, and are not counted for the school', async () => {
    await appendMany(log, 3);
    await admin`update audit_pending set body = replace(body, '"v":2', '"v":1')`;
    await appendMany(log, 2);
    await play();
    expect(await verify(ofBoard)).toMatchObject({ valid: true, entries: 5n });
    expect(await verify(ofSchool)).toMatchObject({ valid: true, entries: 2n });
  });

  it('have nothing in common for whoever has no key: no slice of a school shows in the log', async () => {
    await playMany();
    const slices = await admin`select slice, key, owner from log_slices where kind = 'school'`;
    const [rows] = await admin`select string_agg(entry, '') as text from audit_log`;
    const text = String(rows?.['text']);
    for (const { slice, key, owner } of slices) {
      for (const secret of [slice, (key as Buffer).toString('hex'), owner]) expect(text).not.toContain(secret);
    }
    const places = [...text.matchAll(/"schoolPlace":"([0-9a-f]{64})"/g)].map(([, place]) => place);
    expect(new Set(places).size).toBe(300);
  });

  it('are counted on after a restore of the database from the bucket', async () => {
    await appendMany(log, 5);
    await play();
    const slices = await admin`select * from log_slices`;
    const state = await admin`select * from log_state`;
    await appendMany(log, 270);
    await play();
    await admin`delete from audit_log where idx >= 5`;
    await admin`truncate log_nodes, log_state, log_slices`;
    await admin`delete from checkpoints where size > 5`;
    for (const row of state) await admin`insert into log_state ${admin(row)}`;
    for (const row of slices) await admin`insert into log_slices ${admin(row)}`;
    expect(await reconcileLog({ ...log, logKey: log.signer.key })).toBe(270);
    await appendMany(log, 2);
    await play();
    expect(await verify(ofSchool)).toMatchObject({ valid: true, entries: 277n });
    expect(await verify(ofBoard)).toMatchObject({ valid: true, entries: 277n });
  });
});

describe('who reads them', () => {
  it('L-11 is their own board and school alone, by row level security', async () => {
    await playMany();
    const scope = { actor: 'staff:1', school: schoolB };
    const seen = await log.database.transaction(scope, (tx) => tx.select().from(auditLog));
    expect(seen).toHaveLength(90);
    expect(await log.database.transaction(scope, (tx) => tx.select().from(logSlices))).toHaveLength(1);
    const [foreign] = await admin<{ slice: string }[]>`select slice from log_slices where owner = ${schoolA}`;
    const find = (slice: string) => log.database.transaction(scope, (tx) => findOwnSlice(tx, scope, slice));
    expect(await find(foreign?.slice ?? '')).toBeNull();
    expect(await find('0'.repeat(32))).toBeNull();
    const anonymous = await log.database.transaction({ actor: 'anonymous' }, (tx) => tx.select().from(auditLog));
    expect(anonymous).toEqual([]);
  });

  it('L-11 gives nothing through the name of another slice', async () => {
    await playMany();
    const [own] = await listOwnSlices(log.database, { actor: 'staff:1', school: schoolB });
    const [foreign] = await admin<{ slice: string }[]>`select slice from log_slices where owner = ${schoolA}`;
    if (own === undefined || foreign === undefined) throw new Error('slices');
    const slice = { ...own, slice: foreign.slice };
    const read = readOwnEntries(log.database, { actor: 'staff:1', school: schoolB }, { slice, from: 1n, to: 10n });
    expect(await read[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
  });
});

describe('what is found', () => {
  let file: SliceFile;
  beforeEach(async () => {
    await playMany();
    file = await exportOwn(log, ofSchool);
  });

  it.each([ofBoard, ofSchool])('L-07 an entry left out, for a $kind', async (of) => {
    const whole = await exportOwn(log, of);
    const verdict = await verify(of, { files: [{ ...whole, entries: whole.entries.toSpliced(40, 1) }] });
    expect(verdict.valid).toBe(false);
    expect(verdict.memory).toBeNull();
    expect(verdict.findings).toMatchObject([{ code: 'slice.gap', index: whole.entries[41]?.index, missing: 41n }]);
  });

  it('L-07 the last entries left out: the log has signed how many there are', async () => {
    const verdict = await verify(ofSchool, { files: [{ ...file, entries: file.entries.slice(0, -3) }] });
    expect(verdict.findings).toEqual([{ code: 'slice.short', missing: 148n }]);
  });

  it('L-07 a size that was signed too small: the next entry proves it', async () => {
    const opened = await openStatement(file.statement, log.signer.key);
    if (!opened.ok) throw new Error('statement');
    const statement = await signStatement({ ...opened.value, entries: 140n }, log.signer);
    const hidden = { ...file, statement, entries: file.entries.slice(0, 140) };
    // As long as nothing else of the slice comes out, this cannot be told from a shorter slice …
    const first = await verify(ofSchool, { files: [hidden] });
    expect(first).toMatchObject({ valid: true, entries: 140n });
    // … a receipt or the next entry shows it.
    const held = file.entries.slice(145, 146);
    expect((await verify(ofSchool, { files: [hidden], held })).findings).toEqual([
      { code: 'entry.withheld', index: held[0]?.index },
    ]);
    await appendMany(log, 1);
    await play();
    const next = await exportOwn(log, ofSchool);
    expect((await verify(ofSchool, { files: [hidden, next], memory: first.memory })).findings).toEqual([
      { code: 'slice.understated', index: file.entries[140]?.index },
    ]);
  });

  it('L-07 the end kept back for ever: the entry of the export itself does not come back', async () => {
    const at = new Date('2026-11-21T00:00:00.000Z');
    const echo = { nonce: 'a'.repeat(32), time: at.toISOString() };
    const memory: SliceMemory = { ...memoryOf(await verify(ofSchool)), echoes: [echo] };
    const after = async (hours: number) => {
      const clock = { now: () => new Date(at.getTime() + hours * 3_600_000) };
      return verify(ofSchool, { files: [await exportOwn(log, { ...ofSchool, clock })], memory });
    };
    expect(await after(1)).toMatchObject({ valid: true, awaited: 1 });
    expect((await after(5)).findings).toEqual([{ code: 'echo.missing', time: echo.time }]);
  });

  it('and the entry of the export is struck off once it has come back', async () => {
    const [appended] = await append(log, [anEvent()]);
    const echo = { nonce: appended?.body.nonce ?? '', time: appended?.body.time ?? '' };
    const waiting = await verify(ofSchool, { files: [{ ...file, echo }] });
    expect(waiting).toMatchObject({ valid: true, awaited: 1 });
    await play();
    expect(await verify(ofSchool, { memory: waiting.memory })).toMatchObject({ valid: true, awaited: 0 });
  });

  it('L-03 an entry edited, by its index', async () => {
    const entry = new TextEncoder().encode(
      new TextDecoder().decode(file.entries[7]?.entry).replace('deposited', 'withdrawn'),
    );
    const edited = file.entries.with(7, { index: file.entries[7]?.index ?? 0n, entry });
    const verdict = await verify(ofSchool, { files: [{ ...file, entries: edited }] });
    expect(verdict.findings).toEqual([{ code: 'entry.not-included', index: file.entries[7]?.index }]);
  });

  it('L-03 entries in another order, and one given twice', async () => {
    const [one, two] = [file.entries[7], file.entries[8]];
    if (one === undefined || two === undefined) throw new Error('entries');
    const swapped = file.entries.with(7, { ...one, entry: two.entry }).with(8, { ...two, entry: one.entry });
    const codes = new Set(
      (await verify(ofSchool, { files: [{ ...file, entries: swapped }] })).findings.map(({ code }) => code),
    );
    expect(codes).toEqual(new Set(['entry.not-included', 'slice.gap', 'slice.repeated']));
    const twice = file.entries.toSpliced(9, 0, { index: two.index + 1n, entry: one.entry });
    expect((await verify(ofSchool, { files: [{ ...file, entries: twice }] })).findings).toContainEqual(
      expect.objectContaining({ code: 'slice.repeated', seq: 8n }),
    );
  });

  it('an entry of somebody else among them', async () => {
    const foreign = await exportOwn(log, { owner: schoolB, kind: 'school' });
    const mixed = { ...file, entries: [...file.entries, ...foreign.entries.slice(0, 1)] };
    expect((await verify(ofSchool, { files: [mixed] })).findings).toEqual([
      { code: 'slice.foreign', index: foreign.entries[0]?.index },
    ]);
  });

  it('another slice than the one that was shown before, another owner, another key', async () => {
    const other = await exportOwn(log, { owner: schoolB, kind: 'school' });
    expect((await verify(ofSchool, { files: [other] })).findings).toContainEqual({ code: 'statement.other-owner' });
    const wrongKey = { ...file, key: other.key };
    expect((await verify(ofSchool, { files: [wrongKey] })).findings[0]).toEqual({ code: 'statement.other-key' });
    const memory = { ...memoryOf(await verify(ofSchool)), slice: '0'.repeat(32) };
    expect((await verify(ofSchool, { memory })).findings[0]).toMatchObject({ code: 'slice.changed' });
  });

  it('a statement that somebody else signed, or that is none', async () => {
    const forger = await openLogKey(log.log.origin, new Uint8Array(32));
    const opened = await openStatement(file.statement, log.signer.key);
    if (!opened.ok) throw new Error('statement');
    const forged = { ...file, statement: await signStatement(opened.value, forger) };
    expect((await verify(ofSchool, { files: [forged] })).findings).toEqual([
      { code: 'statement.refused', reason: 'note.unknown-key' },
    ]);
    const checkpoint = new TextDecoder().decode((await exportToMemory(log, 'hashes')).get('checkpoint'));
    expect((await verify(ofSchool, { files: [{ ...file, statement: checkpoint }] })).findings).toEqual([
      { code: 'statement.refused', reason: 'statement.malformed' },
    ]);
  });

  it('L-05 a statement over another history: split view between the tiles and the export', async () => {
    const opened = await openStatement(file.statement, log.signer.key);
    if (!opened.ok) throw new Error('statement');
    const checkpoint = { ...opened.value.checkpoint, size: 280n, root: new Uint8Array(32) };
    const statement = await signStatement({ ...opened.value, checkpoint }, log.signer);
    const { findings } = await verify(ofSchool, { files: [{ ...file, statement }] });
    expect(findings).toContainEqual({ code: 'statement.other-history', size: 280n });
  });

  it('L-04 a rewritten log, and a log that is shorter than the one seen before', async () => {
    const memory = memoryOf(await verify(ofSchool));
    await admin`truncate audit_log, log_nodes, log_state, log_slices, checkpoints`;
    for await (const key of log.store.list('log/')) await log.store.delete(key);
    await appendMany(log, 310);
    await play();
    const rewritten = await verify(ofSchool, { memory });
    expect(rewritten.findings.map(({ code }) => code)).toEqual(['older-checkpoint.inconsistent', 'slice.changed']);
    await admin`truncate audit_log, log_nodes, log_state, log_slices, checkpoints`;
    for await (const key of log.store.list('log/')) await log.store.delete(key);
    await appendMany(log, 20);
    await play();
    const rolledBack = await verify(ofSchool, { memory });
    expect(rolledBack.findings[0]).toEqual({ code: 'older-checkpoint.larger', size: 300n });
    expect(rolledBack.findings).toContainEqual({ code: 'slice.short', missing: 21n });
  });

  it('L-09 an altered, a short and a missing tile, by its path; a forged checkpoint', async () => {
    const files = await exportToMemory(log, 'hashes');
    for (const [path, bytes] of files) {
      if (path === 'checkpoint') continue;
      for (const spoilt of [bytes.with(10, (bytes[10] ?? 0) ^ 1), bytes.subarray(0, -32), undefined]) {
        const changed = new Map(files);
        if (spoilt === undefined) changed.delete(path);
        else changed.set(path, spoilt);
        const [first] = (await verify(ofBoard, { read: readerOf(changed) })).findings;
        // Of the right edge the root says that something is wrong, of all other tiles the one above.
        const expected = path.includes('.p/') && spoilt?.length === bytes.length ? { code: 'root.mismatch' } : { path };
        expect([path, first]).toEqual([path, expect.objectContaining(expected)]);
      }
    }
    const note = new TextDecoder().decode(files.get('checkpoint')).replace('300', '301');
    const forged = new Map(files).set('checkpoint', new TextEncoder().encode(note));
    expect((await verify(ofBoard, { read: readerOf(forged) })).findings).toEqual([
      { code: 'checkpoint.refused', reason: 'note.bad-signature' },
    ]);
  });

  it('a detail that is not what the entry committed to', async () => {
    const rows = await admin`select idx, sealed_detail from audit_log join audit_events on id = event_id
      where school_slice is not null and organisation = ${schoolA} order by idx limit 1`;
    const opened =
      openSealedDetail(detailKey, new Uint8Array(rows[0]?.['sealed_detail'] as Buffer)) ?? new Uint8Array();
    const index = BigInt(String(rows[0]?.['idx']));
    expect(await verify(ofSchool, { details: [{ index, opened }] })).toMatchObject({ valid: true });
    const other = concatBytes([opened, new Uint8Array(1)]);
    expect((await verify(ofSchool, { details: [{ index, opened: other }] })).findings).toEqual([
      { code: 'detail.other', index },
    ]);
    expect((await verify(ofSchool, { details: [{ index: 51n, opened }] })).findings).toEqual([
      { code: 'detail.unknown', index: 51n },
    ]);
  });
});

describe('an exported file', () => {
  it('that was cut off or is something else is refused, with the line', async () => {
    await appendMany(log, 2);
    await play();
    expect(parseSliceFile('')).toMatchObject({ ok: false, fault: { line: 1 } });
    expect(parseSliceFile('{"format":"hikitsugi-log@v1"}\n')).toMatchObject({ ok: false, fault: { line: 1 } });
    const head = '{"format":"hikitsugi-entries@v1","statement":"","key":null,"echo":null}\n';
    expect(parseSliceFile(head)).toMatchObject({ ok: true });
    expect(parseSliceFile(`${head}{"index":1,"entry":"x"}`)).toMatchObject({ ok: false, fault: { line: 2 } });
    expect(parseSliceFile(`${head}{"index":-1,"entry":"x"}\n`)).toMatchObject({ ok: false, fault: { line: 2 } });
  });
});

function memoryOf({ memory }: { readonly memory: SliceMemory | null }): SliceMemory {
  if (memory === null) throw new Error('nothing to remember');
  return memory;
}
