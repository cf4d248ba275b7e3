import { and, asc, eq, lte } from 'drizzle-orm';
import type { Clock } from '../../clock.ts';
import type { Database, Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { notify } from '../notify.ts';
import { caseProgress, remindersJob } from './tables.ts';

/** As many in one transaction; the round goes on until none is due. */
const atOnce = 200;
const maxRounds = 50;
/** Nobody reads mail at midnight, when the day begins. */
const firstHour = 8;

/**
 * Reminds receivers of what waits for them, once on each step of the ladder. A step that was missed, because nothing ran, is
 * made up for once. For the hourly round.
 */
export async function remindReceivers({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
  const now = clock.now();
  if ((now.getUTCHours() + 9) % 24 < firstHour) return;
  const today = dayInJapan(now);
  for (let round = 0; round < maxRounds; round++) {
    const told = await database.transaction(systemScope(remindersJob), (tx) => remindSome(tx, today));
    if (told < atOnce) return;
  }
}

async function remindSome(tx: Transaction, today: string): Promise<number> {
  const due = await tx
    .select({
      id: caseProgress.id,
      caseId: caseProgress.caseId,
      school: caseProgress.schoolCode,
      reminders: caseProgress.reminders,
    })
    .from(caseProgress)
    .where(and(eq(caseProgress.side, 'recipient'), lte(caseProgress.remindOn, today)))
    .orderBy(asc(caseProgress.remindOn))
    .limit(atOnce)
    .for('update', { skipLocked: true });
  for (const { id, caseId, school, reminders } of due) {
    const remindOn = reminders?.split(',').find((day) => day > today) ?? null;
    await tx.update(caseProgress).set({ remindOn }).where(eq(caseProgress.id, id));
    await notify(tx, { school, subject: 'package-waiting', caseId });
  }
  return due.length;
}
