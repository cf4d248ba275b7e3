import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalIn } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openSessionOf } from '../support/session.ts';
import { administratorAt, proposalOf, today } from './support/people.ts';

describe('people of a board of education', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  it('are auditors, whom two persons make', async () => {
    const board = await administratorAt(world, 'cityBoard');
    const auditor = { staffId: 'juniorHigh-clerk', name: '藤袴　静', role: 'auditor', validFrom: today(world) };
    await proposalOf(await board.json('POST', '/api/members', auditor));
    expect((await board.json('GET', '/api/members')).body.members).toEqual([
      expect.objectContaining({ account: 'hibarino-auditor-2', role: 'auditor' }),
      expect.objectContaining({ account: 'hibarino-auditor', role: 'auditor' }),
      expect.objectContaining({ account: 'hibarino-administrator', role: 'administrator' }),
    ]);
  });

  it('have no role of a school, nor a school an auditor', async () => {
    const board = await administratorAt(world, 'cityBoard');
    const school = await administratorAt(world, 'juniorHigh');
    const wish = { staffId: 'cityHigh-clerk', name: '緑川　樹', validFrom: today(world) };
    expect(refusalIn(await board.json('POST', '/api/members', { ...wish, role: 'clerk' }))).toBe(
      '422 member.role-elsewhere',
    );
    expect(refusalIn(await school.json('POST', '/api/members', { ...wish, role: 'auditor' }))).toBe(
      '422 member.role-elsewhere',
    );
    const forms = await Promise.all([board, school].map(async (one) => (await one.send('GET', '/people/new')).text()));
    expect(forms.map((form) => [form.includes('value="auditor"'), form.includes('value="clerk"')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('begin at the page of the board and see no case', async () => {
    const auditor = await openSessionOf(world.origin, 'hibarino-auditor');
    expect((await auditor.json('GET', '/api/session')).body).toMatchObject({ role: 'auditor' });
    expect(refusalIn(await auditor.json('GET', '/api/cases?side=sender'))).toBe('403 policy.denied');
  });
});
