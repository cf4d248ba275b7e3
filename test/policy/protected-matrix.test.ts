import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { type ActorName, actorNames, openSessions, type Sessions } from './support/actors.ts';
import { type Answered, ask, parametersOf } from './support/ask.ts';
import { pageRows } from './support/page-rows.ts';
import { expectedOf, type RouteRow, routeRows } from './support/routes.ts';
import {
  type At,
  boardGlassOf,
  breakGlassOf,
  certificateThings,
  makeOwnThings,
  protectionOf,
  publicParameters,
  randomThings,
  type Things,
} from './support/things.ts';

/**
 * Z-01, relation `protected`: every route that takes an id × everybody who may come, once the pupil is under a
 * protection order (支援措置) of the sending school that names its nurse and nobody else. Whoever is not named is
 * answered, byte for byte, as for an id that nobody has; whoever is may do what their row says and no more.
 */
describe('the permission matrix of a protected pupil', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sessions: Sessions;
  let own: Readonly<Record<At, Things>>;
  let pupils: Readonly<Record<'juniorHigh' | 'cityHigh', Things>>;
  let cells = 0;

  beforeAll(async () => {
    world = await openHostileWorld();
    sessions = await openSessions(world);
    own = await makeOwnThings(world);
    pupils = {
      juniorHigh: { ...own.draft, ...(await pupilThings(world, sessions)) },
      cityHigh: { ...own.opened, ...(await expectedThings(world)) },
    };
    const principal = await world.as('juniorHigh-principal');
    const entered = await principal.json('POST', '/api/protections', {
      subject: { kind: 'pupil', id: 'pupil-01' },
      source: 'municipality',
      startsOn: '2026-04-01',
      reviewOn: '2099-01-01',
      members: ['juniorHigh-schoolNurse'],
    });
    expect(entered.status).toBe(201);
    pupils = { ...pupils, juniorHigh: { ...pupils.juniorHigh, protectionId: entered.body.id } };
  }, 240_000);

  afterAll(async () => {
    console.log(`Matrix of a protected pupil: ${cells} cells asked`);
    await world?.close();
  });

  const rows = [...pageRows, ...routeRows]
    .filter(({ route }) => parametersOf(route).some((name) => !publicParameters.includes(name)))
    .filter(({ route }) => concerned.some((name) => parametersOf(route).includes(name)))
    .map((row) => ({ ...row, name: `${row.route}${row.when ? ` (${row.when})` : ''}` }));

  const askAs = (actor: ActorName, row: RouteRow, things: Things): Promise<Answered> => {
    cells += 1;
    return ask(sessions[row.school ?? 'juniorHigh'][actor], row, things);
  };

  it.each(rows)('Z-01 $name is protected', async (row) => {
    const school = row.school ?? 'juniorHigh';
    const things = row.at === undefined ? pupils[school] : own[row.at];
    const wrong: string[] = [];
    for (const actor of actorNames) {
      if (knows(actor, row)) {
        // Only rows of a case change nothing when they are let in.
        if (row.at === undefined) continue;
        const { outcome, status } = await askAs(actor, row, things);
        const expected: readonly string[] = expectedOf(row, actor);
        if (!expected.includes(outcome)) wrong.push(`${actor}: ${status}, expected ${expected.join(' or ')}`);
      } else {
        const [asked, random] = [await askAs(actor, row, things), await askAs(actor, row, randomThings(things))];
        if (asked.face !== random.face) wrong.push(`${actor}: ${asked.face} instead of ${random.face}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('asks about every kind of thing that leads to a pupil', () => {
    const asked = new Set(rows.flatMap(({ route }) => parametersOf(route)));
    expect(concerned.filter((name) => !asked.has(name))).toEqual([]);
    const made = { ...pupils.cityHigh, ...pupils.juniorHigh };
    expect(concerned.filter((name) => name !== 'documentId' && !made[name])).toEqual([]);
  });
});

/** Ids behind which there is a pupil. */
const concerned: readonly string[] = [
  'caseId',
  'documentId',
  'receiptId',
  'pupilId',
  'guardianId',
  'codeId',
  'linkId',
  'breakGlassId',
  'boardGlassId',
  'protectionId',
  'entryId',
  'requestId',
  'certificateId',
  'shareId',
  'expectations/{id}',
];

/** The principals of both schools, the named nurse of the one, and the pupil. */
function knows(actor: ActorName, { school = 'juniorHigh', at }: RouteRow): boolean {
  if (actor === 'principal' || (actor === 'schoolNurse' && school === 'juniorHigh')) return true;
  // A pupil's own link stays the pupil's own.
  return actor === 'linkedPerson' || (at === undefined && actor === 'paperPerson');
}

/** A guardian, a link, a code, a break-glass and an opened name of the pupil, from before the order. */
async function pupilThings(world: HostileWorld, sessions: Sessions): Promise<Things> {
  const clerk = await world.as('juniorHigh-clerk');
  const issued = await clerk.json('POST', '/api/pupils/pupil-01/linking-codes', { relation: 'self' });
  const { body } = await sessions.juniorHigh.linkedPerson.json('GET', '/api/links');
  const made = await certificateThings(world, 'juniorHigh', 'pupil-01');
  const { entryId = '', requestId = '', certificateId = '', shareId = '' } = made;
  return {
    pupilId: 'pupil-01',
    guardianId: 'guardian-mayumi',
    codeId: issued.body.id,
    linkId: body.links[0].id,
    breakGlassId: await breakGlassOf(world, 'juniorHigh', 'pupil-01'),
    boardGlassId: await boardGlassOf(world, 'pupil-01'),
    entryId,
    requestId,
    certificateId,
    shareId,
  };
}

/** Whom the receiving school expects, under an order of its own. */
async function expectedThings(world: HostileWorld): Promise<Things> {
  const protectionId = await protectionOf(world, 'cityHigh');
  const principal = await world.as('cityHigh-principal');
  const { body } = await principal.json('GET', `/api/protections/${protectionId}`);
  return { protectionId, 'expectations/{id}': body.subject.id };
}
