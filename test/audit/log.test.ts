import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src/audit/bytes.ts';
import { claimIdleLog, claimLog, releaseClaim } from '../../src/audit/claim.ts';
import { revealDetail } from '../../src/audit/detail.ts';
import { openSealedDetail } from '../../src/audit/detail-sealer.ts';
import { EntryNotLoggable } from '../../src/audit/entry.ts';
import { exportLog } from '../../src/audit/export-log.ts';
import { openPackedLog, packLog } from '../../src/audit/log-file.ts';
import { openLogFolder, writeLogFolder } from '../../src/audit/log-folder.node.ts';
import { readLogHealth } from '../../src/audit/log-health.ts';
import { findProof } from '../../src/audit/proof.ts';
import { parseProof, verifyProof } from '../../src/audit/proof-text.ts';
import { publish } from '../../src/audit/publisher.ts';
import { reconcileLog } from '../../src/audit/restore.ts';
import { sequence } from '../../src/audit/sequencer.ts';
import { decodeBundle, encodeBundle } from '../../src/audit/tiles.ts';
import { verifyLog } from '../../src/audit/verify-log.ts';
import { systemClock } from '../../src/clock.ts';
import {
  anEvent,
  append,
  appendMany,
  detailKey,
  exportToMemory,
  openTestLog,
  playLog,
  readerOf,
  resetTestLog,
  schoolA,
  schoolB,
  sequenceAll,
  storeThatDies,
  type TestLog,
} from './test-log.ts';

let log: TestLog;
let admin: postgres.Sql;
beforeAll(async () => {
  log = await openTestLog();
  // The operator with all rights, looking past the policies.
  admin = postgres(log.test.adminUrl, { max: 1 });
});
beforeEach(async () => {
  log = await resetTestLog(log);
});
afterAll(async () => {
  await admin.end();
  await log.close();
});

describe('appending', () => {
  it('is undone together with the act', async () => {
    const failing = log.database.transaction({ actor: 'staff:1', school: schoolA }, async (tx) => {
      await append({ ...log, database: { ...log.database, transaction: (_scope, work) => work(tx) } }, [anEvent()]);
      throw new Error('the act fails');
    });
    await expect(failing).rejects.toThrow('the act fails');
    expect(await admin`select 1 from audit_events union all select 1 from audit_pending`).toHaveLength(0);
  });

  it('writes no name, school code, case or detail into the entry, and commits to all of them', async () => {
    const [appended] = await append(log, [anEvent({ caseId: 'case-77' })]);
    await playLog(log);
    const [row] = await admin`select entry, sealed_detail from audit_log join audit_events on id = event_id`;
    const entry = String(row?.['entry']);
    for (const secret of [schoolA, 'case-77', '髙橋', '𠮷野']) expect(entry).not.toContain(secret);
    const plaintext = openSealedDetail(detailKey, new Uint8Array(row?.['sealed_detail'] as Buffer));
    const commitment = fromHex(appended?.body.commitment ?? '') ?? new Uint8Array();
    expect(revealDetail(plaintext ?? new Uint8Array(), commitment)).toMatchObject({
      eventId: appended?.eventId,
      organisation: schoolA,
      caseId: 'case-77',
      detail: { pupil: '髙橋 𠮷野' },
    });
  });

  it('gives equal events leaves that differ', async () => {
    const event = anEvent({ token: 'a'.repeat(32) });
    await append(log, [event, event]);
    await playLog(log);
    expect(await admin`select distinct leaf from audit_log`).toHaveLength(2);
  });

  it('L-08 refuses an entry of more than 65,535 bytes when it is made', async () => {
    await expect(append(log, [anEvent({ purpose: 'x'.repeat(65_536) })])).rejects.toThrow(EntryNotLoggable);
    expect(await admin`select 1 from audit_pending`).toHaveLength(0);
  });

  it.each([{ actorRole: '髙橋' }, { purpose: 'two words' }, { objectDigest: 'abc' }, { token: 'short' }])(
    'refuses free text: %j',
    async (more) => {
      await expect(append(log, [anEvent(more)])).rejects.toThrow(EntryNotLoggable);
    },
  );

  it('shows an event to its own school, and to another only where the caller says so', async () => {
    await append(log, [anEvent({ caseId: 'a' }), anEvent({ caseId: 'b', visibleTo: [schoolB] })]);
    const seenBy = async (scope: { actor: string; school?: string }) => {
      const source = { ...log, logOf: async () => ({ log: log.log, key: log.signer.key }) };
      await playLog(log);
      const ids = await admin`select id, case_id from audit_events order by case_id`;
      const proofs = await Promise.all(ids.map((row) => findProof(source, scope, String(row['id']))));
      return proofs.map((proof) => proof !== null);
    };
    expect(await seenBy({ actor: 'staff:1', school: schoolA })).toEqual([true, true]);
    expect(await seenBy({ actor: 'staff:2', school: schoolB })).toEqual([false, true]);
    expect(await seenBy({ actor: 'staff:3', school: 'Z000000000000' })).toEqual([false, false]);
    expect(await seenBy({ actor: 'anonymous' })).toEqual([false, false]);
  });
});

