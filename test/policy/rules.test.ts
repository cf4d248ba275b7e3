import { expect, it } from 'vitest';
import { type Actor, machineScopes, roles, scopeOf } from '../../src/policy/actor.ts';
import { actions, decide, ownThing, type Resource } from '../../src/policy/decide.ts';
import { loggedInAt, machineActor, personActor, staffActor } from './support/decisions.ts';

const booleans = [true, false];
const resources: Resource[] = (['sender', 'recipient', 'person', 'own', 'none'] as const).flatMap((side) =>
  (['drafting', 'deposited', 'opened', 'ended', null] as const).flatMap((phase) =>
    (['records', 'health', null] as const).flatMap((visibility) =>
      ['1-1', null].flatMap((homeroom) =>
        booleans.flatMap((drafter) =>
          booleans.flatMap((personEntitled) =>
            booleans.flatMap((glassBroken) =>
              (['none', 'named', 'unnamed'] as const).map((protection) => {
                return { side, phase, visibility, homeroom, drafter, personEntitled, glassBroken, protection };
              }),
            ),
          ),
        ),
      ),
    ),
  ),
);

const actors: readonly Actor[] = [
  ...roles.flatMap((role) => [staffActor(role, '1-1'), staffActor(role, '1-2')]),
  ...machineScopes.map((scope) => machineActor(scope)),
  machineActor(...machineScopes),
  personActor,
  { ...personActor, revocation: 'notChecked' },
  { ...personActor, assurance: 'schoolCode' },
  { kind: 'unboundStaff', staffId: 'staff', sessionId: 'session' },
  { kind: 'anonymous' },
];

/** A rule keeps its name, since refusals stand in the log by it; a new one gets a line here. */
const allowing = [
  'break-glass',
  'clerk-own-draft',
  'homeroomTeacher-own-class',
  'own-school',
  'person-own',
  'person-self',
  'principal-content',
  'recipient',
  'recipient-opened',
  'schoolNurse-health',
  'sender',
  'sender-draft',
  'vicePrincipal-broken-glass',
  'vicePrincipal-records',
];
const denying = [
  'administrator-never',
  'auditor-never',
  'break-glass-needless',
  'clerk-health-no-read-back',
  'clerk-never',
  'clerk-no-content',
  'clerk-other-draft',
  'consent-protected',
  'four-eyes',
  'homeroomTeacher-health',
  'homeroomTeacher-never',
  'left-the-sender',
  'machine-never',
  'no-school',
  'not-a-party',
  'not-opened',
  'nurse-health-only',
  'other-homeroom',
  'person-acts',
  'person-draft',
  'person-not-linked',
  'principal-never',
  'recipient-only',
  'protected',
  'revocation-not-checked',
  'schoolNurse-never',
  'schoolNurse-records',
  'school-code-health',
  'school-code-never',
  'scope-missing:health:read',
  'scope-missing:health:write',
  'scope-missing:records:read',
  'scope-missing:transfers:read',
  'scope-missing:transfers:write',
  'sender-only',
  'vicePrincipal-health',
  'vicePrincipal-never',
];

it('decides by rules that all have names, and each name is one that the log has known', () => {
  const seen = { allowed: new Set<string>(), denied: new Set<string>() };
  for (const actor of actors) {
    for (const action of actions) {
      for (const resource of resources) {
        const { allowed, rule } = decide(actor, action, resource, { now: loggedInAt });
        seen[allowed ? 'allowed' : 'denied'].add(rule);
      }
    }
  }
  expect({
    allowed: [...seen.allowed].toSorted(compare),
    denied: [...seen.denied].toSorted(compare),
  }).toEqual({
    allowed: allowing.toSorted(compare),
    denied: denying.toSorted(compare),
  });
});

it('knows a thing of the actor’s own by nothing but that', () => {
  expect(ownThing).toEqual({
    side: 'own',
    phase: null,
    visibility: null,
    homeroom: null,
    drafter: false,
    personEntitled: false,
    glassBroken: false,
    protection: 'none',
  });
});

it('tells the database who acts, and for which school or person', () => {
  expect(scopeOf(staffActor('clerk'))).toEqual({ actor: 'staff:staff', school: 'C111100000001', role: 'clerk' });
  expect(scopeOf(machineActor())).toEqual({ actor: 'machine:machine', school: 'C111100000001' });
  expect(scopeOf(personActor)).toEqual({ actor: 'person:person', person: 'person' });
  expect(scopeOf({ kind: 'unboundStaff', staffId: 'staff', sessionId: 'session' })).toEqual({ actor: 'staff:staff' });
  expect(scopeOf({ kind: 'anonymous' })).toEqual({ actor: 'anonymous' });
});

function compare(one: string, two: string): number {
  return one.localeCompare(two);
}
