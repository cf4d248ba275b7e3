import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { appUsers } from '../../src/demo/app-users.ts';
import { openAuthenticationApp } from '../../src/demo/authentication-app.node.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import type { OidcServer } from '../../src/demo/oidc-server.node.ts';
import { importClientKey } from '../../src/identity/client-key.ts';
import { findGuardianContact } from '../../src/identity/guardians/tell-guardians.ts';
import { forgetLogIns } from '../../src/identity/log-ins/forget-log-ins.ts';
import { tellOfLogInJob } from '../../src/identity/log-ins/notify-of-log-in.ts';
import { tellOfLogInHandler } from '../../src/identity/log-ins/tell-of-log-in.ts';
import { openPersonProvider } from '../../src/identity/person-provider.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { findSession } from '../../src/identity/store.ts';
import { sessions } from '../../src/identity/tables.ts';
import { drain } from '../../src/notices/drain.ts';
import { guardianMailHandler, guardianMailJob } from '../../src/notices/guardian-mail.ts';
import type { Mail } from '../../src/notices/mailer.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import {
  bodyOf,
  enterGuardian,
  issueCode,
  personBrowser,
  type Redeemed,
  redeem,
  staffBrowser,
} from './support/people.ts';
import { askForChallenge, identityOf, logInAs, makePersons, type Persons, proofFor } from './support/persons.ts';
import { openWorld, origin, type World } from './support/world.ts';

const provider = 'digital-auth';

interface Way {
  readonly id: string;
  readonly assurance: string;
  readonly lastUsedAt: string | null;
  readonly mayRemove: boolean;
}

interface Line {
  readonly id: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly assurance: string;
}