describe('sequencing and publishing', () => {
  it('puts every event of many rounds into a log that verifies', async () => {
    for (const count of [1, 7, 255, 300, 1]) {
      await appendMany(log, count);
      await appendMany(log, 2, { organisation: schoolB, side: 'recipient' });
      await playLog(log);
    }
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict).toMatchObject({ valid: true, findings: [], entriesChecked: 574n });
    expect([...verdict.slices.values()].toSorted((a, b) => Number(a - b))).toEqual([10n, 564n]);
  });

  it('takes an event that commits late in a later round, though its id is lower', async () => {
    const claim = await claimLog(log.database, log.log.origin);
    const [written, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const late = log.database.transaction({ actor: 'staff:1', school: schoolA }, async (tx) => {
      await append({ ...log, database: { ...log.database, transaction: (_scope, work) => work(tx) } }, [anEvent()]);
      written.resolve();
      await released.promise;
    });
    await written.promise;
    await appendMany(log, 3);
    expect(await sequenceAll(log, claim)).toBe(3);
    released.resolve();
    await late;
    expect(await sequenceAll(log, claim)).toBe(1);
  });

  it('asks the directory which board a slice is of', async () => {
    await appendMany(log, 2);
    await appendMany(log, 2, { organisation: schoolB });
    const claim = await claimLog(log.database, log.log.origin);
    const boardOf = async (_tx: unknown, codes: readonly string[]) => new Map(codes.map((code) => [code, 'board-1']));
    await sequence(log.database, claim, { clock: systemClock, boardOf });
    expect(await admin`select distinct slice from audit_log`).toHaveLength(1);
    expect(await admin`select distinct school_slice from audit_log`).toHaveLength(2);
  });

  it('L-01 of two sequencers one stops, and nothing forks', async () => {
    await appendMany(log, 5);
    const first = await claimLog(log.database, log.log.origin);
    const second = await claimLog(log.database, log.log.origin);
    await expect(sequence(log.database, first, { clock: systemClock })).rejects.toMatchObject({ reason: 'taken-over' });
    expect(await admin`select 1 from audit_pending`).toHaveLength(5);
    expect(await sequence(log.database, second, { clock: systemClock })).toBe(5);
  });

  it('L-01 the rounds of sequencers that race leave one log without gaps', async () => {
    await appendMany(log, 400);
    const claims = [await claimLog(log.database, log.log.origin), await claimLog(log.database, log.log.origin)];
    const rounds = Array.from({ length: 8 }, async (_, at) => {
      const claim = claims[at % 2];
      if (claim !== undefined) await sequence(log.database, claim, { clock: systemClock, limit: 60 });
    });
    const outcomes = await Promise.allSettled(rounds);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await playLog(log);
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict).toMatchObject({ valid: true, entriesChecked: 400n });
  });

  it('leaves a log that is in use alone, and takes over one that is released or silent', async () => {
    const claim = await claimLog(log.database, log.log.origin);
    expect(await claimIdleLog(log.database, log.log.origin, 60_000)).toBeNull();
    await releaseClaim(log.database, claim);
    expect(await claimIdleLog(log.database, log.log.origin, 60_000)).not.toBeNull();
  });

  it('F-22 stops when the clock goes back, and loses nothing', async () => {
    await appendMany(log, 1);
    const claim = await playLog(log);
    await appendMany(log, 1);
    const past = { now: () => new Date(Date.now() - 60_000) };
    await expect(sequence(log.database, claim, { clock: past })).rejects.toMatchObject({ reason: 'clock-went-back' });
    expect(await sequence(log.database, claim, { clock: systemClock })).toBe(1);
  });

  it('L-02 derives the same bytes again, wherever publishing is killed', async () => {
    await appendMany(log, 300);
    await playLog(log);
    await appendMany(log, 230);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    let killed = 0;
    for (let write = 1; ; write++) {
      const outcome = await publish({ ...log, store: storeThatDies(log.store, write) }).catch(() => 'killed');
      if (outcome !== 'killed') break;
      killed += 1;
    }
    expect(killed).toBeGreaterThanOrEqual(6);
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict).toMatchObject({ valid: true, entriesChecked: 530n });
  });

  it('L-02 stops when the bucket holds other bytes than the log derives', async () => {
    await appendMany(log, 3);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    await log.store.put(
      'log/2026/tile/0/000.p/3',
      (async function* () {
        yield new Uint8Array(96);
      })(),
    );
    await expect(publish(log)).rejects.toMatchObject({ reason: 'forked' });
    expect(await log.store.head('log/2026/checkpoint')).toBeNull();
  });

  it('L-05 signs no second root for a size', async () => {
    await appendMany(log, 3);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    await admin`insert into checkpoints (origin, size, root, note) values (${log.log.origin}, 3, ${Buffer.alloc(32)}, '')`;
    await expect(publish(log)).rejects.toMatchObject({ reason: 'forked' });
  });
});

