import type { Transaction } from '../database/connection.ts';
import { findBoards } from '../directory/find-contact.ts';
import { fault } from '../faults.ts';
import { isAllowed } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, perform, resourceOf, type VerbContext } from './act.ts';
import { type BreakGlassCategory, breakGlassMinutes, parseReason } from './break-glass-rules.ts';
import { type BreakGlassRow, endExpiredGlasses, findRunningGlass, insertBreakGlass } from './break-glass-store.ts';
import { newId } from './ids.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { type CaseRow, type DocumentRow, findCase, findDocument } from './store.ts';

export interface BreakGlassInput {
  readonly caseId: string;
  readonly documentId: string;
  readonly category: BreakGlassCategory | null;
  /** As it was typed. */
  readonly reason: string;
}

/** What was opened, until when. */
export interface OpenedGlass {
  readonly id: string;
  readonly caseId: string;
  readonly documentId: string;
  readonly openedAt: string;
  readonly expiresAt: string;
}

/**
 * 緊急閲覧: opens one document that the actor's role does not read, for at most an hour. Nobody has to be asked first,
 * since an emergency does not wait; so the principal and the board are told at once, another person reviews it, and
 * the pupil's ledger shows it with the kind of reason. It opens a document, never whose protected receiver is who.
 * Faults: break-glass.reason-missing, break-glass.one-at-a-time, document.not-found, policy.denied, login.fresh-required.
 */
export async function openBreakGlass(context: VerbContext, input: BreakGlassInput): Promise<Result<OpenedGlass>> {
  return perform(context, { event: 'break-glass.opened', caseId: input.caseId }, async (tx) => {
    const found = await breakable(tx, context, input);
    if (!found.ok) return found;
    const { row, document } = found.value;
    const { actor, gateway } = context;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const { category } = input;
    const reason = parseReason(input.reason);
    if (reason === null || category === null) {
      const fields = {
        ...(category === null && { category: 'component.choose' }),
        ...(reason === null && { reason: 'glass.reason-short' }),
      };
      return refuse(fault('break-glass.reason-missing', { fields }));
    }
    const now = gateway.clock.now();
    await endExpiredGlasses(tx, actor.personKey, now);
    const glass = {
      id: newId(),
      caseId: row.id,
      documentId: document.id,
      schoolCode: actor.school,
      staffId: actor.staffId,
      personKey: actor.personKey,
      role: actor.role,
      category,
      reason,
      openedAt: now,
      expiresAt: new Date(now.getTime() + breakGlassMinutes * 60_000),
    };
    if (!(await insertBreakGlass(tx, glass))) return refuse(fault('break-glass.one-at-a-time'));
    const detail = { breakGlass: glass.id, document: document.id };
    await recordEvent(tx, context, { name: 'break-glass.opened', row, reason: category, detail });
    await tellAtOnce(tx, actor.school, row.id);
    return ok({
      id: glass.id,
      caseId: row.id,
      documentId: document.id,
      openedAt: now.toISOString(),
      expiresAt: glass.expiresAt.toISOString(),
    });
  });
}

/** The document that a page offers break-glass for, or under which it runs. Faults: as {@link openBreakGlass}. */
export async function showBreakGlass(
  context: VerbContext,
  of: Pick<BreakGlassInput, 'caseId' | 'documentId'>,
): Promise<Result<{ readonly running: BreakGlassRow | null }>> {
  return look(context, async (tx) => {
    const found = await breakable(tx, context, of);
    // An old log-in may look; it is asked for a fresh one when it acts.
    if (!found.ok && found.fault.code !== 'login.fresh-required') return found;
    return ok({ running: await runningGlass(tx, context, of.documentId) });
  });
}

/** The break-glass under which this actor may read this document now; null for everybody else. */
export async function runningGlass(
  tx: Transaction,
  { actor, gateway }: VerbContext,
  documentId: string,
): Promise<BreakGlassRow | null> {
  if (actor.kind !== 'staff') return null;
  return findRunningGlass(tx, {
    documentId,
    staffId: actor.staffId,
    school: actor.school,
    now: gateway.clock.now(),
  });
}

/** May this actor break the glass over this document, as a page wants to know? */
export function mayBreakGlass(context: Pick<VerbContext, 'actor'>, row: CaseRow, document: DocumentRow): boolean {
  return (
    document.state === 'ready' &&
    isAllowed(context.actor, 'breakGlass.open', resourceOf(context.actor, row, document.visibility))
  );
}

async function breakable(
  tx: Transaction,
  context: VerbContext,
  of: Pick<BreakGlassInput, 'caseId' | 'documentId'>,
): Promise<Result<{ readonly row: CaseRow; readonly document: DocumentRow }>> {
  const [row, document] = await Promise.all([findCase(tx, of.caseId), findDocument(tx, of.caseId, of.documentId)]);
  if (row === null || document === null || document.state !== 'ready') return refuse(fault('document.not-found'));
  const allowed = authorise(context, 'breakGlass.open', resourceOf(context.actor, row, document.visibility));
  return allowed.ok ? ok({ row, document }) : allowed;
}

/** The principal by the school's address, and the board that watches over it, if there is one. */
async function tellAtOnce(tx: Transaction, school: string, caseId: string): Promise<void> {
  const board = (await findBoards(tx, [school])).get(school);
  for (const address of board === undefined ? [school] : [school, board]) {
    await notify(tx, { school: address, subject: 'break-glass-opened', caseId });
  }
}
