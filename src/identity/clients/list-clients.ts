import { fault } from '../../faults.ts';
import { type Actor, type MachineScope, scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { refuseNonStaff } from '../guardians/act.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { countUploads, findAllKeys, findClients } from './store.ts';
import type { MachineClientRow, MachineKeyRow } from './tables.ts';

export interface ClientKeyView {
  readonly thumbprint: string;
  /** What assertions have to name. */
  readonly kid: string;
  readonly algorithm: string;
  readonly addedAt: Date;
  readonly retiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly state: 'inForce' | 'ending' | 'retired';
}

export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly MachineScope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly blockedAt: Date | null;
  readonly requestsPerMinute: number;
  readonly uploadsPerDay: number;
  readonly uploadsToday: number;
  readonly keys: readonly ClientKeyView[];
}

/** The school-affairs systems of the actor's school, with their keys; to look needs no fresh log-in. */
export async function listClients(services: IdentityServices, actor: Actor): Promise<Result<readonly ClientView[]>> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  if (!isAllowed(actor, 'client.manage', ownThing)) return refuse(fault('policy.denied'));
  const now = services.clock.now();
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const [clients, keys, uploads] = await Promise.all([
      findClients(tx, actor.school),
      findAllKeys(tx, actor.school),
      countUploads(tx, actor.school, dayInJapan(now)),
    ]);
    const perMinute = services.rates.perMinute.client;
    return ok(clients.map((row) => viewOf(row, { keys, uploads, now, perMinute })));
  });
}

/** One of them; as unknown as one that does not exist when it is another school's. */
export async function showClient(
  services: IdentityServices,
  actor: Actor,
  clientId: string,
): Promise<Result<ClientView>> {
  const listed = await listClients(services, actor);
  if (!listed.ok) return listed;
  const found = listed.value.find(({ id }) => id === clientId);
  return found === undefined ? refuse(fault('client.not-found')) : ok(found);
}

function viewOf(
  row: MachineClientRow,
  known: {
    readonly keys: readonly MachineKeyRow[];
    readonly uploads: ReadonlyMap<string, number>;
    readonly now: Date;
    readonly perMinute: number;
  },
): ClientView {
  return {
    id: row.clientId,
    name: row.name,
    vendor: row.vendor,
    scopes: row.scopes,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    blockedAt: row.blockedAt,
    requestsPerMinute: row.requestsPerMinute ?? known.perMinute,
    uploadsPerDay: row.uploadsPerDay,
    uploadsToday: known.uploads.get(row.clientId) ?? 0,
    keys: known.keys.filter(({ clientId }) => clientId === row.clientId).map((key) => keyViewOf(key, known.now)),
  };
}

function keyViewOf({ thumbprint, jwk, addedAt, retiresAt, lastUsedAt }: MachineKeyRow, now: Date): ClientKeyView {
  const state = retiresAt === null ? 'inForce' : retiresAt > now ? 'ending' : 'retired';
  return { thumbprint, kid: jwk.kid ?? thumbprint, algorithm: jwk.alg ?? '', addedAt, retiresAt, lastUsedAt, state };
}
