import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { memberships } from '../../src/directory/tables.ts';
import { refusalIn } from '../hostile/support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openSessionOf } from '../support/session.ts';
import { administratorAt, confirm, proposalOf, termsOf, today } from './support/people.ts';

describe('people and roles', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function logged(name: 'member.granted' | 'member.ended' | 'proposal.confirmed' | 'member.joined') {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.name, name)))
        .orderBy(auditEvents.at),
    );
    return rows.map(({ outcome, reason }) => `${outcome}${reason === null ? '' : ` ${reason}`}`);
  }

  it('are shown to the principal and the founder’s administrator, with class, period and last log-in', async () => {
    const principal = await world.as('juniorHigh-principal');
    const [teacher] = await termsOf(principal, 'juniorHigh-homeroomTeacher');
    expect(teacher).toMatchObject({ role: 'homeroomTeacher', homeroom: '3年2組', state: 'inForce', lastLoginAt: null });
    const [self] = await termsOf(principal, 'juniorHigh-principal');
    expect(Date.parse(self?.lastLoginAt ?? '')).toBeGreaterThan(0);
    const administrator = await administratorAt(world, 'juniorHigh');
    expect(await termsOf(administrator, 'hibarino-administrator')).toMatchObject([{ role: 'administrator' }]);
    const staff = (await administrator.json('GET', '/api/members')).body.members;
    expect(staff.some(({ account }) => account.startsWith('elementary'))).toBe(false);
    for (const role of ['clerk', 'vicePrincipal', 'homeroomTeacher', 'schoolNurse']) {
      const refused = await (await world.as(`juniorHigh-${role}`)).json('GET', '/api/members');
      expect([role, refusalIn(refused)]).toEqual([role, '403 policy.denied']);
    }
  });

  it('A-11 a light role is given by one person, begins on its day and not before, and ends on its day', async () => {
    const principal = await openSessionOf(world.origin, 'juniorHigh-principal');
    const given = await principal.json('POST', '/api/members', {
      staffId: 'juniorHigh-schoolNurse',
      name: '女郎花　恵',
      role: 'clerk',
      validFrom: today(world, 2),
      validTo: today(world, 3),
    });
    expect(given.body).toMatchObject({ outcome: 'done', proposalId: null });
    expect((await logged('member.granted')).at(-1)).toBe('done');
    const choices = async () => {
      const session = await openSessionOf(world.origin, 'juniorHigh-schoolNurse');
      const { body } = await session.json('GET', '/api/session');
      return body.kind === 'staff' ? body.role : body.kind;
    };
    expect(await choices()).toBe('schoolNurse');
    world.clock.pass(2 * day);
    expect(await choices()).toBe('unboundStaff');
    world.clock.pass(2 * day);
    expect(await choices()).toBe('schoolNurse');
  });

  it('A-11 the change of staff on 1 April: the old role is over, the new one begins, with no hand on it', async () => {
    const principal = await world.as('cityHigh-principal');
    const [toCome] = await termsOf(principal, 'hibarino-mover');
    expect(toCome).toMatchObject({ role: 'clerk', state: 'toCome' });
    const before = await openSessionOf(world.origin, 'hibarino-mover');
    expect((await before.json('GET', '/api/session')).body.school.code).toBe(codeOf('juniorHigh'));
    const first = Date.parse(`${toCome?.validFrom}T00:00:30+09:00`);
    world.clock.pass(first - world.clock.now().getTime());
    const after = await openSessionOf(world.origin, 'hibarino-mover');
    expect((await after.json('GET', '/api/session')).body.school.code).toBe(codeOf('cityHigh'));
  });

  it('a weighty role waits for another person, by whatever account, and is logged', async () => {
    const principal = await world.as('juniorHigh-principal');
    const proposal = await proposalOf(
      await principal.json('POST', '/api/members', {
        staffId: 'juniorHigh-clerk',
        name: '桔梗　守',
        role: 'vicePrincipal',
        validFrom: today(world),
      }),
    );
    expect(await termsOf(principal, 'juniorHigh-clerk')).toHaveLength(1);
    expect(refusalIn(await confirm(principal, proposal))).toBe('403 proposal.same-person');
    expect((await logged('proposal.confirmed')).at(-1)).toBe('refused proposal.same-person:proposer');
    expect(refusalIn(await confirm(await world.as('juniorHigh-clerk'), proposal))).toBe('403 policy.denied');
    const administrator = await administratorAt(world, 'juniorHigh');
    const { items } = (await administrator.json('GET', '/api/proposals')).body;
    expect(items.find(({ id }) => id === proposal)).toMatchObject({ state: 'pending', mayConfirm: true });
    expect((await confirm(administrator, proposal)).status).toBe(200);
    expect(await termsOf(principal, 'juniorHigh-clerk')).toHaveLength(2);
    expect((await logged('proposal.confirmed')).at(-1)).toBe('done');
    expect(refusalIn(await confirm(administrator, proposal))).toBe('409 proposal.over');
  });

  it('two confirmations at once have one effect', async () => {
    const administrator = await administratorAt(world, 'cityHigh');
    const role = { role: 'principal', validFrom: today(world), staffId: 'cityHigh-vicePrincipal', name: '白鳥　忍' };
    const second = await proposalOf(await administrator.json('POST', '/api/members', role));
    const principal = await world.as('cityHigh-principal');
    const answers = await Promise.all([confirm(principal, second), confirm(principal, second)]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
    expect(await termsOf(principal, 'cityHigh-vicePrincipal')).toHaveLength(2);
    // Put back: the others reckon with one principal.
    const [, made] = await termsOf(principal, 'cityHigh-vicePrincipal');
    const end = await proposalOf(await principal.json('POST', `/api/members/${made?.id}/end`, {}));
    expect((await confirm(await administratorAt(world, 'cityHigh'), end)).status).toBe(200);
  });

  it('a proposal runs out after a fortnight, can be taken back, and falls with the role of who made it', async () => {
    const nurse = { name: '黒崎　歩', role: 'schoolNurse', validTo: null };
    const propose = async () => {
      const principal = await openSessionOf(world.origin, 'cityHigh-principal');
      const input = { ...nurse, staffId: 'cityHigh-clerk', validFrom: today(world) };
      return proposalOf(await principal.json('POST', '/api/members', input));
    };
    const late = await propose();
    world.clock.pass(14 * day);
    expect(refusalIn(await confirm(await administratorAt(world, 'cityHigh'), late))).toBe('409 proposal.over');
    const taken = await propose();
    const principal = await world.as('cityHigh-principal');
    expect((await principal.json('DELETE', `/api/proposals/${taken}`)).status).toBe(204);
    expect(refusalIn(await confirm(await administratorAt(world, 'cityHigh'), taken))).toBe('409 proposal.over');
    expect(refusalIn(await principal.json('DELETE', `/api/proposals/${taken}`))).toBe('409 proposal.over');
    const orphan = await propose();
    const setEnd = (endedAt: Date | null) =>
      world.job('directory', (tx) =>
        tx.update(memberships).set({ endedAt }).where(eq(memberships.id, 'cityHigh-principal@cityHigh')),
      );
    await setEnd(world.clock.now());
    expect(refusalIn(await confirm(await administratorAt(world, 'cityHigh'), orphan))).toBe('409 proposal.over');
    expect((await logged('proposal.confirmed')).at(-1)).toBe('refused proposal.over:proposer-has-left');
    await setEnd(null);
    expect(await termsOf(await openSessionOf(world.origin, 'cityHigh-principal'), 'cityHigh-clerk')).toHaveLength(1);
  });

  it('A-11 ended at once, a role is gone with the next request of its open session', async () => {
    const clerk = await openSessionOf(world.origin, 'cityHigh-clerk');
    expect((await clerk.json('GET', '/api/cases?side=sender')).status).toBe(200);
    const principal = await world.as('cityHigh-principal');
    const [term] = await termsOf(principal, 'cityHigh-clerk');
    const ended = await principal.json('POST', `/api/members/${term?.id}/end`, { validTo: null });
    expect(ended.body).toMatchObject({ outcome: 'done' });
    expect((await clerk.json('GET', '/api/cases?side=sender')).status).toBe(401);
    expect((await logged('member.ended')).at(-1)).toBe('done');
    const again = { staffId: 'cityHigh-clerk', name: '緑川　樹', role: 'clerk', validFrom: today(world) };
    expect((await principal.json('POST', '/api/members', again)).body).toMatchObject({ outcome: 'done' });
  });

  it('a role that has not begun is taken back, and the days of another are changed', async () => {
    const principal = await world.as('cityHigh-principal');
    const input = { name: '赤羽　翼', role: 'clerk', staffId: 'cityHigh-homeroomTeacher' };
    const first = await principal.json('POST', '/api/members', { ...input, validFrom: today(world, 30) });
    expect((await principal.json('POST', `/api/members/${first.body.id}/end`, {})).status).toBe(200);
    expect(await termsOf(principal, 'cityHigh-homeroomTeacher')).toHaveLength(1);
    const second = await principal.json('POST', '/api/members', { ...input, validFrom: today(world, 30) });
    const path = `/api/members/${second.body.id}`;
    const changed = await principal.json('PUT', path, { validFrom: today(world, 40), validTo: today(world, 50) });
    expect(changed.body).toMatchObject({ outcome: 'done' });
    expect((await termsOf(principal, 'cityHigh-homeroomTeacher'))[1]).toMatchObject({ validTo: today(world, 50) });
    expect((await principal.json('POST', `${path}/end`, { validTo: null })).status).toBe(200);
  });

  it('is refused with impossible days, a class that does not fit, a second term of one role', async () => {
    const principal = await world.as('cityHigh-principal');
    const give = (more: object) =>
      principal.json('POST', '/api/members', {
        staffId: 'cityHigh-clerk',
        name: '緑川　樹',
        role: 'homeroomTeacher',
        homeroom: '1年B組',
        validFrom: today(world),
        ...more,
      });
    expect(refusalIn(await give({ validTo: today(world, -1) }))).toBe('422 member.dates');
    expect(refusalIn(await give({ validFrom: today(world, 401) }))).toBe('422 member.dates');
    expect(refusalIn(await give({ homeroom: null }))).toBe('422 member.homeroom');
    expect(refusalIn(await give({ role: 'clerk' }))).toBe('422 member.homeroom');
    expect(refusalIn(await give({ role: 'clerk', homeroom: null }))).toBe('409 member.overlap');
    expect(refusalIn(await give({ staffId: 'prefecturalHigh-clerk' }))).toBe('404 member.not-found');
    expect(refusalIn(await give({ validFrom: '2026-02-30' }))).toBe('400 request.malformed');
    expect(await termsOf(principal, 'cityHigh-clerk')).toHaveLength(1);
  });
});