describe('starting', () => {
  it('replays from the bucket what a restored database has lost', async () => {
    await appendMany(log, 300);
    await playLog(log);
    const before = await admin`select * from log_state`;
    const slices = await admin`select * from log_slices`;
    await appendMany(log, 2);
    const pending = await admin`select event_id, organisation, body from audit_pending`;
    await playLog(log);
    await appendMany(log, 260, { organisation: schoolB });
    await playLog(log);
    await rollBackTo({ size: 300, state: before, slices, pending });
    const claim = await claimLog(log.database, log.log.origin);
    expect(await reconcileLog({ ...log, logKey: log.signer.key })).toBe(262);
    // What was pending at the backup is in the log already.
    expect(await sequenceAll(log, claim)).toBe(0);
    await appendMany(log, 4);
    await playLog(log);
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict).toMatchObject({ valid: true, entriesChecked: 566n });
  });

  async function rollBackTo(backup: {
    size: number;
    state: readonly postgres.Row[];
    slices: readonly postgres.Row[];
    pending: readonly postgres.Row[];
  }): Promise<void> {
    await admin`delete from audit_log where idx >= ${backup.size}`;
    await admin`delete from log_nodes where idx >= ${Math.floor(backup.size / 256)}`;
    await admin`delete from checkpoints where size > ${backup.size}`;
    await admin`truncate log_state, log_slices, audit_pending`;
    for (const row of backup.state) await admin`insert into log_state ${admin(row)}`;
    for (const row of backup.slices) await admin`insert into log_slices ${admin(row)}`;
    for (const row of backup.pending) await admin`insert into audit_pending ${admin(row)}`;
  }

  it('refuses a database that is no beginning of the log in the bucket', async () => {
    await appendMany(log, 10);
    await playLog(log);
    await admin`truncate audit_log, log_nodes, log_state, log_slices, checkpoints`;
    await appendMany(log, 3);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    await expect(reconcileLog({ ...log, logKey: log.signer.key })).rejects.toMatchObject({ reason: 'forked' });
    expect(await admin`select 1 from audit_log`).toHaveLength(3);
  });

  it('refuses another root of the same size, and a bucket that lost its checkpoint', async () => {
    await appendMany(log, 3);
    await playLog(log);
    const reconcile = () => reconcileLog({ ...log, logKey: log.signer.key });
    expect(await reconcile()).toBe(0);
    await admin`update checkpoints set root = ${Buffer.alloc(32)}`;
    await expect(reconcile()).rejects.toMatchObject({ reason: 'forked' });
    await log.store.delete('log/2026/checkpoint');
    await expect(reconcile()).rejects.toMatchObject({ reason: 'forked' });
  });

  it('verifies the right edge: a changed leaf there is seen at the claim', async () => {
    await appendMany(log, 300);
    await playLog(log);
    await admin`update audit_log set leaf = ${Buffer.alloc(32)} where idx = 299`;
    await expect(claimLog(log.database, log.log.origin)).rejects.toMatchObject({ reason: 'damaged' });
  });
});

