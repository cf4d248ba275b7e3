import { asc, desc, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { auditLog, auditPending, checkpoints, logState, logWitnesses, type WitnessStanding } from './tables.ts';

export interface LogHealth {
  /**
   * `late`: somebody should look; `stalled`: acts would go unlogged for too long, so new submissions are refused while
   * what was delivered can still be fetched (fail closed).
   */
  readonly state: 'good' | 'late' | 'stalled';
  /** The oldest act that no published checkpoint covers; null when all are covered. */
  readonly waitingSince: Date | null;
  readonly publishedAt: Date | null;
  /** Those of the newest log that have been asked, by name. */
  readonly witnesses: readonly Pick<WitnessStanding, 'witness' | 'cosignedAt' | 'trouble' | 'troubleAt'>[];
}

const lateMs = 15 * 60_000;
const stalledMs = 4 * 3_600_000;

/** How far the log is behind, as the database tells it: any process may ask, whichever one sequences. */
export async function readLogHealth(database: Database, now: Date): Promise<LogHealth> {
  const { publishedAt, waitingSince, witnesses } = await database.transaction(systemScope('sequencer'), async (tx) => {
    const published = tx
      .select({ publishedAt: checkpoints.publishedAt, size: checkpoints.size, origin: checkpoints.origin })
      .from(checkpoints)
      .where(isNotNull(checkpoints.publishedAt))
      .orderBy(desc(checkpoints.origin), desc(checkpoints.size))
      .limit(1);
    const waiting = tx
      .select({ time: sql<string>`${auditPending.body}::jsonb ->> 'time'` })
      .from(auditPending)
      .orderBy(asc(auditPending.id))
      .limit(1);
    // Sequenced, but in no published checkpoint. The first such entry of each log: the head moves on with every act.
    const time = sql<string>`${auditLog.entry}::jsonb ->> 'time'`;
    const sequenced = tx
      .select({ time })
      .from(logState)
      .innerJoin(
        auditLog,
        sql`${auditLog.origin} = ${logState.origin} and ${auditLog.idx} = coalesce((select max(${checkpoints.size}) from ${checkpoints}
          where ${checkpoints.origin} = ${logState.origin} and ${checkpoints.publishedAt} is not null), 0)`,
      )
      .orderBy(asc(time))
      .limit(1);
    // One log a year: those of former years have their last checkpoint, or are late themselves.
    const asked = tx
      .select()
      .from(logWitnesses)
      .where(sql`${logWitnesses.origin} = (select max(origin) from ${logWitnesses})`)
      .orderBy(logWitnesses.witness);
    const [[newest], [pending], [unpublished], standings] = await Promise.all([published, waiting, sequenced, asked]);
    const times = [pending, unpublished].flatMap((row) => (row === undefined ? [] : [new Date(row.time)]));
    const earliest = times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
    return {
      publishedAt: newest?.publishedAt ?? null,
      waitingSince: earliest,
      witnesses: standings.map(({ witness, cosignedAt, trouble, troubleAt }) => ({
        witness,
        cosignedAt,
        trouble,
        troubleAt,
      })),
    };
  });
  const waitedMs = waitingSince === null ? 0 : now.getTime() - waitingSince.getTime();
  const state = waitedMs >= stalledMs ? 'stalled' : waitedMs >= lateMs ? 'late' : 'good';
  return { state, waitingSince, publishedAt, witnesses };
}
