import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

// `DELIVERIES=1000000 npx vitest run test/board/queries.test.ts` for the size of a nation's half year.
describe('what the console asks', { timeout: 600_000 }, () => {
  let db: TestDatabase;
  const rows = Number(process.env['DELIVERIES'] ?? 60_000);
  beforeAll(async () => {
    db = await createTestDatabase({ deadlineMs: 120_000 });
    const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined });
    // 1,000 boards of 20 schools each; the clock is that of the first April.
    await admin`
      insert into case_progress (id, case_id, attempt, side, school_code, board_code, prefecture, kind, state, since,
        submitted_at, deposited_at, closed_at, month, due_on, lost_on, closed_on, is_settled)
      select 'r' || n, 'c' || n, 1, case when n % 2 = 0 then 'sender' else 'recipient' end, 'S' || (n % 20000), 'B' || (n % 1000), lpad((n % 47 + 1)::text, 2, '0'),
        'advancement', case when n % 40 < 2 then 'deposited' else 'acknowledged' end, at, at, at, at, date_trunc('month', at), at::date + 21, at::date + 45, at::date, n % 40 >= 2
      from generate_series(1, ${rows}::int) n, lateral (select timestamptz '2026-04-10 12:00+09' + make_interval(days => n % 700) as at) d`;
    await admin`analyze case_progress`;
    await admin.end();
  }, 600_000);
  afterAll(() => db?.drop());

  const board = `board_code = 'B42' and side = 'sender'`;
  it.each([
    ['the open ones', `select * from case_progress where ${board} and not is_settled order by since, id limit 51`],
    [
      'those in a state',
      `select * from case_progress where ${board} and state = 'acknowledged' order by since desc, id desc limit 51`,
    ],
    [
      'a year’s figures',
      `select school_code, month, state, count(*) from case_progress where ${board} and month >= '2026-04-01' and month < '2027-04-01' group by 1, 2, 3`,
    ],
    [
      'what is open by school',
      `select school_code, state, count(*) from case_progress where ${board} and not is_settled group by 1, 2`,
    ],
  ])('%s touch the rows of the board, not the table', async (_name, query) => {
    const scope = { actor: 'staff:x', school: 'B42', role: 'auditor' };
    const [answer] = await db.database.transaction(scope, (tx) =>
      tx.execute<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, buffers, format json) ${query}`),
    );
    const nodes = flatten(answer?.['QUERY PLAN'][0].Plan);
    const scans = nodes.filter((node) => node['Relation Name'] === 'case_progress');
    expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    const pages = (nodes[0]?.['Shared Hit Blocks'] ?? 0) + (nodes[0]?.['Shared Read Blocks'] ?? 0);
    // Each board has a thousandth of the rows; one page for each, and some of the index.
    expect(pages).toBeLessThan(rows / 1000 + 60);
  });
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Plan[];
}

function flatten(plan: Plan | undefined): readonly Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(flatten)];
}
