import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { findMachineClient, findMachineKeys, takeUpload, touchMachine } from '../../src/identity/clients/store.ts';
import { addRefusal, countRefusals, findLinks, markLinkEnded } from '../../src/identity/links/store.ts';
import {
  confirmSessionRow,
  deleteOwnSessions,
  deleteSession,
  deleteSessionByToken,
  deleteSessionsOfProvider,
  findPersonByAccount,
  findPersonByCertificate,
  findSession,
  findSessionById,
  findSessions,
  insertAttempt,
  insertChallenge,
  insertPerson,
  insertSession,
  lockKey,
  purgeExpired,
  recordAccount,
  recordCertificate,
  renewSession,
  takeAttempt,
  takeChallenge,
  touchSession,
  useProofOnce,
  useTokenOnce,
} from '../../src/identity/store.ts';
import type { SessionRow } from '../../src/identity/tables.ts';
import { type Acts, begun, openActs } from './support/acts.ts';
import { schoolCode } from './support/world.ts';

const inDays = (days: number) => new Date(begun.getTime() + days * 86_400_000);
const after = (seconds: number) => new Date(begun.getTime() + seconds * 1000);
const school = schoolCode('elementary');

/** What is said of the rows themselves: once, in time, of one owner, and not more than so many. */
describe('what is stored of log-ins', () => {
  let acts: Acts;

  beforeAll(async () => {
    acts = await openActs();
  });
  afterAll(() => acts?.close());
  beforeEach(async () => {
    await acts.admin`delete from sessions`;
    await acts.admin`delete from used_tokens`;
  });

  type Work<T> = Parameters<typeof acts.world.database.transaction<T>>[1];
  const run = <T>(work: Work<T>) => acts.world.database.transaction(systemScope('login'), work);

  async function session(more: Partial<SessionRow> = {}): Promise<SessionRow> {
    const row: SessionRow = {
      id: crypto.randomUUID(),
      tokenHash: crypto.randomUUID(),
      staffId: 'somebody',
      personId: null,
      membershipId: null,
      assurance: 'organisationMember',
      revocation: 'good',
      browser: '',
      createdAt: begun,
      authenticatedAt: begun,
      lastSeenAt: begun,
      expiresAt: inDays(1),
      provider: null,
      subjectHash: null,
      sidHash: null,
      wayId: null,
      certificateCheckedAt: null,
      ...more,
    };
    await run((tx) => insertSession(tx, row));
    return row;
  }

  it('takes an attempt and a challenge away with the first answer', async () => {
    const secrets = { state: 's', nonce: 'n', codeVerifier: 'v' };
    const attempt = { cookieHash: 'c', provider: 'p', returnTo: '/', expiresAt: inDays(1), ...secrets };
    await run((tx) => insertAttempt(tx, attempt));
    const challenge = { id: 'c', challenge: 'x', origin: 'o', purpose: 'login', expiresAt: inDays(1) };
    await run((tx) => insertChallenge(tx, challenge));
    expect(await run((tx) => takeAttempt(tx, 'other'))).toBeNull();
    expect(await run((tx) => takeAttempt(tx, 'c'))).toMatchObject(attempt);
    expect(await run((tx) => takeAttempt(tx, 'c'))).toBeNull();
    expect(await run((tx) => takeChallenge(tx, 'other'))).toBeNull();
    expect(await run((tx) => takeChallenge(tx, 'c'))).toEqual(challenge);
    expect(await run((tx) => takeChallenge(tx, 'c'))).toBeNull();
  });

  it('forgets what is over, so many at a time, and nothing else', async () => {
    for (let count = 0; count < 101; count += 1) await session({ expiresAt: begun });
    const live = await session({ expiresAt: after(1) });
    await acts.admin`
      insert into used_tokens (token_hash, expires_at) select 't' || n, ${begun} from generate_series(1, 101) n`;
    await acts.admin`insert into used_tokens ${acts.admin({ token_hash: 'live', expires_at: after(1) })}`;
    const left = async () => {
      const [row] = await acts.admin`
        select (select count(*) from sessions)::int as sessions, (select count(*) from used_tokens)::int as tokens`;
      return { ...row };
    };
    await run((tx) => purgeExpired(tx, begun));
    expect(await left()).toEqual({ sessions: 2, tokens: 1 });
    await run((tx) => purgeExpired(tx, begun));
    expect(await left()).toEqual({ sessions: 1, tokens: 1 });
    expect(await run((tx) => findSessionById(tx, live.id))).not.toBeNull();
  });

  it('finds a session by its token and its id, and changes that one alone', async () => {
    const [one, other] = [await session(), await session()];
    expect(await run((tx) => findSession(tx, one.tokenHash))).toEqual(one);
    expect(await run((tx) => findSession(tx, 'none'))).toBeNull();
    expect(await run((tx) => findSessionById(tx, one.id))).toEqual(one);
    expect(await run((tx) => findSessionById(tx, 'none'))).toBeNull();
    await run((tx) => touchSession(tx, one.id, after(5)));
    const renew = (id: string) => run((tx) => renewSession(tx, { id, tokenHash: 'renewed', membershipId: 'm' }));
    expect([await renew('none'), await renew(one.id)]).toEqual([false, true]);
    const renewed = { ...one, lastSeenAt: after(5), tokenHash: 'renewed', membershipId: 'm' };
    expect(await run((tx) => findSessionById(tx, one.id))).toEqual(renewed);
    const confirm = (id: string, formerHash: string) =>
      run((tx) => confirmSessionRow(tx, { id, formerHash, tokenHash: 'confirmed', authenticatedAt: after(9) }));
    expect(await confirm(one.id, one.tokenHash)).toBe(false);
    expect(await confirm('none', 'renewed')).toBe(false);
    expect(await confirm(one.id, 'renewed')).toBe(true);
    expect(await run((tx) => findSessionById(tx, one.id))).toEqual({
      ...renewed,
      tokenHash: 'confirmed',
      authenticatedAt: after(9),
    });
    expect(await run((tx) => findSessionById(tx, other.id))).toEqual(other);
  });

  it('lists the sessions that are not over, the one seen last first, and ends what is named', async () => {
    const first = await session({ lastSeenAt: after(1), expiresAt: after(60) });
    const second = await session({ lastSeenAt: after(2) });
    const third = await session();
    const ids = async (at: Date) => (await run((tx) => findSessions(tx, at))).map(({ id }) => id);
    expect(await ids(after(59))).toEqual([second.id, first.id, third.id]);
    expect(await ids(after(60))).toEqual([second.id, third.id]);
    expect(await run((tx) => deleteSession(tx, 'none'))).toBe(false);
    expect(await run((tx) => deleteSession(tx, first.id))).toBe(true);
    expect(await run((tx) => deleteSessionByToken(tx, 'none'))).toBeNull();
    expect(await run((tx) => deleteSessionByToken(tx, second.tokenHash))).toEqual(second);
    expect(await ids(begun)).toEqual([third.id]);
    const own = { actor: 'staff:somebody', staff: 'somebody' };
    const other = await session();
    await session({ staffId: 'somebody else' });
    const ended = acts.world.database.transaction(own, (tx) => deleteOwnSessions(tx, third.id));
    expect(await ended).toEqual([other.id]);
    expect(await acts.world.database.transaction(own, (tx) => deleteOwnSessions(tx, null))).toEqual([third.id]);
    expect(await ids(begun)).toHaveLength(1);
  });

  it('ends by a provider its one session, or all of its subject, and nothing when nothing is named', async () => {
    const of = (provider: string, subjectHash: string, sidHash: string) => session({ provider, subjectHash, sidHash });
    const [one, two] = [await of('p', 'a', '1'), await of('p', 'a', '2')];
    await of('p', 'b', '3');
    await of('q', 'a', '1');
    const end = async (subjectHash: string | null, sidHash: string | null) =>
      (await run((tx) => deleteSessionsOfProvider(tx, { provider: 'p', subjectHash, sidHash }))).map(({ id }) => id);
    expect(await end(null, null)).toEqual([]);
    expect(await end('b', '1')).toEqual([]);
    expect(await end(null, '2')).toEqual([two.id]);
    expect(await end('a', null)).toEqual([one.id]);
    expect(await acts.admin`select id from sessions`).toHaveLength(2);
  });

  it('knows whose a certificate or an account is, and when somebody first came by it', async () => {
    for (const id of ['one', 'two']) await run((tx) => insertPerson(tx, id, begun));
    const ways = [
      {
        find: (key: string) => run((tx) => findPersonByCertificate(tx, key)),
        record: (key: string, personId: string, at: Date) =>
          run((tx) => recordCertificate(tx, { certificateKey: key, personId, notAfter: inDays(9), at })),
        rows: () => acts.admin`select * from person_certificates where certificate_key = 'key'`,
      },
      {
        find: (key: string) => run((tx) => findPersonByAccount(tx, key)),
        record: (accountKey: string, personId: string, at: Date) =>
          run((tx) => recordAccount(tx, { accountKey, personId, at })),
        rows: () => acts.admin`select * from person_accounts where account_key = 'key'`,
      },
    ];
    for (const { find, record, rows } of ways) {
      expect(await find('key')).toBeNull();
      const first = await record('key', 'one', begun);
      expect(first).toMatchObject({ isFirst: true });
      expect(await find('key')).toBe('one');
      expect(await record('key', 'one', after(5))).toEqual({ id: first?.id, isFirst: false });
      expect(await rows()).toMatchObject([{ firstUsedAt: begun, lastUsedAt: after(5), loggedInAt: begun }]);
      expect(await record('key', 'two', after(6))).toBeNull();
      expect(await rows()).toMatchObject([{ personId: 'one', lastUsedAt: after(5) }]);
    }
  });

  it('lets two who want the same come one after the other, and others at once', async () => {
    const order: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = run(async (tx) => {
      await lockKey(tx, 'key');
      await held;
      order.push('first');
    });
    await run((tx) => lockKey(tx, 'another'));
    const second = run(async (tx) => {
      await lockKey(tx, 'key');
      order.push('second');
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('knows a machine by its id and the keys in force, notes their use once a minute, and counts uploads of a day', async () => {
    const client = {
      client_id: 'machine',
      school_code: school,
      name: 'x',
      scopes: acts.admin.json([]),
      created_at: begun,
    };
    await acts.admin`insert into machine_clients ${acts.admin({ ...client, uploads_per_day: 2 })}`;
    await acts.admin`insert into machine_clients ${acts.admin({ ...client, client_id: 'other', uploads_per_day: 2 })}`;
    const key = { client_id: 'machine', school_code: school, jwk: acts.admin.json({}), added_at: begun };
    for (const [thumbprint, retires_at] of [
      ['a', null],
      ['b', after(60)],
    ] as const)
      await acts.admin`insert into machine_keys ${acts.admin({ ...key, thumbprint, retires_at })}`;
    const found = await run((tx) => findMachineClient(tx, 'machine'));
    if (found === null) throw new Error('no machine');
    expect(await run((tx) => findMachineClient(tx, 'none'))).toBeNull();
    const inForce = async (at: Date) =>
      (await run((tx) => findMachineKeys(tx, 'machine', at))).map(({ thumbprint }) => thumbprint).toSorted();
    expect([await inForce(after(59)), await inForce(after(60))]).toEqual([['a', 'b'], ['a']]);
    expect(await run((tx) => findMachineKeys(tx, 'other', begun))).toEqual([]);
    const used = async (seconds: number) => {
      await run((tx) => touchMachine(tx, { clientId: 'machine', thumbprint: 'a', at: after(seconds) }));
      const clients = await acts.admin`select last_used_at from machine_clients order by client_id`;
      const keys = await acts.admin`select last_used_at from machine_keys order by thumbprint`;
      return [...clients, ...keys].map((row) => (row['lastUsedAt'] as Date | null)?.getTime() ?? null);
    };
    const [one, two] = [begun.getTime(), after(61).getTime()];
    expect(await used(0)).toEqual([one, null, one, null]);
    expect(await used(60)).toEqual([one, null, one, null]);
    expect(await used(61)).toEqual([two, null, two, null]);
    const take = (day: string) => run((tx) => takeUpload(tx, { client: found, day }));
    expect([await take('2026-11-20'), await take('2026-11-20'), await take('2026-11-20')]).toEqual([true, true, false]);
    expect(await take('2026-11-21')).toBe(true);
  });

  it('lets a token and a proof be used once', async () => {
    for (const useOnce of [useTokenOnce, useProofOnce]) {
      const hash = crypto.randomUUID();
      expect(await run((tx) => useOnce(tx, hash, inDays(1)))).toBe(true);
      expect(await run((tx) => useOnce(tx, hash, inDays(1)))).toBe(false);
      const rows = acts.admin`select expires_at from used_tokens where token_hash = ${hash}`;
      expect(await rows).toMatchObject([{ expiresAt: inDays(1) }]);
    }
  });

  it('counts the refusals of a person and day, and finds the links that have not ended, the oldest first', async () => {
    const atLinking = <T>(work: Work<T>) => acts.world.database.transaction(systemScope('linking'), work);
    const refusals = (who: string, day: string) => atLinking((tx) => countRefusals(tx, who, day));
    for (const day of ['2026-11-20', '2026-11-20', '2026-11-21']) await atLinking((tx) => addRefusal(tx, 'one', day));
    expect([await refusals('one', '2026-11-20'), await refusals('one', '2026-11-21')]).toEqual([2, 1]);
    expect([await refusals('one', '2026-11-22'), await refusals('two', '2026-11-20')]).toEqual([0, 0]);
    const issued = {
      issued_by: 'x',
      issued_by_key: 'x',
      check_number: '0',
      assurance: 'certificate',
      relation: 'self',
    };
    for (const [id, person_id, pupil_id, days] of [
      ['l1', 'p1', 'a', 1],
      ['l2', 'p1', 'b', 0],
      ['l3', 'p2', 'a', 2],
    ] as const) {
      const row = { id, person_id, pupil_id, school_code: school, linked_at: inDays(days) };
      await acts.admin`insert into pupil_links ${acts.admin({ ...row, ...issued })}`;
    }
    const ids = async (filter: Parameters<typeof findLinks>[1]) =>
      (await atLinking((tx) => findLinks(tx, filter))).map(({ id }) => id);
    expect(await ids({})).toEqual(['l2', 'l1', 'l3']);
    expect(await ids({ personId: 'p1' })).toEqual(['l2', 'l1']);
    expect(await ids({ pupilId: 'a' })).toEqual(['l1', 'l3']);
    expect(await ids({ personId: 'p1', pupilId: 'a' })).toEqual(['l1']);
    // Only the school and the person themselves may end one.
    const own = { actor: 'person:p1', person: 'p1' };
    const end = (linkId: string) =>
      acts.world.database.transaction(own, (tx) => markLinkEnded(tx, { linkId, endedBy: 'x', at: begun }));
    expect(await end('l3')).toBeNull();
    expect(await end('l1')).toMatchObject({ id: 'l1', endedAt: begun, endedBy: 'x' });
    expect(await end('l1')).toBeNull();
    expect(await ids({})).toEqual(['l2', 'l3']);
  });
});
