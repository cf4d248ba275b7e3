import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { addAccount, beginAddAccount } from '../../src/identity/log-ins/add-account.ts';
import { addWay } from '../../src/identity/log-ins/add-way.ts';
import { disownLogIn } from '../../src/identity/log-ins/disown-log-in.ts';
import { forgetLogIns } from '../../src/identity/log-ins/forget-log-ins.ts';
import { listLogIns, listWays } from '../../src/identity/log-ins/list-log-ins.ts';
import { noteAtOwner } from '../../src/identity/log-ins/note-at-owner.ts';
import { noteLogIn, noteRefusal, noteStaffLogIn } from '../../src/identity/log-ins/note-log-in.ts';
import { notifyStaffOfLogIn, tellOfLogInJob } from '../../src/identity/log-ins/notify-of-log-in.ts';
import { removeWay } from '../../src/identity/log-ins/remove-way.ts';
import type { WayKey } from '../../src/identity/log-ins/store.ts';
import { tellKeepersHandler, tellKeepersJob } from '../../src/identity/log-ins/tell-keepers.ts';
import { tellOfLogInHandler } from '../../src/identity/log-ins/tell-of-log-in.ts';
import { type NewSession, openSession } from '../../src/identity/session.ts';
import type { AttemptRow } from '../../src/identity/store.ts';
import { guardianMailJob } from '../../src/notices/guardian-mail.ts';
import type { JobPayload } from '../../src/notices/outbox.ts';
import { staffMailJob } from '../../src/notices/staff-mail.ts';
import { type Actor, type PersonActor, scopeOf } from '../../src/policy/actor.ts';
import { machineActor } from '../policy/support/decisions.ts';
import { type Acts, begun, openActs, outcomeOf, person, staff, valueOf } from './support/acts.ts';
import { membershipId, schoolCode, staffId } from './support/world.ts';

const school = schoolCode('elementary');
const clerk = staff('clerk');
const long = 'x'.repeat(100);
const inDays = (days: number) => new Date(begun.getTime() + days * 86_400_000);
const card = (key: string, notAfter = inDays(365)): WayKey => ({ assurance: 'certificate', key, notAfter });
const app = (key: string): WayKey => ({ assurance: 'digitalAuthenticationApp', key, notAfter: null });

