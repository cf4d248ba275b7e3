import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findSchools } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../../transfers/act.ts';
import { isAbout, namesInLog, readerOf } from './alert-scope.ts';
import { type AlertFilter, countOpen, findAlert, selectAlerts } from './store.ts';
import { type AlertRow, alertsJob } from './tables.ts';
import {
  type AlertDetail,
  type AlertView,
  actsOn,
  eventsBehind,
  hiddenCases,
  type NameOf,
  viewAlert,
} from './view-alert.ts';

const alertsAtOnce = 50;

export interface AlertPage {
  readonly items: readonly AlertView[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

/** What was raised for whoever asks, newest first. Faults: login.required, policy.denied */
export async function showAlerts(
  context: VerbContext,
  filter: AlertFilter & { readonly cursor: string | null },
): Promise<Result<AlertPage>> {
  const reader = readerOf(context);
  if (!reader.ok) return reader;
  const { database } = context.gateway;
  const page = { cursor: parseCursor(filter.cursor), limit: alertsAtOnce + 1 };
  const { rows, isMore, names } = await database.transaction(scopeOf(context.actor), async (tx) => {
    const found = await selectAlerts(tx, filter, page);
    return { rows: found.slice(0, alertsAtOnce), isMore: found.length > alertsAtOnce, names: await namesOf(tx, found) };
  });
  const hidden = await database.transaction(systemScope(alertsJob), (tx) =>
    hiddenCases(
      tx,
      reader.value,
      rows.map(({ caseId }) => caseId),
    ),
  );
  const last = rows.at(-1);
  return ok({
    items: rows.map((row) => viewAlert(row, names, hidden)),
    next: isMore && last !== undefined ? cursorOf(last) : null,
  });
}

/** One alert with what is behind it. Faults: login.required, policy.denied, alert.not-found */
export async function showAlert(context: VerbContext, id: string): Promise<Result<AlertDetail>> {
  const reader = readerOf(context);
  if (!reader.ok) return reader;
  const { database } = context.gateway;
  const found = await database.transaction(scopeOf(context.actor), async (tx) => {
    const row = await findAlert(tx, id);
    if (row === null) return null;
    return { row, names: await namesOf(tx, [row]) };
  });
  if (found === null) return refuse(fault('alert.not-found'));
  const { row, names } = found;
  const isOwn = isAbout(row.actors, await namesInLog(context, reader.value));
  const hidden = await database.transaction(systemScope(alertsJob), (tx) =>
    hiddenCases(tx, reader.value, [row.caseId]),
  );
  const events = await eventsBehind(context.gateway, id, reader.value);
  return ok({ ...viewAlert(row, names, hidden), events, isOwn, may: actsOn(row.state, isOwn) });
}

/** How many nobody has looked at, for the navigation; null to whom alerts are none of their business. */
export async function countAlerts({ database }: Pick<Gateway, 'database'>, actor: Actor): Promise<number | null> {
  if (!isAllowed(actor, 'alert.read', ownThing)) return null;
  return database.transaction(scopeOf(actor), countOpen);
}

async function namesOf(tx: Transaction, rows: readonly AlertRow[]): Promise<NameOf> {
  const codes = rows.flatMap(({ organisation, settledFor }) =>
    settledFor === null ? [organisation] : [organisation, settledFor],
  );
  const schools = await findSchools(tx, codes);
  return (code) => ({ name: schools.get(code)?.name ?? code, nameEnglish: schools.get(code)?.nameEnglish ?? code });
}

function cursorOf({ raisedAt, id }: AlertRow): string {
  return `${raisedAt.getTime()}.${id}`;
}

/** Null for what is no cursor of ours: the list then begins at its beginning. */
function parseCursor(text: string | null): { readonly at: Date; readonly id: string } | null {
  const [, at, id] = text?.match(/^(\d{1,15})\.([a-z2-7]{1,64})$/) ?? [];
  return at === undefined || id === undefined ? null : { at: new Date(Number(at)), id };
}
