import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { memberships } from '../../src/directory/tables.ts';
import { openSession } from '../../src/identity/session.ts';
import { sessions } from '../../src/identity/tables.ts';
import { Browser } from './support/browser.ts';
import { membershipId, openWorld, schoolCode, staffId, type World } from './support/world.ts';

const twoSchools = 'hibarino-clerk-two-schools';

describe('a session', () => {
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    browser = await open(twoSchools, membershipId(twoSchools, 0));
  });

  async function open(subject: string, membership: string | null): Promise<Browser> {
    const { token } = await world.database.transaction(systemScope('login'), (tx) =>
      openSession(tx, world.services, {
        staffId: staffId(subject),
        personId: null,
        membershipId: membership,
        assurance: 'organisationMember',
        browser: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
        formerToken: null,
      }),
    );
    return new Browser(world.app, { '__Host-sid': token });
  }

  async function endMembership(id: string, validTo: string | null): Promise<void> {
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.update(memberships).set({ validTo }).where(eq(memberships.id, id));
    });
  }

  it('ends after half an hour without any request', async () => {
    world.clock.pass({ minutes: 29 });
    expect(await browser.identity()).toMatchObject({ kind: 'staff' });
    world.clock.pass({ minutes: 29 });
    expect(await browser.identity()).toMatchObject({ kind: 'staff' });
    world.clock.pass({ minutes: 31 });
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    world.clock.set(new Date());
    // It is over, not asleep: an earlier clock does not bring it back.
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('ends after twelve hours however busy it is', async () => {
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      world.clock.pass({ minutes: 20 });
      expect(await browser.identity()).toMatchObject({ kind: 'staff' });
    }
    world.clock.pass({ minutes: 20 });
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    world.clock.set(new Date());
  });

  it('A-11 loses its role with the next request after the membership has ended', async () => {
    const chosen = membershipId(twoSchools, 0);
    expect(await browser.identity()).toMatchObject({ kind: 'staff', school: { code: schoolCode('elementary') } });
    await endMembership(chosen, '2021-03-31');
    // The other school is not slipped in: it has to be chosen.
    expect(await browser.identity()).toMatchObject({ kind: 'unboundStaff', school: null });
    await endMembership(membershipId(twoSchools, 1), '2021-03-31');
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    await endMembership(chosen, null);
    await endMembership(membershipId(twoSchools, 1), null);
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('A-11 counts membership by the calendar day in Japan', async () => {
    const chosen = membershipId(twoSchools, 0);
    await endMembership(chosen, '2027-03-31');
    world.clock.set(new Date('2027-03-31T14:59:00Z'));
    const lateEvening = await open(twoSchools, chosen);
    expect(await lateEvening.identity()).toMatchObject({ kind: 'staff' });
    world.clock.set(new Date('2027-03-31T15:00:30Z'));
    expect(await lateEvening.identity()).toMatchObject({ kind: 'unboundStaff' });
    world.clock.set(new Date());
    await endMembership(chosen, null);
  });

  it('is stored hashed', async () => {
    const token = browser.cookie('__Host-sid');
    const rows = await world.database.transaction(systemScope('login'), (tx) => tx.select().from(sessions));
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is one of a list, and can be ended from another browser', async () => {
    const other = await open(twoSchools, null);
    const { sessions: mine } = (await (await other.get('/api/sessions')).json()) as {
      sessions: { id: string; current: boolean }[];
    };
    expect(mine.filter(({ current }) => current)).toHaveLength(1);
    for (const { id } of mine.filter(({ current }) => !current)) {
      expect((await other.send('DELETE', `/api/sessions/${id}`)).status).toBe(204);
    }
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await other.identity()).toMatchObject({ kind: 'unboundStaff' });
  });

  it('V7.5.2 ends with all others, or with all, by page and by API, and leaves those of everybody else', async () => {
    const stranger = await open('elementary-principal', membershipId('elementary-principal'));
    const [one, two] = [await open(twoSchools, null), await open(twoSchools, null)];
    const page = await (await one.get('/sessions?lang=en')).text();
    expect(page).toContain('End all but this page');
    expect(page).toContain('GBizID member');
    const others = await one.submit('/sessions/end-all', { which: 'others' });
    expect(others.headers.get('location')).toBe('/sessions');
    expect(await two.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await one.identity()).toMatchObject({ kind: 'unboundStaff' });
    const three = await open(twoSchools, null);
    const all = await one.submit('/sessions/end-all', { which: 'all' });
    expect([all.headers.get('location'), all.headers.get('clear-site-data')]).toEqual(['/login', '"cache", "storage"']);
    expect(await three.identity()).toMatchObject({ kind: 'anonymous' });
    const [four, five] = [await open(twoSchools, null), await open(twoSchools, null)];
    expect((await four.send('DELETE', '/api/sessions')).status).toBe(400);
    expect((await four.send('DELETE', '/api/sessions?which=others')).status).toBe(204);
    expect(await five.identity()).toMatchObject({ kind: 'anonymous' });
    expect((await four.send('DELETE', '/api/sessions?which=all')).status).toBe(204);
    expect(await four.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await stranger.identity()).toMatchObject({ kind: 'staff' });
  });

  it('can neither be seen nor ended by somebody else', async () => {
    const stranger = await open('elementary-principal', membershipId('elementary-principal'));
    const { sessions: theirs } = (await (await browser.get('/api/sessions')).json()) as { sessions: { id: string }[] };
    const listed = await (await stranger.get('/api/sessions')).text();
    for (const { id } of theirs) {
      expect(listed).not.toContain(id);
      const refused = await stranger.send('DELETE', `/api/sessions/${id}`);
      expect(refused.status).toBe(404);
    }
    expect(await browser.identity()).toMatchObject({ kind: 'staff' });
  });

  it('ends by logging out, by form and by API', async () => {
    const token = browser.cookie('__Host-sid');
    const answer = await browser.submit('/logout', {});
    expect(answer.headers.get('location')).toBe('/login');
    expect(browser.cookie('__Host-sid')).toBe('');
    expect(await new Browser(world.app, { '__Host-sid': token }).identity()).toMatchObject({ kind: 'anonymous' });
    const other = await open(twoSchools, null);
    expect((await other.send('DELETE', '/api/session')).status).toBe(204);
    expect(await other.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('A-06 knows only cookies with the __Host- prefix and of full length', async () => {
    const token = browser.cookie('__Host-sid');
    for (const [name, value] of [
      ['sid', token],
      ['__Secure-sid', token],
      ['__Host-sid', token.slice(0, 42)],
      ['__Host-sid', ''],
    ] as const) {
      expect(await new Browser(world.app, { [name]: value }).identity()).toMatchObject({ kind: 'anonymous' });
    }
  });

  it('shows its pages in both languages', async () => {
    expect(await (await browser.get('/sessions')).text()).toContain('Firefox / Windows');
    expect(await (await browser.get('/sessions?lang=en')).text()).toContain('My sessions');
    expect((await new Browser(world.app).get('/sessions')).status).toBe(401);
  });
});
