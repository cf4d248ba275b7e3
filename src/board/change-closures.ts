import { addClosure, findClosures, type NamedClosure, removeClosure } from '../directory/calendar/closures.ts';
import { addDays, type PublicHoliday, publicHolidays } from '../directory/calendar/public-holidays.ts';
import { schoolYearOf } from '../directory/calendar/school-days.ts';
import { findBoards } from '../directory/find-contact.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';

/** A closure is no longer than this; a school that works on no day has other troubles. */
const maxClosureDays = 70;
const maxNameCharacters = 60;

export interface Calendar {
  readonly schoolYear: number;
  readonly closures: readonly NamedClosure[];
  /** By law, of the same school year. */
  readonly holidays: readonly PublicHoliday[];
}

/** The days on which the board's schools do not work, from a month ago to the end of the next school year. */
export async function showCalendar(context: VerbContext): Promise<Result<Calendar>> {
  const today = dayInJapan(context.gateway.clock.now());
  const schoolYear = schoolYearOf(today);
  return look(context, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'audit.read', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const board =
      actor.role === 'auditor' ? actor.school : ((await findBoards(tx, [actor.school])).get(actor.school) ?? null);
    const days = { from: addDays(today, -31), to: `${schoolYear + 2}-03-31` };
    const holidays = [...publicHolidays(schoolYear), ...publicHolidays(schoolYear + 1)];
    return ok({
      schoolYear,
      closures: await findClosures(tx, board, days),
      holidays: holidays.filter(({ day }) => schoolYearOf(day) === schoolYear),
    });
  });
}

export interface ClosureInput {
  readonly name: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

/**
 * A board closes its schools on these days. Deadlines that stand already do not move. Faults: policy.denied,
 * request.malformed with the field, closure.too-many.
 */
export async function closeSchools(
  context: VerbContext,
  input: ClosureInput,
): Promise<Result<{ readonly id: string }>> {
  return perform(context, { event: 'closure.added', caseId: null }, async (tx) => {
    const { actor, gateway } = context;
    const allowed = authorise(context, 'calendar.manage', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const today = dayInJapan(gateway.clock.now());
    const fields = faultsIn(input, today);
    if (Object.keys(fields).length > 0) return refuse(fault('request.malformed', { fields }));
    const id = newId();
    const { firstDay, lastDay } = input;
    const row = { id, boardCode: actor.school, firstDay, lastDay, name: input.name.trim() };
    if (!(await addClosure(tx, row, today))) return refuse(fault('closure.too-many'));
    await logPlainEvent(tx, context, 'closure.added', { closure: id, firstDay, lastDay });
    return ok({ id });
  });
}

/** Takes a closure back. Faults: policy.denied, closure.not-found. */
export async function reopenSchools(context: VerbContext, id: string): Promise<Result<{ readonly id: string }>> {
  return perform(context, { event: 'closure.removed', caseId: null }, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'calendar.manage', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff' || !(await removeClosure(tx, actor.school, id)))
      return refuse(fault('closure.not-found'));
    await logPlainEvent(tx, context, 'closure.removed', { closure: id });
    return ok({ id });
  });
}

/** What is wrong with which field. */
function faultsIn({ name, firstDay, lastDay }: ClosureInput, today: string): Readonly<Record<string, string>> {
  const isName = name.trim() !== '' && name.trim().length <= maxNameCharacters;
  const isFirst = isDay(firstDay);
  const isLast = isDay(lastDay) && lastDay >= firstDay && lastDay >= today;
  const isShort = isFirst && isLast && lastDay < addDays(firstDay, maxClosureDays);
  return {
    ...(isName ? {} : { name: 'problem.field' }),
    ...(isFirst ? {} : { firstDay: 'problem.field' }),
    ...(isShort ? {} : { lastDay: 'problem.field' }),
  };
}

function isDay(text: string): boolean {
  return /^20\d{2}-\d{2}-\d{2}$/.test(text) && addDaysSafely(text) === text;
}

/** The same day again; another text for a day that no calendar has, such as 30 February. */
function addDaysSafely(text: string): string | null {
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString().slice(0, 10);
}
