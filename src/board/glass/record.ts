import { appendEvent } from '../../audit/append.ts';
import type { Transaction } from '../../database/connection.ts';
import { scopeOf } from '../../policy/actor.ts';
import { assuranceOf, roleOf, type VerbContext } from '../../transfers/act.ts';
import type { GlassSubject } from '../../transfers/board-subject.ts';
import type { BoardGlassRow } from './store.ts';

type GlassEvent = 'board-glass.opened' | 'board-glass.read' | 'board-glass.ended' | 'board-glass.reviewed';

/**
 * Writes the act into the part of each of the board's schools in the case, so that the school sees it, its hold holds it
 * back and it answers for it; once of them all into the ledger of the person. The other board's school is told nothing.
 */
export async function recordGlass(
  tx: Transaction,
  { actor, gateway }: VerbContext,
  event: { readonly name: GlassEvent; readonly glass: BoardGlassRow; readonly subject: GlassSubject },
): Promise<void> {
  const { name, glass, subject } = event;
  const at = gateway.clock.now();
  const found = name === 'board-glass.reviewed' ? { justified: glass.justified } : {};
  for (const [index, { side, school, token }] of subject.sides.entries()) {
    await appendEvent(
      tx,
      {
        name,
        outcome: 'done',
        side,
        organisation: school,
        actorRole: roleOf(actor),
        purpose: subject.kind,
        caseId: subject.caseId,
        pupilId: subject.pupilId,
        token,
        personVisible: index === 0,
        ...(name === 'board-glass.opened' ? { reason: glass.category } : {}),
        detail: { actor: scopeOf(actor).actor, assurance: assuranceOf(actor), breakGlass: glass.id, ...found },
        at,
      },
      gateway.sealDetail,
    );
  }
}
