import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { emptyRoot } from './hash.ts';
import { LogStopped, readHead, verifyRightEdge } from './log-state.ts';
import { logState } from './tables.ts';

/** The right to append to a log; ends when somebody else claims it. */
export interface LogClaim {
  readonly origin: string;
  readonly epoch: bigint;
}

/** Takes the log over, whoever had it: their next append fails. A log that does not exist begins here. */
export async function claimLog(database: Database, origin: string): Promise<LogClaim> {
  return database.transaction(systemScope('sequencer'), async (tx) => {
    await tx
      .insert(logState)
      .values({
        origin,
        size: 0n,
        compactRange: new Uint8Array(),
        root: emptyRoot(),
        epoch: 0n,
        time: new Date(0),
        aliveAt: new Date(0),
      })
      .onConflictDoNothing();
    const [row] = await tx
      .update(logState)
      .set({ epoch: sql`${logState.epoch} + 1`, aliveAt: sql`now()` })
      .where(eq(logState.origin, origin))
      .returning({ epoch: logState.epoch });
    if (row === undefined) throw new LogStopped('damaged', 'the log could not be claimed');
    await verifyRightEdge(tx, origin, await readHead(tx, origin));
    return { origin, epoch: row.epoch };
  });
}

/** Takes the log over only when its claimant has given no sign of life for so long (by the database's clock). */
export async function claimIdleLog(database: Database, origin: string, idleMs: number): Promise<LogClaim | null> {
  const isIdle = await database.transaction(systemScope('sequencer'), async (tx) => {
    const [row] = await tx
      .select({ idle: sql<boolean>`${logState.aliveAt} < now() - make_interval(secs => ${idleMs / 1000})` })
      .from(logState)
      .where(eq(logState.origin, origin));
    return row?.idle ?? true;
  });
  return isIdle ? claimLog(database, origin) : null;
}

/** A sign of life; throws `LogStopped` when the claim is lost. */
export async function keepClaim(database: Database, claim: LogClaim): Promise<void> {
  await touch(database, claim, sql`now()`);
}

/** Lets another process take over at once. */
export async function releaseClaim(database: Database, claim: LogClaim): Promise<void> {
  await touch(database, claim, sql`'epoch'::timestamptz`);
}

async function touch(database: Database, claim: LogClaim, aliveAt: ReturnType<typeof sql>): Promise<void> {
  const touched = await database.transaction(systemScope('sequencer'), async (tx) =>
    tx
      .update(logState)
      .set({ aliveAt })
      .where(and(eq(logState.origin, claim.origin), eq(logState.epoch, claim.epoch)))
      .returning({ origin: logState.origin }),
  );
  if (touched.length !== 1) throw new LogStopped('taken-over', 'another sequencer has claimed the log');
}
