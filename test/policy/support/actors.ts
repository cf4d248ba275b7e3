import { type MachineScope, machineScopes, roles, schoolRoles } from '../../../src/policy/actor.ts';
import { openLinkedSession, openPaperSession, openPersonSession } from '../../hostile/support/sessions.ts';
import { codeOf, type HostileWorld } from '../../hostile/support/world.ts';
import { openMachineClientSession } from '../../support/machine-session.ts';
import { openHeaderSession, openSessionOf, type Session } from '../../support/session.ts';

/** Everybody who may come to a route: staff by role, machines by their one scope (or all), persons, and nobody. */
export const actorNames = [
  ...roles,
  ...machineScopes,
  'allScopes',
  'linkedPerson',
  'unlinkedPerson',
  'paperPerson',
  'anonymous',
] as const;
export type ActorName = (typeof actorNames)[number];

export type School = 'juniorHigh' | 'cityHigh';

export type Sessions = Readonly<Record<School, Readonly<Record<ActorName, Session>>>>;

/** One session for each of them at the sending and at the receiving school; persons and strangers are the same at both. */
export async function openSessions(world: HostileWorld): Promise<Sessions> {
  const linkedPerson = await openLinkedSession(world, 'sakura', 'juniorHigh');
  const others = {
    linkedPerson,
    paperPerson: await openPaperSession(world, { school: 'juniorHigh', guardianId: 'guardian-mayumi' }),
    unlinkedPerson: await openPersonSession(world, 'kamome'),
    anonymous: openHeaderSession(world.origin, {}),
  };
  const at = async (school: School) => {
    const staff = schoolRoles.map(async (role) => [role, await world.as(`${school}-${role}`)] as const);
    const administrator = ['administrator', await administratorSession(world, school)] as const;
    // At the board of both schools: there is none at a school.
    const auditor = ['auditor', await openSessionOf(world.origin, 'hibarino-auditor')] as const;
    const machines = [...machineScopes, 'allScopes' as const].map(
      async (scope) => [scope, await machineSession(world, school, scope)] as const,
    );
    const entries = [
      ...(await Promise.all(staff)),
      administrator,
      auditor,
      ...(await Promise.all(machines)),
      ...Object.entries(others),
    ];
    // Sound: the entries are exactly the roles, the scopes and the four others.
    return Object.fromEntries(entries) as Record<ActorName, Session>;
  };
  return { juniorHigh: await at('juniorHigh'), cityHigh: await at('cityHigh') };
}

/** The administrator of the city has its three schools, and has to choose. */
async function administratorSession(world: HostileWorld, school: School): Promise<Session> {
  const session = await openSessionOf(world.origin, 'hibarino-administrator');
  const chosen = await session.json('PUT', '/api/session/membership', {
    membershipId: `hibarino-administrator:${codeOf(school)}`,
  });
  if (chosen.status !== 204) throw new Error(`no school was chosen: ${chosen.status}`);
  return session;
}

async function machineSession(
  world: HostileWorld,
  school: School,
  scope: MachineScope | 'allScopes',
): Promise<Session> {
  const client = world.demo.machineClients.find((one) => one.school === school);
  if (client === undefined) throw new Error('no such machine');
  return openMachineClientSession(world, client, scope === 'allScopes' ? machineScopes : [scope]);
}
