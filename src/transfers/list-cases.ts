import { findSchools } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, resourceOf, schoolOf, type VerbContext } from './act.ts';
import { type CaseFilter, type CaseRow, listCases, listSentKinds } from './store.ts';
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
  /** The pupils' class at the actor's school; null for all. */
  readonly homeroom?: string | null | undefined;
  /** Code of the receiving school; null for all. */
  readonly recipient?: string | null | undefined;
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
    const visible = actor.kind === 'person' ? shown.filter((row) => personSees(actor, row)) : shown;
    const last = shown.at(-1);
    return ok({
      items: await summarise(tx, actor, visible),
      next: rows.length > input.limit && last !== undefined ? cursorOf(last) : null,
    });
  });
}

/** What the list of sent cases can be narrowed to. */
export interface SentChoices {
  readonly homerooms: readonly string[];
  readonly recipients: readonly { readonly code: string; readonly name: string }[];
}

/** The classes and receivers among the cases that the actor's school sends. */
export async function showSentChoices(context: VerbContext): Promise<Result<SentChoices>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'case.list', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const found = await listSentKinds(tx, schoolOf(context.actor) ?? '');
    const codes = [...new Set(found.flatMap(({ recipientCode }) => recipientCode ?? []))];
    const schools = await findSchools(tx, codes);
    return ok({
      homerooms: [...new Set(found.map(({ homeroom }) => homeroom))],
      recipients: codes.map((code) => ({ code, name: schools.get(code)?.name ?? code })),
    });
  });
}

/** A draft is the school's own business until it is on its way; and a school may have narrowed what a guardian sees. */
function personSees(actor: Actor, row: CaseRow): boolean {
  const isOut = ['deposited', 'opened', 'acknowledged', 'returned'].includes(row.state);
  return isOut && resourceOf(actor, row).personEntitled;
}

function filterOf({ actor }: VerbContext, input: ListInput): CaseFilter {
  const homeroomTeacher = actor.kind === 'staff' && actor.role === 'homeroomTeacher';
  return {
    side: actor.kind === 'person' ? 'person' : input.side,
    school: schoolOf(actor),
    // A teacher has the own class alone, and without one no case rather than all.
    homeroom: homeroomTeacher ? (actor.homeroom ?? '') : (input.homeroom ?? null),
    healthOnly: actor.kind === 'staff' && actor.role === 'schoolNurse',
    states: input.states,
    recipient: input.recipient ?? null,
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
