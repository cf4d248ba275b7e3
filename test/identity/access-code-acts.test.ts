import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { beginCodeLogin } from '../../src/identity/access-codes/begin-code-login.ts';
import { releaseAccessCode, withdrawAccessCode } from '../../src/identity/access-codes/change-access-code.ts';
import { completeCodeLogin } from '../../src/identity/access-codes/complete-code-login.ts';
import { issueAccessCode } from '../../src/identity/access-codes/issue-access-code.ts';
import { listAccessCodes } from '../../src/identity/access-codes/list-access-codes.ts';
import { accessNumberHandler, accessNumberJob } from '../../src/identity/access-codes/send-access-number.ts';
import { changeAccessCode, storeNumber } from '../../src/identity/access-codes/store.ts';
import { confirmGuardian } from '../../src/identity/guardians/confirm-guardian.ts';
import { enterGuardian } from '../../src/identity/guardians/enter-guardian.ts';
import { tellGuardiansJob } from '../../src/identity/guardians/notify-guardians.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { drain } from '../../src/notices/drain.ts';
import type { Mail } from '../../src/notices/mailer.ts';
import type { JobPayload } from '../../src/notices/outbox.ts';
import type { Role, StaffActor } from '../../src/policy/actor.ts';
import type { Result } from '../../src/result.ts';
import { personActor, staffActor } from '../policy/support/decisions.ts';
import { eventsOf } from './support/log.ts';
import { aPupil, openWorld, origin, schoolCode, staffId, type World } from './support/world.ts';

const aDate: unknown = expect.any(Date);
const aText: unknown = expect.any(String);

