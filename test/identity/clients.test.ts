import { generateKeyPairSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { administrationPages } from '../../src/administration/pages.tsx';
import { administrationRoutes } from '../../src/administration/routes.ts';
import { systemScope } from '../../src/database/scope.ts';
import type { DemoSchoolKey } from '../../src/demo/schools.ts';
import { openSession } from '../../src/identity/session.ts';
import { staffMailJob } from '../../src/notices/staff-mail.ts';
import { outbox } from '../../src/notices/tables.ts';
import { readAnswer } from '../support/answer.ts';
import { type BoundClient, openBoundClient } from '../support/dpop.ts';
import { Browser } from './support/browser.ts';
import { eventsOf } from './support/log.ts';
import { tokenForm } from './support/machine.ts';
import { membershipId, openWorld, origin, schoolCode, staffId, testApp, type World } from './support/world.ts';

/** Another end of the line: the system whose public key a school registers. */
interface System {
  readonly publicKey: string;
  readonly bound: BoundClient;
  askForToken(clientId: string): Promise<Response>;
}

describe('the registration of school-affairs systems', () => {
  let world: World;
  let principal: Browser;
  let administrator: Browser;

  beforeAll(async () => {
    const opened = await openWorld();
    // What gives a system a way in is proposed and confirmed in the room of the people.
    world = {
      ...opened,
      get app() {
        return testApp(opened.services, new Map(), [administrationRoutes, administrationPages]);
      },
    };
  });
  // Anew for each: a walk through time ends sessions.
  beforeEach(async () => {
    principal = await browserOf('elementary-principal');
    administrator = await administratorAt('elementary');
  });
  afterAll(() => world.drop());

  async function browserOf(subject: string, membership = membershipId(subject)): Promise<Browser> {
    const { token } = await world.database.transaction(systemScope('login'), (tx) =>
      openSession(tx, world.services, {
        staffId: staffId(subject),
        personId: null,
        membershipId: membership,
        assurance: 'organisationMember',
        browser: 'Firefox/140.0',
        formerToken: null,
      }),
    );
    return new Browser(world.app, { '__Host-sid': token });
  }

  /** The second person of the city's schools. */
  function administratorAt(school: DemoSchoolKey): Promise<Browser> {
    const subject = 'hibarino-administrator';
    return browserOf(subject, `administrator-${subject}:${schoolCode(school)}`);
  }

  function confirm(proposalId: string | null, by: Browser = administrator): Promise<Response> {
    return by.send('POST', `/api/proposals/${proposalId}/confirmation`);
  }

  /** What a system gets only by two persons: proposed by the principal, confirmed by the administrator. */
  async function byTwo(method: 'POST' | 'PUT', path: string, body: object) {
    const answer = await principal.send(method, path, body);
    const proposed = readAnswer(await answer.text());
    if (!answer.ok) return { status: answer.status, proposed };
    return { status: (await confirm(proposed.proposalId)).status, proposed };
  }

  async function newSystem(kid?: string): Promise<System> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const named = kid === undefined ? {} : { kid };
    const bound = await openBoundClient(
      async (url, init) => world.app.request(url, init),
      () => world.clock.now(),
    );
    return {
      publicKey: JSON.stringify({ ...(await exportJWK(pair.publicKey)), ...named }),
      bound,
      askForToken: (clientId) =>
        bound.token(`${origin}/api/token`, async () => {
          const iat = Math.floor(world.clock.now().getTime() / 1000);
          const claims = {
            iss: clientId,
            sub: clientId,
            aud: origin,
            iat,
            exp: iat + 50,
            jti: crypto.randomUUID(),
          };
          const header = { alg: 'ES256', ...named };
          return tokenForm(await new SignJWT(claims).setProtectedHeader(header).sign(pair.privateKey));
        }),
    };
  }

  async function register(system: System, more: object = {}): Promise<string> {
    const body = { name: '校務', vendor: '業者', scopes: ['transfers:read'], publicKey: system.publicKey, ...more };
    const { status, proposed } = await byTwo('POST', '/api/clients', body);
    expect([status, proposed.code]).toEqual([200, undefined]);
    return proposed.clientId;
  }

  async function tokenOf(system: System, clientId: string): Promise<string> {
    const answer = await system.askForToken(clientId);
    expect(answer.status).toBe(200);
    return readAnswer(await answer.text()).access_token;
  }

  async function statusWith(system: System, token: string): Promise<number> {
    return (await system.bound.send(token, `${origin}/api/session`, {})).status;
  }

  async function codeOf(answer: Promise<Response>): Promise<string> {
    const { status } = await answer;
    return `${status} ${readAnswer(await (await answer).text()).code}`;
  }

  async function shown(id: string) {
    const { items } = readAnswer(await (await principal.request('/api/clients', {})).text());
    return items.find((item) => item.id === id);
  }

  it('lets a system in with the key that was registered, for its school and scopes, and shows when it was used', async () => {
    const system = await newSystem();
    const id = await register(system, { scopes: ['transfers:read', 'records:read'] });
    expect(await shown(id)).toMatchObject({ vendor: '業者', lastUsedAt: null, keys: [{ state: 'inForce' }] });
    const token = await tokenOf(system, id);
    const session = await system.bound.send(token, `${origin}/api/session`, {});
    expect(await session.json()).toMatchObject({ kind: 'machine', scopes: ['transfers:read', 'records:read'] });
    const used: unknown = expect.stringMatching(/^\d{4}-/);
    expect(await shown(id)).toMatchObject({ lastUsedAt: used, keys: [{ lastUsedAt: used }] });
    expect(id).not.toContain('C1');
  });

  it('takes public keys as JWK or PEM, P-256 or RSA, and keeps nothing but their public numbers', async () => {
    const rsa = await generateKeyPair('RS256', { extractable: true });
    const ec = await generateKeyPair('ES256', { extractable: true });
    for (const publicKey of [await exportSPKI(rsa.publicKey), `\n${await exportSPKI(ec.publicKey)}`]) {
      await register(await newSystem(), { publicKey });
    }
    const admin = postgres(world.adminUrl, { max: 1 });
    const rows = await admin<{ names: string }[]>`
      select distinct (select string_agg(name, ' ' order by name) from jsonb_object_keys(jwk) as name) as names
      from machine_keys`;
    await admin.end();
    expect(rows.map(({ names }) => names).toSorted()).toEqual(['alg crv kid kty use x y', 'alg e kid kty n use']);
  });

  it('refuses a private key, whatever its form, and stores nothing of it', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(pair.privateKey);
    const body = { name: 'x', scopes: ['transfers:read'] };
    for (const publicKey of [JSON.stringify(jwk), await exportPKCS8(pair.privateKey)]) {
      expect(await codeOf(principal.send('POST', '/api/clients', { ...body, publicKey }))).toBe(
        '422 client.private-key',
      );
      const page = await principal.submit('/clients/new', { ...body, scopes: 'transfers:read', publicKey });
      expect(page.status).toBe(422);
      expect(await page.text()).not.toContain(jwk.d);
    }
    const admin = postgres(world.adminUrl, { max: 1 });
    const [row] = await admin`select count(*)::int as count from machine_keys where jwk ? 'd'`;
    await admin.end();
    expect(row?.['count']).toBe(0);
  });

  it('refuses keys that are too weak, of another curve, for encryption, no key at all, or known already', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    const other = await generateKeyPair('ES384', { extractable: true });
    const system = await newSystem();
    const encrypting = system.publicKey.replace('{', '{"use":"enc",');
    const body = { name: 'x', scopes: ['transfers:read'] };
    for (const publicKey of [String(weak), await exportSPKI(other.publicKey), encrypting, 'x', '{', '{}']) {
      expect(await codeOf(principal.send('POST', '/api/clients', { ...body, publicKey }))).toBe(
        '422 client.key-refused',
      );
    }
    await register(system);
    const again = principal.send('POST', '/api/clients', { ...body, publicKey: system.publicKey });
    expect(await codeOf(again)).toBe('409 client.key-known');
  });

  it('gives scopes for health cards only after a second confirmation, and asks again only for new ones', async () => {
    const system = await newSystem();
    const body = { name: 'x', scopes: ['transfers:read', 'health:read'] };
    const asked = principal.send('POST', '/api/clients', { ...body, publicKey: system.publicKey });
    expect(await codeOf(asked)).toBe('422 client.health-unconfirmed');
    const id = await register(system, { ...body, confirmHealth: true });
    const path = `/api/clients/${id}`;
    expect((await principal.send('PUT', path, body)).status).toBe(200);
    const more = { ...body, scopes: [...body.scopes, 'health:write'] };
    expect(await codeOf(principal.send('PUT', path, more))).toBe('422 client.health-unconfirmed');
    expect((await byTwo('PUT', path, { ...more, confirmHealth: true })).status).toBe(200);
    expect(await shown(id)).toMatchObject({ scopes: more.scopes });
  });

  it('exchanges a key with overlap: both are good until the day, then the new one alone', async () => {
    const before = await newSystem('before');
    const after = await newSystem('after');
    const id = await register(before);
    const added = { publicKey: after.publicKey, overlapDays: 14 };
    expect((await byTwo('POST', `/api/clients/${id}/keys`, added)).status).toBe(200);
    expect((await shown(id))?.keys).toMatchObject([
      { kid: 'before', algorithm: 'ES256', state: 'ending' },
      { kid: 'after', algorithm: 'ES256', state: 'inForce' },
    ]);
    for (const system of [before, after]) expect((await system.askForToken(id)).status).toBe(200);
    world.clock.pass({ days: 14 });
    const old = await before.askForToken(id);
    const fresh = await after.askForToken(id);
    world.clock.pass({ days: -14 });
    expect([old.status, fresh.status]).toEqual([401, 200]);
  });

  it('ends a key at once, by hand or with no overlap; a token needs a key in force', async () => {
    const [first, second] = [await newSystem('first'), await newSystem('second')];
    const id = await register(first);
    const path = `/api/clients/${id}/keys`;
    const { proposed: added } = await byTwo('POST', path, { publicKey: second.publicKey, overlapDays: 0 });
    expect((await first.askForToken(id)).status).toBe(401);
    expect((await second.askForToken(id)).status).toBe(200);
    const { thumbprint } = added;
    expect((await principal.send('DELETE', `${path}/${thumbprint}`)).status).toBe(204);
    expect((await second.askForToken(id)).status).toBe(401);
    expect((await shown(id))?.keys.map(({ state }) => state)).toEqual(['retired', 'retired']);
    expect(await codeOf(principal.send('DELETE', `${path}/${thumbprint}`))).toBe('404 client.key-not-found');
  });

  it('never makes a key live longer by adding another, and keeps at most three', async () => {
    const systems = await Promise.all(['a', 'b', 'c', 'd'].map((kid) => newSystem(kid)));
    const [first, ...others] = systems;
    if (first === undefined) throw new Error('no system');
    const id = await register(first);
    const answers: number[] = [];
    for (const [index, system] of others.entries()) {
      const added = { publicKey: system.publicKey, overlapDays: 10 + index * 10 };
      answers.push((await byTwo('POST', `/api/clients/${id}/keys`, added)).status);
    }
    expect(answers).toEqual([200, 200, 409]);
    expect((await eventsOf(world)).at(-1)).toMatchObject({ reason: 'client.too-many:keys' });
    world.clock.pass({ days: 11 });
    const statuses = [(await first.askForToken(id)).status, (await others[0]?.askForToken(id))?.status];
    world.clock.pass({ days: -11 });
    expect(statuses).toEqual([401, 200]);
  });

  it('tells two keys of one name apart, and takes no key twice', async () => {
    const [first, second] = [await newSystem('same'), await newSystem('same')];
    const id = await register(first);
    const path = `/api/clients/${id}/keys`;
    const { proposed } = await byTwo('POST', path, { publicKey: second.publicKey, overlapDays: 3 });
    expect((await shown(id))?.keys).toMatchObject([{ kid: 'same' }, { kid: proposed.thumbprint }]);
    const again = principal.send('POST', path, { publicKey: second.publicKey, overlapDays: 3 });
    expect(await codeOf(again)).toBe('409 client.key-known');
  });

  it('knows at most twenty systems of a school', async () => {
    const admin = postgres(world.adminUrl, { max: 1 });
    const school = schoolCode('elementary');
    await admin`
      insert into machine_clients (client_id, school_code, name, scopes, created_at)
      select 'filling-' || place, ${school}, 'x', '{}', now() from generate_series(
        (select count(*) from machine_clients where school_code = ${school}) + 1, 19) place`;
    await register(await newSystem());
    const { publicKey } = await newSystem();
    const code = await codeOf(
      principal.send('POST', '/api/clients', { name: 'x', scopes: ['transfers:read'], publicKey }),
    );
    await admin`delete from machine_clients where client_id like 'filling-%'`;
    await admin.end();
    expect(code).toBe('409 client.too-many');
    expect((await eventsOf(world)).at(-1)).toMatchObject({ reason: 'client.too-many:clients' });
  });

  it('registers a key once when it is confirmed twice at once', async () => {
    const { publicKey } = await newSystem();
    const body = { name: 'x', scopes: ['transfers:read'], publicKey };
    const proposals = [
      await principal.send('POST', '/api/clients', body),
      await principal.send('POST', '/api/clients', body),
    ];
    const answers = await Promise.all(proposals.map(async (answer) => readAnswer(await answer.text())));
    const confirmed = await Promise.all(answers.map(async ({ proposalId }) => confirm(proposalId)));
    expect(confirmed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('tells the principals by mail what was taken away', async () => {
    const id = await register(await newSystem());
    const [key] = (await shown(id))?.keys ?? [];
    await principal.send('DELETE', `/api/clients/${id}/keys/${key?.thumbprint}`);
    await principal.send('DELETE', `/api/clients/${id}`);
    const jobs = await world.database.transaction(systemScope('outbox'), (tx) =>
      tx.select().from(outbox).where(eq(outbox.kind, staffMailJob)),
    );
    const about = jobs.map(({ payload }) => payload).filter((payload) => payload['id'] === id);
    const told = { staff: staffId('elementary-principal'), school: schoolCode('elementary'), id, mailbox: 'current' };
    expect(about).toEqual([
      { ...told, subject: 'client-key-added' },
      { ...told, subject: 'client-key-retired' },
      { ...told, subject: 'client-deleted' },
    ]);
  });

  it('stops tokens already issued at once: blocked, without a scope, deleted', async () => {
    const system = await newSystem();
    const id = await register(system, { scopes: ['transfers:read', 'records:read'] });
    const token = await tokenOf(system, id);
    const narrowed = await principal.send('PUT', `/api/clients/${id}`, { name: 'x', scopes: ['records:read'] });
    expect(await narrowed.json()).toEqual({ outcome: 'done', proposalId: null });
    const session = await system.bound.send(token, `${origin}/api/session`, {});
    expect(await session.json()).toMatchObject({ scopes: ['records:read'] });
    expect((await principal.send('PUT', `/api/clients/${id}/block`)).status).toBe(204);
    expect([await statusWith(system, token), (await system.askForToken(id)).status]).toEqual([401, 401]);
    expect((await principal.send('DELETE', `/api/clients/${id}/block`)).status).toBe(204);
    expect([await statusWith(system, token), (await system.askForToken(id)).status]).toEqual([200, 200]);
    expect((await principal.send('DELETE', `/api/clients/${id}`)).status).toBe(204);
    expect([await statusWith(system, token), (await system.askForToken(id)).status]).toEqual([401, 401]);
  });

  it('U-14 holds a client to its own requests in a minute, and says when to come again', async () => {
    const system = await newSystem();
    const id = await register(system, { requestsPerMinute: 3 });
    const token = await tokenOf(system, id);
    const answers = [];
    for (let time = 0; time < 4; time += 1) answers.push(await system.bound.send(token, `${origin}/api/session`, {}));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.headers.get('retry-after')).toMatch(/^(1\d|20)$/);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"client";q=3;w=60');
    const other = await newSystem();
    expect(await statusWith(other, await tokenOf(other, await register(other)))).toBe(200);
  });

  it('U-14 holds a client to its uploads of a day in Japan, and shows how many they were', async () => {
    const system = await newSystem();
    const id = await register(system, { uploadsPerDay: 2 });
    const token = await tokenOf(system, id);
    const upload = (by: string) =>
      system.bound.send(by, `${origin}/api/cases/x/documents/y/content`, { method: 'PUT', body: 'x' });
    const statuses = [(await upload(token)).status, (await upload(token)).status];
    // Behind this door there is nothing: the room is alone in this test.
    expect(statuses).toEqual([404, 404]);
    const third = await upload(token);
    expect([third.status, readAnswer(await third.text()).code]).toEqual([429, 'client.uploads-spent']);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(third.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    expect(await shown(id)).toMatchObject({ uploadsToday: 2, uploadsPerDay: 2 });
    world.clock.pass({ days: 1 });
    const tomorrow = await upload(await tokenOf(system, id));
    world.clock.pass({ days: -1 });
    expect(tomorrow.status).toBe(404);
  });

  it('is for the principal of the own school alone, after a fresh log-in', async () => {
    const system = await newSystem();
    const id = await register(system);
    const other = await browserOf('juniorHigh-principal');
    for (const unknown of [id, 'machine-of-nobody']) {
      expect(await codeOf(other.send('PUT', `/api/clients/${unknown}/block`))).toBe('404 client.not-found');
      expect(await codeOf(other.send('DELETE', `/api/clients/${unknown}/block`))).toBe('404 client.not-found');
      expect(await codeOf(other.send('DELETE', `/api/clients/${unknown}/keys/x`))).toBe('404 client.not-found');
      expect(await codeOf(other.send('DELETE', `/api/clients/${unknown}`))).toBe('404 client.not-found');
      expect((await other.get(`/clients/${unknown}`)).status).toBe(404);
    }
    expect((await principal.get(`/clients/${id}`)).status).toBe(200);
    expect((await administrator.get(`/clients/${id}`)).status).toBe(403);
    expect(readAnswer(await (await other.request('/api/clients', {})).text()).items).toEqual([]);
    expect(await codeOf(administrator.request('/api/clients', {}))).toBe('403 policy.denied');
    for (const subject of ['elementary-clerk', 'elementary-homeroomTeacher']) {
      const colleague = await browserOf(subject);
      expect(await codeOf(colleague.request('/api/clients', {}))).toBe('403 policy.denied');
      expect(await codeOf(colleague.send('PUT', `/api/clients/${id}/block`))).toBe('403 policy.denied');
    }
    const token = await tokenOf(system, id);
    const itself = await system.bound.send(token, `${origin}/api/clients/${id}/block`, { method: 'DELETE' });
    expect(itself.status).toBe(403);
    world.clock.pass({ minutes: 11 });
    const stale = await codeOf(principal.send('PUT', `/api/clients/${id}/block`));
    const listed = await principal.request('/api/clients', {});
    world.clock.pass({ minutes: -11 });
    expect([stale, listed.status]).toEqual(['403 login.fresh-required', 200]);
  });

  describe('by two persons', () => {
    const more = ['transfers:read', 'records:read'];

    it('lets nobody in before another person has confirmed it, and the proposer never', async () => {
      const system = await newSystem();
      const body = { name: '校務', vendor: '業者', scopes: more, publicKey: system.publicKey };
      const answer = await principal.send('POST', '/api/clients', body);
      expect(answer.status).toBe(202);
      const { proposalId, clientId, thumbprint } = readAnswer(await answer.text());
      expect(await shown(clientId)).toBeUndefined();
      expect((await system.askForToken(clientId)).status).toBe(401);
      expect(await codeOf(confirm(proposalId, principal))).toBe('403 proposal.same-person');
      expect(await codeOf(confirm(proposalId, await administratorAt('juniorHigh')))).toBe('404 proposal.not-found');
      expect((await system.askForToken(clientId)).status).toBe(401);
      const { items } = readAnswer(await (await administrator.request('/api/proposals', {})).text());
      expect(items.find(({ id }) => id === proposalId)).toMatchObject({
        kind: 'clientRegister',
        client: { id: clientId, name: '校務', vendor: '業者', scopes: more, thumbprint, before: null },
        mayConfirm: true,
      });
      expect((await confirm(proposalId)).status).toBe(200);
      expect((await system.askForToken(clientId)).status).toBe(200);
    });

    it('adds a key and widens scopes and limits after the second yes; until then all is as it was', async () => {
      const [system, next] = [await newSystem('one'), await newSystem('two')];
      const terms = {
        name: '校務',
        vendor: '業者',
        scopes: ['transfers:read'],
        requestsPerMinute: 60,
        uploadsPerDay: 5,
      };
      const id = await register(system, terms);
      const before = await shown(id);
      const key = { publicKey: next.publicKey, overlapDays: 3 };
      const waiting = [await principal.send('POST', `/api/clients/${id}/keys`, key)];
      for (const wider of [
        { scopes: more },
        { requestsPerMinute: 61 },
        { requestsPerMinute: null },
        { uploadsPerDay: 6 },
      ]) {
        waiting.push(await principal.send('PUT', `/api/clients/${id}`, { ...terms, ...wider, name: '新校務' }));
      }
      expect(waiting.map(({ status }) => status)).toEqual([202, 200, 200, 200, 200]);
      expect(await shown(id)).toEqual(before);
      expect((await next.askForToken(id)).status).toBe(401);
      const answers = await Promise.all(waiting.map(async (answer) => readAnswer(await answer.text())));
      const codes = [];
      for (const { proposalId } of answers) codes.push((await confirm(proposalId)).status);
      // The later ones were proposed for a client that is another by now.
      expect(codes).toEqual([200, 200, 409, 409, 409]);
      expect(await shown(id)).toMatchObject({ name: '新校務', scopes: more, requestsPerMinute: 60, uploadsPerDay: 5 });
      expect((await next.askForToken(id)).status).toBe(200);
    });

    it('never brings back by an old proposal what was taken away at once meanwhile', async () => {
      const id = await register(await newSystem(), { scopes: more });
      const wider = { name: '校務', vendor: '業者', scopes: [...more, 'transfers:write'] };
      const { proposalId } = readAnswer(await (await principal.send('PUT', `/api/clients/${id}`, wider)).text());
      const narrower = { name: '校務', vendor: '業者', scopes: ['transfers:read'] };
      expect((await principal.send('PUT', `/api/clients/${id}`, narrower)).status).toBe(200);
      expect(await codeOf(confirm(proposalId))).toBe('409 proposal.over');
      expect((await eventsOf(world)).at(-1)).toMatchObject({ reason: 'proposal.over:client-changed' });
      expect(await shown(id)).toMatchObject({ scopes: ['transfers:read'] });
    });

    it('is checked again at the confirmation: a key known by then, a client deleted by then', async () => {
      const [system, next] = [await newSystem(), await newSystem()];
      const body = { name: 'x', scopes: ['transfers:read'], publicKey: system.publicKey };
      const twice = [
        await principal.send('POST', '/api/clients', body),
        await principal.send('POST', '/api/clients', body),
      ];
      const [first, second] = await Promise.all(twice.map(async (answer) => readAnswer(await answer.text())));
      expect((await confirm(first?.proposalId ?? null)).status).toBe(200);
      expect(await codeOf(confirm(second?.proposalId ?? null))).toBe('409 client.key-known');
      const path = `/api/clients/${first?.clientId}`;
      const added = await principal.send('POST', `${path}/keys`, { publicKey: next.publicKey, overlapDays: 0 });
      const { proposalId } = readAnswer(await added.text());
      expect((await principal.send('DELETE', path)).status).toBe(204);
      expect(await codeOf(confirm(proposalId))).toBe('404 client.not-found');
    });

    it('is over when it has waited a fortnight, was turned down, or who proposed it is principal no more', async () => {
      const propose = async () => {
        const by = await browserOf('elementary-principal');
        const body = { name: 'x', scopes: ['transfers:read'], publicKey: (await newSystem()).publicKey };
        return readAnswer(await (await by.send('POST', '/api/clients', body)).text()).proposalId;
      };
      const turnedDown = await propose();
      expect((await administrator.send('DELETE', `/api/proposals/${turnedDown}`)).status).toBe(204);
      expect(await codeOf(confirm(turnedDown))).toBe('409 proposal.over');
      const late = await propose();
      world.clock.pass({ days: 14 });
      expect(await codeOf(confirm(late, await administratorAt('elementary')))).toBe('409 proposal.over');
      world.clock.pass({ days: -14 });
      const orphan = await propose();
      const admin = postgres(world.adminUrl, { max: 1 });
      await admin`update memberships set role = 'clerk' where id = ${membershipId('elementary-principal')}`;
      const answer = await codeOf(confirm(orphan));
      await admin`update memberships set role = 'principal' where id = ${membershipId('elementary-principal')}`;
      await admin.end();
      expect(answer).toBe('409 proposal.over');
      expect((await eventsOf(world)).at(-1)).toMatchObject({ reason: 'proposal.over:proposer-has-left' });
    });

    it('says on the page that it waits, for whom, and what about', async () => {
      const { publicKey } = await newSystem();
      const form = { name: '申請中', uploadsPerDay: '1', scopes: 'transfers:read', publicKey };
      const made = await principal.submit('/clients/new', form);
      expect([made.status, await made.text()]).toEqual([202, expect.stringContaining('見守　翔子')]);
      const list = await (await principal.request('/clients', {})).text();
      expect(list).toContain('もう一人の確認を待っています');
      expect(list).toContain('校務支援システムの登録: 申請中');
      expect(await (await administrator.request('/proposals', {})).text()).toContain('案件の一覧と状態を見る');
    });
  });

  it('writes every act into the log, done or refused, under the school', async () => {
    const before = (await eventsOf(world)).length;
    const [system, next] = [await newSystem('one'), await newSystem('two')];
    const id = await register(system, { scopes: ['transfers:read', 'records:read'] });
    const path = `/api/clients/${id}`;
    expect((await principal.send('PUT', path, { name: '校務', scopes: ['records:read'] })).status).toBe(200);
    const { proposed } = await byTwo('POST', `${path}/keys`, { publicKey: next.publicKey, overlapDays: 1 });
    expect((await principal.send('DELETE', `${path}/keys/${proposed.thumbprint}`)).status).toBe(204);
    for (const method of ['PUT', 'DELETE']) expect((await principal.send(method, `${path}/block`)).status).toBe(204);
    expect((await principal.send('DELETE', path)).status).toBe(204);
    expect((await principal.send('DELETE', path)).status).toBe(404);
    const clerk = await browserOf('elementary-clerk');
    expect((await clerk.send('PUT', `${path}/block`)).status).toBe(403);
    const key = await exportPKCS8((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const body = { name: 'x', scopes: ['transfers:read'], publicKey: key };
    expect((await principal.send('POST', '/api/clients', body)).status).toBe(422);
    const events = (await eventsOf(world)).slice(before).filter(({ name }) => name.startsWith('machine.'));
    const actor = 'staff:staff-elementary-principal';
    const always = { organisation: schoolCode('elementary'), side: 'gateway', role: 'principal' };
    const done = { ...always, outcome: 'done', reason: null };
    const byOne = { ...done, detail: { client: id, actor } };
    const refused = { ...always, outcome: 'refused', detail: {} };
    expect(events).toEqual([
      expect.objectContaining({ name: 'machine.registered', outcome: 'done', role: 'administrator' }),
      { ...done, name: 'machine.changed', detail: { client: id, actor, assurance: 'organisationMember' } },
      expect.objectContaining({ name: 'machine.key-added', outcome: 'done', role: 'administrator' }),
      { ...byOne, name: 'machine.key-retired' },
      { ...byOne, name: 'machine.blocked' },
      { ...byOne, name: 'machine.unblocked' },
      { ...byOne, name: 'machine.deleted' },
      { ...refused, name: 'machine.deleted', reason: 'client.not-found' },
      { ...refused, name: 'machine.blocked', role: 'clerk', reason: 'policy.denied:clerk-never' },
      expect.objectContaining({ name: 'machine.registered', outcome: 'refused', reason: 'client.private-key' }),
    ]);
    for (const event of events) expect(event.organisation).toBe(schoolCode('elementary'));
  });

  it('writes what a machine tried under its school, and what somebody without a school tried under none', async () => {
    const system = await newSystem();
    const id = await register(system);
    const path = `${origin}/api/clients/${id}/block`;
    expect((await system.bound.send(await tokenOf(system, id), path, { method: 'PUT' })).status).toBe(403);
    const reason = 'policy.denied:staff-only';
    const machine = { name: 'machine.blocked', role: 'machine', organisation: schoolCode('elementary'), reason };
    expect((await eventsOf(world)).at(-1)).toMatchObject(machine);
    const nobody = new Browser(world.app);
    expect(await codeOf(nobody.send('PUT', `/api/clients/${id}/block`))).toBe('401 login.required');
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      role: 'anonymous',
      organisation: null,
      reason: 'login.required',
    });
    expect(await codeOf(nobody.request('/api/clients', {}))).toBe('401 login.required');
  });
});
