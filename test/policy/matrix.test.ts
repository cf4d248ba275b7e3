import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { sessions as sessionRows } from '../../src/identity/tables.ts';
import { operationsOf, type RouteRow as RegisteredRoute } from '../app/support/operations.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { namesIn } from '../support/names.ts';
import { type ActorName, actorNames, openSessions, type Sessions } from './support/actors.ts';
import { ask, parametersOf } from './support/ask.ts';
import { lastRows, pageRows } from './support/page-rows.ts';
import { expectedOf, type RouteRow, routeRows } from './support/routes.ts';
import {
  type At,
  makeExpiredExpectation,
  makeForeignThings,
  makeOwnThings,
  publicParameters,
  randomThings,
  type Things,
} from './support/things.ts';

/**
 * Z-01, Z-02: every route × everybody who may come × whose thing it is. Own, with the other roles of the same school as
 * actors, and at every stage a case can come to (expired, sent back, taken back, shredded); another school's of the same
 * board; another board's; an id that nobody has. What is protected (支援措置) is asked in protected-matrix.test.ts.
 */
describe('the permission matrix', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sessions: Sessions;
  let own: Readonly<Record<At, Things>>;
  let foreign: { readonly school: Things; readonly board: Things };
  const asked = new Set<string>();
  /** Of every page that anybody was shown, and which route showed it. */
  const titles = new Map<string, string>();

  beforeAll(async () => {
    world = await openHostileWorld();
    sessions = await openSessions(world);
    own = await makeOwnThings(world);
    foreign = {
      school: await makeForeignThings(world, { school: 'elementary', pupilId: 'pupil-05', person: 'yoko' }),
      board: await makeForeignThings(world, { school: 'prefecturalHigh', pupilId: 'pupil-09', person: 'hajime' }),
    };
  }, 300_000);

  // The table says who may, after a log-in of the last minutes; that it has to be fresh is asked in step-up.test.ts.
  beforeEach(() => world.job('login', (tx) => tx.update(sessionRows).set({ authenticatedAt: world.clock.now() })));

  afterAll(async () => {
    const [routes, rows] = [new Set(tables.map(({ route }) => route)).size, tables.length];
    console.log(
      `Matrix: ${routes} routes in ${rows} rows × ${actorNames.length} actors × whose thing: ${asked.size} cells asked`,
    );
    await world?.close();
  });

  const tables = [...pageRows, ...routeRows, ...lastRows];
  const named = tables.map((row) => ({ ...row, name: `${row.route}${row.when ? ` (${row.when})` : ''}` }));

  async function askOnce(actor: ActorName, row: RouteRow & { name: string }, of: { whose: string; things: Things }) {
    asked.add(`${row.name} ${actor} ${of.whose}`);
    const answered = await ask(sessions[row.school ?? 'juniorHigh'][actor], row, of.things);
    if (answered.title !== null) titles.set(answered.title, row.name);
    return answered;
  }

  it('Z-01 has a row for every route that is registered, and no other', async () => {
    const document: unknown = JSON.parse(
      await readFile(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'),
    );
    const registered = (createApp(world.running.gateway, () => {}).routes as readonly RegisteredRoute[]).map(
      ({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`,
    );
    // Middleware; a route that answers every method would hide from this table.
    expect([...new Set(registered.filter((name) => name.startsWith('ALL ')))].toSorted()).toEqual([
      'ALL /*',
      'ALL /assets/*',
    ]);
    const routes = new Set(registered.filter((name) => !name.startsWith('ALL ')));
    const withRow = new Set<string>(tables.map(({ route }) => route));
    const described = operationsOf(document).map(({ name }) => name);
    expect(
      [...routes, ...described].filter((route) => !withRow.has(route)),
      'these routes have no row: add one to test/policy/support/routes.ts (API) or page-rows.ts (pages)',
    ).toEqual([]);
    expect(
      [...withRow].filter((route) => !routes.has(route)),
      'these rows have no route',
    ).toEqual([]);
  });

  it('Z-02 has a stranger’s thing for every id in a path', () => {
    const known = [...Object.keys(foreign.school), ...publicParameters, 'documentId'];
    const unknown = tables.flatMap(({ route }) =>
      parametersOf(route).flatMap((name) => (known.includes(name) ? [] : [`${name} in ${route}`])),
    );
    expect(unknown, 'make one in makeForeignThings, test/policy/support/things.ts').toEqual([]);
  });

  const withThing = named.filter(({ route }) => parametersOf(route).some((name) => !publicParameters.includes(name)));

  it.each(withThing)('Z-02 $name answers alike for strangers’ ids and for random ones', async (row) => {
    for (const actor of actorNames) {
      const random = await askOnce(actor, row, { whose: 'random', things: randomThings(foreign.school) });
      const otherSchool = await askOnce(actor, row, { whose: 'other school', things: foreign.school });
      const otherBoard = await askOnce(actor, row, { whose: 'other board', things: foreign.board });
      if (row.ofBoard && actor === 'auditor') expect(otherSchool.outcome, 'of the own board').toBe('may');
      else expect(otherSchool.face, `${actor}, other school`).toBe(random.face);
      expect(otherBoard.face, `${actor}, other board`).toBe(random.face);
      expect(['login', 'hidden', ...(row.at === undefined ? ['denied', 'may'] : [])], actor).toContain(random.outcome);
      if (row.at !== undefined) expect(random.outcome, actor).toBe(actor === 'anonymous' ? 'login' : 'hidden');
    }
  });

  const ofExpectations = named.filter(({ route }) => parametersOf(route).includes('expectations/{id}'));

  it.each(ofExpectations)('Z-01 Z-02 $name, expired, lets in exactly those of its row', async (row) => {
    const stranger = await makeExpiredExpectation(world, 'elementary');
    const wrong: string[] = [];
    for (const actor of actorNames) {
      const ask = (whose: string, id: string) =>
        askOnce(actor, row, { whose, things: { ...randomThings(foreign.school), 'expectations/{id}': id } });
      const random = await ask('random', crypto.randomUUID());
      expect((await ask('other school, expired', stranger)).face, actor).toBe(random.face);
      const { outcome, status } = await ask('own, expired', await makeExpiredExpectation(world, 'cityHigh'));
      const expected: readonly string[] = expectedOf({ ...row, absent: false }, actor);
      if (!expected.includes(outcome)) wrong.push(`${actor}: ${status}, expected ${expected.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
  });

  // After the others: its last row ends the sessions.
  it.each(named)('Z-01 $name lets in exactly those of its row', async (row) => {
    const things = row.at === undefined ? { ...randomThings(foreign.school), pupilId: 'pupil-01' } : own[row.at];
    const wrong: string[] = [];
    for (const actor of actorNames) {
      const { outcome, status } = await askOnce(actor, row, { whose: row.at ?? 'own', things });
      const expected: readonly string[] = expectedOf(row, actor);
      if (!expected.includes(outcome)) wrong.push(`${actor}: ${status}, expected ${expected.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it('P-08 names nobody in the title of a page, which stands in tab and history', () => {
    expect(titles.size).toBeGreaterThan(40);
    expect([...titles].filter(([title]) => namesIn(title).length > 0)).toEqual([]);
  });
});
