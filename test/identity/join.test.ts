import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { openIdentityProvider } from '../../src/identity/identity-provider.ts';
import { invitationCodeHash, join } from '../../src/identity/join.ts';
import type { OrganisationAccount } from '../../src/identity/organisation-account.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { Browser } from './support/browser.ts';
import { type HostileProvider, openHostileProvider } from './support/hostile-provider.ts';
import { eventsOf } from './support/log.ts';
import { openWorld, origin, schoolCode, staffId, testApp, type World } from './support/world.ts';

const code = '00G40-R40M3-0E209-185GR-38E1W-8';
const founder = demoOrganisations.elementary.founderNumber;
const school = schoolCode('elementary');

describe('a log-in with an invitation', () => {
  let hostile: HostileProvider;
  let world: World;
  let admin: postgres.Sql;

  beforeAll(async () => {
    hostile = await openHostileProvider('hikitsugi');
    const provider = openIdentityProvider({
      id: 'gbizid',
      issuer: hostile.issuer,
      clientId: 'hikitsugi',
      clientSecret: 'x',
      publicOrigin: origin,
      scope: 'openid',
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
    world = await openWorld({ issuer: hostile.issuer, identityProviders: [provider] });
    admin = postgres(world.adminUrl, { max: 1, transform: postgres.camel });
  });
  afterAll(async () => {
    await hostile?.close();
    await admin?.end();
    await world?.drop();
  });

  async function invite(codeHash = invitationCodeHash(code)): Promise<void> {
    await admin`delete from invitations`;
    await admin`
      insert into invitations (id, school_code, name, role, valid_from, created_at, created_by, code_hash, code_expires_at)
      values ('i', ${school}, '招待　太郎', 'clerk', '2026-04-01', now(), ${staffId('elementary-principal')}, ${codeHash},
        now() + interval '1 day')`;
  }

  const account = (change: Partial<OrganisationAccount> = {}): OrganisationAccount => ({
    issuer: hostile.issuer,
    subject: 'newcomer',
    type: 'member',
    corporateNumber: founder,
    name: '新任　花子',
    contactMail: null,
    ...change,
  });
  const asking = (change: Partial<OrganisationAccount> = {}, codeHash = invitationCodeHash(code)) =>
    join(world.services, { account: account(change), codeHash });

  it('knows its code in whatever form it is typed', () => {
    expect(invitationCodeHash(code)).toBe(hashToken('hikitsugi/invitation/00G40R40M30E209185GR38E1W8'));
    expect(invitationCodeHash(' 00g4o r40m3 0e209 185gr 38e1w 8')).toBe(invitationCodeHash(code));
    expect(invitationCodeHash('x')).toBe(hashToken('hikitsugi/invitation/'));
  });

  it('gives the role to the account, and logs which', async () => {
    await invite();
    expect(await asking()).toEqual({ ok: true, value: true });
    const [staff] = await admin<Record<string, unknown>[]>`select * from staff where subject = 'newcomer'`;
    expect(staff).toMatchObject({ issuer: hostile.issuer, name: '新任　花子', founderNumber: founder });
    const given = await admin<
      Record<string, unknown>[]
    >`select * from memberships where staff_id = ${String(staff?.['id'])}`;
    expect(given).toMatchObject([{ schoolCode: school, role: 'clerk' }]);
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'member.joined',
      outcome: 'done',
      reason: null,
      organisation: school,
      side: 'gateway',
      role: 'staff',
      detail: { staff: staff?.['id'], membership: given[0]?.['id'] },
    });
  });

  it('is refused alike to the outside, and by its reason in the log', async () => {
    await invite();
    for (const [asked, reason] of [
      [asking({}, 'no code'), 'invitation-unknown'],
      [asking({ subject: 'stranger', corporateNumber: '7000012050002' }), 'founder-differs'],
    ] as const) {
      expect(await asked).toMatchObject({ ok: false, fault: { code: 'invitation.refused', detail: reason } });
      const nothing = { organisation: null, role: 'staff', detail: {} };
      expect((await eventsOf(world)).at(-1)).toMatchObject({
        ...nothing,
        name: 'member.joined',
        outcome: 'refused',
        reason,
      });
    }
  });

  it('gives an account that nobody vetted nothing, and leaves the rest to the log-in', async () => {
    await invite();
    const before = (await eventsOf(world)).length;
    for (const type of ['entry', 'unknown'] as const) {
      expect(await asking({ type, subject: 'entry' })).toEqual({ ok: true, value: true });
    }
    expect(await eventsOf(world)).toHaveLength(before);
    expect(await admin`select * from invitations where redeemed_at is null`).toHaveLength(1);
  });

  it('begins at the form of the log-in, and ends in a session of the new role', async () => {
    const logIn = async (typed: string) => {
      const browser = new Browser(testApp(world.services));
      const begun = await browser.submit('/login/organisation/gbizid', { code: typed, next: '/cases' });
      const { searchParams } = new URL(begun.headers.get('location') ?? '');
      const said = { sub: 'invited', account_type: 3, corp_type: 1, corporate_number: founder };
      hostile.behave(searchParams.get('nonce') ?? '', { claims: { sub: 'invited' }, userinfo: said });
      const query = new URLSearchParams({ code: 'c', state: searchParams.get('state') ?? '', iss: hostile.issuer });
      const answer = await browser.get(`/login/callback/gbizid?${query.toString()}`);
      return { browser, answer };
    };
    await invite();
    const wrong = await logIn('11111-11111-11111-11111-11111-1');
    expect(wrong.answer.status).toBeGreaterThanOrEqual(400);
    expect(await wrong.browser.identity()).toMatchObject({ kind: 'anonymous' });
    const { browser, answer } = await logIn(code);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/cases']);
    expect(await browser.identity()).toMatchObject({ kind: 'staff', role: 'clerk', school: { code: school } });
  });
});
