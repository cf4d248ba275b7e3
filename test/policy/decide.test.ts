import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, type MachineScope, machineScopes, type Role, roles } from '../../src/policy/actor.ts';
import { type Action, actions, decide, isAllowed, ownThing, type Resource } from '../../src/policy/decide.ts';
import { loggedInAt, machineActor, personActor, staffActor } from './support/decisions.ts';

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
const theirs = ({ side, personEntitled, phase }: Resource) =>
  side === 'person' && personEntitled && phase !== null && phase !== 'drafting';
/** A pupil is of a class even where no case is involved. */
const pupilOfOwnClass = (resource: Resource, actor: Actor) =>
  party(resource) && actor.kind === 'staff' && actor.homeroom === resource.homeroom;
const health = ({ visibility }: Resource) => visibility === 'health';

const sending: readonly Action[] = ['case.submit', 'case.seal', 'case.deposit'];
const receiving: readonly Action[] = ['case.open', 'case.verify', 'case.return', 'case.acknowledge'];
const handlers: readonly Role[] = ['clerk', 'principal'];

const lines: readonly Line[] = [
  { roles: handlers, scopes: ['transfers:write'], actions: sending, when: sender },
  { roles: handlers, scopes: ['transfers:write'], actions: receiving, when: recipient },
  {
    roles: handlers,
    scopes: ['transfers:write'],
    actions: ['case.draft', 'case.withdraw'],
    when: ({ side }) => side === 'own' || side === 'sender',
  },
  { roles: handlers, scopes: ['transfers:write'], actions: ['expectation.manage'], when: party },
  { roles: ['principal'], actions: ['case.approve'], when: (resource) => sender(resource) && !resource.drafter },
  { roles: ['principal'], actions: ['key.manage', 'client.manage'], when: party },
  { roles: ['principal', 'administrator'], actions: ['member.list', 'member.manage'], when: party },
  {
    roles: ['principal', 'vicePrincipal'],
    actions: ['ledger.read', 'ledger.answer', 'ledger.hold', 'breakGlass.list'],
    when: party,
  },
  { roles: ['principal', 'vicePrincipal', 'auditor'], actions: ['audit.read'], when: party },
  { roles: ['principal', 'vicePrincipal', 'auditor', 'administrator'], actions: ['alert.read'], when: party },
  { roles: ['auditor'], actions: ['alert.configure'], when: party },
  { roles: ['auditor'], actions: ['calendar.manage'], when: party },
  { roles: ['auditor'], actions: ['boardGlass.list', 'boardGlass.open', 'boardGlass.review'], when: party },
  { roles: ['principal'], actions: ['breakGlass.review'], when: party },
  { roles: handlers, actions: ['certificate.read', 'certificate.register'], when: party },
  { roles: ['principal'], actions: ['certificate.configure'], when: party },
  { roles: handlers, actions: ['certificate.handle'], when: party },
  { roles: ['clerk'], actions: ['certificate.check'], when: party },
  { roles: ['principal'], actions: ['certificate.approve'], when: (one) => party(one) && !one.drafter },
  { roles: handlers, actions: ['pupil.link', 'guardian.manage', 'accessCode.issue'], when: party },
  {
    roles: ['clerk', 'principal', 'vicePrincipal'],
    actions: ['guardian.list', 'guardian.suspend'],
    when: party,
  },
  { roles: ['principal', 'vicePrincipal'], actions: ['guardian.confirm'], when: (one) => party(one) && !one.drafter },
  { roles: ['principal'], actions: ['guardian.settle'], when: party },
  { roles: ['homeroomTeacher'], actions: ['guardian.list', 'guardian.suspend'], when: pupilOfOwnClass },
  {
    roles: ['homeroomTeacher'],
    actions: ['guardian.confirm'],
    when: (one, actor) => pupilOfOwnClass(one, actor) && !one.drafter,
  },
  {
    roles: ['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher', 'schoolNurse'],
    actions: ['protection.list'],
    when: (resource, actor) =>
      party(resource) && (actor.kind !== 'staff' || actor.role !== 'homeroomTeacher' || ownClass(resource, actor)),
  },
  { roles: ['principal', 'vicePrincipal'], actions: ['protection.enter'], when: party },
  { roles: ['principal'], actions: ['protection.manage'], when: party },
  {
    roles: ['principal', 'vicePrincipal'],
    actions: ['protection.confirm'],
    when: (resource) => party(resource) && !resource.drafter,
  },
  {
    roles: ['homeroomTeacher'],
    actions: ['protection.confirm'],
    when: (resource, actor) => party(resource) && ownClass(resource, actor) && !resource.drafter,
  },
  {
    roles: ['vicePrincipal'],
    actions: ['breakGlass.open'],
    when: (resource) => readable(resource) && health(resource),
  },
  {
    roles: ['vicePrincipal'],
    actions: ['document.read'],
    when: (resource) => readable(resource) && health(resource) && resource.glassBroken,
  },
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
    actions: ['case.read', 'ledger.read'],
    when: theirs,
  },
  {
    person: true,
    actions: ['document.read'],
    when: (resource, actor) =>
      theirs(resource) &&
      actor.kind === 'person' &&
      actor.revocation === 'good' &&
      (actor.assurance !== 'schoolCode' || resource.visibility === 'records'),
  },
  {
    person: true,
    actions: ['login.bind', 'link.manage'],
    when: ({ side }, actor) => side === 'own' && actor.kind === 'person' && actor.assurance !== 'schoolCode',
  },
  {
    person: true,
    actions: ['consent.give'],
    when: ({ side, personEntitled, protection }, actor) =>
      side === 'person' &&
      personEntitled &&
      protection === 'none' &&
      actor.kind === 'person' &&
      actor.revocation === 'good' &&
      actor.assurance !== 'schoolCode',
  },
  {
    person: true,
    actions: ['certificate.request', 'certificate.collect', 'certificate.share'],
    when: ({ side, personEntitled }, actor) =>
      side === 'person' && personEntitled && actor.kind === 'person' && actor.revocation === 'good',
  },
  {
    person: true,
    actions: ['consent.withdraw', 'certificate.unshare'],
    when: ({ side, personEntitled }) => side === 'person' && personEntitled,
  },
];

