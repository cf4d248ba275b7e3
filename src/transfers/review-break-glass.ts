import type { Transaction } from '../database/connection.ts';
import { findStaff } from '../directory/find-member.ts';
import { fault } from '../faults.ts';
import { isAllowed } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, type VerbContext } from './act.ts';
import { type BreakGlassCategory, isRunning } from './break-glass-rules.ts';
import { type BreakGlassRow, changeBreakGlass, listBreakGlasses, lockBreakGlass } from './break-glass-store.ts';
import { recordEvent } from './record.ts';
import { findCase, findDocument } from './store.ts';

export interface BreakGlassView {
  readonly id: string;
  readonly caseId: string;
  readonly documentId: string;
  readonly documentTitle: string;
  readonly pupil: { readonly officialName: string; readonly displayName: string };
  readonly openedBy: string;
  readonly role: string;
  readonly category: BreakGlassCategory;
  readonly reason: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  /** When it was ended, or ran out; null while it runs. */
  readonly endedAt: string | null;
  readonly review: { readonly justified: boolean; readonly at: string } | null;
  readonly may: readonly ('end' | 'review')[];
}

/** A principal sees all of the school's, whoever opened one their own. */
export async function showBreakGlasses(context: VerbContext): Promise<Result<readonly BreakGlassView[]>> {
  return look(context, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'breakGlass.list', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const reviews = isAllowed(actor, 'breakGlass.review', ownResource(actor));
    const rows = await listBreakGlasses(tx, { school: actor.school, staffId: reviews ? null : actor.staffId });
    const views: BreakGlassView[] = [];
    // Of a case that is protected meanwhile, whoever may not know of it sees no break-glass either.
    for (const row of rows) if ((await findCase(tx, row.caseId)) !== null) views.push(await viewOf(tx, context, row));
    return ok(views);
  });
}

/** Ends one before its time: the principal any, whoever opened it their own. A second time changes nothing. */
export async function endBreakGlass(context: VerbContext, id: string): Promise<Result<BreakGlassView>> {
  return perform(context, { event: 'break-glass.ended', caseId: null }, async (tx) => {
    const found = await lockOwn(tx, context, id);
    if (!found.ok) return found;
    const now = context.gateway.clock.now();
    if (!isRunning(found.value, now)) return ok(await viewOf(tx, context, found.value));
    const ended = await changeBreakGlass(tx, id, { endedAt: now });
    await log(tx, context, { name: 'break-glass.ended', glass: ended });
    return ok(await viewOf(tx, context, ended));
  });
}

/** The second person: says whether it was justified, once. Faults: break-glass.own, break-glass.not-found. */
export async function reviewBreakGlass(
  context: VerbContext,
  input: { readonly id: string; readonly justified: boolean },
): Promise<Result<BreakGlassView>> {
  return perform(context, { event: 'break-glass.reviewed', caseId: null }, async (tx) => {
    const { actor, gateway } = context;
    const allowed = authorise(context, 'breakGlass.review', ownResource(actor));
    if (!allowed.ok) return allowed;
    const glass = await lockBreakGlass(tx, input.id);
    if (glass === null || actor.kind !== 'staff') return refuse(fault('break-glass.not-found'));
    // By person, not by account (ASVS 2.3.5).
    if (glass.personKey === actor.personKey) return refuse(fault('break-glass.own'));
    if (glass.reviewedAt !== null) return ok(await viewOf(tx, context, glass));
    const now = gateway.clock.now();
    const { justified } = input;
    const reviewed = await changeBreakGlass(tx, glass.id, {
      reviewedBy: actor.staffId,
      reviewedAt: now,
      justified,
      // What was not justified ends at once.
      ...(justified || !isRunning(glass, now) ? {} : { endedAt: now }),
    });
    await log(tx, context, { name: 'break-glass.reviewed', glass: reviewed });
    return ok(await viewOf(tx, context, reviewed));
  });
}

async function lockOwn(tx: Transaction, context: VerbContext, id: string): Promise<Result<BreakGlassRow>> {
  const { actor } = context;
  const allowed = authorise(context, 'breakGlass.list', ownResource(actor));
  if (!allowed.ok) return allowed;
  const glass = await lockBreakGlass(tx, id);
  const reviews = isAllowed(actor, 'breakGlass.review', ownResource(actor));
  const isOwn = actor.kind === 'staff' && glass?.staffId === actor.staffId;
  const isHidden = glass === null || (await findCase(tx, glass.caseId)) === null;
  return isHidden || !(reviews || isOwn) ? refuse(fault('break-glass.not-found')) : ok(glass);
}

async function log(
  tx: Transaction,
  context: VerbContext,
  event: { readonly name: 'break-glass.ended' | 'break-glass.reviewed'; readonly glass: BreakGlassRow },
): Promise<void> {
  const row = await findCase(tx, event.glass.caseId);
  if (row === null) throw new Error('a break-glass lost its case');
  const detail = { breakGlass: event.glass.id, justified: event.glass.justified };
  await recordEvent(tx, context, { name: event.name, row, detail });
}

async function viewOf(tx: Transaction, context: VerbContext, glass: BreakGlassRow): Promise<BreakGlassView> {
  const { actor, gateway } = context;
  const [row, document, staff] = await Promise.all([
    findCase(tx, glass.caseId),
    findDocument(tx, glass.caseId, glass.documentId),
    findStaff(tx, glass.staffId),
  ]);
  const running = isRunning(glass, gateway.clock.now());
  const ended = glass.endedAt ?? glass.expiresAt;
  const mayReview =
    isAllowed(actor, 'breakGlass.review', ownResource(actor)) &&
    actor.kind === 'staff' &&
    actor.personKey !== glass.personKey &&
    glass.reviewedAt === null;
  return {
    id: glass.id,
    caseId: glass.caseId,
    documentId: glass.documentId,
    documentTitle: document?.title ?? '',
    pupil: { officialName: row?.pupilOfficialName ?? '', displayName: row?.pupilDisplayName ?? '' },
    openedBy: staff?.name ?? '',
    role: glass.role,
    category: glass.category,
    reason: glass.reason,
    openedAt: glass.openedAt.toISOString(),
    expiresAt: glass.expiresAt.toISOString(),
    endedAt: running ? null : ended.toISOString(),
    review:
      glass.reviewedAt === null ? null : { justified: glass.justified === true, at: glass.reviewedAt.toISOString() },
    may: [...(running ? (['end'] as const) : []), ...(mayReview ? (['review'] as const) : [])],
  };
}
