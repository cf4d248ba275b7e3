import type { Transaction } from '../../database/connection.ts';
import { findStaff } from '../../directory/find-member.ts';
import { findSchools } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, perform, type VerbContext } from '../../transfers/act.ts';
import { findGlassSubject, type GlassSubject, keepFound } from '../../transfers/board-subject.ts';
import { type BoardGlassCategory, isRunning, parseReason } from '../../transfers/break-glass-rules.ts';
import { auditorOf } from './open-glass.ts';
import { recordGlass } from './record.ts';
import { type BoardGlassRow, changeGlass, listGlasses, lockGlass } from './store.ts';

/** One opening, without the name that was opened: whoever reviews it judges the reason. */
export interface BoardGlassView {
  readonly id: string;
  readonly caseId: string;
  readonly schools: readonly string[];
  readonly openedBy: string;
  readonly category: BoardGlassCategory;
  readonly reason: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  /** When it was ended, or ran out; null while it runs. */
  readonly endedAt: string | null;
  readonly review: { readonly justified: boolean; readonly reason: string; readonly at: string } | null;
  readonly may: readonly ('end' | 'review')[];
}

/** Of one that was ended or reviewed. */
export type SettledGlass = Pick<BoardGlassView, 'id' | 'endedAt' | 'review'>;

/** All of the board's, to each of its auditors. Of a case that is protected meanwhile there is none. */
export async function showBoardGlasses(context: VerbContext): Promise<Result<readonly BoardGlassView[]>> {
  const staff = auditorOf(context, 'boardGlass.list');
  if (!staff.ok) return staff;
  const rows = await look(context, async (tx) => ok(await listGlasses(tx, staff.value.school)));
  if (!rows.ok) return rows;
  const shown = await keepFound(context.gateway, rows.value);
  return look(context, async (tx) => {
    const views: BoardGlassView[] = [];
    for (const row of shown) views.push(await viewOf(tx, context, { row, staff: staff.value }));
    return ok(views);
  });
}

/** Ends one before its time: whoever opened it, or another auditor of the board. A second time changes nothing. */
export async function endBoardGlass(context: VerbContext, id: string): Promise<Result<SettledGlass>> {
  const staff = auditorOf(context, 'boardGlass.list');
  const subject = staff.ok ? await findSubject(context, id) : null;
  return perform(context, { event: 'board-glass.ended', caseId: null }, async (tx) => {
    if (!staff.ok) return staff;
    const glass = await lockGlass(tx, id);
    if (glass === null || subject === null) return refuse(fault('break-glass.not-found'));
    const now = context.gateway.clock.now();
    if (!isRunning(glass, now)) return ok(settledOf(glass, now));
    const ended = await changeGlass(tx, id, { endedAt: now });
    await recordGlass(tx, context, { name: 'board-glass.ended', glass: ended, subject });
    return ok(settledOf(ended, now));
  });
}

/**
 * The second person: says whether it was justified and why, once. What was not justified ends at once.
 * Faults: break-glass.own, break-glass.not-found, board-glass.unexplained, policy.denied.
 */
export async function reviewBoardGlass(
  context: VerbContext,
  input: { readonly id: string; readonly justified: boolean; readonly reason: string },
): Promise<Result<SettledGlass>> {
  const staff = auditorOf(context, 'boardGlass.review');
  const subject = staff.ok ? await findSubject(context, input.id) : null;
  return perform(context, { event: 'board-glass.reviewed', caseId: null }, async (tx) => {
    if (!staff.ok) return staff;
    const glass = await lockGlass(tx, input.id);
    if (glass === null || subject === null) return refuse(fault('break-glass.not-found'));
    // By person, not by account (ASVS 2.3.5).
    if (glass.personKey === staff.value.personKey) return refuse(fault('break-glass.own'));
    const now = context.gateway.clock.now();
    if (glass.reviewedAt !== null) return ok(settledOf(glass, now));
    const reviewReason = parseReason(input.reason);
    if (reviewReason === null) {
      return refuse(fault('board-glass.unexplained', { fields: { reason: 'board-glass.reason-short' } }));
    }
    const { justified } = input;
    const reviewed = await changeGlass(tx, glass.id, {
      reviewedBy: staff.value.staffId,
      reviewedAt: now,
      justified,
      reviewReason,
      ...(justified || !isRunning(glass, now) ? {} : { endedAt: now }),
    });
    await recordGlass(tx, context, { name: 'board-glass.reviewed', glass: reviewed, subject });
    return ok(settledOf(reviewed, now));
  });
}

/** The case of an opening that row level security shows; null where a protection order has hidden it since. */
async function findSubject(context: VerbContext, id: string): Promise<GlassSubject | null> {
  const glass = await look(context, async (tx) => ok(await lockGlass(tx, id)));
  return glass.ok && glass.value !== null ? findGlassSubject(context.gateway, glass.value) : null;
}

async function viewOf(
  tx: Transaction,
  { gateway }: VerbContext,
  { row, staff }: { readonly row: BoardGlassRow; readonly staff: StaffActor },
): Promise<BoardGlassView> {
  const [openedBy, schools] = await Promise.all([findStaff(tx, row.staffId), findSchools(tx, row.schools)]);
  const now = gateway.clock.now();
  const mayReview = row.reviewedAt === null && row.personKey !== staff.personKey;
  return {
    ...settledOf(row, now),
    caseId: row.caseId,
    schools: row.schools.map((code) => schools.get(code)?.name ?? code),
    openedBy: openedBy?.name ?? '',
    category: row.category,
    reason: row.reason,
    openedAt: row.openedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    may: [...(isRunning(row, now) ? (['end'] as const) : []), ...(mayReview ? (['review'] as const) : [])],
  };
}

function settledOf(row: BoardGlassRow, now: Date): SettledGlass {
  const { reviewedAt, justified, reviewReason } = row;
  return {
    id: row.id,
    endedAt: isRunning(row, now) ? null : (row.endedAt ?? row.expiresAt).toISOString(),
    review:
      reviewedAt === null
        ? null
        : { justified: justified === true, reason: reviewReason ?? '', at: reviewedAt.toISOString() },
  };
}
