import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, appendEvent } from '../../src/audit/append.ts';
import { claimLog, type LogClaim } from '../../src/audit/claim.ts';
import { detailSealer, openSealedDetail } from '../../src/audit/detail-sealer.ts';
import { publish } from '../../src/audit/publisher.ts';
import { type AlertParts, evaluateLog } from '../../src/board/alerts/evaluate-log.ts';
import { tellAlerts } from '../../src/board/alerts/tell-alerts.ts';
import { watchAlerts } from '../../src/board/alerts/watch-alerts.ts';
import { tellLogStopped } from '../../src/board/alerts/watch-log.ts';
import type { Database } from '../../src/database/connection.ts';
import { detailKey, openTestLog, sequenceAll, type TestLog } from '../audit/test-log.ts';

const board = 'board-1';
const otherBoard = 'board-2';
const school = 'school-1';
const other = 'school-2';
/** A Wednesday, 10:00 in Japan. */
const start = new Date('2026-05-13T01:00:00Z');
const minute = 60_000;
const dayMs = 86_400_000;

interface RaisedRow {
  readonly rule: string;
  readonly organisation: string;
  readonly board: string | null;
  readonly count: number;
  readonly state: string;
  readonly case_id: string | null;
  readonly actors: readonly string[];
}

let log: TestLog;
let claim: LogClaim;
let admin: postgres.Sql;
let now: Date;

const parts = (database: Database = log.database): AlertParts => ({
  database,
  clock: { now: () => now },
  sealDetail: detailSealer(detailKey),
  log: { openDetail: (sealed) => openSealedDetail(detailKey, sealed) },
});

beforeAll(async () => {
  log = await openTestLog();
  admin = postgres(log.test.adminUrl, { max: 1, onnotice: () => undefined });
  await admin`insert into founders (corporate_number, name, kind) values ('f', 'ひばりの市', 'municipality')`;
  for (const [code, kind, above] of [
    [board, 'board', null],
    [otherBoard, 'board', null],
    [school, 'school', board],
    [other, 'school', otherBoard],
  ] as const) {
    await admin`insert into organisations (code, kind, name, name_kana, name_english, prefecture, town, founder_number, board_code)
      values (${code}, ${kind}, ${code}, 'かな', ${code}, '13', 'x', 'f', ${above})`;
  }
  for (const [id, at, role] of [
    ['head', school, 'principal'],
    ['deputy', school, 'vicePrincipal'],
    ['clerk', school, 'clerk'],
    ['watcher', board, 'auditor'],
    ['stranger', otherBoard, 'auditor'],
  ] as const) {
    await admin`insert into staff (id, issuer, subject, person_key, name, founder_number, contact_mail)
      values (${id}, 'i', ${id}, ${id}, '名前', 'f', ${`${id}@example.jp`})`;
    await admin`insert into memberships (id, staff_id, school_code, role, valid_from) values (${id}, ${id}, ${at}, ${role}, '2020-04-01')`;
  }
  claim = await claimLog(log.database, log.log.origin);
}, 120_000);

beforeEach(async () => {
  now = new Date(start.getTime() + 10 * minute);
  await admin`truncate alerts, alert_sightings, alert_waits, alert_tellings, alert_thresholds, outbox`;
});

afterAll(async () => {
  await admin?.end();
  await log?.close();
});

function act(more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    name: 'document.handed-over',
    outcome: 'done',
    side: 'recipient',
    organisation: school,
    actorRole: 'clerk',
    purpose: null,
    caseId: null,
    token: null,
    detail: { actor: 'staff:clerk', assurance: 'organisationMember' },
    at: start,
    ...more,
  };
}

/** Writes them and lets the log take them in. */
async function happen(events: readonly AuditEvent[]): Promise<void> {
  const seal = detailSealer(detailKey);
  for (let from = 0; from < events.length; from += 500) {
    await log.database.transaction({ actor: 'staff:clerk', school }, async (tx) => {
      for (const event of events.slice(from, from + 500)) await appendEvent(tx, event, seal);
    });
  }
  await sequenceAll(log, claim);
  await publish(log);
}

