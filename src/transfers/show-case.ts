import { type CaseEventRow, listCaseEvents } from '../audit/case-events.ts';
import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, ledgerOf, look, lookAtCase, refuseLogged, resourceOf, schoolOf, type VerbContext } from './act.ts';
import { explainedEvents, findActing, isAuditors } from './ledger/acting.ts';
import { isHolding, toldUntil } from './ledger/rules.ts';
import { holdsOf } from './ledger/store.ts';
import type { LedgerLine } from './ledger-line.ts';
import { recordEvent } from './record.ts';
import { findRecord } from './renewal/store.ts';
import { type CaseRow, findCase, listReceipts, type ReceiptRow } from './store.ts';
import { isHiddenReceiver } from './story/rules.ts';
import { type CaseView, viewCase } from './view.ts';

/** One case as the actor may see it. A case of others and one that does not exist answer alike (Z-02). */
export async function showCase(context: VerbContext, caseId: string): Promise<Result<CaseView>> {
  return lookAtCase(context, caseId, async (tx) => {
    const found = await readableCase(tx, context, caseId);
    return found.ok ? ok(await viewCase(tx, context.actor, found.value)) : found;
  });
}

/** Who did what with this case: date, kind of role, act. A school sees its own side, a person what concerns them. */
export async function showLedger(context: VerbContext, caseId: string): Promise<Result<readonly LedgerLine[]>> {
  const person = context.actor.kind === 'person';
  const seen = await look(context, (tx) => readableLedger(tx, context, caseId));
  const hidden = seen.ok && isHiddenReceiver(context.actor, seen.value);
  // Whoever is told nothing is told nothing of place or receiver either, and has been here (P-04).
  if (!seen.ok) return refuseLogged(context, { event: person ? 'ledger.viewed' : 'access.denied', caseId }, seen.fault);
  const rows = person
    ? await listToldEvents(context, seen.value)
    : await look(context, async (tx) =>
        ok(await listCaseEvents(tx, { caseId, organisation: schoolOf(context.actor), personVisibleOnly: false })),
      ).then((result) => (result.ok ? result.value : []));
  const codeOf = await actingIn(context, rows);
  return ok(
    rows.map((row) => ({
      at: row.at.toISOString(),
      event: row.name,
      side: row.side,
      organisation: hidden && row.side === 'recipient' ? null : codeOf(row),
      role: row.actorRole,
      assurance: row.assurance,
      outcome: row.outcome,
      reason: explainedEvents.includes(row.name) ? row.reason : null,
      eventId: row.id,
    })),
  );
}

/** Most cases have no board's act, and then the directory is not asked. */
async function actingIn({ gateway }: VerbContext, rows: readonly CaseEventRow[]): ReturnType<typeof findActing> {
  if (!rows.some(isAuditors)) return (row) => row.organisation;
  return gateway.database.transaction(systemScope('ledger'), (tx) => findActing(tx, rows));
}

/** Late, and without what an inquiry holds back, as on the page of the whole ledger. */
async function listToldEvents({ gateway }: VerbContext, row: CaseRow): Promise<CaseEventRow[]> {
  const now = gateway.clock.now();
  const until = toldUntil(now, gateway.settings.LEDGER_DELAY_HOURS);
  return gateway.database.transaction(systemScope('ledger'), async (tx) => {
    const holds = (await holdsOf(tx, [row.pupilId])).filter((hold) => isHolding(hold, now));
    const rows = await listCaseEvents(tx, { caseId: row.id, organisation: null, personVisibleOnly: true });
    const isHeld = ({ organisation, at }: CaseEventRow) =>
      holds.some((hold) => hold.schoolCode === organisation && hold.since <= at);
    return rows.filter((event) => event.at <= until && !isHeld(event));
  });
}

/** The receipts, and the renewal record of seals and receipts; null while they stand by themselves. */
export async function showReceipts(
  context: VerbContext,
  caseId: string,
): Promise<Result<{ readonly receipts: readonly ReceiptRow[]; readonly renewal: Uint8Array | null }>> {
  return lookAtCase(context, caseId, async (tx) => {
    const found = await readableCase(tx, context, caseId);
    if (!found.ok) return found;
    const { id } = found.value;
    return ok({ receipts: await listReceipts(tx, id), renewal: await findRecord(tx, id) });
  });
}

/** Looking at the ledger is itself a line of the log, for persons; schools look at it with every case. */
async function readableLedger(tx: Transaction, context: VerbContext, caseId: string): Promise<Result<CaseRow>> {
  const found = await readableCase(tx, context, caseId);
  if (!found.ok || context.actor.kind !== 'person') return found;
  const allowed = authorise(context, 'ledger.read', ledgerOf(context.actor, found.value));
  if (!allowed.ok) return refuse(fault('case.not-found', { detail: allowed.fault.detail ?? 'denied' }));
  await recordEvent(tx, context, { name: 'ledger.viewed', row: found.value, isHidden: true });
  return found;
}

async function readableCase(tx: Transaction, context: VerbContext, caseId: string): Promise<Result<CaseRow>> {
  const row = await findCase(tx, caseId);
  if (row === null) return refuse(fault('case.not-found'));
  const allowed = authorise(context, 'case.read', resourceOf(context.actor, row));
  if (allowed.ok) return ok(row);
  // What one may not even see does not exist.
  return allowed.fault.code === 'policy.denied'
    ? refuse(fault('case.not-found', { detail: allowed.fault.detail ?? 'denied' }))
    : allowed;
}