describe('an exported log', () => {
  it('survives the way through a folder and through one file', async () => {
    await appendMany(log, 270);
    await playLog(log);
    const files = () => exportLog({ ...log, logKey: log.signer.key, what: 'everything' });
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-export-'));
    await writeLogFolder(folder, files());
    const fromFolder = await verifyLog({ read: openLogFolder(folder), logKey: log.signer.key });
    await rm(folder, { recursive: true });
    let text = '';
    for await (const line of packLog(files())) text += line;
    const packed = openPackedLog(text);
    expect(packed).not.toBeNull();
    const fromFile = await verifyLog({ read: packed ?? readerOf(new Map()), logKey: log.signer.key });
    expect(fromFolder).toMatchObject({ valid: true, entriesChecked: 270n });
    expect(fromFile).toEqual(fromFolder);
    expect(openPackedLog('{"format":"other"}\n')).toBeNull();
  });

  it('L-03 names the index of an entry that the operator edits before it is published', async () => {
    await appendMany(log, 300);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    await admin`update audit_log set entry = replace(entry, 'package.deposited', 'package.withdrawn') where idx = 261`;
    await publish(log);
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict.findings).toEqual([{ code: 'entry.altered', index: 261n }]);
  });

  it('L-03 names the index of an entry that is edited in or cut out of a bundle', async () => {
    await appendMany(log, 20);
    await playLog(log);
    const files = await exportToMemory(log, 'everything');
    const entries = entriesOf(files.get('tile/entries/000.p/20'));
    const verdictWith = async (changed: Uint8Array[]) => {
      const spoilt = new Map(files).set('tile/entries/000.p/20', encodeBundle(changed));
      return verifyLog({ read: readerOf(spoilt), logKey: log.signer.key });
    };
    const edited = await verdictWith(entries.with(7, new TextEncoder().encode('{}')));
    expect(edited.findings[0]).toEqual({ code: 'entry.altered', index: 7n });
    const cut = await verdictWith(entries.toSpliced(7, 1));
    expect(cut.findings[0]).toEqual({ code: 'entry.altered', index: 7n });
    expect(cut.findings.at(-1)).toEqual({ code: 'entry.missing', index: 19n });
  });

  it('L-03 a row that the operator deletes stops the publisher', async () => {
    await appendMany(log, 20);
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    await admin`delete from audit_log where idx = 11`;
    await expect(publish(log)).rejects.toMatchObject({ reason: 'damaged' });
  });

  it('L-04 a log rewritten and signed anew is caught by whoever holds an older checkpoint', async () => {
    await appendMany(log, 10);
    await playLog(log);
    const older = new TextDecoder().decode((await exportToMemory(log, 'hashes')).get('checkpoint'));
    await appendMany(log, 5);
    await playLog(log);
    const verify = async () => {
      const read = readerOf(await exportToMemory(log, 'everything'));
      return verifyLog({ read, logKey: log.signer.key, olderCheckpoint: older });
    };
    expect(await verify()).toMatchObject({ valid: true });
    // Everything away, the same number of other events, the same key.
    await admin`truncate audit_log, log_nodes, log_state, log_slices, checkpoints`;
    for await (const key of log.store.list('log/')) await log.store.delete(key);
    await appendMany(log, 15);
    await playLog(log);
    expect((await verify()).findings).toEqual([{ code: 'older-checkpoint.inconsistent', size: 10n }]);
  });

  it('L-07 reports the gap also when the sequencer itself skips a number', async () => {
    await appendMany(log, 2);
    await playLog(log);
    await admin`update log_slices set size = size + 1`;
    await appendMany(log, 1);
    await playLog(log);
    const verdict = await verifyLog({
      read: readerOf(await exportToMemory(log, 'everything')),
      logKey: log.signer.key,
    });
    expect(verdict.findings).toMatchObject([{ code: 'slice.gap', index: 2n, missing: 3n }]);
  });

  it('L-09 refuses a forged or too short tile of any level', async () => {
    await appendMany(log, 300);
    await playLog(log);
    const files = await exportToMemory(log, 'everything');
    for (const [path, bytes] of files) {
      if (!/^tile\/\d/.test(path)) continue;
      const forged = new Map(files).set(path, bytes.with(40 % bytes.length, (bytes[40 % bytes.length] ?? 0) ^ 1));
      expect(await verifyLog({ read: readerOf(forged), logKey: log.signer.key })).toMatchObject({ valid: false });
      const short = new Map(files).set(path, bytes.subarray(0, -32));
      expect(await verifyLog({ read: readerOf(short), logKey: log.signer.key })).toMatchObject({ valid: false });
      const absent = new Map(files);
      absent.delete(path);
      expect(await verifyLog({ read: readerOf(absent), logKey: log.signer.key })).toMatchObject({ valid: false });
    }
  });

  it('holds the entries that somebody kept, and names one that it does not hold', async () => {
    await appendMany(log, 20);
    await playLog(log);
    const files = await exportToMemory(log, 'everything');
    const kept = entriesOf(files.get('tile/entries/000.p/20')).map((entry, at) => ({ index: BigInt(at), entry }));
    const read = readerOf(files);
    expect(await verifyLog({ read, logKey: log.signer.key, entries: kept })).toMatchObject({ valid: true });
    const moved = [{ index: 4n, entry: kept[5]?.entry ?? new Uint8Array() }];
    const verdict = await verifyLog({
      read,
      logKey: log.signer.key,
      entries: [...moved, { ...moved[0], index: 99n, entry: new Uint8Array() }],
    });
    expect(verdict.findings).toEqual([
      { code: 'entry.not-included', index: 4n },
      { code: 'entry.not-included', index: 99n },
    ]);
  });
});

