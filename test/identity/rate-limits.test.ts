import { createHmac } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { systemScope } from '../../src/database/scope.ts';
import type { RateName } from '../../src/identity/rate-rules.ts';
import { forgetRates, takeRates } from '../../src/identity/rates.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
import type { IdentityServices } from '../../src/identity/services.ts';
import { openSession } from '../../src/identity/session.ts';
import { Browser } from './support/browser.ts';
import { eventsOf } from './support/log.ts';
import { registerClient } from './support/machine.ts';
import { membershipId, openWorld, origin, schoolCode, staffId, testApp, type World } from './support/world.ts';

const header = 'x-real-ip';

describe('the limits on how often somebody may ask', () => {
  let world: World;
  let admin: postgres.Sql;

  beforeAll(async () => {
    world = await openWorld();
    admin = postgres(world.adminUrl, { max: 1 });
  });
  afterAll(async () => {
    await admin.end();
    await world.drop();
  });
  beforeEach(() => admin`delete from rate_limits`);

  function limited(perMinute: Partial<Record<RateName, number>>, addressHeader: string | null = header) {
    const rates = { perMinute: { ...world.services.rates.perMinute, ...perMinute }, addressHeader };
    return { ...world.services, rates } satisfies IdentityServices;
  }

  function askForChallenge(app: World['app'], headers: Readonly<Record<string, string>> = {}) {
    return app.request(`${origin}/api/login/challenges`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ purpose: 'login' }),
    });
  }

  async function statuses(app: World['app'], times: number, headers: Readonly<Record<string, string>> = {}) {
    const answers: number[] = [];
    for (let time = 0; time < times; time += 1) answers.push((await askForChallenge(app, headers)).status);
    return answers;
  }

  it('P-10 count by address whoever looks up what is on papers, at every such place together', async () => {
    const app = testApp(limited({ heavy: 3 }));
    const look = (path: string, from: string) =>
      app.request(`${origin}${path}`, { headers: { [header]: from, 'sec-fetch-site': 'none' } });
    const places = ['/c/AAAAAAAAAAAAAAAA', '/api/certificate-states/BBBBBBBBBBBBBBBB', '/verify/seals/x', '/c/C'];
    const answers: Response[] = [];
    for (const path of places) answers.push(await look(path, '192.0.2.1'));
    expect(answers.map(({ status }) => status === 429)).toEqual([false, false, false, true]);
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await look('/c/AAAAAAAAAAAAAAAA', '192.0.2.2')).status).not.toBe(429);
  });

  it('P-10 count by address whoever asks for the published figures, which are read anew each time', async () => {
    const app = testApp(limited({ heavy: 3 }));
    const look = (path: string, from: string) =>
      app.request(`${origin}${path}`, { headers: { [header]: from, 'sec-fetch-site': 'none' } });
    const answers: number[] = [];
    for (const path of ['/statistics', '/api/statistics', '/api/statistics.csv', '/statistics']) {
      answers.push((await look(path, '192.0.2.1')).status);
    }
    expect(answers.map((status) => status === 429)).toEqual([false, false, false, true]);
    expect((await look('/statistics', '192.0.2.2')).status).not.toBe(429);
  });

  async function openBrowser(services: IdentityServices, subject: string): Promise<Browser> {
    const { token } = await world.database.transaction(systemScope('login'), (tx) =>
      openSession(tx, services, {
        staffId: staffId(subject),
        personId: null,
        membershipId: membershipId(subject),
        assurance: 'organisationMember',
        browser: 'Firefox/140.0',
        formerToken: null,
      }),
    );
    return new Browser(testApp(services), { '__Host-sid': token });
  }

  it('lets a whole quota come at once, and says to the next how long to wait', async () => {
    const app = testApp(limited({ login: 5 }));
    const first = await askForChallenge(app, { [header]: '192.0.2.1' });
    expect(first.headers.get('ratelimit-policy')).toBe('"login";q=5;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"login";r=4;t=1[0-2]$/);
    expect(first.headers.get('retry-after')).toBeNull();
    expect(await statuses(app, 5, { [header]: '192.0.2.1' })).toEqual([201, 201, 201, 201, 429]);
    const refused = await askForChallenge(app, { [header]: '192.0.2.1', 'accept-language': 'en' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(12);
    expect(refused.headers.get('ratelimit')).toMatch(/^"login";r=0;t=\d+$/);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toMatchObject({
      code: 'request.too-often',
      title: 'Too many requests in a short time',
    });
    const japanese = await askForChallenge(app, { [header]: '192.0.2.1', 'accept-language': 'ja' });
    expect(await japanese.json()).toMatchObject({ title: '短い時間に操作が多すぎます' });
  });

  it('gives it back as time goes by, one after the other', async () => {
    const app = testApp(limited({ login: 4 }));
    expect(await statuses(app, 5)).toEqual([201, 201, 201, 201, 429]);
    // 15 seconds pay for one of four a minute.
    await admin`update rate_limits set arrival = arrival - interval '16 seconds'`;
    expect(await statuses(app, 2)).toEqual([201, 429]);
    await admin`update rate_limits set arrival = arrival - interval '10 minutes'`;
    // A long rest is worth one quota and no more.
    expect(await statuses(app, 5)).toEqual([201, 201, 201, 201, 429]);
  });

  it('holds across processes, also when all of them count at the same moment', async () => {
    const services = limited({ login: 20 });
    const other = await openDatabase({ url: world.appUrl, poolSize: 4, deadlineMs: 10_000 });
    const processes = [testApp(services), testApp({ ...services, database: other })];
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => askForChallenge(processes[turn % 2] ?? world.app)),
    );
    await other.close();
    const allowed = answers.filter(({ status }) => status === 201);
    // Three seconds of work would pay for one more.
    expect(allowed.length).toBeGreaterThanOrEqual(20);
    expect(allowed.length).toBeLessThanOrEqual(22);
  });

  it('counts each address for itself, and a household of IPv6 as one', async () => {
    const app = testApp(limited({ login: 2 }));
    expect(await statuses(app, 3, { [header]: '192.0.2.7' })).toEqual([201, 201, 429]);
    expect(await statuses(app, 1, { [header]: '192.0.2.8' })).toEqual([201]);
    expect(await statuses(app, 1, { [header]: '2001:db8:1:2::7' })).toEqual([201]);
    expect(await statuses(app, 1, { [header]: '2001:DB8:1:2:ffff::1' })).toEqual([201]);
    expect(await statuses(app, 1, { [header]: '2001:db8:1:2:9::' })).toEqual([429]);
    expect(await statuses(app, 1, { [header]: '2001:db8:1:3::7' })).toEqual([201]);
  });

  it('believes the one configured header, its last entry, and no other', async () => {
    const app = testApp(limited({ login: 1 }, 'x-forwarded-for'));
    expect(await statuses(app, 1, { 'x-forwarded-for': '203.0.113.1, 192.0.2.9' })).toEqual([201]);
    expect(await statuses(app, 1, { 'x-forwarded-for': '203.0.113.2, 192.0.2.9' })).toEqual([429]);
    const direct = testApp(limited({ login: 1 }, null));
    expect(await statuses(direct, 1, { 'x-forwarded-for': '203.0.113.1', [header]: '203.0.113.1' })).toEqual([201]);
    expect(await statuses(direct, 1, { 'x-forwarded-for': '203.0.113.2', [header]: '203.0.113.2' })).toEqual([429]);
    // What is no address is one sender, not a new one each time.
    const proxied = testApp(limited({ login: 1 }));
    await admin`delete from rate_limits`;
    expect(await statuses(proxied, 1, { [header]: 'x-1' })).toEqual([201]);
    expect(await statuses(proxied, 1, { [header]: 'x-2' })).toEqual([429]);
  });

  it('counts a member of staff over all their sessions, pages and API together', async () => {
    const services = limited({ account: 3 });
    const [one, two] = [
      await openBrowser(services, 'elementary-clerk'),
      await openBrowser(services, 'elementary-clerk'),
    ];
    expect((await one.get('/sessions')).status).toBe(200);
    expect((await two.get('/api/session')).status).toBe(200);
    expect((await one.get('/api/session')).status).toBe(200);
    expect((await two.get('/sessions')).status).toBe(429);
    const principal = await openBrowser(services, 'elementary-principal');
    expect((await principal.get('/sessions')).status).toBe(200);
  });

  it('X-02 U-14 limits the one school that floods, and no other', async () => {
    const services = limited({ school: 3 });
    const clerk = await openBrowser(services, 'elementary-clerk');
    const principal = await openBrowser(services, 'elementary-principal');
    for (const browser of [clerk, principal, clerk]) expect((await browser.get('/api/session')).status).toBe(200);
    expect((await principal.get('/api/session')).status).toBe(429);
    const elsewhere = await openBrowser(services, 'juniorHigh-clerk');
    expect((await elsewhere.get('/api/session')).status).toBe(200);
    const refusal = (await eventsOf(world)).filter(({ reason }) => reason === 'too-often:school');
    const organisation = schoolCode('elementary');
    expect(refusal).toMatchObject([{ name: 'access.denied', outcome: 'refused', organisation, role: 'anonymous' }]);
  });

  it('counts a school-affairs system by client, and its tokens by address', async () => {
    let app = world.app;
    const client = await registerClient(world, ['transfers:read'], () => app);
    const token = await client.token();
    await admin`delete from rate_limits`;
    app = testApp(limited({ client: 2, token: 2 }));
    const ask = () => client.bound.send(token, `${origin}/api/session`, {});
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
    const told = { reason: 'too-often:client', organisation: null, role: 'machineClient' };
    expect((await eventsOf(world)).at(-1)).toMatchObject(told);
    const tokens: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const answer = await app.request(`${origin}/api/token`, { method: 'POST', body: new URLSearchParams({}) });
      tokens.push(answer.status);
    }
    expect(tokens).toEqual([400, 400, 429]);
  });

  it('tells the log once a minute of a flood, not at every request', async () => {
    const told = async () => (await eventsOf(world)).filter(({ reason }) => reason === 'too-often:login');
    const count = async () => (await told()).length;
    const before = await count();
    expect(await statuses(testApp(limited({ login: 1 })), 6)).toEqual([201, 429, 429, 429, 429, 429]);
    expect(await count()).toBe(before + 1);
    await admin`update rate_limits set told_at = told_at - interval '2 minutes'`;
    expect(await statuses(testApp(limited({ login: 1 })), 2)).toEqual([429, 429]);
    expect(await count()).toBe(before + 2);
    expect((await told()).at(-1)).toMatchObject({ organisation: null, role: 'anonymous' });
  });

  it('keeps pseudonyms of the day alone: no address, account or school', async () => {
    const services = limited({});
    await openBrowser(services, 'elementary-clerk').then((browser) => browser.get('/sessions'));
    await statuses(testApp(services), 1, { [header]: '192.0.2.77' });
    const today = await admin`select * from rate_limits order by key`;
    const day = dayInJapan(world.clock.now());
    const clerk = `account\0staff:${staffId('elementary-clerk')}`;
    const counted = [clerk, `school\0${schoolCode('elementary')}`, 'login\u0000192.0.2.77'].map((subject) =>
      createHmac('sha256', services.personTrust.indexKey)
        .update(`hikitsugi/rate-limit/v1\0${day}\0${subject}`)
        .digest('hex'),
    );
    expect(today.map(({ key }) => String(key))).toEqual(counted.map((code) => code.slice(0, 40)).toSorted());
    expect(today.every(({ key }) => /^[0-9a-f]{40}$/.test(String(key)))).toBe(true);
    world.clock.pass({ days: 1 });
    await statuses(testApp(services), 1, { [header]: '192.0.2.77' });
    world.clock.pass({ days: -1 });
    expect((await admin`select * from rate_limits`).length).toBe(4);
  });

  it('is kept out of the disk’s log, and forgotten when the quota is whole again', async () => {
    const [table] = await admin`select relpersistence as kept from pg_class where relname = 'rate_limits'`;
    expect(table).toEqual({ kept: 'u' });
    await statuses(testApp(limited({})), 1, { [header]: '192.0.2.5' });
    const forget = () => world.database.transaction(systemScope('login'), forgetRates);
    expect(await forget()).toBe(0);
    await admin`update rate_limits set expires_at = now() - interval '1 second'`;
    expect(await forget()).toBe(1);
  });

  it('counts nothing without an actor of its own, so that no room can look into it', async () => {
    const services = limited({});
    const counted = [{ name: 'login', subject: 'x' } as const];
    const job = (name: string) =>
      world.database.transaction(systemScope(name), (tx) => takeRates(tx, services, counted));
    expect(await job('linking')).toMatchObject({ allowed: true });
    const nothing = world.database.transaction(systemScope('login'), (tx) => takeRates(tx, services, []));
    expect(await nothing).toBeNull();
    await expect(job('directory')).rejects.toThrow(/row-level security/);
  });
});