/** What each act on somebody's log-ins leaves behind, verb by verb: rows, log and jobs. */
describe('an act on a log-in', () => {
  let acts: Acts;
  let somebody: PersonActor;

  beforeAll(async () => {
    acts = await openActs();
  });
  afterAll(() => acts?.close());
  beforeEach(async () => {
    acts.setDay(0);
    somebody = await aPerson();
    await acts.admin`delete from log_ins`;
    await acts.jobs();
  });

  async function aPerson(): Promise<PersonActor> {
    const actor = person();
    await acts.admin`insert into persons ${acts.admin({ id: actor.personId, created_at: begun })}`;
    return actor;
  }

  type Work<T> = Parameters<typeof acts.world.database.transaction<T>>[1];
  const atLogIn = <T>(work: Work<T>) => acts.world.database.transaction(systemScope('login'), work);

  const add = (way: WayKey, who = somebody) =>
    atLogIn((tx) => addWay(tx, acts.services, { way, session: who, browser: 'Firefox/140.0' }));

  async function wayOf(way: WayKey, who = somebody): Promise<string> {
    valueOf(await add(way, who));
    await acts.jobs();
    const ways = valueOf(await listWays(acts.services, who));
    return ways.at(-1)?.id ?? '';
  }

  async function open(more: Partial<NewSession> = {}) {
    const who = { staffId: null, personId: somebody.personId, membershipId: null, assurance: 'certificate' } as const;
    const session = { ...who, browser: 'Edge', formerToken: null, ...more };
    const { sessionId, token } = await atLogIn((tx) => openSession(tx, acts.services, session));
    return { sessionId, token };
  }

  async function link(actor: PersonActor, pupilId: string, more: Readonly<Record<string, unknown>> = {}) {
    const who = { id: crypto.randomUUID(), pupil_id: pupilId, person_id: actor.personId, school_code: school };
    const issued = { issued_by: 'x', issued_by_key: 'x', check_number: '0', assurance: 'certificate' };
    const row = {
      ...who,
      ...issued,
      relation: 'self',
      linked_at: begun,
      confirmed_at: begun,
      confirmed_by: 'x',
      ...more,
    };
    await acts.admin`insert into pupil_links ${acts.admin(row)}`;
    return who.id;
  }

  const lines = () => acts.admin`select * from log_ins order by at, id`;
  const byPerson = { outcome: 'done', reason: null, organisation: null, side: 'person', role: 'person' };

  it('adds a way to a person, tells it, and takes none of another', async () => {
    const { personId, sessionId } = somebody;
    const [cardKey, appKey] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const [table, way] of [
      ['person_certificates', card(cardKey)],
      ['person_accounts', app(appKey)],
    ] as const) {
      expect(await outcomeOf(add(way))).toBe('done');
      const [row] = await acts.admin`select * from ${acts.admin(table)} where person_id = ${personId}`;
      expect(row).toMatchObject({ firstUsedAt: begun, lastUsedAt: begun, loggedInAt: null });
      if (way.assurance === 'certificate')
        expect(row).toMatchObject({ certificateKey: cardKey, notAfter: inDays(365) });
      else expect(row).toMatchObject({ accountKey: appKey });
      const detail = { person: personId, session: sessionId, added: way.assurance, assurance: 'certificate' };
      expect(await acts.last()).toEqual({ ...byPerson, name: 'login.way-added', detail });
      expect(await acts.jobs()).toEqual([{ kind: tellOfLogInJob, personId, subject: 'log-in-way-added' }]);
      // Twice is no error, and nothing new.
      expect(await outcomeOf(add(way))).toBe('done');
      expect(await acts.last()).toMatchObject({ outcome: 'done' });
      expect(await acts.jobs()).toEqual([]);
      const other = await aPerson();
      expect(await outcomeOf(add(way, other))).toBe('login.way-taken way-of-another-person');
      expect(await acts.last()).toEqual({
        ...byPerson,
        name: 'login.way-added',
        outcome: 'refused',
        reason: 'way-of-another-person',
        detail: { ...detail, person: other.personId },
      });
      expect(await acts.admin`select * from log_ins where person_id = ${other.personId}`).toMatchObject([
        { outcome: 'refused', reason: 'otherPerson', assurance: way.assurance, browser: 'Firefox/140.0' },
      ]);
      expect(await acts.jobs()).toEqual([]);
    }
    expect(await acts.admin`select * from log_ins where person_id = ${personId}`).toMatchObject([
      { outcome: 'added', reason: null, browser: 'Firefox/140.0' },
      { outcome: 'added', reason: null },
    ]);
  });

  it('lists the ways of a person, the oldest first, and which may go', async () => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await wayOf(app(first));
    acts.setDay(1);
    await wayOf(card(second, inDays(2)));
    const list = () => listWays(acts.services, somebody).then(valueOf);
    const id: unknown = expect.any(String);
    const account = { id, assurance: 'digitalAuthenticationApp', addedAt: begun, lastUsedAt: null, notAfter: null };
    const certificate = { id, assurance: 'certificate', addedAt: inDays(1), lastUsedAt: null, notAfter: inDays(2) };
    const inUse = { state: 'inUse', mayRemove: true };
    expect(await list()).toEqual([
      { ...account, ...inUse },
      { ...certificate, ...inUse },
    ]);
    await acts.admin`update person_certificates set logged_in_at = now() where certificate_key = ${second}`;
    expect((await list())[1]).toMatchObject({ lastUsedAt: inDays(1) });
    await link(somebody, await acts.pupil());
    expect((await list()).map(({ mayRemove }) => mayRemove)).toEqual([true, true]);
    acts.setDay(2);
    expect((await list())[1]).toMatchObject({ state: 'inUse' });
    acts.setDay(3);
    expect(await list()).toMatchObject([{ mayRemove: false }, { state: 'expired', mayRemove: true }]);
    const ask = (actor: Actor) => outcomeOf(listWays(acts.services, actor));
    expect(await ask(clerk)).toBe('policy.denied person-only');
    expect(await ask(machineActor())).toBe('policy.denied person-only');
    expect(await ask({ kind: 'anonymous' })).toBe('login.required');
    expect(await ask({ kind: 'unboundStaff', staffId: 'x', sessionId: 'x' })).toBe('login.required');
  });

  it('takes a way away with what it opened; never the last one of a person with links', async () => {
    const { personId, sessionId } = somebody;
    const way = await wayOf(card(crypto.randomUUID()));
    const remove = (wayId: string, who = somebody) =>
      removeWay(acts.services, who, { wayId, browser: 'Firefox/140.0' });
    const linkId = await link(somebody, await acts.pupil());
    expect(await outcomeOf(remove(way))).toBe('login.last-way');
    const detail = { person: personId, session: sessionId, way, assurance: 'certificate' };
    const refused = { ...byPerson, name: 'login.way-removed', outcome: 'refused' };
    expect(await acts.last()).toEqual({ ...refused, reason: 'login.last-way', detail });
    expect(await outcomeOf(remove(long))).toBe('login-way.not-found');
    expect((await acts.last())?.detail).toEqual({ ...detail, way: long.slice(0, 64) });
    expect(await outcomeOf(remove(way, await aPerson()))).toBe('login-way.not-found');
    expect(await outcomeOf(remove(way, { ...somebody, assurance: 'schoolCode' }))).toMatch(/^policy\.denied/);
    const unchecked = { ...somebody, revocation: 'notChecked' } as const;
    expect(await outcomeOf(remove(way, unchecked))).toBe('login.not-checked session-not-checked');
    expect(await acts.last()).toEqual({ ...refused, reason: 'session-not-checked', detail: {} });
    const other = await wayOf(app(crypto.randomUUID()));
    const [opened, kept] = [await open({ wayId: way }), await open({ wayId: other })];
    expect(valueOf(await remove(way))).toEqual({ current: false });
    const left = await acts.admin`select id from sessions where person_id = ${personId}`;
    expect(left).toEqual([{ id: kept.sessionId }]);
    expect(await acts.last()).toEqual({
      ...byPerson,
      name: 'logout.done',
      detail: { session: opened.sessionId, by: sessionId },
    });
    expect(await acts.jobs()).toEqual([{ kind: tellOfLogInJob, personId, subject: 'log-in-way-removed' }]);
    const removed = acts.admin`select * from log_ins where person_id = ${personId} and outcome = 'removed'`;
    expect(await removed).toMatchObject([{ assurance: 'certificate', browser: 'Firefox/140.0' }]);
    expect(await acts.admin`select * from person_certificates where person_id = ${personId}`).toEqual([]);
    await acts.set('pupil_links', linkId, { ended_at: begun });
    const own = await open({ wayId: other });
    expect(valueOf(await remove(other, { ...somebody, sessionId: own.sessionId }))).toEqual({ current: true });
    expect(await acts.admin`select * from person_accounts where person_id = ${personId}`).toEqual([]);
  });

  it('adds an account in the session that began it, and in no other', async () => {
    const { sessionId, token } = await open();
    const attempt = (bindTo: string | null) => ({ bindTo, returnTo: '/sessions' }) as AttemptRow;
    const finish = (
      formerToken: string | null,
      bindTo: string | null = sessionId,
      key: string = crypto.randomUUID(),
    ) => {
      const answer = { providerId: 'x', cookie: null, query: '', browser: 'Firefox/140.0', formerToken };
      return addAccount(acts.services, { answer, attempt: attempt(bindTo), key });
    };
    const staffSession = await open({ personId: null, staffId: clerk.staffId });
    for (const refused of [
      finish(null),
      finish('A'.repeat(43)),
      finish(token, null),
      finish(token, 'another'),
      finish(staffSession.token, staffSession.sessionId),
    ]) {
      expect(await outcomeOf(refused)).toBe('login.refused other-session');
      expect(await acts.last()).toEqual({
        ...byPerson,
        name: 'login.way-added',
        outcome: 'refused',
        reason: 'other-session',
        detail: {},
      });
    }
    const key = crypto.randomUUID();
    expect(valueOf(await finish(token, sessionId, key))).toEqual({
      sessionId,
      token,
      returnTo: '/sessions',
      mustChoose: false,
    });
    expect(await acts.admin`select * from person_accounts where account_key = ${key}`).toMatchObject([
      { personId: somebody.personId },
    ]);
    expect((await acts.last())?.detail).toMatchObject({ session: sessionId, assurance: 'certificate' });
    await add(app('of somebody else'), await aPerson());
    expect(await outcomeOf(finish(token, sessionId, 'of somebody else'))).toMatch(/^login\.way-taken/);
    acts.setDay(1);
    expect(await outcomeOf(finish(token))).toBe('login.refused other-session');
  });

  it('begins to add one for a person alone, whose card could be checked', async () => {
    const begin = (actor: Actor) =>
      outcomeOf(beginAddAccount(acts.services, actor, { providerId: 'none', returnTo: undefined }));
    expect(await begin(somebody)).toBe('request.not-found');
    expect(await begin(clerk)).toBe('login.required');
    expect(await begin({ ...somebody, assurance: 'schoolCode' })).toMatch(/^policy\.denied/);
    expect(await begin({ ...somebody, revocation: 'notChecked' })).toBe('login.not-checked session-not-checked');
    expect(await acts.last()).toMatchObject({ name: 'login.way-added', reason: 'session-not-checked', role: 'person' });
  });

  it('is noted for half a year, for its owner’s eyes', async () => {
    const { personId } = somebody;
    const browser = 'x'.repeat(201);
    await atLogIn((tx) => noteLogIn(tx, acts.services, { personId, assurance: 'certificate', browser }));
    expect(await lines()).toMatchObject([
      {
        personId,
        staffId: null,
        at: begun,
        outcome: 'done',
        reason: null,
        assurance: 'certificate',
        browser: 'x'.repeat(200),
        told: null,
        disownedAt: null,
        expiresAt: inDays(180),
      },
    ]);
    const list = async (actor: Actor = somebody) => valueOf(await listLogIns(acts.services, actor));
    const id: unknown = expect.any(String);
    expect(await list()).toEqual([
      {
        id,
        at: begun,
        outcome: 'done',
        reason: null,
        assurance: 'certificate',
        browser: 'x'.repeat(200),
        disownedAt: null,
      },
    ]);
    expect(await list(clerk)).toEqual([]);
    acts.setDay(180);
    expect(await list()).toEqual([]);
    acts.setDay(179);
    expect(await forgetLogIns(acts.services)).toBe(0);
    acts.setDay(180);
    expect(await forgetLogIns(acts.services)).toBe(1);
    acts.setDay(0);
    for (let day = 0; day <= 50; day += 1) {
      acts.setDay(day);
      await atLogIn((tx) => noteLogIn(tx, acts.services, { personId, assurance: 'certificate', browser: '' }));
    }
    const newest = await list();
    expect([newest.length, newest[0]?.at, newest[49]?.at]).toEqual([50, inDays(50), inDays(1)]);
    const ask = (actor: Actor) => outcomeOf(listLogIns(acts.services, actor));
    expect(await ask({ kind: 'anonymous' })).toBe('login.required');
    expect(await ask(machineActor())).toBe('policy.denied no-session');
    expect(await ask({ kind: 'unboundStaff', staffId: clerk.staffId, sessionId: 'x' })).toBe('done');
  });

  it('is told once a day after five refusals, to a person and to staff', async () => {
    const owners = [
      [
        { personId: somebody.personId },
        [{ kind: tellOfLogInJob, personId: somebody.personId, subject: 'log-ins-refused' }],
      ],
      [
        { staffId: clerk.staffId },
        // To the address of now, and to the one of before where there is one.
        ['current', 'former'].map((mailbox) => ({
          kind: staffMailJob,
          staff: clerk.staffId,
          school,
          subject: 'log-ins-refused',
          id: membershipId('elementary-clerk'),
          mailbox,
        })),
      ],
    ] as const;
    for (const [owner, jobs] of owners) {
      acts.setDay(0);
      const refuse = async (times: number) => {
        for (let count = 0; count < times; count += 1) {
          const noted = { ...owner, assurance: 'certificate', browser: 'Edge', reason: 'expired' } as const;
          await atLogIn((tx) => noteRefusal(tx, acts.services, noted));
        }
        return acts.jobs();
      };
      expect(await refuse(4)).toEqual([]);
      expect(await refuse(1)).toEqual(jobs);
      expect(await refuse(5)).toEqual([]);
      const noted = (await lines()).filter((row) => row['told'] !== null);
      expect(noted).toHaveLength(1);
      expect(noted[0]).toMatchObject({ ...owner, outcome: 'refused', reason: 'expired', told: 'log-ins-refused' });
      // Those of a day ago count no more, neither as refused nor as told.
      acts.setDay(1);
      expect(await refuse(4)).toEqual([]);
      expect(await refuse(1)).toEqual(jobs);
      await acts.admin`delete from log_ins`;
    }
  });

  it('of staff is told when it comes after a long rest or several refusals since the last one', async () => {
    const { staffId: owner } = clerk;
    const logIn = async (lastLogInAt: Date | null) => {
      const noted = { staffId: owner, assurance: 'organisationMember', browser: 'Edge', lastLogInAt } as const;
      await atLogIn((tx) => noteStaffLogIn(tx, acts.services, noted));
      return (await acts.jobs()).map(({ subject }) => subject);
    };
    const refuse = async (times: number) => {
      const noted = { staffId: owner, assurance: 'organisationMember', browser: '', reason: 'roleEnded' } as const;
      for (let count = 0; count < times; count += 1) await atLogIn((tx) => noteRefusal(tx, acts.services, noted));
    };
    expect(await logIn(null)).toEqual([]);
    expect(await lines()).toMatchObject([{ staffId: owner, personId: null, outcome: 'done', reason: null }]);
    expect(await logIn(inDays(-91))).toEqual(['log-in-after-absence', 'log-in-after-absence']);
    expect(await logIn(inDays(-91))).toEqual([]);
    await refuse(2);
    expect(await logIn(inDays(-1))).toEqual([]);
    await refuse(1);
    acts.setDay(0.5);
    // Of those before the last log-in it has been told, or there was nothing to tell.
    expect(await logIn(begun)).toEqual([]);
    expect(await logIn(inDays(-0.1))).toEqual(['log-in-after-refusals', 'log-in-after-refusals']);
    expect(await logIn(inDays(-0.1))).toEqual([]);
    acts.setDay(1);
    await acts.admin`update log_ins set told = null`;
    // A day later they count no more, and without a log-in before neither.
    expect(await logIn(inDays(-3))).toEqual([]);
    expect(await logIn(null)).toEqual([]);
    acts.setDay(0.9);
    expect(await logIn(null)).toEqual(['log-in-after-refusals', 'log-in-after-refusals']);
    // Whoever has no role any more has nothing that could be taken.
    await atLogIn((tx) => notifyStaffOfLogIn(tx, { staffId: 'nobody', subject: 'log-ins-refused', at: begun }));
    expect(await acts.jobs()).toEqual([]);
  });

  it('that somebody else answered is noted at the owner of the session, if there is one', async () => {
    const note = (sessionId: string) =>
      atLogIn((tx) => noteAtOwner(tx, acts.services, { sessionId, reason: 'otherPerson' }));
    await note('none');
    expect(await lines()).toEqual([]);
    await note((await open()).sessionId);
    const noted = { outcome: 'refused', reason: 'otherPerson', browser: 'Edge', assurance: 'certificate' };
    expect(await lines()).toMatchObject([{ ...noted, personId: somebody.personId, staffId: null }]);
    await acts.admin`delete from log_ins`;
    await note((await open({ personId: null, staffId: clerk.staffId })).sessionId);
    expect(await lines()).toMatchObject([{ ...noted, personId: null, staffId: clerk.staffId }]);
  });

  it('that was somebody else ends every other session, and the keepers of staff are told', async () => {
    const own = await open();
    const me = { ...somebody, sessionId: own.sessionId };
    const other = await open();
    await atLogIn((tx) => noteLogIn(tx, acts.services, { ...somebody, browser: '' }));
    const [line] = await lines();
    const id = String(line?.['id']);
    const disown = (actor: Actor, logIn = id) => disownLogIn(acts.services, actor, logIn);
    expect(await outcomeOf(disown({ kind: 'anonymous' }))).toBe('login.required');
    expect(await outcomeOf(disown(machineActor()))).toBe('policy.denied no-session');
    expect(await outcomeOf(disown(await aPerson()))).toBe('log-in.not-found');
    expect(await acts.row('sessions', other.sessionId)).toBeDefined();
    const how = { session: own.sessionId, person: me.personId, assurance: 'certificate' };
    expect(await outcomeOf(disown(me, long))).toBe('log-in.not-found');
    expect(await acts.last()).toEqual({
      ...byPerson,
      name: 'login.disowned',
      outcome: 'refused',
      reason: 'log-in.not-found',
      detail: { ...how, logIn: long.slice(0, 64) },
    });
    expect(valueOf(await disown(me))).toEqual({ ended: 1 });
    expect(await acts.row('log_ins', id)).toMatchObject({ disownedAt: begun });
    expect(await acts.row('sessions', other.sessionId)).toBeUndefined();
    expect(await acts.row('sessions', own.sessionId)).toBeDefined();
    expect(await acts.last()).toEqual({
      ...byPerson,
      name: 'logout.done',
      detail: { session: other.sessionId, by: own.sessionId, person: me.personId, assurance: 'certificate' },
    });
    expect(await acts.jobs()).toEqual([]);

    const ofStaff = { ...clerk, sessionId: 'chosen' };
    await atLogIn((tx) =>
      noteLogIn(tx, acts.services, { staffId: clerk.staffId, assurance: 'organisationMember', browser: '' }),
    );
    const [theirs] = await acts.admin`select id from log_ins where staff_id = ${clerk.staffId}`;
    const logIn = String(theirs?.['id']);
    const logged = { ...byPerson, name: 'login.disowned', side: 'gateway', role: 'staff' };
    const detail = { logIn, session: 'chosen', staff: clerk.staffId };
    await acts.admin`delete from sessions`;
    expect(valueOf(await disown(ofStaff, logIn))).toEqual({ ended: 0 });
    expect(await acts.last()).toEqual({
      ...logged,
      organisation: school,
      detail: { ...detail, assurance: 'organisationMember' },
    });
    expect(await acts.jobs()).toEqual([{ kind: tellKeepersJob, staffId: clerk.staffId }]);
    const unbound = { kind: 'unboundStaff', staffId: clerk.staffId, sessionId: 'chosen' } as const;
    expect(await outcomeOf(disown(unbound, logIn))).toBe('done');
    expect(await acts.last()).toEqual({ ...logged, detail });
  });

  it('is told to a person at each address that is theirs, once', async () => {
    const pupilId = await acts.pupil();
    const [own, other] = [await acts.guardian(pupilId), await acts.guardian(pupilId, { contactMail: 'b@example.jp' })];
    await acts.guardian(pupilId, { contactMail: null });
    const care = await acts.guardian(pupilId, { custody: 'none' });
    await acts.jobs();
    const tell = async (payload: JobPayload) => {
      const job = { id: crypto.randomUUID(), kind: tellOfLogInJob, payload, attempt: 1, createdAt: begun };
      const handler = tellOfLogInHandler(acts.services);
      await handler(job, AbortSignal.timeout(5000));
      await handler(job, AbortSignal.timeout(5000));
      const mails = (await acts.jobs()).map(({ kind, guardian, subject }) => [kind, guardian, subject].join(' '));
      const notices = await acts.admin`
        select receiver, person_id, pupil_id, subject, at from guardian_notices where job_id = ${job.id} order by receiver`;
      return { mails: mails.toSorted(), notices: [...notices] };
    };
    const { personId } = somebody;
    const told = { personId, subject: 'log-in-first' };
    expect(await tell(told)).toEqual({ mails: [], notices: [] });
    const linkId = await link(somebody, pupilId, { relation: 'guardian', guardian_id: own });
    const mail = (id: string) => `${guardianMailJob} ${id} log-in-first`;
    const line = { pupilId, subject: 'log-in-first', at: begun };
    expect(await tell(told)).toEqual({
      mails: [mail(own)],
      notices: [
        { ...line, receiver: `mail:${own}`, personId: null },
        { ...line, receiver: `person:${personId}`, personId },
      ],
    });
    await acts.set('guardians', own, { state: 'disputed' });
    expect((await tell(told)).mails).toEqual([]);
    await acts.set('guardians', own, { state: 'confirmed' });
    await acts.set('pupil_links', linkId, { confirmed_at: null, confirmed_by: null });
    expect((await tell(told)).notices).toEqual([]);
    await acts.set('pupil_links', linkId, {
      relation: 'self',
      guardian_id: null,
      confirmed_at: begun,
      confirmed_by: 'x',
    });
    expect((await tell(told)).mails).toEqual([mail(own), mail(other)].toSorted());
    expect((await tell(told)).mails.join()).not.toContain(care);
    await acts.set('guardians', other, { valid_until: '2026-11-19' });
    expect((await tell(told)).mails).toEqual([mail(own)]);
    await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
    expect((await tell(told)).mails).toEqual([]);
    await expect(tell({ personId, subject: 'link-made' })).rejects.toThrow('it needs personId and subject');
    await expect(tell({ subject: 'log-in-first' })).rejects.toThrow('it needs personId and subject');
  });

  it('of staff is told to those who keep the people of each school of theirs', async () => {
    const tell = async (payload: JobPayload) => {
      const job = { id: 'job', kind: tellKeepersJob, payload, attempt: 1, createdAt: begun };
      await tellKeepersHandler(acts.services)(job, AbortSignal.timeout(5000));
      return acts.jobs();
    };
    const [principal, administrator] = [staffId('elementary-principal'), staffId('hibarino-administrator')];
    const about = {
      kind: staffMailJob,
      school,
      subject: 'log-in-disowned',
      id: membershipId('elementary-clerk'),
      mailbox: 'current',
    };
    const told = await tell({ staffId: clerk.staffId });
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { ...about, staff: principal },
        { ...about, staff: administrator },
      ]),
    );
    // Whom it is about is not written to.
    expect((await tell({ staffId: principal })).map(({ staff: to }) => to)).toEqual([administrator]);
    expect(await tell({ staffId: administrator })).toEqual([]);
    expect(await tell({ staffId: 'nobody' })).toEqual([]);
    await expect(tell({})).rejects.toThrow('a log-ins.tell-keepers job needs staffId');
    const second = { id: 'administrator-second', staff_id: staffId('juniorHigh-clerk'), valid_from: '2020-04-01' };
    const [row] = await acts.admin`select founder_number from administrators where staff_id = ${administrator}`;
    await acts.admin`insert into administrators ${acts.admin({ ...second, founder_number: String(row?.['founderNumber']) })}`;
    expect((await tell({ staffId: administrator })).map(({ staff: to }) => to)).toEqual([second.staff_id]);
    await acts.admin`delete from administrators where id = ${second.id}`;
  });

  it('lets a person’s own transaction change nothing of another', async () => {
    await add(card(crypto.randomUUID()));
    const stranger = await aPerson();
    const seen = acts.world.database.transaction(scopeOf(stranger), (tx) =>
      noteLogIn(tx, acts.services, { personId: somebody.personId, assurance: 'certificate', browser: '' }),
    );
    await expect(seen).rejects.toThrow();
  });
});
