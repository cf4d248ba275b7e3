import { and, asc, desc, eq, gt, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { expectRows } from '../../database/rows.ts';
import type { AlertRuleId, Severity } from './rule-table.ts';
import type { Sighting } from './rules.ts';
import {
  type AlertRow,
  type AlertState,
  alertCursors,
  alertSightings,
  alerts,
  alertThresholds,
  alertWaits,
} from './tables.ts';

/** So many entries behind an alert are kept to be looked at; of more, only the count. */
export const keptSightings = 100;
export const keptActors = 20;

/** Takes the place in a log for this transaction; null when another process has it. */
export async function takeCursor(tx: Transaction, origin: string): Promise<bigint | null> {
  await tx.insert(alertCursors).values({ origin, next: 0n }).onConflictDoNothing();
  const [row] = await tx
    .select()
    .from(alertCursors)
    .where(eq(alertCursors.origin, origin))
    .for('update', { skipLocked: true });
  return row?.next ?? null;
}

export async function moveCursor(tx: Transaction, origin: string, next: bigint): Promise<void> {
  expectRows(await tx.update(alertCursors).set({ next }).where(eq(alertCursors.origin, origin)).returning(), 1);
}

/** Counted before and in no alert yet, oldest first. */
export async function findCounted(
  tx: Transaction,
  of: { readonly rule: AlertRuleId; readonly subject: string; readonly after: Date; readonly limit: number },
): Promise<readonly Sighting[]> {
  const { rule, subject, at, eventId, alertId } = alertSightings;
  const rows = await tx
    .select({ eventId, at })
    .from(alertSightings)
    .where(and(eq(rule, of.rule), eq(subject, of.subject), isNull(alertId), gt(at, of.after)))
    .orderBy(desc(at))
    .limit(of.limit);
  return rows.toReversed();
}

export async function keepSightings(
  tx: Transaction,
  of: { readonly rule: AlertRuleId; readonly subject: string; readonly alertId: string | null },
  sightings: readonly Sighting[],
): Promise<void> {
  if (sightings.length === 0) return;
  const { rule, subject, alertId } = of;
  await tx
    .insert(alertSightings)
    .values(sightings.map(({ eventId, at }) => ({ rule, subject, eventId, at, alertId })))
    // Those that were counted before now belong to the alert.
    .onConflictDoUpdate({
      target: [alertSightings.rule, alertSightings.subject, alertSightings.eventId],
      set: { alertId },
    });
}

export async function findSightings(tx: Transaction, alertId: string): Promise<readonly Sighting[]> {
  return tx
    .select({ eventId: alertSightings.eventId, at: alertSightings.at })
    .from(alertSightings)
    .where(eq(alertSightings.alertId, alertId))
    .orderBy(desc(alertSightings.at))
    .limit(keptSightings);
}

/** The alert of this subject that nobody has closed, if it began less than a window ago. */
export async function findRunning(
  tx: Transaction,
  of: { readonly rule: AlertRuleId; readonly subject: string; readonly after: Date },
): Promise<AlertRow | null> {
  const [row] = await tx
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.rule, of.rule),
        eq(alerts.subject, of.subject),
        ne(alerts.state, 'closed'),
        gt(alerts.firstAt, of.after),
      ),
    )
    .orderBy(desc(alerts.firstAt))
    .limit(1);
  return row ?? null;
}

export async function insertAlert(tx: Transaction, row: typeof alerts.$inferInsert): Promise<void> {
  await tx.insert(alerts).values(row);
}

export async function addToAlert(
  tx: Transaction,
  alert: Pick<AlertRow, 'id'>,
  more: { readonly count: number; readonly lastAt: Date; readonly actors: readonly string[] },
): Promise<void> {
  const changed = await tx
    .update(alerts)
    .set({ count: sql`${alerts.count} + ${more.count}`, lastAt: more.lastAt, actors: [...more.actors] })
    .where(eq(alerts.id, alert.id))
    .returning({ id: alerts.id });
  expectRows(changed, 1);
}

/** The thresholds that boards have set, by board and rule. */
export async function listThresholds(tx: Transaction): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.select().from(alertThresholds).limit(100_000);
  return new Map(rows.map(({ board, rule, threshold }) => [`${board} ${rule}`, threshold]));
}

export async function setThreshold(tx: Transaction, row: typeof alertThresholds.$inferInsert): Promise<void> {
  const { threshold, changedBy, changedAt } = row;
  await tx
    .insert(alertThresholds)
    .values(row)
    .onConflictDoUpdate({
      target: [alertThresholds.board, alertThresholds.rule],
      set: { threshold, changedBy, changedAt },
    });
}

