import { describe, expect, it } from 'vitest';
import { type Action, ownThing, type Resource } from '../../src/policy/decide.ts';
import { isFresh } from '../../src/policy/fresh.ts';
import { permit } from '../../src/policy/permit.ts';
import { loggedInAt, machineActor, personActor, staffActor } from './support/decisions.ts';

const now = loggedInAt;
const later = new Date(loggedInAt.getTime() + 11 * 60_000);

describe('permit', () => {
  it('lets those through whom the table allows', () => {
    expect(permit(staffActor('principal'), 'key.manage', ownThing, { now })).toEqual({ ok: true, value: true });
  });

  it('asks for a log-in where nobody is logged in or no school is chosen', () => {
    for (const actor of [
      { kind: 'anonymous' },
      { kind: 'unboundStaff', staffId: 'staff', sessionId: 'session' },
    ] as const) {
      expect(permit(actor, 'case.list', ownThing, { now })).toMatchObject({ fault: { code: 'login.required' } });
    }
  });

  it('denies with the rule that decided', () => {
    expect(permit(staffActor('clerk'), 'key.manage', ownThing, { now })).toMatchObject({
      fault: { code: 'policy.denied', detail: 'clerk-never' },
    });
  });

  it('tells a person whose certificate nobody could check, once everything else allows', () => {
    const theirs: Resource = { ...ownThing, side: 'person', phase: 'deposited', personEntitled: true };
    const unchecked = { ...personActor, revocation: 'notChecked' } as const;
    expect(permit(unchecked, 'document.read', theirs, { now })).toMatchObject({ fault: { code: 'login.not-checked' } });
    expect(permit(unchecked, 'case.read', theirs, { now }).ok).toBe(true);
    expect(permit(unchecked, 'document.read', { ...theirs, personEntitled: false }, { now })).toMatchObject({
      fault: { code: 'policy.denied' },
    });
  });

  it('asks those who may, and only them, for a fresh log-in', () => {
    const sent: Resource = { ...ownThing, side: 'sender', phase: 'drafting' };
    const codeOf = (role: 'principal' | 'clerk', action: Action) => {
      const result = permit(staffActor(role), action, sent, { now: later });
      return result.ok ? 'ok' : result.fault.code;
    };
    expect(codeOf('principal', 'case.approve')).toBe('login.fresh-required');
    expect(permit(staffActor('principal'), 'case.approve', sent, { now: later })).toMatchObject({
      fault: { detail: 'sender' },
    });
    expect(codeOf('clerk', 'case.approve')).toBe('policy.denied');
    expect(codeOf('principal', 'case.seal')).toBe('ok');
  });
});

it('says why to whoever would read, had their certificate been checked', () => {
  const unchecked = { ...personActor, revocation: 'notChecked' } as const;
  const theirs: Resource = {
    ...ownThing,
    side: 'person',
    phase: 'opened',
    visibility: 'records',
    personEntitled: true,
  };
  expect(permit(unchecked, 'document.read', theirs, { now })).toMatchObject({
    fault: { code: 'login.not-checked', detail: 'revocation-not-checked' },
  });
});

describe('a fresh log-in', () => {
  it('is ten minutes old at most, of staff and persons alike', () => {
    for (const actor of [staffActor('clerk'), personActor]) {
      expect(isFresh(actor, now)).toBe(true);
      expect(isFresh(actor, new Date(loggedInAt.getTime() + 600_000))).toBe(true);
      expect(isFresh(actor, new Date(loggedInAt.getTime() + 600_001))).toBe(false);
    }
  });

  it('is every machine’s, whose token lives for five minutes, and nobody’s who has not logged in', () => {
    expect(isFresh(machineActor(), later)).toBe(true);
    expect(isFresh({ kind: 'anonymous' }, now)).toBe(false);
    expect(isFresh({ kind: 'unboundStaff', staffId: 'staff', sessionId: 'session' }, now)).toBe(false);
  });
});
