import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { appendEvent } from '../audit/append.ts';
import type { AuditEventName } from '../audit/event-names.ts';
import type { Transaction } from '../database/connection.ts';
import { type Fault, fault } from '../faults.ts';
import type { Gateway } from '../gateway.ts';
import { type Actor, type PersonActor, type PersonScope, scopeOf } from '../policy/actor.ts';
import { type Action, isAllowed, ownThing, type Resource } from '../policy/decide.ts';
import { permit } from '../policy/permit.ts';
import { ok, type Result, refuse } from '../result.ts';
import { phaseOf } from './rules.ts';
import { type CaseRow, CaseVanished, isVisible } from './store.ts';
import { idempotencyKeys } from './tables.ts';

/** What every verb of the procedure is given. */
export interface VerbContext {
  readonly gateway: Gateway;
  readonly actor: Actor;
  /** The caller's Idempotency-Key with the operation and a digest of the body; null when none was sent. */
  readonly idempotency: IdempotencyClaim | null;
}

export interface IdempotencyClaim {
  readonly key: string;
  readonly operation: string;
  readonly fingerprint: string;
}

/** Who asks, and when. */
export type Asking = Pick<VerbContext, 'actor' | 'gateway'>;

/** What is attempted, so that a refusal can be logged too. */
export interface Attempt {
  readonly event: AuditEventName;
  readonly caseId: string | null;
  /**
   * `hidable`: the answer's `id` is of something that a protection order hides; of others it is a document's, a proposal's,
   * an opening's. `guarded`: the actor sees no case at all, and the verb has asked before whether an order stands.
   */
  readonly answerIs?: 'hidable' | 'guarded';
}

/**
 * Runs one verb in one transaction with its log entries. A refusal rolls everything back and is logged on its own;
 * an answer is stored under the caller's idempotency key in the transaction of its effect (docs/api.md).
 */
