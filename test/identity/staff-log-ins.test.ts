import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { openIdentityProvider as openDemoProvider } from '../../src/demo/identity-provider.node.ts';
import type { OidcServer } from '../../src/demo/oidc-server.node.ts';
import { demoFounders } from '../../src/demo/schools.ts';
import { demoAccounts, demoMail } from '../../src/demo/staff.ts';
import { memberships, staff } from '../../src/directory/tables.ts';
import { openIdentityProvider, organisationScope } from '../../src/identity/identity-provider.ts';
import { unusualIn } from '../../src/identity/log-ins/rules.ts';
import { logIns } from '../../src/identity/log-ins/tables.ts';
import { Browser } from './support/browser.ts';
import { eventsOf } from './support/log.ts';
import { type Letter, type LetterBox, openLetterBox } from './support/mail.ts';
import { bodyOf, personBrowser } from './support/people.ts';
import { membershipId, openWorld, origin, schoolCode, staffId, type World } from './support/world.ts';

const client = { id: 'hikitsugi', secret: 'a-secret-of-the-test', redirectUris: [`${origin}/login/callback/gbizid`] };
const clerk = 'elementary-clerk';

interface Line {
  readonly id: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly assurance: string;
  readonly browser: string;
  readonly disownedAt: string | null;
}

