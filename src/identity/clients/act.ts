import type { AuditEventName } from '../../audit/event-names.ts';
import type { Transaction } from '../../database/connection.ts';
import { type Fault, fault } from '../../faults.ts';
import { type Actor, type StaffActor, scopeOf } from '../../policy/actor.ts';
import { ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { refuseNonStaff } from '../guardians/act.ts';
import type { IdentityServices } from '../services.ts';
import { lockClient } from './store.ts';
import type { MachineClientRow } from './tables.ts';

interface ClientAct<T> {
  readonly event: AuditEventName;
  readonly work: (
    tx: Transaction,
    manager: StaffActor,
  ) => Promise<Result<{ readonly clientId: string; readonly value: T }>>;
}

/** One act on a school's clients: allowed, done and logged in one transaction; a refusal is undone and logged. */
export async function actOnClients<T>(
  services: IdentityServices,
  actor: Actor,
  { event, work }: ClientAct<T>,
): Promise<Result<T>> {
  const scope = scopeOf(actor);
  const allowed = clientManager(services, actor);
  if (!allowed.ok) return refuseLogged(services, { actor, event, reason: allowed.fault });
  const manager = allowed.value;
  try {
    const value = await services.database.transaction(scope, async (tx) => {
      const done = await work(tx, manager);
      if (!done.ok) throw new Refusal(done.fault);
      const { clientId } = done.value;
      const detail = { client: clientId, actor: scope.actor };
      const logged = { name: event, refused: null, organisation: manager.school, actorRole: manager.role, detail };
      await logEvent(tx, services, logged);
      return done.value.value;
    });
    return ok(value);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuseLogged(services, { actor, event, reason: error.fault });
  }
}

/** Who looks after the clients of the chosen school, after a fresh log-in. */
export function clientManager(services: Pick<IdentityServices, 'clock'>, actor: Actor): Result<StaffActor> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  const allowed = permit(actor, 'client.manage', ownThing, { now: services.clock.now() });
  return allowed.ok ? ok(actor) : allowed;
}

/** One of the school's own clients, under a lock; another school's is as unknown as one that does not exist. */
export async function ownClient(
  tx: Transaction,
  schoolCode: string,
  clientId: string,
): Promise<Result<MachineClientRow>> {
  const row = await lockClient(tx, { clientId, schoolCode });
  return row === null ? refuse(fault('client.not-found')) : ok(row);
}

async function refuseLogged(
  services: IdentityServices,
  refused: { readonly actor: Actor; readonly event: AuditEventName; readonly reason: Fault },
): Promise<Result<never>> {
  const { actor, event: name, reason } = refused;
  await services.database.transaction(scopeOf(actor), (tx) =>
    logEvent(tx, services, {
      name,
      refused: reason.detail === undefined ? reason.code : `${reason.code}:${reason.detail}`,
      organisation: actor.kind === 'staff' || actor.kind === 'machine' ? actor.school : null,
      actorRole: actor.kind === 'staff' ? actor.role : actor.kind,
    }),
  );
  return refuse(reason);
}

/** Carries an expected refusal out of the transaction, so that it rolls back. */
class Refusal extends Error {
  readonly fault: Fault;
  constructor(reason: Fault) {
    super(reason.code);
    this.fault = reason;
  }
}
