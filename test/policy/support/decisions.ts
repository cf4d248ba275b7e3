import type { MachineActor, MachineScope, PersonActor, Role, StaffActor } from '../../../src/policy/actor.ts';

/** When the actors here proved who they are; a decision at this moment finds them fresh. */
export const loggedInAt = new Date('2026-03-20T09:00:00+09:00');

export function staffActor(role: Role, homeroom: string | null = null): StaffActor {
  return {
    kind: 'staff',
    staffId: 'staff',
    personKey: 'person',
    school: 'C111100000001',
    role,
    homeroom,
    assurance: 'organisationMember',
    authenticatedAt: loggedInAt,
    sessionId: 'session',
  };
}

export function machineActor(...scopes: readonly MachineScope[]): MachineActor {
  return { kind: 'machine', clientId: 'machine', school: 'C111100000001', scopes };
}

export const personActor: PersonActor = {
  kind: 'person',
  personId: 'person',
  pupils: [],
  assurance: 'certificate',
  revocation: 'good',
  authenticatedAt: loggedInAt,
  sessionId: 'session',
};
