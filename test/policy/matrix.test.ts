import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf } from '../app/support/operations.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { actorNames, openSessions, type Sessions } from './support/actors.ts';
import { ask, type Ids, makeCases, randomIds } from './support/ask.ts';
import { type At, expectedOf, routeRows } from './support/routes.ts';

/** Z-01: every route × everybody who may come × own, another school's, and an id that nobody has. */
describe('the permission matrix', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sessions: Sessions;
  let cases: { own: Record<At, Ids>; other: Ids };

  beforeAll(async () => {
    world = await openHostileWorld();
    sessions = await openSessions(world);
    cases = await makeCases(world);
  }, 120_000);

  afterAll(() => world?.close());

  it('has a row for every route of the OpenAPI document, and no other', async () => {
    const document: unknown = JSON.parse(
      await readFile(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'),
    );
    const routes = operationsOf(document).map(({ name }) => name);
    expect([...new Set(routeRows.map(({ route }) => route))].toSorted()).toEqual(routes.toSorted());
  });

  const named = routeRows.map((row) => ({ ...row, name: `${row.route}${row.when ? ` (${row.when})` : ''}` }));

  const withCase = named.filter(({ at }) => at !== undefined);

  it.each(withCase)('Z-02 $name answers alike for another school’s ids and for random ones', async (row) => {
    const at = sessions[row.school ?? 'juniorHigh'];
    for (const actor of actorNames) {
      const other = await ask(at[actor], row, cases.other);
      const random = await ask(at[actor], row, randomIds());
      expect(random.face, actor).toBe(other.face);
      expect(other.status, actor).toBe(actor === 'anonymous' ? 401 : 404);
    }
  });

  // After the others: its last row ends the sessions.
  it.each(named)('Z-01 $name lets in exactly those of its row', async (row) => {
    const at = sessions[row.school ?? 'juniorHigh'];
    const ids = row.at === undefined ? randomIds() : cases.own[row.at];
    const wrong: string[] = [];
    for (const actor of actorNames) {
      const { outcome, status } = await ask(at[actor], row, ids);
      const expected: readonly string[] = expectedOf(row, actor);
      if (!expected.includes(outcome)) wrong.push(`${actor}: ${status}, expected ${expected.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
  });
});
