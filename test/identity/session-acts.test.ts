import { Hono } from 'hono';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { chooseMembership, listMemberships } from '../../src/identity/choose-membership.ts';
import {
  clearCodeCookie,
  clearSignInCookie,
  endBrowserSession,
  readCodeCookie,
  writeCodeCookie,
  writeSessionCookie,
  writeSignInCookie,
} from '../../src/identity/cookies.ts';
import { permitPerson } from '../../src/identity/permit-person.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import type { IdentityServices } from '../../src/identity/services.ts';
import { type NewSession, openSession } from '../../src/identity/session.ts';
import { stillActs } from '../../src/identity/still-acting.ts';
import type { Actor, StaffActor } from '../../src/policy/actor.ts';
import { machineActor, personActor, staffActor } from '../policy/support/decisions.ts';
import { Browser } from './support/browser.ts';
import { eventsOf } from './support/log.ts';
import { personBrowser } from './support/people.ts';
import { membershipId, openWorld, schoolCode, staffId, testApp, type World } from './support/world.ts';

const twoSchools = 'hibarino-clerk-two-schools';
const begun = new Date('2026-11-20T00:00:00Z');
const school = schoolCode('elementary');

const aText: unknown = expect.any(String);

/** To the second: what a session leaves in rows and log, at a clock that stands still. */
describe('an act on a session', () => {
  let world: World;
  let admin: postgres.Sql;
  let services: IdentityServices;
  let now = begun;

  beforeAll(async () => {
    world = await openWorld();
    admin = postgres(world.adminUrl, { max: 1, transform: postgres.camel });
    services = { ...world.services, clock: { now: () => now } };
  });
  afterAll(async () => {
    await admin?.end();
    await world?.drop();
  });
  beforeEach(async () => {
    now = begun;
    await admin`delete from sessions`;
  });

  const clerk = {
    staffId: staffId('elementary-clerk'),
    personId: null,
    membershipId: membershipId('elementary-clerk'),
    assurance: 'organisationMember',
    browser: 'Firefox/140.0',
    formerToken: null,
  } as const;
  const ofTwo = { ...clerk, staffId: staffId(twoSchools), membershipId: null };

  function open(session: NewSession = clerk) {
    return world.database.transaction(systemScope('login'), (tx) => openSession(tx, services, session));
  }

  async function browse(session: NewSession = clerk) {
    const { token, sessionId } = await open(session);
    return { sessionId, browser: new Browser(testApp(services), { '__Host-sid': token }) };
  }

  async function rowOf(id: string) {
    const [row] = await admin<Record<string, unknown>[]>`select * from sessions where id = ${id}`;
    return row;
  }

  async function last() {
    return (await eventsOf(world)).at(-1);
  }

  const at = (seconds: number) => new Date(begun.getTime() + seconds * 1000);

  it('keeps who, how strongly, in which browser, and until when', async () => {
    const former = await open();
    const { sessionId, token } = await open({ ...clerk, browser: 'x'.repeat(201), formerToken: former.token });
    expect(await rowOf(former.sessionId)).toBeUndefined();
    expect(await rowOf(sessionId)).toMatchObject({
      tokenHash: hashToken(token),
      staffId: clerk.staffId,
      personId: null,
      membershipId: clerk.membershipId,
      assurance: 'organisationMember',
      revocation: 'good',
      browser: 'x'.repeat(200),
      createdAt: begun,
      authenticatedAt: begun,
      lastSeenAt: begun,
      expiresAt: at(12 * 3600),
      provider: null,
      subjectHash: null,
      sidHash: null,
      wayId: null,
    });
    const proof = { authenticatedAt: at(-60), provider: 'gbizid', subjectHash: 'a', sidHash: 'b' };
    const proven = await open({ ...clerk, proof, revocation: 'notChecked', wayId: 'w' });
    expect(await rowOf(proven.sessionId)).toMatchObject({ ...proof, revocation: 'notChecked', wayId: 'w' });
    const byCode = await open({ ...clerk, assurance: 'schoolCode' });
    expect((await rowOf(byCode.sessionId))?.['expiresAt']).toEqual(at(3600));
  });

  it('notes when it was last seen, once a minute, and forgets it when it is over', async () => {
    const { sessionId, browser } = await browse();
    const seenAfter = async (seconds: number) => {
      now = at(seconds);
      await browser.identity();
      return (await rowOf(sessionId))?.['lastSeenAt'];
    };
    expect(await seenAfter(59)).toEqual(begun);
    expect(await seenAfter(60)).toEqual(at(60));
    expect(await seenAfter(60 + 1799)).toEqual(at(1859));
    expect(await seenAfter(1859 + 1800)).toBeUndefined();
  });

  it('says who is asking', async () => {
    const { browser } = await browse();
    const { name, nameEnglish } = demoOrganisations.elementary;
    const nothing = { homeroom: null, revocation: null, scopes: null, canSwitch: false };
    const staff = { ...nothing, kind: 'staff', role: 'clerk', assurance: 'organisationMember' };
    const [account] = await admin<{ name: string }[]>`select name from staff where id = ${clerk.staffId}`;
    expect(await browser.identity()).toEqual({
      ...staff,
      name: account?.name,
      school: { code: school, name, nameEnglish },
    });
    const { browser: unbound } = await browse(ofTwo);
    const bare = { ...nothing, role: null, assurance: null, school: null };
    expect(await unbound.identity()).toEqual({
      ...bare,
      kind: 'unboundStaff',
      name: aText,
      canSwitch: true,
    });
    expect(await new Browser(testApp(services)).identity()).toEqual({ ...bare, kind: 'anonymous', name: null });
    const { browser: gone, sessionId } = await browse({ ...clerk, membershipId: 'none', staffId: 'nobody' });
    expect(await gone.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await rowOf(sessionId)).toBeUndefined();
  });

  it('logs who has ended which, by what, and sends the browser away', async () => {
    const done = { name: 'logout.done', outcome: 'done', reason: null, organisation: null };
    const staff = { ...done, side: 'gateway', role: 'staff' };
    const first = await browse();
    const out = await first.browser.send('DELETE', '/api/session');
    expect([out.status, out.headers.get('clear-site-data')]).toEqual([204, '"cache", "storage"']);
    expect(first.browser.cookie('__Host-sid')).toBe('');
    expect(await last()).toEqual({ ...staff, detail: { session: first.sessionId } });
    const before = (await eventsOf(world)).length;
    expect((await first.browser.send('DELETE', '/api/session')).status).toBe(204);
    const stale = new Browser(testApp(services), { '__Host-sid': 'A'.repeat(43) });
    expect((await stale.send('DELETE', '/api/session')).status).toBe(204);
    expect(await eventsOf(world)).toHaveLength(before);

    const [second, third, fourth] = [await browse(), await browse(), await browse()];
    expect((await second.browser.send('DELETE', `/api/sessions/${third.sessionId}`)).status).toBe(204);
    expect(await last()).toEqual({ ...staff, detail: { session: third.sessionId, by: second.sessionId } });
    expect(second.browser.cookie('__Host-sid')).not.toBe('');
    const unknown = await second.browser.send('DELETE', `/api/sessions/${third.sessionId}`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'session.not-found' }]);
    expect((await second.browser.send('DELETE', '/api/sessions?which=others')).status).toBe(204);
    expect(await last()).toEqual({ ...staff, detail: { session: fourth.sessionId, by: second.sessionId } });
    expect(second.browser.cookie('__Host-sid')).not.toBe('');
    const own = await second.browser.send('DELETE', `/api/sessions/${second.sessionId}`);
    expect([own.status, second.browser.cookie('__Host-sid')]).toEqual([204, '']);
    const fifth = await browse();
    expect(
      (await fifth.browser.send('DELETE', '/api/sessions?which=all')).headers.get('clear-site-data'),
    ).not.toBeNull();
    expect(await last()).toEqual({ ...staff, detail: { session: fifth.sessionId, by: fifth.sessionId } });

    const person = { ...done, side: 'person', role: 'person' };
    for (const path of ['/api/session', '/api/sessions?which=all']) {
      const browser = await personBrowser({ ...world, services, app: testApp(services) });
      expect((await browser.send('DELETE', path)).status).toBe(204);
      expect(await last()).toMatchObject(person);
    }
    const browser = await personBrowser({ ...world, services, app: testApp(services) });
    const { sessions } = (await (await browser.get('/api/sessions')).json()) as { sessions: { id: string }[] };
    expect((await browser.send('DELETE', `/api/sessions/${sessions[0]?.id}`)).status).toBe(204);
    expect(await last()).toMatchObject({ ...person, detail: { session: sessions[0]?.id } });
  });

  it('lists them as they are, to their owner alone', async () => {
    const { browser, sessionId } = await browse();
    expect(await (await browser.get('/api/sessions')).json()).toEqual({
      sessions: [
        {
          id: sessionId,
          browser: 'Firefox/140.0',
          createdAt: begun.toISOString(),
          lastSeenAt: begun.toISOString(),
          expiresAt: at(12 * 3600).toISOString(),
          authenticatedAt: begun.toISOString(),
          assurance: 'organisationMember',
          current: true,
        },
      ],
    });
    const nobody = new Browser(testApp(services));
    for (const [method, path] of [
      ['GET', '/api/sessions'],
      ['DELETE', '/api/sessions?which=all'],
      ['DELETE', '/api/sessions/x'],
      ['GET', '/api/memberships'],
    ] as const) {
      const answer = await nobody.send(method, path);
      expect([path, answer.status, await answer.json()]).toMatchObject([path, 401, { code: 'login.required' }]);
    }
  });

  it('chooses a school and role, and logs which', async () => {
    const { browser, sessionId } = await browse(ofTwo);
    const { memberships } = (await (await browser.get('/api/memberships')).json()) as { memberships: { id: string }[] };
    const { name, nameEnglish } = demoOrganisations.elementary;
    const choice = {
      id: membershipId(twoSchools, 0),
      schoolCode: school,
      schoolName: name,
      schoolNameEnglish: nameEnglish,
      role: 'clerk',
      homeroom: null,
      chosen: false,
    };
    expect(memberships).toHaveLength(2);
    expect(memberships.find(({ id }) => id === choice.id)).toEqual(choice);
    const former = browser.cookie('__Host-sid');
    const choose = (id: string) => browser.send('PUT', '/api/session/membership', { membershipId: id });
    const detail = { staff: ofTwo.staffId, session: sessionId };
    const logged = { name: 'school.chosen', side: 'gateway' };
    const foreign = membershipId('elementary-principal');
    const refused = await choose(foreign);
    expect([refused.status, await refused.json()]).toMatchObject([404, { code: 'membership.not-found' }]);
    expect(await last()).toEqual({
      ...logged,
      outcome: 'refused',
      reason: 'membership-not-found',
      organisation: null,
      role: 'staff',
      detail: { ...detail, membership: foreign },
    });
    expect(browser.cookie('__Host-sid')).toBe(former);
    expect((await choose(choice.id)).status).toBe(204);
    expect(await last()).toEqual({
      ...logged,
      outcome: 'done',
      reason: null,
      organisation: school,
      role: 'clerk',
      detail: { ...detail, membership: choice.id },
    });
    expect(browser.cookie('__Host-sid')).not.toBe(former);
    const again = (await (await browser.get('/api/memberships')).json()) as { memberships: { chosen: boolean }[] };
    expect(again.memberships.filter(({ chosen }) => chosen)).toEqual([{ ...choice, chosen: true }]);
    const others: Actor[] = [personActor, machineActor(), { kind: 'anonymous' }];
    for (const actor of others) {
      expect(await listMemberships(services, actor)).toMatchObject({ fault: { code: 'login.required' } });
      expect(await chooseMembership(services, actor, choice.id)).toMatchObject({ fault: { code: 'login.required' } });
    }
    // Of a session that has ended meanwhile nothing is renewed.
    const ended: Actor = { kind: 'unboundStaff', staffId: ofTwo.staffId, sessionId: 'none' };
    expect(await chooseMembership(services, ended, choice.id)).toMatchObject({ ok: false });
    expect(await last()).toMatchObject({ outcome: 'refused', organisation: school });
  });

  it('tells whether whoever began something long is still what they were', async () => {
    const { sessionId } = await open();
    const asks = async (actor: Actor, when = now) => {
      const still = await world.database.transaction(systemScope('login'), (tx) => stillActs(tx, actor, when));
      return still.ok ? 'yes' : `${still.fault.code}:${still.fault.detail ?? ''}`;
    };
    const staff: StaffActor = { ...staffActor('clerk'), staffId: clerk.staffId, school, sessionId };
    expect(await asks(staff, at(12 * 3600 - 1))).toBe('yes');
    expect(await asks(staff, at(12 * 3600))).toBe('login.required:session-ended');
    expect(await asks({ ...staff, sessionId: 'none' })).toBe('login.required:session-ended');
    for (const change of [
      { role: 'principal' },
      { school: schoolCode('juniorHigh') },
      { homeroom: '6年1組' },
    ] as const) {
      expect(await asks({ ...staff, ...change })).toBe('login.required:role-ended');
    }
    expect(await asks({ ...personActor, sessionId })).toBe('yes');
    expect(await asks({ ...personActor, sessionId: 'none' })).toBe('login.required:session-ended');
    expect(await asks({ kind: 'anonymous' })).toBe('login.required:no-school');
    expect(await asks({ kind: 'unboundStaff', staffId: clerk.staffId, sessionId })).toBe('login.required:no-school');
    const client = { clientId: 'machine', schoolCode: school, name: 'x', scopes: ['transfers:read', 'records:read'] };
    await admin`insert into machine_clients ${admin({
      client_id: client.clientId,
      school_code: school,
      name: 'x',
      scopes: admin.json(client.scopes),
      created_at: now,
    })}`;
    expect(await asks(machineActor('transfers:read'))).toBe('yes');
    expect(await asks(machineActor('transfers:read', 'health:read'))).toBe('login.required:scope-ended');
    expect(await asks({ ...machineActor(), clientId: 'none' })).toBe('login.required:client-blocked');
    await admin`update machine_clients set blocked_at = now()`;
    expect(await asks(machineActor())).toBe('login.required:client-blocked');
  });

  it('lets a person do something with their own log-ins, by level and freshness, and logs what is refused', async () => {
    now = personActor.authenticatedAt;
    const before = (await eventsOf(world)).length;
    const act = { action: 'login.bind', event: 'login.way-added' } as const;
    expect(await permitPerson(services, personActor, act)).toEqual({ ok: true, value: personActor });
    expect(await permitPerson(services, staffActor('clerk'), act)).toMatchObject({ fault: { code: 'login.required' } });
    expect(await eventsOf(world)).toHaveLength(before);
    const byPaper = await permitPerson(services, { ...personActor, assurance: 'schoolCode' }, act);
    expect(byPaper).toMatchObject({ ok: false, fault: { code: 'policy.denied' } });
    expect(await last()).toEqual({
      name: 'login.way-added',
      outcome: 'refused',
      reason: 'school-code-never',
      organisation: null,
      side: 'person',
      role: 'person',
      detail: { person: 'person', assurance: 'schoolCode' },
    });
    now = new Date(now.getTime() + 24 * 3600_000);
    expect(await permitPerson(services, personActor, act)).toMatchObject({ fault: { code: 'login.fresh-required' } });
    expect(await last()).toMatchObject({ name: 'login.way-added', outcome: 'refused' });
  });

  it('sets cookies for this host alone, over TLS, out of reach of scripts', async () => {
    const app = new Hono()
      .get('/write', (c) => {
        writeSessionCookie(c, 's');
        writeSignInCookie(c, 'i', 600);
        writeCodeCookie(c, 'c', 300);
        return c.body(null);
      })
      .get('/clear', (c) => {
        endBrowserSession(c);
        clearSignInCookie(c);
        clearCodeCookie(c);
        return c.body(null);
      })
      .get('/read', (c) => c.json(readCodeCookie(c)));
    const lax = 'Path=/; HttpOnly; Secure; SameSite=Lax';
    expect((await app.request('/write')).headers.getSetCookie()).toEqual([
      `__Host-sid=s; ${lax}`,
      `__Host-signin=i; Max-Age=600; ${lax}`,
      '__Host-code=c; Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Strict',
    ]);
    const cleared = (await app.request('/clear')).headers.getSetCookie();
    expect(cleared.map((cookie) => /^(__Host-\w+)=; Max-Age=0; Path=\/.*Secure/.exec(cookie)?.[1])).toEqual([
      '__Host-sid',
      '__Host-signin',
      '__Host-code',
    ]);
    const read = async (value: string) =>
      (await app.request('/read', { headers: { cookie: `__Host-code=${value}` } })).json() as Promise<unknown>;
    expect(await read('c'.repeat(43))).toBe('c'.repeat(43));
    for (const wrong of ['c'.repeat(42), 'c'.repeat(44), `${'c'.repeat(42)}.`, ''])
      expect(await read(wrong)).toBeNull();
  });
});
