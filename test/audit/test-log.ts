import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { type AppendedEvent, type AuditEvent, appendEvent } from '../../src/audit/append.ts';
import { claimLog, type LogClaim } from '../../src/audit/claim.ts';
import type { Witnessing } from '../../src/audit/cosign.ts';
import { detailSealer } from '../../src/audit/detail-sealer.ts';
import { exportLog } from '../../src/audit/export-log.ts';
import { listOwnSlices, readOwnEntries, stateSlice } from '../../src/audit/export-slice.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { type LogName, logOfYear } from '../../src/audit/log-name.ts';
import type { BoardOf } from '../../src/audit/log-slices.ts';
import type { NoteSigner } from '../../src/audit/note.ts';
import { publish } from '../../src/audit/publisher.ts';
import { sequence } from '../../src/audit/sequencer.ts';
import {
  packOwnEntry,
  packSliceHead,
  parseSliceFile,
  type SliceEcho,
  type SliceFile,
} from '../../src/audit/slice-file.ts';
import type { SliceKind } from '../../src/audit/slice-statement.ts';
import type { LogReader } from '../../src/audit/verify-log.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/connection.ts';
import { openDirectoryStore } from '../../src/objects/directory.node.ts';
import type { ObjectStore } from '../../src/objects/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export const detailKey = new Uint8Array(randomBytes(32));
export const schoolA = 'B114101000011';
export const schoolB = 'D127101000022';

/** A real log: real database, real directory store. */
export interface TestLog {
  readonly test: TestDatabase;
  readonly database: Database;
  readonly store: ObjectStore;
  readonly folder: string;
  readonly log: LogName;
  readonly signer: NoteSigner;
  readonly seed: Uint8Array;
  readonly witnessing: Witnessing | null;
  close(): Promise<void>;
}

export async function openTestLog(): Promise<TestLog> {
  return emptyLog(await createTestDatabase());
}

/** The same database with nothing in it, another store, another key: cheaper than a database for each test. */
export async function resetTestLog({ test, folder }: TestLog): Promise<TestLog> {
  await rm(folder, { recursive: true });
  const admin = postgres(test.adminUrl, { max: 1 });
  await admin`truncate audit_events, audit_pending, audit_log, log_nodes, log_state, log_slices, checkpoints`;
  await admin.end();
  return emptyLog(test);
}

async function emptyLog(test: TestDatabase): Promise<TestLog> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-log-'));
  const log = logOfYear('hikitsugi.example/log', 2026);
  const seed = new Uint8Array(randomBytes(32));
  return {
    test,
    database: test.database,
    store: await openDirectoryStore(folder),
    folder,
    log,
    signer: await openLogKey(log.origin, seed),
    seed,
    witnessing: null,
    close: async () => {
      await test.drop();
      await rm(folder, { recursive: true });
    },
  };
}

export function anEvent(more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    name: 'package.deposited',
    outcome: 'done',
    side: 'sender',
    organisation: schoolA,
    actorRole: 'clerk',
    purpose: 'schoolTransfer',
    caseId: 'case-1',
    token: null,
    detail: { pupil: '髙橋 𠮷野' },
    at: new Date(),
    ...more,
  };
}

export async function append(log: Pick<TestLog, 'database'>, events: readonly AuditEvent[]): Promise<AppendedEvent[]> {
  const scope = { actor: 'staff:1', school: schoolA };
  return log.database.transaction(scope, async (tx) => {
    const appended: AppendedEvent[] = [];
    for (const event of events) appended.push(await appendEvent(tx, event, detailSealer(detailKey)));
    return appended;
  });
}

export async function appendMany(
  log: Pick<TestLog, 'database'>,
  count: number,
  more: Partial<AuditEvent> = {},
): Promise<void> {
  await append(
    log,
    Array.from({ length: count }, () => anEvent(more)),
  );
}

export async function sequenceAll(
  log: TestLog,
  claim: LogClaim,
  clock: Clock & { readonly boardOf?: BoardOf } = systemClock,
): Promise<number> {
  let all = 0;
  for (let round = -1; round !== 0; all += round) {
    const { boardOf } = clock;
    round = await sequence(log.database, claim, boardOf === undefined ? { clock } : { clock, boardOf });
  }
  return all;
}

/** Claim, sequence, publish. */
export async function playLog(log: TestLog): Promise<LogClaim> {
  const claim = await claimLog(log.database, log.log.origin);
  await sequenceAll(log, claim);
  await publish(log);
  return claim;
}

export async function exportToMemory(log: TestLog, what: 'everything' | 'hashes'): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of exportLog({ ...log, logKey: log.signer.key, what })) files.set(path, bytes);
  return files;
}

export function readerOf(files: ReadonlyMap<string, Uint8Array>): LogReader {
  return async (path) => files.get(path) ?? null;
}

/** A wrapper that stops a store at its nth write, like a process that is killed there. */
export function storeThatDies(store: ObjectStore, atWrite: number): ObjectStore {
  let writes = 0;
  const count = (): void => {
    writes += 1;
    if (writes === atWrite) throw new Error('killed here');
  };
  return {
    ...store,
    put: async (key, body, options) => {
      count();
      return store.put(key, body, options);
    },
    replace: async (key, bytes) => {
      count();
      return store.replace(key, bytes);
    },
  };
}

/** What a board or a school is given, on the way that its file takes. */
export async function exportOwn(
  log: TestLog,
  { owner, kind, from = 1n, clock = systemClock, echo = null }: ExportOwn,
): Promise<SliceFile> {
  const scope = { actor: 'staff:auditor', school: owner };
  const [slice] = (await listOwnSlices(log.database, scope)).filter((one) => one.kind === kind);
  if (slice === undefined) throw new Error('no such slice');
  const statement = await stateSlice(slice, log.signer, clock);
  let text = packSliceHead({ statement, key: slice.key, echo });
  for await (const entry of readOwnEntries(log.database, scope, { slice, from, to: slice.entries })) {
    text += packOwnEntry(entry);
  }
  const file = parseSliceFile(text);
  if (!file.ok) throw new Error('an export cannot be read');
  return file.value;
}

export interface ExportOwn {
  readonly owner: string;
  readonly kind: SliceKind;
  readonly from?: bigint;
  readonly clock?: Clock;
  readonly echo?: SliceEcho | null;
}
