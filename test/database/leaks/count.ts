import type postgres from 'postgres';
import { type Journal, rowsPerTransaction } from './traffic.ts';

/** All must be 0 but the first three, which say that there was something to go wrong. */
export interface LeakCount {
  readonly cuts: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  readonly partial: number;
  readonly survivorsOfRefused: number;
  readonly lost: number;
  readonly underAnotherActor: number;
  readonly mixed: number;
  readonly stuck: number;
  readonly uncaught: number;
}

export function leakedRows(count: Omit<LeakCount, 'cuts' | 'uncaught'>): number {
  return count.partial + count.survivorsOfRefused + count.lost + count.underAnotherActor + count.mixed;
}

/** Compares what the clients were told with what a superuser finds in the tables. */
export async function countLeaks(admin: postgres.Sql, journal: Journal): Promise<Omit<LeakCount, 'cuts' | 'uncaught'>> {
  const all = admin`(select * from guarded_rows union all select * from open_rows) as rows`;
  const labels =
    await admin`select label, count(*)::int as rows, count(distinct within)::int as transactions from ${all} group by label`;
  const found = new Map(labels.map((row) => [String(row['label']), Number(row['rows'])]));
  const [strangers] = await admin`select count(*)::int as n from ${all} where actor is distinct from acted_as`;
  const [shared] = await admin`
    select count(*)::int as n from (select within from ${all} group by within having count(distinct label) > 1) as shared`;
  return {
    acknowledged: journal.acknowledged.size,
    refused: journal.refused.size,
    unknown: journal.unknown.size,
    partial: [...found.values()].filter((rows) => rows !== rowsPerTransaction).length,
    survivorsOfRefused: [...journal.refused].filter((label) => found.has(label)).length,
    lost: [...journal.acknowledged].filter((label) => found.get(label) !== rowsPerTransaction).length,
    underAnotherActor: Number(strangers?.['n']),
    mixed: Number(shared?.['n']) + labels.filter((row) => Number(row['transactions']) > 1).length,
    stuck: journal.stuck,
  };
}
