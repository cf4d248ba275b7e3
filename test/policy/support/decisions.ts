import type { MachineActor, MachineScope, PersonActor, Role, StaffActor } from '../../../src/policy/actor.ts';

export function staffActor(role: Role, homeroom: string | null = null): StaffActor {
  return {
    kind: 'staff',
    staffId: 'staff',
    personKey: 'person',
    school: 'C111100000001',
    role,
    homeroom,
    assurance: 'organisationMember',
    sessionId: 'session',
  };
}

export function machineActor(...scopes: readonly MachineScope[]): MachineActor {
  return { kind: 'machine', clientId: 'machine', school: 'C111100000001', scopes };
}

export const personActor: PersonActor = {
  kind: 'person',
  personId: 'person',
  assurance: 'certificate',
  sessionId: 'session',
};
