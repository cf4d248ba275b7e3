import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { logPlainEvent } from '../../transfers/record.ts';
import { isAbout, namesInLog, readerOf } from './alert-scope.ts';
import { lockAlert, settle } from './store.ts';
import type { AlertState, CloseReason } from './tables.ts';
import { type AlertAct, actsOn } from './view-alert.ts';

export const maxNoteCharacters = 400;

export type Settlement =
  | { readonly act: 'acknowledge' | 'reopen' }
  | { readonly act: 'close'; readonly reason: CloseReason; readonly note: string | null };

const events = {
  acknowledge: 'alert.acknowledged',
  close: 'alert.closed',
  reopen: 'alert.reopened',
} as const satisfies Record<AlertAct, string>;

const states: Readonly<Record<AlertAct, AlertState>> = {
  acknowledge: 'acknowledged',
  close: 'closed',
  reopen: 'open',
};

/**
 * Somebody has seen it, is done with it, or takes it up again: who and when stands in the row and in the log. Never whoever
 * it is about, by whichever account (ASVS 2.3.5).
 *
 * @param input.version - the version that was looked at; null when it was not said
 * @returns `alert.not-found`, `alert.own`, `alert.wrong-state`, `login.required`, `policy.denied`
 */
export async function settleAlert(
  context: VerbContext,
  input: { readonly id: string; readonly version: number | null; readonly settlement: Settlement },
): Promise<Result<{ readonly id: string }>> {
  const { id, version, settlement } = input;
  const { act } = settlement;
  const { actor } = context;
  const names = actor.kind === 'staff' ? await namesInLog(context, actor) : [];
  return perform(context, { event: events[act], caseId: null }, async (tx) => {
    const reader = readerOf(context);
    if (!reader.ok) return reader;
    const row = await lockAlert(tx, id);
    if (row === null) return refuse(fault('alert.not-found'));
    if (isAbout(row.actors, names)) return refuse(fault('alert.own'));
    const isSame = version === null || version === row.version;
    if (!isSame || !actsOn(row.state, false).includes(act)) return refuse(fault('alert.wrong-state'));
    const { staffId, role, school } = reader.value;
    const closed = settlement.act === 'close' ? settlement : null;
    await settle(tx, id, {
      state: states[act],
      version: row.version + 1,
      settledBy: staffId,
      settledRole: role,
      settledFor: school,
      settledAt: context.gateway.clock.now(),
      closeReason: closed?.reason ?? null,
      note: closed?.note ?? null,
    });
    const about = { alert: id, alertRule: row.rule };
    if (closed === null) await logPlainEvent(tx, context, events[act], about);
    else await logPlainEvent(tx, context, 'alert.closed', { ...about, reason: closed.reason });
    return ok({ id });
  });
}