export async function perform<T>(
  context: VerbContext,
  attempt: Attempt,
  work: (tx: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  const scope = scopeOf(context.actor);
  try {
    const value = await context.gateway.database.transaction(scope, async (tx) => {
      const stored = await claimKey(tx, context);
      if (stored !== null && !(await isStillThere(tx, attempt, stored.answer))) {
        throw new Refusal(fault('case.not-found'));
      }
      // Sound: the same operation stored it, and its answers are plain JSON.
      if (stored !== null) return stored.answer as T;
      const result = await work(tx);
      if (!result.ok) throw new Refusal(result.fault);
      await storeAnswer(tx, context, result.value);
      return result.value;
    });
    return ok(value);
  } catch (error) {
    // A protection order came between the lock and the change: whoever may not know of it finds nothing.
    if (error instanceof CaseVanished) return refuseLogged(context, attempt, fault('case.not-found'));
    if (!(error instanceof Refusal)) throw error;
    return refuseLogged(context, attempt, error.fault);
  }
}

/**
 * What was answered under this key before; null when nothing was. For verbs that look at the case before their own
 * transaction, and would refuse a repetition because the case has moved on, by their own doing.
 */
export async function answeredBefore<T>(
  { gateway, actor, idempotency }: VerbContext,
  caseId: string | null,
): Promise<Result<T> | null> {
  if (idempotency === null) return null;
  const scope = scopeOf(actor);
  const stored = await gateway.database.transaction(scope, (tx) => findAnswer(tx, scope.actor, idempotency));
  if (stored === null) return null;
  if (stored.fingerprint !== idempotency.fingerprint) return refuse(fault('request.idempotency-mismatch'));
  const isThere = caseId === null || (await gateway.database.transaction(scope, (tx) => isVisible(tx, caseId)));
  if (!isThere) return refuse(fault('case.not-found'));
  // Sound: the same operation stored it, and its answers are plain JSON.
  return ok(stored.answer as T);
}

const aboutCase = z.object({ caseId: z.string().nullish(), id: z.string().optional() });

/** A case that was protected since must not come back out of a stored answer. */
async function isStillThere(tx: Transaction, { caseId, answerIs }: Attempt, answer: unknown): Promise<boolean> {
  if (answerIs === 'guarded') return true;
  const named = aboutCase.safeParse(answer).data;
  const about = caseId ?? named?.caseId ?? (answerIs === 'hidable' ? named?.id : null) ?? null;
  return about === null || isVisible(tx, about);
}

/** A refusal that came before any transaction of its own, with its log entry. */
export async function refuseLogged<T>(context: VerbContext, attempt: Attempt, reason: Fault): Promise<Result<T>> {
  await logRefusal(context, attempt, reason);
  return refuse(reason);
}

/** Reads under the actor's row security; nothing is logged. */
export async function look<T>(context: VerbContext, work: (tx: Transaction) => Promise<Result<T>>): Promise<Result<T>> {
  return context.gateway.database.transaction(scopeOf(context.actor), work);
}

/**
 * The same for one case by its number. Who looks for what is not theirs to see is in the log, whether it is protected,
 * another school's or nobody's: the answers stay alike in what they take, too.
 */
export async function lookAtCase<T>(
  context: VerbContext,
  caseId: string,
  work: (tx: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  const result = await look(context, work);
  const isRefused = !result.ok && result.fault.code === 'case.not-found';
  return isRefused ? refuseLogged(context, { event: 'access.denied', caseId }, result.fault) : result;
}

/** The one place where a verb asks whether it may: the fault of a stranger equals that of a case that does not exist. */
export function authorise({ actor, gateway }: Asking, action: Action, resource: Resource): Result<true> {
  const permitted = permit(actor, action, resource, { now: gateway.clock.now() });
  if (permitted.ok || permitted.fault.code !== 'policy.denied') return permitted;
  // What one may not even see does not exist, whatever one tries to do with it (Z-02).
  const isVisible = resource.side === 'own' || (resource.side !== 'none' && isAllowed(actor, 'case.read', resource));
  return isVisible ? permitted : refuse(fault('case.not-found', { detail: permitted.fault.detail ?? 'denied' }));
}

/** The case as the policy sees it from the actor's side. */
export function resourceOf(actor: Actor, row: CaseRow, visibility: Resource['visibility'] = null): Resource {
  const side = sideOf(actor, row);
  return {
    side,
    phase: phaseOf(row.state),
    visibility,
    homeroom: side === 'recipient' ? row.recipientHomeroom : row.homeroom,
    // By account as well: an account that became a person of its own again did not draft less for it.
    drafter: actor.kind === 'staff' && (actor.personKey === row.drafterKey || scopeOf(actor).actor === row.draftedBy),
    personEntitled: actor.kind === 'person' && isEntitled(actor, row, visibility),
    glassBroken: false,
    protection: row.protection,
  };
}

/** The same for the question who did what with the case. */
export function ledgerOf(actor: Actor, row: CaseRow): Resource {
  const resource = resourceOf(actor, row);
  return actor.kind === 'person' ? { ...resource, personEntitled: isEntitled(actor, row, 'ledger') } : resource;
}

/** What the school lets this person see of the pupil; without a part in mind, anything at all. */
function isEntitled(actor: PersonActor, row: CaseRow, part: PersonScope | null): boolean {
  return actor.pupils.some(
    ({ pupilId, scope }) => pupilId === row.pupilId && (part === null ? scope.length > 0 : scope.includes(part)),
  );
}

export function sideOf(actor: Actor, row: CaseRow): Resource['side'] {
  if (actor.kind === 'person') return 'person';
  if (actor.kind !== 'staff' && actor.kind !== 'machine') return 'none';
  if (actor.school === row.senderCode) return 'sender';
  return actor.school === row.recipientCode ? 'recipient' : 'none';
}

export function ownResource(actor: Actor): Resource {
  return actor.kind === 'person' ? { ...ownThing, side: 'person' } : ownThing;
}

export function schoolOf(actor: Actor): string | null {
  return actor.kind === 'staff' || actor.kind === 'machine' ? actor.school : null;
}

/** How the actor is named in the log: the kind of role, never who. */
export function roleOf(actor: Actor): string {
  switch (actor.kind) {
    case 'staff':
      return actor.role;
    case 'machine':
      return 'machineClient';
    case 'person':
      return 'person';
    case 'unboundStaff':
    case 'anonymous':
      return 'anonymous';
  }
}

export function assuranceOf(actor: Actor): string {
  switch (actor.kind) {
    case 'staff':
    case 'person':
      return actor.assurance;
    case 'machine':
      return 'machine';
    case 'unboundStaff':
    case 'anonymous':
      return 'none';
  }
}

/** Carries an expected refusal out of the transaction, so that it rolls back. */
class Refusal extends Error {
  readonly fault: Fault;
  constructor(reason: Fault) {
    super(reason.code);
    this.fault = reason;
  }
}

/** A second request with the same key waits for the first one's transaction here, on the primary key. */
async function claimKey(
  tx: Transaction,
  { gateway, actor, idempotency }: VerbContext,
): Promise<{ readonly answer: unknown } | null> {
  if (idempotency === null) return null;
  const client = scopeOf(actor).actor;
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ client, ...idempotency, createdAt: gateway.clock.now() })
    .onConflictDoNothing()
    .returning();
  if (claimed.length === 1) return null;
  const stored = await findAnswer(tx, client, idempotency);
  if (stored === null) throw new Error('an idempotency key vanished');
  if (stored.fingerprint !== idempotency.fingerprint) throw new Refusal(fault('request.idempotency-mismatch'));
  return { answer: stored.answer };
}

async function findAnswer(tx: Transaction, client: string, { operation, key }: IdempotencyClaim) {
  const [stored] = await tx
    .select()
    .from(idempotencyKeys)
    .where(
      sql`${idempotencyKeys.client} = ${client} and ${idempotencyKeys.operation} = ${operation} and ${idempotencyKeys.key} = ${key}`,
    );
  return stored ?? null;
}

async function storeAnswer(tx: Transaction, { actor, idempotency }: VerbContext, answer: unknown): Promise<void> {
  if (idempotency === null) return;
  const stored = await tx
    .update(idempotencyKeys)
    .set({ answer })
    .where(
      sql`${idempotencyKeys.client} = ${scopeOf(actor).actor} and ${idempotencyKeys.operation} = ${idempotency.operation} and ${idempotencyKeys.key} = ${idempotency.key}`,
    )
    .returning({ key: idempotencyKeys.key });
  if (stored.length !== 1) throw new Error('an answer was not stored under its key');
}

async function logRefusal({ gateway, actor }: VerbContext, attempt: Attempt, reason: Fault): Promise<void> {
  await gateway.database.transaction(scopeOf(actor), async (tx) => {
    await appendEvent(
      tx,
      {
        name: attempt.event,
        outcome: 'refused',
        reason: reason.detail === undefined ? reason.code : `${reason.code}:${reason.detail}`,
        side: actor.kind === 'person' ? 'person' : 'gateway',
        organisation: schoolOf(actor),
        actorRole: roleOf(actor),
        purpose: null,
        caseId: null,
        token: null,
        detail: { attemptedCase: attempt.caseId, actor: scopeOf(actor).actor, assurance: assuranceOf(actor) },
        at: gateway.clock.now(),
      },
      gateway.sealDetail,
    );
  });
}