/** What each act on a paper leaves behind, verb by verb: rows, log and jobs. */
describe('an act on a paper', () => {
  let world: World;
  let admin: postgres.Sql;
  let clerk: StaffActor;
  let father: string;
  const sent: Mail[] = [];
  const told: JobPayload[] = [];

  beforeAll(async () => {
    world = await openWorld();
    admin = postgres(world.adminUrl, { max: 1, transform: postgres.camel });
    clerk = actor('clerk');
    father = await guardian('joint', 'father@example.jp');
  });
  afterAll(async () => {
    await admin?.end();
    await world?.drop();
  });
  beforeEach(async () => {
    await collect();
    sent.length = 0;
    told.length = 0;
  });

  function actor(role: Role, school: 'elementary' | 'juniorHigh' = 'elementary'): StaffActor {
    const id = staffId(`${school}-${role}`);
    return { ...staffActor(role), staffId: id, personKey: id, school: schoolCode(school), authenticatedAt: now() };
  }

  function now(): Date {
    return world.clock.now();
  }

  function valueOf<T>(result: Result<T>): T {
    if (!result.ok) throw new Error(`refused: ${result.fault.code}`);
    return result.value;
  }

  function codeOf(result: Result<unknown>): string {
    return result.ok ? 'done' : result.fault.code;
  }

  async function guardian(custody: 'joint' | 'none', contactMail: string | null, isConfirmed = true): Promise<string> {
    const what = { pupilId: aPupil.id, name: '葛城　健一', kana: 'カツラギ', relation: 'father' } as const;
    const days = { validFrom: null, validUntil: null };
    const entered = await enterGuardian(world.services, clerk, { ...what, ...days, custody, contactMail, scope: [] });
    const { id } = valueOf(entered);
    if (isConfirmed) valueOf(await confirmGuardian(world.services, actor('principal'), id));
    return id;
  }

  async function issue(guardianId: string | null = father) {
    return valueOf(await issueAccessCode(world.services, clerk, { pupilId: aPupil.id, guardianId }));
  }

  async function collect(): Promise<void> {
    const mailer = { send: async (mail: Mail) => void sent.push(mail) };
    const handlers = {
      [accessNumberJob]: accessNumberHandler(world.services, mailer),
      [tellGuardiansJob]: async ({ payload }: { payload: JobPayload }) => void told.push(payload),
    };
    while ((await drain(world.database, handlers)).done > 0);
  }

  async function numberFor(code: string): Promise<{ readonly attempt: string; readonly number: string }> {
    const { attempt } = await beginCodeLogin(world.services, code);
    await collect();
    return { attempt, number: /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? '' };
  }

  function finish(attempt: string | null, number: string) {
    return completeCodeLogin(world.services, { attempt, number, browser: 'Firefox/140.0', formerToken: null });
  }

  async function use(code: string) {
    const { attempt, number } = await numberFor(code);
    return valueOf(await finish(attempt, number));
  }

  const wrongFor = (number: string) => (number === '000000' ? '111111' : '000000');

  async function rowOf(id: string) {
    const [row] = await admin<Record<string, unknown>[]>`select * from access_codes where id = ${id}`;
    return row;
  }

  async function last() {
    return (await eventsOf(world)).at(-1);
  }

  const by = () => ({ by: clerk.staffId, assurance: 'organisationMember' });
  const school = schoolCode('elementary');
  const bySchool = { organisation: school, side: 'gateway', role: 'clerk', outcome: 'done', reason: null };

  it('issues it for fourteen days, for this guardian, and logs who did', async () => {
    const earlier = await issue();
    const forPupil = await issue(null);
    const issued = await issue();
    expect(await last()).toEqual({
      ...bySchool,
      name: 'access-code.issued',
      detail: { ...by(), code: issued.id, pupil: aPupil.id },
    });
    const whose = { pupilId: aPupil.id, schoolCode: school, issuedBy: clerk.staffId, issuedByKey: clerk.personKey };
    const row = await rowOf(issued.id);
    expect(row).toMatchObject({ ...whose, guardianId: father, tries: 0, withdrawnAt: null });
    expect(row?.['expiresAt']).toEqual(issued.expiresAt);
    const issuedAt = new Date(issued.expiresAt.getTime() - 14 * 86_400_000);
    expect(row?.['issuedAt']).toEqual(issuedAt);
    // The earlier one of the same holder ends; the pupil's own stays.
    expect(await rowOf(earlier.id)).toMatchObject({ withdrawnBy: clerk.staffId, withdrawnAt: aDate });
    expect(await rowOf(forPupil.id)).toMatchObject({ guardianId: null, withdrawnAt: null });
    const another = await issue(null);
    expect(await rowOf(forPupil.id)).toMatchObject({ withdrawnBy: clerk.staffId });
    expect(await rowOf(issued.id)).toMatchObject({ withdrawnAt: null });
    expect(await rowOf(another.id)).toMatchObject({ withdrawnAt: null });
  });

  it('withdraws of the earlier ones only what is still worth something', async () => {
    const used = await issue();
    await use(used.code);
    const old = await issue();
    world.clock.pass({ days: 14 });
    await issue();
    world.clock.pass({ days: -14 });
    expect(await rowOf(used.id)).toMatchObject({ withdrawnAt: null });
    expect(await rowOf(old.id)).toMatchObject({ withdrawnAt: null });
  });

  it('is refused with its reason, to the outside and in the log', async () => {
    const long = 'x'.repeat(100);
    const ask = (guardianId: string | null, who: StaffActor = clerk, pupilId = aPupil.id) =>
      issueAccessCode(world.services, who, { pupilId, guardianId }).then(codeOf);
    expect(await ask(null, clerk, long)).toBe('pupil.not-found');
    expect(await last()).toMatchObject({
      name: 'access-code.issued',
      outcome: 'refused',
      reason: 'pupil.not-found',
      detail: { pupil: 'x'.repeat(64) },
    });
    expect(await ask('nobody')).toBe('guardian.not-found');
    expect(await ask(await guardian('joint', 'new@example.jp', false))).toBe('guardian.wrong-state');
    expect(await last()).toMatchObject({ outcome: 'refused', reason: 'pending' });
    expect(await ask(await guardian('joint', null))).toBe('access-code.no-channel');
    expect(await ask(father, actor('homeroomTeacher'))).toBe('policy.denied');
    expect(await ask(father, actor('clerk', 'juniorHigh'))).toBe('pupil.not-found');
  });

  it('is entered: the log names the paper and what is wrong with it, and nobody else learns it', async () => {
    const issued = await issue();
    const entered = { name: 'access-code.entered', side: 'gateway', role: 'anonymous' };
    const asked = now();
    const begun = await beginCodeLogin(world.services, issued.code);
    const minutes = (begun.expiresAt.getTime() - asked.getTime()) / 60_000;
    expect([minutes >= 10, minutes < 11]).toEqual([true, true]);
    expect(await last()).toEqual({
      ...entered,
      outcome: 'done',
      reason: null,
      organisation: school,
      detail: { code: issued.id },
    });
    expect(await rowOf(issued.id)).toMatchObject({ numbersSent: 1 });
    await beginCodeLogin(world.services, 'no code at all');
    const unknown = { organisation: null, detail: {} };
    expect(await last()).toEqual({ ...entered, ...unknown, outcome: 'refused', reason: 'code-unknown' });
    const states = {
      used: admin`update access_codes set used_at = now() where id = ${issued.id}`,
      withdrawn: admin`update access_codes set withdrawn_at = now() where id = ${issued.id}`,
    };
    for (const [state, change] of Object.entries(states)) {
      await change;
      const { attempt } = await beginCodeLogin(world.services, issued.code);
      expect(await last()).toMatchObject({ outcome: 'refused', reason: `code-${state}`, detail: { code: issued.id } });
      expect(codeOf(await finish(attempt, '000000'))).toBe('login.code-refused');
      expect(await last()).toMatchObject({ name: 'login.done', reason: 'attempt-unknown', organisation: null });
    }
    expect(await rowOf(issued.id)).toMatchObject({ numbersSent: 1, tries: 0 });
  });

  it('sends a number to the guardian of the paper alone, and none when the paper has ended meanwhile', async () => {
    await guardian('none', 'apart@example.jp');
    await collect();
    const issued = await issue();
    await beginCodeLogin(world.services, issued.code);
    await collect();
    expect(sent.map(({ to }) => to)).toEqual(['father@example.jp']);
    expect(sent[0]?.id).toMatch(/^[0-9a-f-]{36}-0$/);
    expect(sent[0]?.text).toContain(origin);
    await beginCodeLogin(world.services, issued.code);
    valueOf(await withdrawAccessCode(world.services, clerk, issued.id));
    const late = await issue();
    await beginCodeLogin(world.services, late.code);
    world.clock.pass({ minutes: 10 });
    await collect();
    world.clock.pass({ minutes: -10 });
    expect(sent).toHaveLength(1);
    // Of a pupil's paper: to whoever has custody, and to each address once.
    await guardian('joint', 'father@example.jp');
    await beginCodeLogin(world.services, (await issue(null)).code);
    await collect();
    expect(sent.map(({ to }) => to)).toEqual(['father@example.jp', 'father@example.jp']);
  });

  it('cannot send a number for no attempt', async () => {
    const handler = accessNumberHandler(world.services, { send: async () => undefined });
    const job = { id: 'job', kind: accessNumberJob, attempt: 1, createdAt: now() };
    await expect(handler({ ...job, payload: {} }, AbortSignal.timeout(1000))).rejects.toThrow('it needs an attempt');
    const store = (hash: string) =>
      world.database.transaction(systemScope('access-code'), (tx) => storeNumber(tx, hash, 'x'));
    expect(await store('no attempt')).toBe(false);
    const { attempt } = await beginCodeLogin(world.services, 'no code');
    expect(await store(hashToken(attempt))).toBe(true);
  });

  it('lets in: a link that the school has confirmed, a session, the log, and a notice to the others', async () => {
    await admin`delete from pupil_links`;
    const issued = await issue();
    const { attempt, number } = await numberFor(issued.code);
    const { sessionId } = valueOf(await finish(attempt, number));
    const row = await rowOf(issued.id);
    expect(row).toMatchObject({ usedAt: aDate, tries: 1 });
    expect(await last()).toEqual({
      name: 'login.done',
      outcome: 'done',
      reason: null,
      organisation: school,
      side: 'person',
      role: 'person',
      detail: { person: row?.['usedBy'], session: sessionId, code: issued.id, assurance: 'schoolCode' },
    });
    expect(await admin`select * from pupil_links`).toMatchObject([
      {
        pupilId: aPupil.id,
        personId: row?.['usedBy'],
        schoolCode: school,
        relation: 'guardian',
        guardianId: father,
        assurance: 'schoolCode',
        checkNumber: '',
        issuedBy: clerk.staffId,
        issuedByKey: clerk.personKey,
        confirmedBy: `access-code:${issued.id}`,
        confirmedAt: aDate,
        endedAt: null,
      },
    ]);
    const [session] = await admin<Record<string, unknown>[]>`select * from sessions where id = ${sessionId}`;
    expect(session).toMatchObject({ assurance: 'schoolCode', staffId: null, personId: row?.['usedBy'] });
    expect(session).toMatchObject({ browser: 'Firefox/140.0', membershipId: null });
    expect(await admin`select * from log_ins where person_id = ${String(row?.['usedBy'])}`).toMatchObject([
      { outcome: 'done', assurance: 'schoolCode', browser: 'Firefox/140.0', reason: null },
    ]);
    await collect();
    expect(told).toEqual([{ pupilId: aPupil.id, subject: 'code-used', alsoGuardian: father }]);
    expect(await admin`select * from code_attempts where code_id = ${issued.id}`).toEqual([]);
    expect(codeOf(await finish(attempt, number))).toBe('login.code-refused');
    expect(await last()).toMatchObject({ reason: 'attempt-unknown' });
  });

  it('lets a pupil in as themselves', async () => {
    await admin`delete from pupil_links`;
    await use((await issue(null)).code);
    expect(await admin`select * from pupil_links`).toMatchObject([{ relation: 'self', guardianId: null }]);
    await collect();
    expect(told).toEqual([{ pupilId: aPupil.id, subject: 'code-used' }]);
    // The next paper finds the same person, unless the link has ended or was never confirmed.
    const people = async () => (await admin`select distinct person_id from pupil_links`).length;
    await use((await issue(null)).code);
    expect(await people()).toBe(1);
    await admin`update pupil_links set ended_at = now()`;
    await use((await issue(null)).code);
    expect(await people()).toBe(2);
    await admin`update pupil_links set confirmed_at = null, ended_at = now()`;
    await use((await issue(null)).code);
    expect(await people()).toBe(3);
  });

  it('refuses a wrong number: the log, the holder’s own list, and at the fifth a notice', async () => {
    await use((await issue()).code);
    const issued = await issue();
    const { attempt, number } = await numberFor(issued.code);
    told.length = 0;
    await admin`delete from log_ins`;
    const refused = { organisation: school, role: 'anonymous', side: 'gateway', detail: { code: issued.id } };
    for (const tries of [1, 2, 3, 4]) {
      expect(codeOf(await finish(attempt, wrongFor(number)))).toBe('login.code-refused');
      expect(await rowOf(issued.id)).toMatchObject({ tries });
    }
    expect(await last()).toEqual({ ...refused, name: 'login.done', outcome: 'refused', reason: 'number-differs' });
    expect(await admin`select * from log_ins limit 1`).toMatchObject([
      { outcome: 'refused', reason: 'wrongNumber', assurance: 'schoolCode', browser: 'Firefox/140.0' },
    ]);
    await collect();
    expect(told).toEqual([]);
    await finish(attempt, wrongFor(number));
    expect(await last()).toEqual({ ...refused, name: 'access-code.locked', outcome: 'done', reason: null });
    await collect();
    expect(told).toEqual([{ pupilId: aPupil.id, subject: 'code-locked', alsoGuardian: father }]);
    expect(codeOf(await finish(attempt, number))).toBe('login.code-refused');
    expect(await last()).toEqual({ ...refused, name: 'login.done', outcome: 'refused', reason: 'code-closed' });
    expect(await admin`select * from log_ins`).toHaveLength(6);
    await collect();
    expect(told).toHaveLength(1);
  });

  it('refuses a number without an attempt, and notes none for a holder who has never come', async () => {
    expect(codeOf(await finish(null, '000000'))).toBe('login.code-refused');
    expect(await last()).toEqual({
      name: 'login.done',
      outcome: 'refused',
      reason: 'attempt-unknown',
      organisation: null,
      side: 'gateway',
      role: 'anonymous',
      detail: {},
    });
    await admin`delete from pupil_links`;
    const { attempt, number } = await numberFor((await issue(null)).code);
    const before = await admin`select * from log_ins`;
    for (let tries = 1; tries <= 5; tries += 1) await finish(attempt, wrongFor(number));
    await collect();
    expect(told).toEqual([{ pupilId: aPupil.id, subject: 'code-locked' }]);
    expect(await admin`select * from log_ins`).toHaveLength(before.length);
  });

  it('releases one that is locked, and no other', async () => {
    const issued = await issue();
    const release = (who: StaffActor = clerk) => releaseAccessCode(world.services, who, issued.id).then(codeOf);
    expect(await release()).toBe('access-code.not-found');
    await admin`update access_codes set tries = 5, numbers_sent = 6 where id = ${issued.id}`;
    expect(await release(actor('homeroomTeacher'))).toBe('policy.denied');
    expect(await release(actor('clerk', 'juniorHigh'))).toBe('access-code.not-found');
    expect(await release()).toBe('done');
    expect(await last()).toEqual({
      ...bySchool,
      name: 'access-code.released',
      detail: { ...by(), code: issued.id },
    });
    const released = { releasedBy: clerk.staffId, releasedAt: aDate };
    expect(await rowOf(issued.id)).toMatchObject({ ...released, tries: 0, numbersSent: 0 });
    expect(codeOf(await releaseAccessCode(world.services, clerk, 'x'.repeat(100)))).toBe('access-code.not-found');
    expect(await last()).toMatchObject({
      name: 'access-code.released',
      reason: 'access-code.not-found',
      detail: { code: 'x'.repeat(64) },
    });
  });

  it('withdraws one in any state, and ends the user’s sessions by paper alone', async () => {
    const withdraw = (id: string) => withdrawAccessCode(world.services, clerk, id).then(codeOf);
    const [open, locked, expired, used] = [await issue(), await issue(null), await issue(), await issue()];
    await admin`update access_codes set withdrawn_at = null where id = ${used.id}`;
    await admin`update access_codes set tries = 5 where id = ${locked.id}`;
    await admin`update access_codes set expires_at = now() - interval '1 day' where id = ${expired.id}`;
    const { sessionId } = await use(used.code);
    const other = await use((await issue(null)).code);
    await admin`update sessions set assurance = 'certificate' where id = ${sessionId}`;
    const byPaper = await use((await issue()).code);
    await admin`update access_codes set withdrawn_at = null`;
    for (const { id } of [open, locked, expired, used]) {
      expect(await withdraw(id)).toBe('done');
      expect(await last()).toEqual({ ...bySchool, name: 'access-code.withdrawn', detail: { ...by(), code: id } });
      expect(await rowOf(id)).toMatchObject({ withdrawnBy: clerk.staffId, withdrawnAt: aDate });
    }
    const ids = (await admin`select id from sessions`).map(({ id }) => String(id));
    expect(ids).toEqual(expect.arrayContaining([sessionId, other.sessionId]));
    expect(ids).not.toContain(byPaper.sessionId);
    expect(await withdraw(open.id)).toBe('access-code.not-found');
  });

  it('lists the papers, the newest first, and for whom another can be printed', async () => {
    await admin`delete from access_codes`;
    const without = await guardian('joint', null);
    const [forPupil, forFather] = [await issue(null), await issue()];
    const { codes, holders, pupil } = valueOf(await listAccessCodes(world.services, clerk, aPupil.id));
    expect(pupil).toMatchObject({ id: aPupil.id });
    expect(codes).toEqual([
      {
        id: forFather.id,
        relation: 'guardian',
        guardianId: father,
        holder: '葛城　健一',
        state: 'open',
        issuedAt: aDate,
        expiresAt: forFather.expiresAt,
        usedAt: null,
      },
      expect.objectContaining({ id: forPupil.id, relation: 'self', guardianId: null, holder: null }),
    ]);
    expect(holders[0]).toEqual({ guardianId: null, name: aText, isReachable: true });
    expect(holders).toContainEqual({ guardianId: father, name: '葛城　健一', isReachable: true });
    expect(holders).toContainEqual({ guardianId: without, name: '葛城　健一', isReachable: false });
    const pending = await guardian('joint', null, false);
    const again = valueOf(await listAccessCodes(world.services, clerk, aPupil.id));
    expect(again.holders.map(({ guardianId }) => guardianId)).not.toContain(pending);
    const list = (who: Parameters<typeof listAccessCodes>[1], pupilId = aPupil.id) =>
      listAccessCodes(world.services, who, pupilId).then(codeOf);
    expect(await list({ kind: 'anonymous' })).toBe('login.required');
    expect(await list(personActor)).toBe('policy.denied');
    expect(await list(clerk, 'nobody')).toBe('pupil.not-found');
  });

  it('fails aloud when a paper under the lock is not there', async () => {
    const change = world.database.transaction(systemScope('access-code'), (tx) =>
      changeAccessCode(tx, 'no paper', { tries: 0 }),
    );
    await expect(change).rejects.toThrow('could not be changed');
  });
});