function many(count: number, more: Partial<AuditEvent> = {}): AuditEvent[] {
  return Array.from({ length: count }, (_, index) => act({ at: new Date(start.getTime() + index), ...more }));
}

const raised = () =>
  admin<
    RaisedRow[]
  >`select rule, organisation, board, count, state, case_id, actors from alerts order by rule, organisation`;

/** Who has a mail waiting, each as often as there are mails. */
async function mailed(): Promise<readonly string[]> {
  const rows = await admin<{ staff: string }[]>`
    select payload ->> 'staff' as staff from outbox where kind = 'mail.staff' order by 1`;
  return rows.map(({ staff }) => staff);
}

describe('alerts out of the log', { timeout: 120_000 }, () => {
  it('are raised at the threshold, for the school and its board, and not one act before', async () => {
    await happen(many(39));
    await evaluateLog(parts());
    expect(await raised()).toEqual([]);
    await happen(many(1, { at: new Date(start.getTime() + minute) }));
    await evaluateLog(parts());
    expect(await raised()).toMatchObject([
      { rule: 'bulk-opening', organisation: school, board, count: 40, state: 'open', actors: ['staff:clerk'] },
    ]);
  });

  it('keep to the threshold that the board has set', async () => {
    await admin`insert into alert_thresholds values (${board}, 'bulk-opening', 10, 'watcher', now())`;
    await happen(many(10, { detail: { actor: 'staff:other' } }));
    await evaluateLog(parts());
    expect(await raised()).toMatchObject([{ rule: 'bulk-opening', count: 10 }]);
  });

  it('never tell one school who acted at the other: the mirror of an opening raises nothing', async () => {
    await happen(many(60, { name: 'package.opened', side: 'sender', detail: { actor: 'staff:far-away' } }));
    await evaluateLog(parts());
    expect(await raised()).toEqual([]);
  });

  it('count once what a process that dies has half done', async () => {
    await happen([act({ name: 'seal-key.imported', detail: { actor: 'staff:head' } })]);
    // The process dies after its statements and before the end of the transaction.
    const dying: Database = {
      ...log.database,
      transaction: (scope, work) =>
        log.database.transaction(scope, async (tx) => {
          const value = await work(tx);
          if (typeof value === 'number') throw new Error('kill -9');
          return value;
        }),
    };
    await expect(evaluateLog(parts(dying))).rejects.toThrow('kill -9');
    expect(await raised()).toEqual([]);
    await evaluateLog(parts());
    await evaluateLog(parts());
    expect(await raised()).toMatchObject([{ rule: 'key-changed', count: 1 }]);
  });

  it('are evaluated once by two processes at once', async () => {
    await happen([act({ name: 'seal-key.doubted' })]);
    await Promise.all([evaluateLog(parts()), evaluateLog(parts())]);
    expect(await raised()).toMatchObject([{ rule: 'key-doubted', count: 1 }]);
  });

  it('stay few in a storm: ten thousand refusals make two alerts and one mail to each person', async () => {
    const refused = { name: 'access.denied', outcome: 'refused', reason: 'case.not-found', side: 'gateway' } as const;
    await happen(many(10_000, refused));
    await watchAlerts(parts());
    await watchAlerts(parts());
    const alerts = await raised();
    expect(alerts.map(({ rule, count }) => [rule, count])).toEqual([
      ['foreign-case', 10_000],
      ['many-refusals', 10_000],
    ]);
    const [kept] = await admin`select count(*)::int as count from alert_sightings`;
    expect(kept?.['count']).toBeLessThanOrEqual(200);
    expect(await mailed()).toEqual(['deputy', 'deputy', 'head', 'head', 'watcher', 'watcher']);
  });

  it('tell of many subjects in one mail an hour for each rule', async () => {
    const broken = Array.from({ length: 30 }, (_, index) =>
      act({ name: 'break-glass.opened', caseId: `case-${index}` }),
    );
    await happen(broken);
    await watchAlerts(parts());
    expect(await raised()).toHaveLength(30);
    expect(await mailed()).toHaveLength(3);
    await happen([act({ name: 'break-glass.opened', caseId: 'another' })]);
    await watchAlerts(parts());
    expect(await mailed()).toHaveLength(3);
    // An hour in which the log took in what the alerts wrote: else it would be late itself.
    await happen([]);
    now = new Date(now.getTime() + 61 * minute);
    await watchAlerts(parts());
    expect(await mailed()).toEqual(['deputy', 'deputy', 'head', 'head', 'watcher', 'watcher']);
  });

  it('do not write to whoever they are about', async () => {
    await happen([act({ name: 'seal-key.imported', detail: { actor: 'staff:head' } })]);
    await watchAlerts(parts());
    expect(await mailed()).toEqual(['deputy', 'watcher']);
  });

  it('are told once by a process that dies between the mark and the mail, or after both', async () => {
    await happen([act({ name: 'access.reported', caseId: 'c' })]);
    await evaluateLog(parts());
    const dying: Database = {
      ...log.database,
      transaction: (scope, work) =>
        log.database.transaction(scope, async (tx) => {
          const value = await work(tx);
          if (scope.school !== undefined) throw new Error('kill -9');
          return value;
        }),
    };
    await expect(tellAlerts(parts(dying))).rejects.toThrow('kill -9');
    expect(await mailed()).toEqual([]);
    await tellAlerts(parts());
    await tellAlerts(parts());
    expect(await mailed()).toEqual(['deputy', 'head', 'watcher']);
  });

  it('tell each side of what nobody collects, at its day, and not once it was opened', async () => {
    const deposited = (caseId: string) => [
      act({ name: 'package.deposited', side: 'sender', caseId }),
      act({
        name: 'package.deposited',
        side: 'recipient',
        organisation: other,
        caseId,
        detail: { actor: 'staff:clerk' },
      }),
    ];
    await happen([...deposited('lies'), ...deposited('taken')]);
    await happen([
      act({ name: 'package.opened', side: 'recipient', organisation: other, caseId: 'taken', detail: {} }),
    ]);
    now = new Date(start.getTime() + 7 * dayMs - 1);
    await watchAlerts(parts());
    expect(await raised()).toEqual([]);
    now = new Date(start.getTime() + 7 * dayMs);
    await watchAlerts(parts());
    await watchAlerts(parts());
    expect(await raised()).toMatchObject([
      { rule: 'uncollected', organisation: school, board, case_id: 'lies', actors: [] },
      { rule: 'uncollected', organisation: other, board: otherBoard, case_id: 'lies', actors: [] },
    ]);
    await happen([]);
    now = new Date(start.getTime() + 15 * dayMs);
    await watchAlerts(parts());
    expect((await raised()).map(({ rule }) => rule)).toEqual([
      'uncollected',
      'uncollected',
      'uncollected-long',
      'uncollected-long',
    ]);
  });

  it('tell every board once a day that the log has stopped', async () => {
    await tellLogStopped(parts());
    await tellLogStopped(parts());
    expect(await raised()).toMatchObject([
      { rule: 'log-stopped', organisation: board, board, count: 1 },
      { rule: 'log-stopped', organisation: otherBoard, board: otherBoard, count: 1 },
    ]);
  });

  it('are seen by the heads of the school and the auditors of its board alone', async () => {
    await happen([act({ name: 'seal-key.doubted' })]);
    await evaluateLog(parts());
    const seen = async (scope: { actor: string; school?: string; role?: string }) =>
      (await log.database.transaction(scope, (tx) => tx.execute('select id from alerts'))).length;
    expect(await seen({ actor: 'staff:head', school, role: 'principal' })).toBe(1);
    expect(await seen({ actor: 'staff:deputy', school, role: 'vicePrincipal' })).toBe(1);
    expect(await seen({ actor: 'staff:watcher', school: board, role: 'auditor' })).toBe(1);
    for (const role of ['clerk', 'homeroomTeacher', 'schoolNurse', 'administrator']) {
      expect([role, await seen({ actor: 'staff:clerk', school, role })]).toEqual([role, 0]);
    }
    expect(await seen({ actor: 'staff:x', school: other, role: 'principal' })).toBe(0);
    expect(await seen({ actor: 'staff:stranger', school: otherBoard, role: 'auditor' })).toBe(0);
    expect(await seen({ actor: 'machine:m', school })).toBe(0);
    expect(await seen({ actor: 'person:p' })).toBe(0);
  });
});
