import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, type MachineScope, machineScopes, type Role, roles } from '../../src/policy/actor.ts';
import { type Action, actions, decide, ownThing, type Resource } from '../../src/policy/decide.ts';
import { machineActor, personActor, staffActor } from './support/decisions.ts';

/** The permissions once more, as a list of what is allowed; everything that no line allows must be denied. */
interface Line {
  readonly actions: readonly Action[];
  readonly roles?: readonly Role[];
  readonly scopes?: readonly MachineScope[];
  readonly person?: true;
  when(resource: Resource, actor: Actor): boolean;
}

const party = ({ side }: Resource) => side === 'own' || side === 'sender' || side === 'recipient';
const sender = ({ side }: Resource) => side === 'sender';
const recipient = ({ side }: Resource) => side === 'recipient';
const readable = ({ side, phase }: Resource) =>
  (side === 'sender' && phase === 'drafting') || (side === 'recipient' && (phase === 'opened' || phase === 'ended'));
const ownClass = (resource: Resource, actor: Actor) =>
  resource.side === 'own' || (actor.kind === 'staff' && actor.homeroom === resource.homeroom);
const health = ({ visibility }: Resource) => visibility === 'health';

const sending: readonly Action[] = ['case.submit', 'case.seal', 'case.deposit', 'case.withdraw'];
const receiving: readonly Action[] = ['case.open', 'case.verify', 'case.return', 'case.acknowledge'];
const handlers: readonly Role[] = ['clerk', 'principal'];

const lines: readonly Line[] = [
  { roles: handlers, scopes: ['transfers:write'], actions: sending, when: sender },
  { roles: handlers, scopes: ['transfers:write'], actions: receiving, when: recipient },
  {
    roles: handlers,
    scopes: ['transfers:write'],
    actions: ['case.draft'],
    when: ({ side }) => side === 'own' || side === 'sender',
  },
  { roles: handlers, scopes: ['transfers:write'], actions: ['expectation.manage'], when: party },
  { roles: ['principal'], actions: ['case.approve'], when: (resource) => sender(resource) && !resource.drafter },
  { roles: ['principal'], actions: ['key.manage'], when: party },
  { roles: handlers, actions: ['pupil.link'], when: party },
  {
    roles: ['clerk', 'principal', 'vicePrincipal'],
    scopes: ['transfers:read'],
    actions: ['pupil.list', 'case.list', 'case.read'],
    when: party,
  },
  { roles: ['schoolNurse'], actions: ['case.list', 'case.read'], when: party },
  {
    roles: ['homeroomTeacher'],
    actions: ['case.list', 'case.read', 'pupil.list'],
    when: (resource, actor) => party(resource) && ownClass(resource, actor),
  },
  { roles: handlers, actions: ['document.add'], when: sender },
  {
    roles: ['schoolNurse'],
    scopes: ['health:write'],
    actions: ['document.add'],
    when: (resource) => sender(resource) && health(resource),
  },
  { scopes: ['transfers:write'], actions: ['document.add'], when: (resource) => sender(resource) && !health(resource) },
  { roles: ['principal'], actions: ['document.read'], when: readable },
  {
    roles: ['schoolNurse'],
    scopes: ['health:read'],
    actions: ['document.read'],
    when: (resource) => readable(resource) && health(resource),
  },
  {
    roles: ['vicePrincipal'],
    scopes: ['records:read'],
    actions: ['document.read'],
    when: (resource) => readable(resource) && !health(resource),
  },
  {
    roles: ['homeroomTeacher'],
    actions: ['document.read'],
    when: (resource, actor) => readable(resource) && !health(resource) && ownClass(resource, actor),
  },
  {
    roles: ['clerk'],
    actions: ['document.read'],
    when: (resource) => sender(resource) && readable(resource) && !health(resource) && resource.drafter,
  },
  {
    person: true,
    actions: ['case.read', 'document.read'],
    when: (resource) =>
      resource.side === 'person' && resource.personEntitled && resource.phase !== null && resource.phase !== 'drafting',
  },
];

function isListed(actor: Actor, action: Action, resource: Resource): boolean {
  return lines.some((line) => line.actions.includes(action) && isMeant(line, actor) && line.when(resource, actor));
}

function isMeant(line: Line, actor: Actor): boolean {
  switch (actor.kind) {
    case 'staff':
      return line.roles?.includes(actor.role) === true;
    case 'machine':
      return line.scopes?.some((scope) => actor.scopes.includes(scope)) === true;
    case 'person':
      return line.person === true;
    case 'unboundStaff':
    case 'anonymous':
      return false;
  }
}

const homeroom = fc.constantFrom('1-1', '1-2', null);
const anyActor: fc.Arbitrary<Actor> = fc.oneof(
  fc.tuple(fc.constantFrom(...roles), homeroom).map(([role, room]) => staffActor(role, room)),
  fc.subarray([...machineScopes]).map((scopes) => machineActor(...scopes)),
  fc.constant(personActor),
  fc.constantFrom<Actor>({ kind: 'anonymous' }, { kind: 'unboundStaff', staffId: 's', sessionId: 's' }),
);
const anyResource: fc.Arbitrary<Resource> = fc.record({
  side: fc.constantFrom('sender', 'recipient', 'person', 'own', 'none'),
  phase: fc.constantFrom('drafting', 'deposited', 'opened', 'ended', null),
  visibility: fc.constantFrom('records', 'health', null),
  homeroom,
  drafter: fc.boolean(),
  personEntitled: fc.boolean(),
});

describe('decide', () => {
  it('denies whatever is not listed, and allows what is', () => {
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        expect(decide(actor, action, resource).allowed).toBe(isListed(actor, action, resource));
      }),
      { numRuns: 20_000 },
    );
  });

  it('never lets anybody at a case that is not theirs', () => {
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        expect(decide(actor, action, { ...resource, side: 'none' }).allowed).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('Z-04 never lets the drafter approve', () => {
    fc.assert(
      fc.property(anyActor, anyResource, (actor, resource) => {
        expect(decide(actor, 'case.approve', { ...resource, drafter: true }).allowed).toBe(false);
      }),
    );
  });

  it('lets nobody read what lies deposited and unopened, but the person it is about', () => {
    fc.assert(
      fc.property(anyActor, anyResource, (actor, resource) => {
        const deposited = { ...resource, phase: 'deposited' as const };
        expect(decide(actor, 'document.read', deposited).allowed && actor.kind !== 'person').toBe(false);
      }),
    );
  });

  it('names the rule that decided', () => {
    const sent: Resource = { ...ownThing, side: 'sender', phase: 'drafting', drafter: true };
    expect(decide(staffActor('principal'), 'case.approve', sent)).toEqual({ allowed: false, rule: 'four-eyes' });
    expect(decide(machineActor('transfers:read'), 'case.seal', sent)).toEqual({
      allowed: false,
      rule: 'scope-missing:transfers:write',
    });
    expect(decide(machineActor(...machineScopes), 'case.approve', sent)).toEqual({
      allowed: false,
      rule: 'machine-never',
    });
    expect(decide({ kind: 'anonymous' }, 'case.list', ownThing)).toEqual({ allowed: false, rule: 'no-school' });
    expect(decide(staffActor('clerk'), 'document.read', { ...sent, visibility: 'health' })).toEqual({
      allowed: false,
      rule: 'clerk-health-no-read-back',
    });
  });
});
