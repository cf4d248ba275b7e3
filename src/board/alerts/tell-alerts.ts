import { and, eq, gt, or, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findMembersInForce } from '../../directory/members.ts';
import { notifyStaff } from '../../directory/notify-staff.ts';
import type { Gateway } from '../../gateway.ts';
import { dayInJapan } from '../../identity/rules.ts';
import type { Role } from '../../policy/actor.ts';
import { type AlertRuleId, ruleOf } from './rule-table.ts';
import { type AlertRow, alerts, alertsJob, alertTellings } from './tables.ts';

type Parts = Pick<Gateway, 'database' | 'clock'>;

/** One mail an hour for each rule and organisation; what comes meanwhile stands in the list, and in the next one's. */
const mailsApartMs = 3_600_000;
const toldAtOnce = 200;

interface Due {
  readonly organisation: string;
  readonly rule: AlertRuleId;
  readonly as: 'school' | 'board';
}

/** Writes to whoever looks after what was raised, by the outbox: marked and queued together, so once. */
export async function tellAlerts({ database, clock }: Parts): Promise<void> {
  const due = await database.transaction(systemScope(alertsJob), (tx) => listDue(tx, clock.now()));
  for (const one of due) {
    // The organisation's own scope as well: its people are read in it.
    const scope = { ...systemScope(alertsJob), school: one.organisation };
    await database.transaction(scope, (tx) => tellOne(tx, one, clock.now()));
  }
}

async function listDue(tx: Transaction, now: Date): Promise<readonly Due[]> {
  const schools = untold(tx, 'school', now);
  const boards = untold(tx, 'board', now);
  return [...(await schools), ...(await boards)];
}

async function untold(tx: Transaction, as: Due['as'], now: Date): Promise<readonly Due[]> {
  const whom = as === 'school' ? alerts.organisation : alerts.board;
  const recently = tx
    .select({ one: sql`1` })
    .from(alertTellings)
    .where(
      and(
        eq(alertTellings.organisation, whom),
        eq(alertTellings.rule, alerts.rule),
        gt(alertTellings.toldAt, new Date(now.getTime() - mailsApartMs)),
      ),
    );
  const rows = await tx
    .selectDistinct({ organisation: whom, rule: alerts.rule })
    .from(alerts)
    .where(and(isUntold(as), sql`not exists ${recently}`))
    .limit(toldAtOnce);
  return rows.flatMap(({ organisation, rule }) => (organisation === null ? [] : [{ organisation, rule, as }]));
}

async function tellOne(tx: Transaction, { organisation, rule, as }: Due, now: Date): Promise<void> {
  const whom = as === 'school' ? alerts.organisation : alerts.board;
  const told = await tx
    .update(alerts)
    .set(as === 'school' ? { toldSchool: true } : { toldBoard: true })
    .where(and(isUntold(as), eq(whom, organisation), eq(alerts.rule, rule)))
    .returning({ id: alerts.id, raisedAt: alerts.raisedAt, actors: alerts.actors });
  // Another process was quicker.
  const newest = told.toSorted((one, other) => other.raisedAt.getTime() - one.raisedAt.getTime())[0];
  if (newest === undefined) return;
  await tx
    .insert(alertTellings)
    .values({ organisation, rule, toldAt: now })
    .onConflictDoUpdate({ target: [alertTellings.organisation, alertTellings.rule], set: { toldAt: now } });
  const staffIds = await receiversOf(tx, { organisation, rule, as, about: newest }, now);
  await notifyStaff(tx, { staffIds, school: organisation, subject: 'alert-raised', id: newest.id });
}

/** Never whoever it is about: they know, or should not yet. */
async function receiversOf(
  tx: Transaction,
  { organisation, rule, as, about }: Due & { readonly about: Pick<AlertRow, 'actors'> },
  now: Date,
): Promise<readonly string[]> {
  const toAdministrators = ruleOf(rule).to.includes('administrator');
  const ofBoard: readonly Role[] = toAdministrators ? ['auditor', 'administrator'] : ['auditor'];
  const roles: readonly Role[] = as === 'school' ? ['principal', 'vicePrincipal'] : ofBoard;
  const people = await findMembersInForce(tx, organisation, dayInJapan(now));
  return people
    .filter(({ role, staffId }) => roles.includes(role) && !about.actors.includes(`staff:${staffId}`))
    .map(({ staffId }) => staffId);
}

function isUntold(as: Due['as']): SQL | undefined {
  return as === 'school'
    ? or(sql`not ${alerts.toldSchool}`)
    : and(sql`not ${alerts.toldBoard}`, sql`${alerts.board} is not null`);
}