/** 支援措置: a wall before every line. */
function needsToKnow(actor: Actor, { protection }: Resource): boolean {
  if (protection === 'none' || (actor.kind === 'staff' && actor.role === 'principal')) return true;
  return protection === 'named' && (actor.kind === 'staff' || actor.kind === 'person');
}

function isListed(actor: Actor, action: Action, resource: Resource): boolean {
  if (!needsToKnow(actor, resource)) return false;
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

const persons: readonly Actor[] = [
  personActor,
  { ...personActor, revocation: 'notChecked' },
  { ...personActor, assurance: 'digitalAuthenticationApp' },
  { ...personActor, assurance: 'schoolCode' },
];
const rooms = ['1-1', '1-2', null] as const;
const homeroom = fc.constantFrom(...rooms);
const anyActor: fc.Arbitrary<Actor> = fc.oneof(
  fc.tuple(fc.constantFrom(...roles), homeroom).map(([role, room]) => staffActor(role, room)),
  fc.subarray([...machineScopes]).map((scopes) => machineActor(...scopes)),
  fc.constantFrom(...persons),
  fc.constantFrom<Actor>({ kind: 'anonymous' }, { kind: 'unboundStaff', staffId: 's', sessionId: 's' }),
);
const sides = ['sender', 'recipient', 'person', 'own', 'none'] as const;
const phases = ['drafting', 'deposited', 'opened', 'ended', null] as const;
const visibilities = ['records', 'health', null] as const;
const protections = ['none', 'named', 'unnamed'] as const;
const anyResource: fc.Arbitrary<Resource> = fc.record({
  side: fc.constantFrom(...sides),
  phase: fc.constantFrom(...phases),
  visibility: fc.constantFrom(...visibilities),
  homeroom,
  drafter: fc.boolean(),
  personEntitled: fc.boolean(),
  glassBroken: fc.boolean(),
  protection: fc.constantFrom(...protections),
});

/** All that there are, where chance would leave corners out. */
function everyResource(): readonly Resource[] {
  const either = [true, false] as const;
  let all: readonly Resource[] = [ownThing];
  const times = <Key extends keyof Resource>(key: Key, values: readonly Resource[Key][]) => {
    all = all.flatMap((resource) => values.map((value) => ({ ...resource, [key]: value })));
  };
  times('side', sides);
  times('phase', phases);
  times('visibility', visibilities);
  times('homeroom', ['1-1', null]);
  times('drafter', either);
  times('personEntitled', either);
  times('glassBroken', either);
  times('protection', protections);
  return all;
}

/** Everybody, as far as the table tells them apart. */
const everybody: readonly Actor[] = [
  ...roles.flatMap((role) => [staffActor(role, '1-1'), staffActor(role, '1-2')]),
  ...machineScopes.map((scope) => machineActor(scope)),
  ...persons,
  { kind: 'anonymous' },
  { kind: 'unboundStaff', staffId: 's', sessionId: 's' },
];

/** Of everybody, every act and what most acts depend on: the first question that is answered wrongly. */
function wrongAnswer(isWrong: (actor: Actor, action: Action, resource: Resource) => boolean) {
  const resources = everyResource().filter(
    ({ protection, glassBroken, personEntitled }) => protection === 'none' && !glassBroken && personEntitled,
  );
  for (const actor of everybody) {
    for (const action of actions) {
      const resource = resources.find((one) => isWrong(actor, action, one));
      if (resource !== undefined) return { actor, action, resource };
    }
  }
  return null;
}

const seeing: readonly Action[] = ['case.read', 'document.read', 'ledger.read', 'case.seal'];
const selfActs: readonly Action[] = ['login.bind', 'link.manage'];

const ask = (actor: Actor, action: Action, resource: Resource) => decide(actor, action, resource, { now: loggedInAt });

describe('decide', () => {
  it('answers everybody about every act as listed', () => {
    const wrong = wrongAnswer(
      (actor, action, resource) => ask(actor, action, resource).allowed !== isListed(actor, action, resource),
    );
    expect(wrong).toBeNull();
  });

  it.each<[string, readonly Actor[], readonly Action[]]>([
    [
      'persons',
      persons,
      [
        ...seeing,
        ...selfActs,
        'consent.give',
        'consent.withdraw',
        'certificate.request',
        'certificate.collect',
        'certificate.share',
        'certificate.unshare',
      ],
    ],
    ['staff with documents', roles.map((role) => staffActor(role, '1-1')), ['document.add', 'document.read']],
    ['machines with documents', machineScopes.map((scope) => machineActor(scope)), ['document.add', 'document.read']],
  ])('answers %s as listed, whatever lies before them', (_name, actors, asked) => {
    const resources = everyResource();
    expect(resources).toHaveLength(3600);
    const wrong = actors.flatMap((actor) =>
      asked.flatMap((action) =>
        resources.filter((resource) => ask(actor, action, resource).allowed !== isListed(actor, action, resource)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('denies whatever is not listed, and allows what is', () => {
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        // Without `expect`, which would take most of the time of twenty thousand questions.
        return ask(actor, action, resource).allowed === isListed(actor, action, resource);
      }),
      { numRuns: 20_000 },
    );
  });

  it('tells pages the same, whatever is owed first', () => {
    const later = { now: new Date(loggedInAt.getTime() + 86_400_000) };
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        expect(isAllowed(actor, action, resource)).toBe(decide(actor, action, resource, later).allowed);
      }),
    );
  });

  it('never lets anybody at a case that is not theirs', () => {
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        expect(ask(actor, action, { ...resource, side: 'none' }).allowed).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('Z-04 never lets the drafter approve', () => {
    fc.assert(
      fc.property(anyActor, anyResource, (actor, resource) => {
        expect(ask(actor, 'case.approve', { ...resource, drafter: true }).allowed).toBe(false);
      }),
    );
  });

  it('P-08 shuts everybody out of what is protected but the principal, whom the school named, and whom it admits', () => {
    fc.assert(
      fc.property(anyActor, fc.constantFrom(...actions), anyResource, (actor, action, resource) => {
        const isPrincipal = actor.kind === 'staff' && actor.role === 'principal';
        const unnamed = ask(actor, action, { ...resource, protection: 'unnamed' });
        if (!isPrincipal) expect(unnamed).toEqual({ allowed: false, rule: 'protected', obligations: [] });
        const open = ask(actor, action, { ...resource, protection: 'none' });
        // Being named opens the wall and nothing behind it.
        const named = ask(actor, action, { ...resource, protection: 'named' });
        if (actor.kind === 'machine') expect(named.rule).toBe('protected');
        else expect(named).toEqual(open);
        if (isPrincipal) expect(unnamed).toEqual(open);
      }),
    );
  });

  it('lets nobody read what lies deposited and unopened, but the person it is about', () => {
    fc.assert(
      fc.property(anyActor, anyResource, (actor, resource) => {
        const deposited = { ...resource, phase: 'deposited' as const };
        expect(ask(actor, 'document.read', deposited).allowed && actor.kind !== 'person').toBe(false);
      }),
    );
  });

  it('A-15 never shows a health card to whoever came by a paper of the school, nor lets them change what lasts', () => {
    const paper = { ...personActor, assurance: 'schoolCode' } as const;
    fc.assert(
      fc.property(anyResource, (resource) => {
        expect(ask(paper, 'document.read', { ...resource, visibility: 'health' }).allowed).toBe(false);
        expect(ask(paper, 'login.bind', resource).allowed || ask(paper, 'link.manage', resource).allowed).toBe(false);
      }),
    );
  });

  it('never lets somebody read whose certificate nobody could check', () => {
    const unchecked = { ...personActor, revocation: 'notChecked' } as const;
    fc.assert(
      fc.property(anyResource, (resource) => {
        expect(ask(unchecked, 'document.read', resource).allowed).toBe(false);
        expect(ask(unchecked, 'case.read', resource)).toEqual(ask(personActor, 'case.read', resource));
      }),
    );
  });

  it('shows a founder’s administrator no case and no record, whatever lies before them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...actions), anyResource, (action, resource) => {
        const about = action.startsWith('member.') || action === 'alert.read' ? 'people and the log' : 'else';
        expect(ask(staffActor('administrator'), action, resource).allowed && about === 'else').toBe(false);
      }),
    );
  });

  const overseeing: readonly Action[] = [
    'audit.read',
    'alert.read',
    'alert.configure',
    'calendar.manage',
    'boardGlass.list',
    'boardGlass.open',
    'boardGlass.review',
  ];

  it('shows an auditor how transfers go and no case, record or person, but for a name by break-glass', () => {
    fc.assert(
      fc.property(fc.constantFrom(...actions), anyResource, (action, resource) => {
        expect(ask(staffActor('auditor'), action, resource).allowed && !overseeing.includes(action)).toBe(false);
      }),
    );
  });

  const owed: readonly (readonly [Action, Actor, Resource])[] = [
    ['case.approve', staffActor('principal'), { ...ownThing, side: 'sender', phase: 'drafting' }],
    ['key.manage', staffActor('principal'), ownThing],
    ['client.manage', staffActor('principal'), ownThing],
    ['member.manage', staffActor('administrator'), ownThing],
    ['alert.configure', staffActor('auditor'), ownThing],
    [
      'breakGlass.open',
      staffActor('vicePrincipal'),
      { ...ownThing, side: 'recipient', phase: 'opened', visibility: 'health' },
    ],
    ['boardGlass.open', staffActor('auditor'), ownThing],
    ['login.bind', personActor, ownThing],
    ['consent.give', personActor, { ...ownThing, side: 'person', personEntitled: true }],
    ['certificate.configure', staffActor('principal'), ownThing],
    ['certificate.approve', staffActor('principal'), ownThing],
    ['protection.manage', staffActor('principal'), ownThing],
    ['protection.confirm', staffActor('vicePrincipal'), ownThing],
  ];

  it.each(owed)('wants a log-in of the last ten minutes for %s', (action, actor, resource) => {
    const at = (minutes: number, seconds = 0) => {
      const now = new Date(loggedInAt.getTime() + minutes * 60_000 + seconds * 1000);
      return decide(actor, action, resource, { now });
    };
    expect(at(10)).toMatchObject({ allowed: true, obligations: [] });
    expect(at(10, 1)).toMatchObject({ allowed: true, obligations: ['freshLogin'] });
  });

  it('wants a fresh log-in for nothing else, and of nobody who may not anyway', () => {
    const later = { now: new Date(loggedInAt.getTime() + 86_400_000) };
    const wrong = wrongAnswer((actor, action, resource) => {
      const { allowed, obligations } = decide(actor, action, resource, later);
      const listed = allowed && owed.some(([name]) => name === action);
      return listed ? obligations.join() !== 'freshLogin' : obligations.length > 0;
    });
    expect(wrong).toBeNull();
  });

  it('names the rule that decided', () => {
    const sent: Resource = { ...ownThing, side: 'sender', phase: 'drafting', drafter: true };
    expect(ask(staffActor('principal'), 'case.approve', sent)).toMatchObject({ allowed: false, rule: 'four-eyes' });
    expect(ask(machineActor('transfers:read'), 'case.seal', sent)).toMatchObject({
      allowed: false,
      rule: 'scope-missing:transfers:write',
    });
    expect(ask(machineActor(...machineScopes), 'case.approve', sent)).toMatchObject({
      allowed: false,
      rule: 'machine-never',
    });
    expect(ask({ kind: 'anonymous' }, 'case.list', ownThing)).toMatchObject({ allowed: false, rule: 'no-school' });
    expect(ask(staffActor('clerk'), 'document.read', { ...sent, visibility: 'health' })).toMatchObject({
      allowed: false,
      rule: 'clerk-health-no-read-back',
    });
  });
});