describe('the health of the log', () => {
  it('tells how long an act has waited, whether it is pending or only unpublished', async () => {
    const at = new Date('2026-11-21T00:00:00.000Z');
    const after = (minutes: number) => readLogHealth(log.database, new Date(at.getTime() + minutes * 60_000));
    expect(await after(300)).toEqual({ state: 'good', waitingSince: null, publishedAt: null, witnesses: [] });
    await append(log, [anEvent({ at })]);
    expect(await after(5)).toMatchObject({ state: 'good', waitingSince: at });
    expect(await after(20)).toMatchObject({ state: 'late' });
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim, { now: () => at });
    expect(await after(240)).toMatchObject({ state: 'stalled', waitingSince: at });
    // Acts go on meanwhile: what counts is the oldest that is not published.
    const later = new Date(at.getTime() + 200 * 60_000);
    await append(log, [anEvent({ at: later })]);
    await sequenceAll(log, claim, { now: () => later });
    expect(await after(240)).toMatchObject({ state: 'stalled', waitingSince: at });
    await publish(log);
    expect(await after(240)).toMatchObject({
      state: 'good',
      waitingSince: null,
      publishedAt: expect.any(Date) as Date,
    });
  });
});

describe('proofs', () => {
  it('come once a published checkpoint covers the event, and verify offline', async () => {
    const [first] = await append(log, [anEvent()]);
    const source = { ...log, logOf: async () => ({ log: log.log, key: log.signer.key }) };
    const scope = { actor: 'staff:1', school: schoolA };
    const eventId = first?.eventId ?? '';
    expect(await findProof(source, scope, eventId)).toBeNull();
    const claim = await claimLog(log.database, log.log.origin);
    await sequenceAll(log, claim);
    expect(await findProof(source, scope, eventId)).toBeNull();
    await publish(log);
    // The partial tiles of the first checkpoint give way to full ones; the proof is then of the newest.
    await appendMany(log, 700);
    await playLog(log);
    const text = await findProof(source, scope, eventId);
    const proof = parseProof(text ?? '');
    if (!proof.ok || proof.value.extra === null) throw new Error('no proof');
    const verdict = await verifyProof(proof.value, proof.value.extra, log.signer.key);
    expect(verdict).toMatchObject({ ok: true, value: { size: 701n } });
    const other = proof.value.extra.with(20, 0x30);
    expect(await verifyProof(proof.value, other, log.signer.key)).toEqual({ ok: false, fault: 'proof.not-included' });
  });

  it('are not given for ids that are none', async () => {
    const source = { ...log, logOf: async () => null };
    expect(await findProof(source, { actor: 'anonymous' }, 'no-uuid')).toBeNull();
    expect(await findProof(source, { actor: 'anonymous' }, crypto.randomUUID())).toBeNull();
  });
});

function entriesOf(bundle: Uint8Array | undefined): Uint8Array[] {
  const decoded = decodeBundle(bundle ?? new Uint8Array());
  if (!decoded.ok) throw new Error('not a bundle');
  return decoded.value;
}