describe('the own log-ins of a member of staff', () => {
  let provider: OidcServer;
  let world: World;
  let letters: LetterBox;

  beforeAll(async () => {
    provider = await openDemoProvider({ port: 0, accounts: demoAccounts, client });
  });
  afterAll(() => provider?.close());
  beforeEach(async () => {
    const relyingParty = openIdentityProvider({
      id: 'gbizid',
      issuer: provider.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      publicOrigin: origin,
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
    world = await openWorld({ issuer: provider.issuer, identityProviders: [relyingParty] });
    letters = await openLetterBox(world);
    return async () => {
      await letters.close();
      await world.drop();
    };
  });

  async function answerAs(browser: Browser, begun: Response, subject: string): Promise<Response> {
    const answer = await chooseAccount(new URL(begun.headers.get('location') ?? ''), subject);
    return browser.get(`${answer.pathname}${answer.search}`);
  }

  async function tryLogIn(subject: string, browser = new Browser(world.app)): Promise<number> {
    return (await answerAs(browser, await browser.submit('/login/organisation/gbizid', {}), subject)).status;
  }

  async function loggedIn(subject = clerk): Promise<Browser> {
    const browser = new Browser(world.app);
    expect(await tryLogIn(subject, browser)).toBe(303);
    return browser;
  }

  async function linesOf(browser: Browser): Promise<readonly Line[]> {
    return (await bodyOf<{ logIns: Line[] }>(browser.send('GET', '/api/log-ins'), 200)).logIns;
  }

  function directory<T>(work: Parameters<typeof world.database.transaction<T>>[1]): Promise<T> {
    return world.database.transaction(systemScope('directory'), work);
  }

  /** The provider says that the account has moved to another founder, or that it came back. */
  async function moved(away: boolean): Promise<void> {
    const home = demoAccounts.find(({ subject }) => subject === clerk)?.founderNumber ?? '';
    const other = demoFounders.find(({ corporateNumber }) => corporateNumber !== home)?.corporateNumber ?? '';
    const founderNumber = away ? other : home;
    await directory((tx) =>
      tx
        .update(staff)
        .set({ founderNumber })
        .where(eq(staff.id, staffId(clerk))),
    );
  }

  async function refusedTimes(times: number): Promise<void> {
    await moved(true);
    for (let count = 0; count < times; count += 1) expect(await tryLogIn(clerk)).toBe(403);
    await moved(false);
  }

  const head = (letter: Letter | undefined) => letter?.text.split('\n')[0];

  it('lists each log-in with its level and browser, on page and API, to its owner alone', async () => {
    const browser = await loggedIn();
    const own = await linesOf(browser);
    expect(own).toMatchObject([{ outcome: 'done', reason: null, assurance: 'organisationMember' }]);
    expect(own[0]?.browser).toContain('Chrome');
    const page = await (await browser.get('/sessions')).text();
    expect(page).toContain('最近のログイン');
    expect(page).toContain('action="/log-ins/disowning"');
    expect(page).not.toContain('id="ways"');
    const other = await loggedIn('elementary-principal');
    expect(await linesOf(other)).toHaveLength(1);
    expect(await linesOf(await personBrowser(world))).toEqual([]);
    const stranger = { actor: `staff:${staffId('elementary-principal')}`, school: schoolCode('elementary') };
    const rows = await world.database.transaction(stranger, (tx) => tx.select().from(logIns));
    expect(rows.map((row) => row.staffId)).toEqual([staffId('elementary-principal')]);
    // Nobody writes history for themselves.
    const [row] = rows;
    const written = world.database.transaction(stranger, (tx) =>
      tx.insert(logIns).values({ ...(row ?? expect.fail('a row')), id: 'another' }),
    );
    await expect(written).rejects.toThrow();
    expect(await letters.collect()).toEqual([]);
  });

  it('shows who was turned away at this door: an account of another founder, and one without a role', async () => {
    await loggedIn();
    await refusedTimes(1);
    const role = and(eq(memberships.staffId, staffId(clerk)), eq(memberships.role, 'clerk'));
    await directory((tx) => tx.update(memberships).set({ endedAt: new Date() }).where(role));
    expect(await tryLogIn(clerk)).toBe(403);
    await directory((tx) => tx.update(memberships).set({ endedAt: null }).where(role));
    // Of an account that nobody knows here there is nobody to tell.
    expect(await tryLogIn('entry')).toBe(403);
    const lines = await linesOf(await loggedIn());
    expect(lines.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'done null',
      'refused roleEnded',
      'refused otherFounder',
      'done null',
    ]);
    const page = await (await (await loggedIn()).get('/sessions')).text();
    expect(page).toContain('別の設置者のアカウント');
    expect(page).toContain('その日に学校での役割がない');
    expect(await letters.collect()).toEqual([]);
  });

  it('shows a step-up that another account answered, or nobody, and none that its owner gave up', async () => {
    const browser = await loggedIn();
    const stepUp = () => browser.submit('/login/again', { next: '/' });
    expect((await answerAs(browser, await stepUp(), 'elementary-principal')).status).toBe(401);
    const state = new URL((await stepUp()).headers.get('location') ?? '').searchParams.get('state') ?? '';
    expect((await browser.get(`/login/callback/gbizid?code=forged&state=${state}&iss=x`)).status).toBe(401);
    const given = new URL((await stepUp()).headers.get('location') ?? '').searchParams.get('state') ?? '';
    const iss = encodeURIComponent(provider.issuer);
    await browser.get(`/login/callback/gbizid?error=access_denied&state=${given}&iss=${iss}`);
    expect((await linesOf(browser)).map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'refused other',
      'refused otherPerson',
      'done null',
    ]);
    // The other account has done nothing at its own door.
    expect(await linesOf(await loggedIn('elementary-principal'))).toHaveLength(1);
  });

  it('V6.3.5 writes to its owner, once a day, after five refusals and after a log-in that followed several', async () => {
    await loggedIn();
    await refusedTimes(4);
    expect(await letters.collect()).toEqual([]);
    await refusedTimes(1);
    const [told, ...more] = await letters.collect();
    expect(more).toEqual([]);
    expect(told?.to).toBe(demoMail(clerk));
    expect(head(told)).toBe('あなたのアカウントで、ログインが何度も断られました');
    expect(told?.text).toContain(`${origin}/sessions`);
    expect(told?.text).toContain('press “That was not me” there');
    // Neither who, nor where, nor by what: ids are for the log.
    expect(told?.text).not.toMatch(/staff-|membership-|小学校|Chrome|番号/);
    await refusedTimes(6);
    expect(await letters.collect()).toEqual([]);
    await loggedIn();
    expect((await letters.collect()).map(head)).toEqual([
      '何度か断られたあとに、あなたのアカウントでログインがありました',
    ]);
    // That one is told: the next begins to count anew.
    await loggedIn();
    expect(await letters.collect()).toEqual([]);
    world.clock.pass({ days: 1, minutes: 1 });
    await refusedTimes(5);
    expect((await letters.collect()).map(head)).toEqual(['あなたのアカウントで、ログインが何度も断られました']);
  });

  it('V6.3.5 writes to its owner after a rest of more than ninety days, and not at a first log-in', async () => {
    await loggedIn();
    world.clock.pass({ days: 89 });
    await loggedIn();
    expect(await letters.collect()).toEqual([]);
    world.clock.pass({ days: 91 });
    const browser = await loggedIn();
    await loggedIn();
    expect((await letters.collect()).map(head)).toEqual(['あなたのアカウントで、90日以上ぶりにログインがありました']);
    // Half a year is what one sees; the first log-in is out of it.
    expect(await linesOf(browser)).toHaveLength(3);
  });

  it('V6.3.5 writes to the address of before too, for thirty days, when a log-in tells another', async () => {
    const addressIs = (contactMail: string) =>
      directory((tx) =>
        tx
          .update(staff)
          .set({ contactMail })
          .where(eq(staff.id, staffId(clerk))),
      );
    const mails = async () => (await letters.collect()).map((letter) => `${letter.to} ${head(letter)}`).toSorted();
    await loggedIn();
    // As if the log-in of before had told it.
    await addressIs('before@example.jp');
    await loggedIn();
    expect(await mails()).toEqual(['before@example.jp あなたのアカウントの連絡先が、別のメールアドレスに変わりました']);
    await loggedIn();
    expect(await mails()).toEqual([]);
    // Changed once more, by whoever took the account over: the first address is still told.
    await addressIs('thief@example.jp');
    await loggedIn();
    expect(await mails()).toEqual(['before@example.jp あなたのアカウントの連絡先が、別のメールアドレスに変わりました']);
    await refusedTimes(5);
    const refused = 'あなたのアカウントで、ログインが何度も断られました';
    expect(await mails()).toEqual([`before@example.jp ${refused}`, `${demoMail(clerk)} ${refused}`]);
    world.clock.pass({ days: 30 });
    await refusedTimes(5);
    expect(await mails()).toEqual([`${demoMail(clerk)} ${refused}`]);
  });

  it('ends every other session on "that was not me", and writes to those who keep the school’s people', async () => {
    await Promise.all(['elementary-principal', 'hibarino-administrator'].map(loggedIn));
    const thief = await loggedIn();
    const browser = await loggedIn();
    const stranger = await loggedIn('elementary-homeroomTeacher');
    const line = (await linesOf(browser))[1];
    const foreign = await stranger.send('POST', `/api/log-ins/${line?.id}/disowning`);
    expect(foreign.status).toBe(404);
    expect(await thief.identity()).toMatchObject({ kind: 'staff' });
    const done = await browser.submit('/log-ins/disowning', { logIn: line?.id ?? '' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/sessions/not-me']);
    expect(await thief.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await browser.identity()).toMatchObject({ kind: 'staff' });
    expect(await stranger.identity()).toMatchObject({ kind: 'staff' });
    const steps = await (await browser.get('/sessions/not-me')).text();
    expect(steps).toContain('アカウントのパスワードを変える');
    expect(steps).not.toContain('#ways');
    expect((await linesOf(browser))[1]?.disownedAt).not.toBeNull();
    const mails = await letters.collect();
    expect(mails.map(({ to }) => to).toSorted()).toEqual(
      ['elementary-principal', 'hibarino-administrator'].map(demoMail).toSorted(),
    );
    expect(mails.map(head)).toEqual(mails.map(() => '学校の職員が、自分のものではないログインを届け出ました'));
    expect(mails[0]?.text).toContain(`${origin}/people/${membershipId(clerk)}`);
    const events = (await eventsOf(world)).filter(({ name }) => name === 'login.disowned');
    expect(events.map(({ outcome, organisation }) => [outcome, organisation])).toEqual([
      ['refused', schoolCode('elementary')],
      ['done', schoolCode('elementary')],
    ]);
  });

  it('tells the keepers of each school of somebody with several, before one is chosen; of an administrator, the others', async () => {
    await Promise.all(['elementary-principal', 'juniorHigh-principal'].map(loggedIn));
    const disown = async (browser: Browser) => {
      const [line] = await linesOf(browser);
      expect((await browser.send('POST', `/api/log-ins/${line?.id}/disowning`)).status).toBe(200);
      return (await letters.collect()).map(({ to }) => to).toSorted();
    };
    expect(await disown(await loggedIn('hibarino-clerk-two-schools'))).toEqual(
      ['elementary-principal', 'juniorHigh-principal'].map(demoMail).toSorted(),
    );
    // The only one of the founder: the log alone has it.
    expect(await disown(await loggedIn('hibarino-administrator'))).toEqual([]);
  });

  it('finds a log-in unusual by rest and by refusals, and by nothing else', () => {
    const at = new Date('2026-11-28T00:00:00Z');
    const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000);
    expect(unusualIn({ lastLogInAt: null, refused: 0, at })).toEqual([]);
    expect(unusualIn({ lastLogInAt: daysAgo(90), refused: 2, at })).toEqual([]);
    expect(unusualIn({ lastLogInAt: daysAgo(90.01), refused: 0, at })).toEqual(['log-in-after-absence']);
    expect(unusualIn({ lastLogInAt: null, refused: 3, at })).toEqual(['log-in-after-refusals']);
    expect(unusualIn({ lastLogInAt: daysAgo(100), refused: 3, at })).toHaveLength(2);
  });
});
