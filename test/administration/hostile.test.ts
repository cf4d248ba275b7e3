import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { writePkcs12 } from '../../src/demo/pkcs12.node.ts';
import { invitations } from '../../src/directory/tables.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { caseAt, refusalIn } from '../hostile/support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { administratorAt, confirm, proposalOf, termsOf, today } from './support/people.ts';

describe('who wants more than is theirs', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function lastReason(name: 'member.granted' | 'member.ended' | 'member.joined' | 'member.changed') {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(auditEvents.at),
    );
    return rows.at(-1)?.reason ?? null;
  }

  it('raises no role of their own, neither by the list nor as the second person', async () => {
    const principal = await world.as('juniorHigh-principal');
    const own = { staffId: 'juniorHigh-principal', name: '山吹　武', role: 'clerk', validFrom: today(world) };
    expect(refusalIn(await principal.json('POST', '/api/members', own))).toBe('403 member.own-role');
    expect(refusalIn(await principal.json('POST', '/api/members', { ...own, role: 'administrator' }))).toBe(
      '403 policy.denied',
    );
    expect(await lastReason('member.granted')).toBe('policy.denied:administrator-by-administrator');
    const administrator = await administratorAt(world, 'juniorHigh');
    const self = { ...own, staffId: 'hibarino-administrator', role: 'principal' };
    expect(refusalIn(await administrator.json('POST', '/api/members', self))).toBe('403 member.own-role');
    // The principal wants the administrator to be vice-principal: the administrator cannot say yes to that.
    const gift = await administrator.json('POST', '/api/members', {
      ...self,
      staffId: 'juniorHigh-principal',
      role: 'schoolNurse',
    });
    expect(refusalIn(await confirm(principal, await proposalOf(gift)))).toBe('403 proposal.same-person');
    for (const role of ['clerk', 'vicePrincipal', 'homeroomTeacher', 'schoolNurse']) {
      const tried = await (await world.as(`juniorHigh-${role}`)).json('POST', '/api/members', {
        ...own,
        staffId: `juniorHigh-${role}`,
        role: 'principal',
      });
      expect([role, refusalIn(tried)]).toEqual([role, '403 policy.denied']);
    }
    const [end] = await termsOf(principal, 'juniorHigh-principal');
    const longer = await principal.json('PUT', `/api/members/${end?.id}`, { validFrom: '2020-04-01' });
    expect(refusalIn(longer)).toBe('403 member.own-role');
  });

  it('Z-02 cannot tell another school’s memberships, invitations and proposals from ids that nobody has', async () => {
    const other = await world.as('prefecturalHigh-principal');
    const invited = await other.json('POST', '/api/members', { name: '新任', role: 'clerk', validFrom: today(world) });
    const proposal = await proposalOf(
      await other.json('POST', '/api/members', { name: '新任', role: 'principal', validFrom: today(world) }),
    );
    const [term] = await termsOf(other, 'prefecturalHigh-clerk');
    const session = await world.as('juniorHigh-principal');
    const face = async (method: string, path: string, body?: unknown) => {
      const answer = await session.json(method, path, body, { 'accept-language': 'en' });
      const headers = [...answer.headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
      const text = JSON.stringify([answer.status, answer.body, headers]);
      return text.replaceAll(answer.body.requestId, 'REQUEST').replace(/nonce-[A-Za-z0-9+/=]+/g, 'nonce');
    };
    for (const [method, path, id, body] of [
      ['PUT', '/api/members/ID', term?.id, { validFrom: today(world) }],
      ['POST', '/api/members/ID/end', term?.id, { validTo: null }],
      ['POST', '/api/invitations/ID/code', invited.body.id, undefined],
      ['DELETE', '/api/invitations/ID', invited.body.id, undefined],
      ['POST', '/api/proposals/ID/confirmation', proposal, undefined],
      ['DELETE', '/api/proposals/ID', proposal, undefined],
    ] as const) {
      expect(id).toBeTruthy();
      const theirs = await face(method, path.replace('ID', id ?? ''), body);
      expect(theirs).toBe(await face(method, path.replace('ID', randomUUID()), body));
      expect(theirs).toMatch(/^\[404/);
    }
    expect(await termsOf(other, 'prefecturalHigh-clerk')).toEqual([term]);
  });

  it('leaves no school without a principal, unless the founder’s administrator does', async () => {
    const principal = await world.as('elementary-principal');
    const [term] = await termsOf(principal, 'elementary-principal');
    const path = `/api/members/${term?.id}`;
    expect(refusalIn(await principal.json('POST', `${path}/end`, {}))).toBe('409 member.last-principal');
    expect(refusalIn(await principal.json('POST', `${path}/end`, { validTo: today(world, 9) }))).toBe(
      '409 member.last-principal',
    );
    const until = { validFrom: term?.validFrom, validTo: today(world, 9) };
    expect(refusalIn(await principal.json('PUT', path, until))).toBe('409 member.last-principal');
    // With a successor from the next day on it is a proposal like any other.
    const administrator = await administratorAt(world, 'elementary');
    const next = { staffId: 'elementary-homeroomTeacher', name: '冬木　雪', role: 'principal' };
    const successor = await administrator.json('POST', '/api/members', { ...next, validFrom: today(world, 10) });
    expect((await confirm(principal, await proposalOf(successor))).status).toBe(200);
    await proposalOf(await principal.json('POST', `${path}/end`, { validTo: today(world, 9) }));
    const shoved = await proposalOf(await administrator.json('POST', `${path}/end`, {}));
    // Two administrators could; one and the principal who goes can as well.
    expect((await confirm(principal, shoved)).status).toBe(200);
    expect((await principal.json('GET', '/api/members')).status).toBe(401);
  });

  it('Z-04 with two accounts counts as one person once the administrator has said so, for drafts of before too', async () => {
    const made = await caseAt(world, { upTo: 'submitted' });
    const { contentDigest } = (await (await world.as('juniorHigh-clerk')).json('GET', `/api/cases/${made.id}`)).body;
    const administrator = await administratorAt(world, 'juniorHigh');
    const staffIds = ['juniorHigh-principal', 'juniorHigh-clerk'];
    expect((await administrator.json('POST', '/api/accounts/same-person', { staffIds })).status).toBe(204);
    const principal = await openSessionOf(world.origin, 'juniorHigh-principal');
    const approve = () => principal.json('POST', `/api/cases/${made.id}/approval`, { contentDigest });
    expect(refusalIn(await approve())).toBe('403 approval.own-draft');
    expect((await termsOf(principal, 'juniorHigh-clerk'))[0]?.sameAs).toEqual(['juniorHigh-principal']);
    // Back to two persons: a second administrator has to agree, and the principal is none.
    const split = await administrator.json('POST', '/api/accounts/juniorHigh-clerk/own-person');
    expect(split.status).toBe(202);
    expect(refusalIn(await confirm(administrator, split.body.proposalId))).toBe('403 proposal.same-person');
    expect((await confirm(principal, split.body.proposalId)).status).toBe(403);
    const second = await proposalOf(
      await administrator.json('POST', '/api/members', {
        staffId: 'hibarino-prime',
        name: '雲雀　野太',
        role: 'administrator',
        validFrom: today(world),
      }),
    );
    expect((await confirm(principal, second)).status).toBe(200);
    const colleague = await openSessionOf(world.origin, 'hibarino-prime');
    const { memberships } = (await colleague.json('GET', '/api/memberships')).body;
    const membershipId = memberships.find(({ schoolCode }) => schoolCode === codeOf('juniorHigh'))?.id;
    expect((await colleague.json('PUT', '/api/session/membership', { membershipId })).status).toBe(204);
    expect((await confirm(colleague, split.body.proposalId)).status).toBe(200);
    expect((await approve()).status).toBe(200);
  });

  it('sees the accounts of no other founder, and merges none of them', async () => {
    const administrator = await administratorAt(world, 'juniorHigh');
    const { items } = (await administrator.json('GET', '/api/accounts')).body;
    expect(items.map(({ account }) => account)).toContain('cityHigh-clerk');
    expect(items.some(({ account }) => account.startsWith('prefectural'))).toBe(false);
    for (const stranger of ['prefecturalHigh-clerk', randomUUID()]) {
      const staffIds = ['juniorHigh-clerk', stranger];
      const answer = await administrator.json('POST', '/api/accounts/same-person', { staffIds });
      expect(refusalIn(answer)).toBe('404 member.not-found');
    }
    const principal = await world.as('juniorHigh-principal');
    expect(refusalIn(await principal.json('GET', '/api/accounts'))).toBe('403 policy.denied');
  });

  it('puts no seal key in force alone, and takes none away alone', async () => {
    const school = 'prefecturalHigh';
    const principal = await world.as(`${school}-principal`);
    const administrator = await administratorAt(world, school, 'nagano-administrator');
    const seal = world.demo.authorities.seals.get(codeOf(school));
    if (seal === undefined) throw new Error('the school has a seal');
    const inForce = async () => {
      const rows = await world.job('directory', (tx) =>
        tx
          .select()
          .from(sealKeys)
          .where(eq(sealKeys.schoolCode, codeOf(school))),
      );
      return rows.filter(({ retiredAt }) => retiredAt === null).map(({ id }) => id);
    };
    const seals = async () => (await caseAt(world, { upTo: 'sealed', from: school, to: 'juniorHigh' })).id !== '';
    const before = await inForce();
    const pkcs12 = Buffer.from(await writePkcs12(seal, demoPassword, 'own')).toString('base64');
    const register = await principal.json('PUT', '/api/seal-key', { pkcs12, password: demoPassword });
    expect([register.status, await inForce()]).toEqual([202, before]);
    expect(refusalIn(await confirm(principal, register.body.proposalId))).toBe('403 proposal.same-person');
    expect(refusalIn(await administrator.json('PUT', '/api/seal-key', { pkcs12, password: 'x' }))).toBe(
      '403 policy.denied',
    );
    const stale = await principal.json('DELETE', '/api/seal-key');
    expect((await confirm(administrator, register.body.proposalId)).status).toBe(200);
    expect(await inForce()).not.toEqual(before);
    expect([(await inForce()).length, await seals()]).toEqual([1, true]);
    // Proposed by its fingerprint, and the same key is in force again: what is meant is still there.
    expect((await confirm(administrator, stale.body.proposalId)).status).toBe(200);
    expect(await inForce()).toEqual([]);
    expect(refusalIn(await principal.json('DELETE', '/api/seal-key'))).toBe('409 seal.key-missing');
  });

  describe('by an invitation', () => {
    async function invite(role: string, by: Session, second: Session | null): Promise<string> {
      const answer = await by.json('POST', '/api/members', { name: '招待　待子', role, validFrom: today(world) });
      if (second !== null) expect((await confirm(second, await proposalOf(answer))).status).toBe(200);
      const { invitations: waiting } = (await by.json('GET', '/api/members')).body;
      const id = waiting.at(-1)?.id ?? '';
      const issued = await by.json('POST', `/api/invitations/${id}/code`);
      expect(issued.status).toBe(201);
      return issued.body.code;
    }
    const kindOf = async (session: Session) => (await session.json('GET', '/api/session')).body.kind;

    it('gets the role with an account of the same founder, once, and under the account’s own name', async () => {
      const principal = await world.as('cityHigh-principal');
      const code = await invite('clerk', principal, null);
      const clerk = await openSessionOf(world.origin, 'elementary-clerk', code.toLowerCase().replaceAll('-', ' '));
      const { memberships } = (await clerk.json('GET', '/api/memberships')).body;
      expect(memberships.map(({ schoolCode }) => schoolCode).toSorted()).toEqual(
        [codeOf('elementary'), codeOf('cityHigh')].toSorted(),
      );
      expect(await termsOf(principal, 'elementary-clerk')).toMatchObject([{ name: '秋田　稔', role: 'clerk' }]);
      expect(await kindOf(await openSessionOf(world.origin, 'juniorHigh-homeroomTeacher', code))).toBe('anonymous');
      expect(await lastReason('member.joined')).toBe('invitation-unknown');
    });

    it('gets nothing with another founder’s account, a worn-out, expired or replaced code', async () => {
      const principal = await world.as('cityHigh-principal');
      const code = await invite('clerk', principal, null);
      for (let tries = 0; tries < 5; tries += 1) {
        expect(await kindOf(await openSessionOf(world.origin, 'prefecturalHigh-clerk', code))).toBe('anonymous');
        expect(await lastReason('member.joined')).toBe('founder-differs');
      }
      expect(await kindOf(await openSessionOf(world.origin, 'elementary-schoolNurse', code))).toBe('anonymous');
      expect(await lastReason('member.joined')).toBe('invitation-worn-out');
      const { invitations: waiting } = (await principal.json('GET', '/api/members')).body;
      const again = await principal.json('POST', `/api/invitations/${waiting.at(-1)?.id}/code`);
      expect(await kindOf(await openSessionOf(world.origin, 'elementary-schoolNurse', code))).toBe('anonymous');
      expect(await lastReason('member.joined')).toBe('invitation-unknown');
      world.clock.pass(14 * day);
      expect(await kindOf(await openSessionOf(world.origin, 'elementary-schoolNurse', again.body.code))).toBe(
        'anonymous',
      );
      expect(await lastReason('member.joined')).toBe('invitation-expired');
      const rows = await world.job('joining', (tx) => tx.select().from(invitations));
      expect(JSON.stringify(rows)).not.toContain(code);
    });

    it('raises neither who gave it nor who confirmed it', async () => {
      const principal = await world.as('cityHigh-principal');
      const administrator = await administratorAt(world, 'cityHigh');
      const code = await invite('principal', administrator, principal);
      for (const giver of ['hibarino-administrator', 'cityHigh-principal']) {
        expect(await kindOf(await openSessionOf(world.origin, giver, code))).toBe('anonymous');
        expect(await lastReason('member.joined')).toBe('own-invitation');
      }
    });
  });
});
