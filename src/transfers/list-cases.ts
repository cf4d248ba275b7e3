import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { isAllowed } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, resourceOf, schoolOf, type VerbContext } from './act.ts';
import { type CaseFilter, type CaseRow, listCases } from './store.ts';
import type { CaseState } from './tables.ts';
import { type CaseSummary, summarise } from './view.ts';

export interface CasePage {
  readonly items: readonly CaseSummary[];
  /** Send it back to get the next page; null at the end. */
  readonly next: string | null;
}

export interface ListInput {
  readonly side: 'sender' | 'recipient' | 'person';
  readonly states: readonly CaseState[] | null;
  readonly cursor: string | null;
  readonly limit: number;
}

/** The cases of the actor's school or, for a person, their own; newest first. A nurse sees those with health cards. */
export async function showCases(context: VerbContext, input: ListInput): Promise<Result<CasePage>> {
  const { actor } = context;
  const after = input.cursor === null ? null : parseCursor(input.cursor);
  if (input.cursor !== null && after === null)
    return refuse(fault('request.malformed', { fields: { cursor: 'cursor' } }));
  return look(context, async (tx) => {
    if (actor.kind !== 'person') {
      const allowed = authorise(context, 'case.list', ownResource(actor));
      if (!allowed.ok) return allowed;
    }
    const rows = await listCases(tx, filterOf(context, input), { after, limit: input.limit + 1 });
    const shown = rows.slice(0, input.limit);
    const visible = shown.filter((row) =>
      actor.kind === 'person' ? personSees(actor, row) : isAllowed(actor, 'case.read', resourceOf(actor, row)),
    );
    const last = shown.at(-1);
    return ok({
      items: await summarise(tx, actor, visible),
      next: rows.length > input.limit && last !== undefined ? cursorOf(last) : null,
    });
  });
}

/** A draft is the school's own business until it is on its way; and a school may have narrowed what a guardian sees. */
function personSees(actor: Actor, row: CaseRow): boolean {
  const isOut = ['deposited', 'opened', 'acknowledged', 'returned'].includes(row.state);
  return isOut && isAllowed(actor, 'case.read', resourceOf(actor, row));
}

function filterOf({ actor }: VerbContext, input: ListInput): CaseFilter {
  const homeroomTeacher = actor.kind === 'staff' && actor.role === 'homeroomTeacher';
  return {
    side: actor.kind === 'person' ? 'person' : input.side,
    school: schoolOf(actor),
    // A teacher without a class sees no case rather than all.
    homeroom: homeroomTeacher ? (actor.homeroom ?? '') : null,
    healthOnly: actor.kind === 'staff' && actor.role === 'schoolNurse',
    states: input.states,
  };
}

function cursorOf(row: { readonly updatedAt: Date; readonly id: string }): string {
  return Buffer.from(`${row.updatedAt.toISOString()} ${row.id}`).toString('base64url');
}

function parseCursor(text: string): { updatedAt: Date; id: string } | null {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const updatedAt = new Date(at ?? '');
  return id === undefined || Number.isNaN(updatedAt.getTime()) ? null : { updatedAt, id };
}
