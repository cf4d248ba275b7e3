import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { findMemberships, findStaff } from '../directory/find-member.ts';
import { findSchools } from '../directory/find-organisation.ts';
import { type Actor, type PersonActor, scopeOf } from '../policy/actor.ts';
import { claimDue, type DueSession, endIfRevoked } from './end-revoked.ts';
import { findEntitlements } from './guardians/entitlements.ts';
import { type AskedFor, countedOf, type RateVerdict } from './rate-rules.ts';
import { takeRates } from './rates.ts';
import { after, dayInJapan, isSessionOver } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { deleteSession, findSession, touchSession } from './store.ts';
import type { SessionRow } from './tables.ts';

/** Who is asking, with the names that a page's header shows. */
export interface Identity {
  readonly actor: Actor;
  /** Name of the member of staff; null for everybody else: of a person no name is known. */
  readonly name: string | null;
  readonly school: { readonly code: string; readonly name: string; readonly nameEnglish: string } | null;
  /** Several roles or schools: the header offers to switch. */
  readonly canSwitch: boolean;
}

export const nobody: Identity = { actor: { kind: 'anonymous' }, name: null, school: null, canSwitch: false };

/** Who is asking, and whether they ask too often; null when nothing was counted. */
export interface Identified {
  readonly identity: Identity;
  readonly rate: RateVerdict | null;
  /** Of machines alone: seconds until they may begin an upload again. */
  readonly uploadsAgainInSeconds?: number | null;
}

type Services = Pick<IdentityServices, 'database' | 'clock' | 'sessionLimits' | 'personTrust' | 'rates' | 'sealDetail'>;

/**
 * From the cookie's value to whoever is asking. Memberships are read again at every request, so that a role that has
 * ended is gone at once, in open sessions too. The request is counted in the same transaction.
 *
 * @param asked - what it counts as, whoever it is from
 */
export async function resolveSession(services: Services, token: string, asked: AskedFor): Promise<Identified> {
  const { due, ...identified } = await identifySession(services, token, asked);
  if (due !== null && (await endIfRevoked(services, due, token))) return { ...identified, identity: nobody };
  const { actor } = identified.identity;
  if (actor.kind !== 'person') return identified;
  return { ...identified, identity: await withPupils(services, identified.identity, actor) };
}

/** The links of a person are read under their own row security, so that the second wall agrees. */
async function withPupils(services: Services, identity: Identity, actor: PersonActor): Promise<Identity> {
  const day = dayInJapan(services.clock.now());
  const pupils = await services.database.transaction(scopeOf(actor), (tx) => findEntitlements(tx, actor.personId, day));
  return { ...identity, actor: { ...actor, pupils } };
}

interface Found {
  readonly identity: Identity;
  /** Set when it is time to ask whether the certificate behind the session is still good. */
  readonly due: DueSession | null;
}

const nothing: Found = { identity: nobody, due: null };

async function identifySession(services: Services, token: string, asked: AskedFor): Promise<Identified & Found> {
  return services.database.transaction(systemScope('login'), async (tx) => {
    const found = await identityBehind(tx, services, token);
    return { ...found, rate: await takeRates(tx, services, countedOf(found.identity.actor, asked)) };
  });
}

async function identityBehind(tx: Transaction, services: Services, token: string): Promise<Found> {
  const session = await findSession(tx, hashToken(token));
  if (session === null) return nothing;
  const now = services.clock.now();
  if (isSessionOver(session, { now, limits: services.sessionLimits })) {
    await deleteSession(tx, session.id);
    return nothing;
  }
  const identity = await identityOf(tx, session, dayInJapan(now));
  if (identity.actor.kind === 'anonymous') await deleteSession(tx, session.id);
  // Once a minute is exact enough for a limit of minutes, and spares a write at every request.
  else if (now >= after(session.lastSeenAt, { minutes: 1 })) await touchSession(tx, session.id, now);
  return { identity, due: await claimDue(tx, session, now) };
}

async function identityOf(tx: Transaction, session: SessionRow, day: string): Promise<Identity> {
  const { id: sessionId, personId, staffId, assurance, revocation, authenticatedAt } = session;
  if (personId !== null)
    return {
      ...nobody,
      actor: { kind: 'person', personId, pupils: [], assurance, revocation, authenticatedAt, sessionId },
    };
  if (staffId === null) return nobody;
  const [staff, memberships] = await Promise.all([findStaff(tx, staffId), findMemberships(tx, staffId, day)]);
  if (staff === null || memberships.length === 0) return nobody;
  const canSwitch = memberships.length > 1;
  const chosen = memberships.find(({ id }) => id === session.membershipId);
  if (chosen === undefined) {
    return { actor: { kind: 'unboundStaff', staffId, sessionId }, name: staff.name, school: null, canSwitch };
  }
  // Also a board of education: its people act there.
  const school = (await findSchools(tx, [chosen.schoolCode])).get(chosen.schoolCode) ?? null;
  const { personKey } = staff;
  const { role, homeroom, schoolCode } = chosen;
  return {
    actor: {
      kind: 'staff',
      staffId,
      personKey,
      school: schoolCode,
      role,
      homeroom,
      assurance,
      authenticatedAt,
      sessionId,
    },
    name: staff.name,
    school: school === null ? null : { code: school.code, name: school.name, nameEnglish: school.nameEnglish },
    canSwitch,
  };
}
