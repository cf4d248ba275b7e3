import type { Transaction } from '../../database/connection.ts';
import { findMembersInForce } from '../../directory/members.ts';
import { notifyStaff } from '../../directory/notify-staff.ts';
import { type Fault, fault } from '../../faults.ts';
import { dayInJapan } from '../../identity/rules.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import {
  answeredBefore,
  authorise,
  ownResource,
  perform,
  refuseLogged,
  type VerbContext,
} from '../../transfers/act.ts';
import { findGlassSubject, type GlassSubject } from '../../transfers/board-subject.ts';
import { type BoardGlassCategory, breakGlassMinutes, parseReason } from '../../transfers/break-glass-rules.ts';
import { newId } from '../../transfers/ids.ts';
import { notify } from '../../transfers/notify.ts';
import { reachCase } from '../case-story.ts';
import { recordGlass } from './record.ts';
import { type BoardGlassRow, endExpiredGlasses, insertGlass } from './store.ts';

export interface BoardGlassInput {
  readonly caseId: string;
  readonly category: BoardGlassCategory | null;
  /** As it was typed. */
  readonly reason: string;
}

/** Until when, and never the name: an answer is kept under its idempotency key. */
export interface OpenedBoardGlass {
  readonly id: string;
  readonly openedAt: string;
  readonly expiresAt: string;
}

/**
 * 氏名の開示: opens the name of one case's pupil to one auditor of the board for at most an hour; never a document, and never
 * anything of a protected case (支援措置), which is not there. The principals of the board's schools in the case and its
 * other auditors are told at once, another auditor reviews it, and the pupil's ledger shows it with the kind of reason.
 * Faults: break-glass.reason-missing, board-glass.one-at-a-time, case.not-found, policy.denied, login.fresh-required.
 */
export async function openBoardGlass(context: VerbContext, input: BoardGlassInput): Promise<Result<OpenedBoardGlass>> {
  const attempt = { event: 'board-glass.opened', caseId: input.caseId, answerIs: 'guarded' } as const;
  const allowed = auditorOf(context, 'boardGlass.open');
  if (!allowed.ok) return refuseLogged(context, attempt, allowed.fault);
  const found = await findOwnCase(context, input.caseId);
  if (!found.ok) return found;
  const before = await answeredBefore<OpenedBoardGlass>(context, null);
  if (before !== null) return before;
  const { value: subject } = found;
  return perform(context, attempt, async (tx) => {
    const { category } = input;
    const reason = parseReason(input.reason);
    if (reason === null || category === null) return refuse(ungrounded(reason, category));
    const now = context.gateway.clock.now();
    const { staffId, personKey, school: boardCode } = allowed.value;
    await endExpiredGlasses(tx, personKey, now);
    const glass = {
      id: newId(),
      caseId: subject.caseId,
      boardCode,
      schools: subject.sides.map(({ school }) => school),
      staffId,
      personKey,
      category,
      reason,
      openedAt: now,
      expiresAt: new Date(now.getTime() + breakGlassMinutes * 60_000),
      ...notReviewed,
    };
    if (!(await insertGlass(tx, glass))) return refuse(fault('board-glass.one-at-a-time'));
    await recordGlass(tx, context, { name: 'board-glass.opened', glass, subject });
    await tellAtOnce(tx, glass);
    return ok({ id: glass.id, openedAt: now.toISOString(), expiresAt: glass.expiresAt.toISOString() });
  });
}

/** The auditor who asks. Faults: policy.denied, login.fresh-required. */
export function auditorOf(
  context: VerbContext,
  action: 'boardGlass.list' | 'boardGlass.open' | 'boardGlass.review',
): Result<StaffActor> {
  const { actor } = context;
  const allowed = authorise(context, action, ownResource(actor));
  if (!allowed.ok) return allowed;
  return actor.kind === 'staff' ? ok(actor) : refuse(fault('policy.denied', { detail: 'staff-only' }));
}

/** A case within the board's reach that is not protected, nor still unknown to its schools; the others look like none. */
export async function findOwnCase(context: VerbContext, caseId: string): Promise<Result<GlassSubject>> {
  const reached = await reachCase(context, caseId);
  if (!reached.ok) return reached;
  const schools = [...reached.value.schools.keys()];
  const subject = await findGlassSubject(context.gateway, { caseId, schools });
  if (subject !== null) return ok(subject);
  return refuseLogged(context, { event: 'access.denied', caseId }, fault('case.not-found'));
}

const notReviewed = { endedAt: null, reviewedBy: null, reviewedAt: null, justified: null, reviewReason: null };

function ungrounded(reason: string | null, category: BoardGlassCategory | null): Fault {
  const fields = {
    ...(category === null && { category: 'component.choose' }),
    ...(reason === null && { reason: 'board-glass.reason-short' }),
  };
  return fault('break-glass.reason-missing', { fields });
}

/** The heads of the schools, and whoever else is an auditor of the board: by account, since each of them may review it. */
async function tellAtOnce(tx: Transaction, glass: BoardGlassRow): Promise<void> {
  const { id, caseId, boardCode, schools, staffId, openedAt } = glass;
  for (const school of schools) await notify(tx, { school, subject: 'board-glass-opened', caseId });
  const members = await findMembersInForce(tx, boardCode, dayInJapan(openedAt));
  const staffIds = members.flatMap((one) => (one.role === 'auditor' && one.staffId !== staffId ? [one.staffId] : []));
  await notifyStaff(tx, { school: boardCode, subject: 'board-glass-opened', id, staffIds });
}
