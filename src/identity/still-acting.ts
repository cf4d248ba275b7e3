import type { Transaction } from '../database/connection.ts';
import { findMemberships } from '../directory/find-member.ts';
import { fault } from '../faults.ts';
import type { Actor, MachineActor, StaffActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { findMachineClient } from './clients/store.ts';
import { dayInJapan } from './rules.ts';
import { findSessionById } from './store.ts';

/**
 * Is whoever began a long act still what they were when it began? For the end of an upload, in the transaction of its
 * effect: a role that ended, a session that was closed or a machine that was blocked meanwhile takes the act with it
 * . The idle limit is not asked: bytes that come are no rest.
 *
 * @returns `login.required`, with the reason for the log
 */
export async function stillActs(tx: Transaction, actor: Actor, now: Date): Promise<Result<true>> {
  switch (actor.kind) {
    case 'machine':
      return machineActs(tx, actor);
    case 'staff':
      return (await sessionLives(tx, actor.sessionId, now)) ? membershipHolds(tx, actor, now) : ended('session-ended');
    case 'person':
      return (await sessionLives(tx, actor.sessionId, now)) ? ok(true) : ended('session-ended');
    case 'unboundStaff':
    case 'anonymous':
      return ended('no-school');
  }
}

async function sessionLives(tx: Transaction, sessionId: string, now: Date): Promise<boolean> {
  const session = await findSessionById(tx, sessionId);
  return session !== null && now < session.expiresAt;
}

/** The same role, school and homeroom, whatever membership gives it: a renewed contract does not break an upload. */
async function membershipHolds(tx: Transaction, actor: StaffActor, now: Date): Promise<Result<true>> {
  const memberships = await findMemberships(tx, actor.staffId, dayInJapan(now));
  const holds = memberships.some(
    ({ schoolCode, role, homeroom }) =>
      schoolCode === actor.school && role === actor.role && homeroom === actor.homeroom,
  );
  return holds ? ok(true) : ended('role-ended');
}

async function machineActs(tx: Transaction, actor: MachineActor): Promise<Result<true>> {
  const client = await findMachineClient(tx, actor.clientId);
  if (client === null || client.blockedAt !== null) return ended('client-blocked');
  return actor.scopes.every((scope) => client.scopes.includes(scope)) ? ok(true) : ended('scope-ended');
}

function ended(detail: string): Result<never> {
  return refuse(fault('login.required', { detail }));
}