describe('the ways of one human to log in', () => {
  let app: OidcServer;
  let persons: Persons;
  /** Of its own for each test: whose card and app is whose, one test does not leave to another. */
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    persons = await makePersons();
  });
  beforeEach(async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const clientKey = await importClientKey(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })));
    const client = { id: 'hikitsugi-persons', redirectUris: [`${origin}/login/callback/${provider}`] };
    app = await openAuthenticationApp({
      port: 0,
      users: appUsers,
      client: { ...client, jwks: [clientKey.publicJwk] },
    });
    const settings = { id: provider, issuer: app.issuer, clientId: client.id, clientKey, publicOrigin: origin };
    world = await openWorld({
      personTrust: persons.trust,
      personProviders: [openPersonProvider({ ...settings, timeoutSeconds: 5 })],
    });
    browser = new Browser(world.app);
    return async () => {
      await app.close();
      await world.drop();
    };
  });

  async function byCard(who: Browser, id: string): Promise<void> {
    expect((await logInAs(who, identityOf(persons, id))).status).toBe(200);
  }

  async function byApp(who: Browser, subject: string): Promise<void> {
    const begun = await who.submit(`/login/person/${provider}`, { next: '/' });
    expect((await answer(who, begun.headers.get('location'), subject)).status).toBe(303);
  }

  async function answer(who: Browser, location: string | null, subject: string): Promise<Response> {
    const back = await chooseAccount(new URL(location ?? ''), subject);
    return who.get(`${back.pathname}${back.search}`);
  }

  async function addApp(who: Browser, subject: string): Promise<Response> {
    const begun = await who.send('POST', '/api/login-ways/account', { provider, returnTo: '/sessions' });
    const { location } = await bodyOf<{ location: string }>(begun, 201);
    return answer(who, location, subject);
  }

  async function addCard(who: Browser, id: string): Promise<Response> {
    const issued = await askForChallenge(who, 'bind-certificate');
    const proof = await proofFor(identityOf(persons, id), issued, { purpose: 'bind-certificate' });
    return who.send('POST', '/api/certificates', proof);
  }

  async function waysOf(who: Browser): Promise<readonly Way[]> {
    return (await bodyOf<{ ways: Way[] }>(who.send('GET', '/api/login-ways'), 200)).ways;
  }

  async function linesOf(who: Browser): Promise<readonly Line[]> {
    return (await bodyOf<{ logIns: Line[] }>(who.send('GET', '/api/log-ins'), 200)).logIns;
  }

  async function codeOf(given: Promise<Response>): Promise<string> {
    const response = await given;
    // Sound: a problem has a code.
    return `${response.status} ${((await response.json()) as { code: string }).code}`;
  }

  /** The school has confirmed that this is the guardian with this address; her mails are what counts. */
  async function linkAsGuardian(who: Browser): Promise<void> {
    const clerk = await staffBrowser(world, 'elementary-clerk');
    const principal = await staffBrowser(world, 'elementary-principal');
    const guardianId = await enterGuardian(clerk, { contactMail: 'mayumi@example.jp' });
    const other = await enterGuardian(clerk, { name: '西園寺　健', contactMail: 'ken@example.jp' });
    for (const id of [guardianId, other]) {
      expect((await principal.send('POST', `/api/guardians/${id}/confirmation`)).status).toBe(204);
    }
    const { code } = await issueCode(clerk, guardianId);
    const { linkId, checkNumber } = await bodyOf<Redeemed>(redeem(who, code), 201);
    const confirmed = principal.send('POST', `/api/links/${linkId}/confirmation`, { checkNumber });
    expect((await confirmed).status).toBe(204);
    await mailsOf();
  }

  async function mailsOf(): Promise<readonly Mail[]> {
    const mails: Mail[] = [];
    const handlers = {
      [tellOfLogInJob]: tellOfLogInHandler(world.services),
      [guardianMailJob]: guardianMailHandler({
        mailer: { send: async (mail) => void mails.push(mail) },
        contactOf: (mail) => findGuardianContact(world.database, mail),
        urlOf: () => `${origin}/links`,
      }),
    };
    while ((await drain(world.database, handlers)).done > 0) continue;
    return mails;
  }

  it('lets a person of the card add the app, and be the same by both, with one history', async () => {
    await byCard(browser, 'sakura');
    const added = await addApp(browser, 'app-kamome');
    expect([added.status, added.headers.get('location')]).toEqual([303, '/sessions']);
    expect((await waysOf(browser)).map(({ assurance, lastUsedAt }) => [assurance, lastUsedAt === null])).toEqual([
      ['certificate', false],
      ['digitalAuthenticationApp', true],
    ]);
    const other = new Browser(world.app);
    await byApp(other, 'app-kamome');
    expect((await waysOf(other)).map(({ lastUsedAt }) => lastUsedAt === null)).toEqual([false, false]);
    expect((await linesOf(other)).map(({ outcome, assurance }) => `${outcome} ${assurance}`)).toEqual([
      'done digitalAuthenticationApp',
      'added digitalAuthenticationApp',
      'done certificate',
    ]);
    const [event, ...more] = (await eventsOf(world)).filter(({ name }) => name === 'login.way-added');
    expect(more).toEqual([]);
    const { id, personId } = await sessionOf(browser);
    expect(event).toEqual({
      ...byPerson,
      name: 'login.way-added',
      detail: { person: personId, session: id, added: 'digitalAuthenticationApp', assurance: 'certificate' },
    });
  });

  const byPerson = { outcome: 'done', reason: null, organisation: null, side: 'person', role: 'person' };

  async function sessionOf(who: Browser): Promise<{ readonly id: string; readonly personId: string | null }> {
    const hash = hashToken(who.cookie('__Host-sid'));
    const session = await world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
    if (session === null) throw new Error('no session');
    return session;
  }

  it('lets a person of the app add a certificate, and adding it twice is no error', async () => {
    await byApp(browser, 'app-kamome');
    expect((await addCard(browser, 'sakura')).status).toBe(204);
    expect((await addCard(browser, 'sakura')).status).toBe(204);
    const other = new Browser(world.app);
    await byCard(other, 'sakura');
    expect(await waysOf(other)).toHaveLength(2);
    expect((await linesOf(other)).filter(({ outcome }) => outcome === 'added')).toHaveLength(1);
  });

  it('refuses a way of another person, says so, and takes it once that person has given it up', async () => {
    await byApp(new Browser(world.app), 'app-kamome');
    await byCard(new Browser(world.app), 'fumi');
    await byCard(browser, 'sakura');
    const begun = await browser.submit('/login-ways/account', { provider });
    const refused = await answer(browser, begun.headers.get('location'), 'app-kamome');
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('ログインの一覧');
    expect(await codeOf(addCard(browser, 'fumi'))).toBe('409 login.way-taken');
    const { id, personId } = await sessionOf(browser);
    expect((await eventsOf(world)).at(-1)).toEqual({
      ...byPerson,
      name: 'login.way-added',
      outcome: 'refused',
      reason: 'way-of-another-person',
      detail: { person: personId, session: id, added: 'certificate', assurance: 'certificate' },
    });
    expect((await linesOf(browser)).filter(({ reason }) => reason === 'otherPerson')).toHaveLength(2);
    // Nothing is linked to that person, so the last way may go.
    const other = new Browser(world.app);
    await byApp(other, 'app-kamome');
    const [way] = await waysOf(other);
    expect((await other.send('DELETE', `/api/login-ways/${way?.id}`)).status).toBe(204);
    expect(await other.identity()).toMatchObject({ kind: 'anonymous' });
    expect((await addApp(browser, 'app-kamome')).status).toBe(303);
  });

  it('takes a way away with all that it has opened, never the last one of a person with links', async () => {
    await byCard(browser, 'sakura');
    await linkAsGuardian(browser);
    const [card] = await waysOf(browser);
    expect(card?.mayRemove).toBe(false);
    expect(await codeOf(browser.send('DELETE', `/api/login-ways/${card?.id}`))).toBe('409 login.last-way');
    await addApp(browser, 'app-kamome');
    const other = new Browser(world.app);
    await byApp(other, 'app-kamome');
    const [gone, { id: session, personId: person }] = [await sessionOf(browser), await sessionOf(other)];
    expect((await other.send('DELETE', `/api/login-ways/${card?.id}`)).status).toBe(204);
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await other.identity()).toMatchObject({ kind: 'person' });
    const detail = { person, session, way: card?.id, assurance: 'digitalAuthenticationApp' };
    expect((await eventsOf(world)).slice(-2)).toEqual([
      { ...byPerson, name: 'login.way-removed', detail },
      { ...byPerson, name: 'logout.done', detail: { session: gone.id, by: session } },
    ]);
    expect(await codeOf(other.send('DELETE', `/api/login-ways/${'x'.repeat(100)}`))).toBe('404 login-way.not-found');
    expect((await eventsOf(world)).at(-1)).toEqual({
      ...byPerson,
      name: 'login.way-removed',
      outcome: 'refused',
      reason: 'login-way.not-found',
      detail: { ...detail, way: 'x'.repeat(64) },
    });
    expect((await linesOf(other))[0]).toMatchObject({ outcome: 'removed', assurance: 'certificate', reason: null });
    // The card is nobody's now: whoever logs in by it is linked to nothing.
    await byCard(browser, 'sakura');
    expect(await (await browser.send('GET', '/api/links')).json()).toEqual({ links: [] });
    expect((await eventsOf(world)).map(({ name }) => name)).toContain('login.way-removed');
  });

  it('keeps one of the last two when both are taken away at once', async () => {
    await byCard(browser, 'sakura');
    await linkAsGuardian(browser);
    await addApp(browser, 'app-kamome');
    const ways = await waysOf(browser);
    const answers = await Promise.all(ways.map(({ id }) => browser.send('DELETE', `/api/login-ways/${id}`)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  it('wants a fresh log-in, and no paper', async () => {
    await byCard(browser, 'sakura');
    const [way] = await waysOf(browser);
    world.clock.pass({ minutes: 11 });
    const begin = () => browser.send('POST', '/api/login-ways/account', { provider });
    expect(await codeOf(begin())).toBe('403 login.fresh-required');
    expect(await codeOf(addCard(browser, 'fumi'))).toBe('403 login.fresh-required');
    expect(await codeOf(browser.send('DELETE', `/api/login-ways/${way?.id}`))).toBe('403 login.fresh-required');
    await world.database.transaction(systemScope('login'), (tx) =>
      tx.update(sessions).set({ assurance: 'schoolCode' }),
    );
    world.clock.pass({ minutes: -11 });
    expect(await codeOf(begin())).toBe('403 policy.denied');
    expect(await codeOf(browser.send('DELETE', `/api/login-ways/${way?.id}`))).toBe('403 policy.denied');
    expect(await (await browser.get('/sessions')).text()).not.toContain('/login-ways/removal');
  });

  it('adds nothing in a browser, or a session, that began nothing', async () => {
    await byCard(browser, 'sakura');
    const begun = await browser.send('POST', '/api/login-ways/account', { provider });
    const { location } = await bodyOf<{ location: string }>(begun, 201);
    const signIn = browser.cookie('__Host-signin');
    // A victim who is lured into finishing what an attacker began, and one who has logged in as somebody else meanwhile.
    const victim = new Browser(world.app, { '__Host-signin': signIn });
    await byCard(victim, 'fumi');
    expect((await answer(victim, location, 'app-kamome')).status).toBe(401);
    expect(await refusalsOf(world)).toContain('other-session');
    expect(await waysOf(victim)).toHaveLength(1);
    expect(await waysOf(browser)).toHaveLength(1);
  });

  it('writes to the person’s own address when ways change, and to no other guardian', async () => {
    await byCard(browser, 'sakura');
    await linkAsGuardian(browser);
    await addApp(browser, 'app-kamome');
    const subjects: string[] = [];
    const other = new Browser(world.app);
    for (const step of [
      async () => undefined,
      async () => byApp(other, 'app-kamome'),
      async () => byApp(other, 'app-kamome'),
      async () => {
        const [card] = await waysOf(other);
        await other.send('DELETE', `/api/login-ways/${card?.id}`);
      },
    ]) {
      await step();
      const mails = await mailsOf();
      expect(mails.map(({ to }) => to)).toEqual(mails.map(() => 'mayumi@example.jp'));
      expect(JSON.stringify(mails)).not.toMatch(/さくら|pupil-1|小学校|真由美/);
      subjects.push(mails.map(({ subject }) => subject.replace(/^.*\/ /, '')).join());
    }
    expect(subjects).toEqual([
      'A way to log in was added, to you or to your child',
      'A new way to log in was used for the first time, by you or by your child',
      '',
      'A way to log in was taken away, from you or from your child',
    ]);
    const { notices } = await bodyOf<{ notices: { subject: string }[] }>(other.send('GET', '/api/notices'), 200);
    expect(notices.map(({ subject }) => subject)).toEqual([
      'log-in-way-removed',
      'log-in-first',
      'log-in-way-added',
      ...notices.slice(3).map(({ subject }) => subject),
    ]);
  });

  it('shows a revoked card at the person’s door, tells it after five, and believes no card that does not answer', async () => {
    const card = identityOf(persons, 'sakura');
    await byCard(browser, 'sakura');
    await linkAsGuardian(browser);
    await addApp(browser, 'app-kamome');
    await mailsOf();
    const forged = () => logInAs(new Browser(world.app), card, { keyOf: identityOf(persons, 'hajime') });
    for (let count = 0; count < 5; count += 1) expect((await forged()).status).toBe(401);
    expect(await mailsOf()).toEqual([]);
    // Years later the card has run out; whoever still holds it is turned away, and its person sees it.
    world.clock.pass({ days: 365 * 12 });
    for (let count = 0; count < 5; count += 1) {
      expect((await logInAs(new Browser(world.app), card)).status).toBe(401);
    }
    const mails = await mailsOf();
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('断られました')]);
    const other = new Browser(world.app);
    await byApp(other, 'app-kamome');
    const refused = (await linesOf(other)).filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ reason }) => reason)).toEqual(Array.from({ length: 5 }, () => 'expired'));
    expect(await (await other.get('/sessions')).text()).toContain('期限切れの電子証明書');
  });

  it('forgets a log-in when its time is over, and no other', async () => {
    await byCard(browser, 'fumi');
    const kept = (await linesOf(browser)).length;
    expect(kept).toBeGreaterThan(0);
    const { database, clock } = world.services;
    const forget = (at: Date) => forgetLogIns({ database, clock: { now: () => at } });
    await forget(clock.now());
    expect(await linesOf(browser)).toHaveLength(kept);
    const halfAYearOn = new Date(clock.now().getTime() + 185 * 86_400_000);
    expect(await forget(halfAYearOn)).toBeGreaterThanOrEqual(kept);
    expect(await linesOf(browser)).toEqual([]);
    expect(await forget(halfAYearOn)).toBe(0);
  });

  it('ends every other session on "that was not me", of one’s own log-ins alone', async () => {
    await byCard(browser, 'sakura');
    const elsewhere = new Browser(world.app);
    await byCard(elsewhere, 'sakura');
    const [line] = await linesOf(browser);
    const stranger = new Browser(world.app);
    await byCard(stranger, 'fumi');
    expect(await codeOf(stranger.send('POST', `/api/log-ins/${line?.id}/disowning`))).toBe('404 log-in.not-found');
    expect(await elsewhere.identity()).toMatchObject({ kind: 'person' });
    const done = await browser.submit('/log-ins/disowning', { logIn: line?.id ?? '' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/sessions/not-me']);
    expect(await elsewhere.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await browser.identity()).toMatchObject({ kind: 'person' });
    const steps = await (await browser.get('/sessions/not-me')).text();
    expect(steps).toContain('href="/cases"');
    expect(steps).toContain('action="/sessions/end-all"');
    const events = (await eventsOf(world)).filter(({ name }) => name === 'login.disowned');
    const [mine, theirs] = [await sessionOf(browser), await sessionOf(stranger)];
    const by = (who: typeof mine) => ({ session: who.id, person: who.personId, assurance: 'certificate' });
    expect(events).toEqual([
      {
        ...byPerson,
        name: 'login.disowned',
        outcome: 'refused',
        reason: 'log-in.not-found',
        detail: { ...by(theirs), logIn: line?.id },
      },
      { ...byPerson, name: 'login.disowned', detail: { ...by(mine), logIn: line?.id } },
    ]);
    expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'logout.done', detail: { by: mine.id } });
  });

  it('shows nobody another’s ways or history', async () => {
    await byCard(browser, 'sakura');
    const stranger = await personBrowser(world);
    expect(await waysOf(stranger)).toEqual([]);
    expect(await linesOf(stranger)).toEqual([]);
    const [way] = await waysOf(browser);
    expect(await codeOf(stranger.send('DELETE', `/api/login-ways/${way?.id}`))).toBe('404 login-way.not-found');
    const clerk = await staffBrowser(world, 'elementary-clerk');
    expect(await codeOf(clerk.send('GET', '/api/login-ways'))).toBe('403 policy.denied');
    expect(await (await clerk.get('/sessions')).text()).not.toContain('id="ways"');
  });
});