export async function beginWait(
  tx: Transaction,
  wait: Pick<typeof alertWaits.$inferInsert, 'caseId' | 'organisation' | 'eventId' | 'since'>,
): Promise<void> {
  const again = { eventId: wait.eventId, since: wait.since, raised: [] };
  await tx
    .insert(alertWaits)
    .values({ ...wait, raised: [] })
    .onConflictDoUpdate({ target: [alertWaits.caseId, alertWaits.organisation], set: again });
}

/** Dealt with on one side, it waits on neither. */
export async function endWaits(tx: Transaction, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length > 0) await tx.delete(alertWaits).where(inArray(alertWaits.caseId, [...caseIds]));
}

/** What has waited since before this, and has raised no alert of this rule yet. */
export async function findLongWaits(
  tx: Transaction,
  of: { readonly rule: AlertRuleId; readonly after: Date; readonly before: Date; readonly limit: number },
) {
  return tx
    .select()
    .from(alertWaits)
    .where(
      and(
        gt(alertWaits.since, of.after),
        lt(alertWaits.since, of.before),
        sql`not ${of.rule} = any (${alertWaits.raised})`,
      ),
    )
    .orderBy(asc(alertWaits.since))
    .limit(of.limit)
    .for('update', { skipLocked: true });
}

export async function markWait(
  tx: Transaction,
  wait: { readonly caseId: string; readonly organisation: string },
  rule: AlertRuleId,
): Promise<void> {
  await tx
    .update(alertWaits)
    .set({ raised: sql`array_append(${alertWaits.raised}, ${rule})` })
    .where(and(eq(alertWaits.caseId, wait.caseId), eq(alertWaits.organisation, wait.organisation)));
}

/** Entries that no window reaches any more and that raised nothing. */
export async function forgetSightings(tx: Transaction, before: Date): Promise<void> {
  await tx.delete(alertSightings).where(and(isNull(alertSightings.alertId), lt(alertSightings.at, before)));
}

export interface AlertFilter {
  readonly states: readonly AlertState[] | null;
  readonly severity: Severity | null;
  readonly rule: AlertRuleId | null;
  readonly organisation: string | null;
}

/** As far as row security shows them, newest first; one more than the limit tells that there is more. */
export async function selectAlerts(
  tx: Transaction,
  filter: AlertFilter,
  page: { readonly cursor: { readonly at: Date; readonly id: string } | null; readonly limit: number },
): Promise<readonly AlertRow[]> {
  return tx
    .select()
    .from(alerts)
    .where(and(...conditionsOf(filter), olderThan(page.cursor)))
    .orderBy(desc(alerts.raisedAt), desc(alerts.id))
    .limit(page.limit);
}

export async function countOpen(tx: Transaction): Promise<number> {
  const open = tx.select({ one: sql`1` }).from(alerts).where(eq(alerts.state, 'open')).limit(maxCounted).as('open');
  const [row] = await tx.select({ count: sql<number>`count(*)::int` }).from(open);
  return row?.count ?? 0;
}

/** Beyond that the number in the navigation tells nobody anything more. */
const maxCounted = 99;

export async function findAlert(tx: Transaction, id: string): Promise<AlertRow | null> {
  const [row] = await tx.select().from(alerts).where(eq(alerts.id, id));
  return row ?? null;
}

export async function lockAlert(tx: Transaction, id: string): Promise<AlertRow | null> {
  const [row] = await tx.select().from(alerts).where(eq(alerts.id, id)).for('update');
  return row ?? null;
}

export async function settle(
  tx: Transaction,
  id: string,
  changes: Pick<
    AlertRow,
    'state' | 'version' | 'settledBy' | 'settledRole' | 'settledFor' | 'settledAt' | 'closeReason' | 'note'
  >,
): Promise<void> {
  expectRows(await tx.update(alerts).set(changes).where(eq(alerts.id, id)).returning({ id: alerts.id }), 1);
}

function conditionsOf({ states, severity, rule, organisation }: AlertFilter): SQL[] {
  return [
    ...(states === null ? [] : [inArray(alerts.state, [...states])]),
    ...(severity === null ? [] : [eq(alerts.severity, severity)]),
    ...(rule === null ? [] : [eq(alerts.rule, rule)]),
    ...(organisation === null ? [] : [eq(alerts.organisation, organisation)]),
  ];
}

function olderThan(cursor: { readonly at: Date; readonly id: string } | null): SQL | undefined {
  if (cursor === null) return undefined;
  return or(lt(alerts.raisedAt, cursor.at), and(eq(alerts.raisedAt, cursor.at), lt(alerts.id, cursor.id)));
}
