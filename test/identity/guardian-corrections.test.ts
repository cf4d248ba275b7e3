import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { pupils } from '../../src/directory/tables.ts';
import { guardians } from '../../src/identity/guardians/tables.ts';
import type { Browser } from './support/browser.ts';
import { eventsOf } from './support/log.ts';
import { tellGuardians } from './support/mail.ts';
import {
  bodyOf,
  enterGuardian,
  issueCode,
  personBrowser,
  type Redeemed,
  redeem,
  staffBrowser,
} from './support/people.ts';
import { openWorld, schoolCode, type World } from './support/world.ts';

interface Seen {
  readonly id: string;
  readonly name: string;
  readonly scope: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly state: string;
  readonly corrected: readonly string[];
  readonly version: number;
  readonly may: readonly string[];
}

const birthDate = '2012-05-05';
const content = {
  name: '葛城　健一',
  kana: 'カツラギ　ケンイチ',
  relation: 'father',
  custody: 'joint',
  contactMail: 'kenichi@example.jp',
  scope: ['records', 'health', 'ledger'],
};

describe('what a record says of a guardian', () => {
  let world: World;
  let clerk: Browser;
  let principal: Browser;
  let teacher: Browser;
  let pupilId: string;

  beforeAll(async () => {
    world = await openWorld();
    clerk = await staffBrowser(world, 'elementary-clerk');
    principal = await staffBrowser(world, 'elementary-principal');
    teacher = await staffBrowser(world, 'elementary-homeroomTeacher');
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    pupilId = `pupil-${crypto.randomUUID()}`;
    const name = { officialName: '辻󠄀　一', displayName: '辻　一', kana: 'ツジ　ハジメ' };
    const place = { schoolCode: schoolCode('elementary'), grade: '6', homeroom: '6年1組' };
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx.insert(pupils).values({ id: pupilId, birthDate, ...name, ...place }),
    );
    await told();
  });

  const told = () => tellGuardians(world);

  async function confirmed(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const id = await enterGuardian(clerk, more, pupilId);
    await bodyOf(principal.send('POST', `/api/guardians/${id}/confirmation`), 204);
    return id;
  }

  async function linked(guardianId: string): Promise<Browser> {
    const { code } = await issueCode(clerk, guardianId, pupilId);
    const person = await personBrowser(world);
    const { linkId, checkNumber } = await bodyOf<Redeemed>(redeem(person, code, birthDate), 201);
    await bodyOf(teacher.send('POST', `/api/links/${linkId}/confirmation`, { checkNumber }), 204);
    return person;
  }

  async function seen(id: string, by: Browser = clerk): Promise<Seen> {
    const list = await bodyOf<{ guardians: Seen[] }>(by.send('GET', `/api/pupils/${pupilId}/guardians`), 200);
    const guardian = list.guardians.find((one) => one.id === id);
    if (guardian === undefined) throw new Error('the guardian is not in the list');
    return guardian;
  }

  function correct(id: string, more: Readonly<Record<string, unknown>>, by: Browser = clerk): Promise<Response> {
    return by.send('PUT', `/api/guardians/${id}`, { ...content, ...more });
  }

  async function problemOf(answer: Promise<Response>): Promise<Readonly<Record<string, unknown>>> {
    const response = await answer;
    // Sound: a problem is an object.
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  }

  async function statesOf(person: Browser): Promise<readonly string[]> {
    const { links } = await bodyOf<{ links: { state: string }[] }>(person.send('GET', '/api/links'), 200);
    return links.map(({ state }) => state);
  }

  it('is corrected, counts for nothing until somebody else has confirmed it, and the link is kept', async () => {
    const id = await confirmed();
    const person = await linked(id);
    expect(await statesOf(person)).toEqual(['confirmed']);
    const { version, validFrom } = await seen(id);
    const more = { name: '葛󠄀城　健一', scope: ['records'], validUntil: '2029-03-31', version };
    await bodyOf(correct(id, more, principal), 204);
    expect(await statesOf(person)).toEqual(['pending']);
    expect(await seen(id)).toMatchObject({
      name: '葛󠄀城　健一',
      scope: ['records'],
      validFrom,
      validUntil: '2029-03-31',
      state: 'pending',
      corrected: ['name', 'scope', 'period'],
      version: version + 1,
    });
    expect(await problemOf(principal.send('POST', `/api/guardians/${id}/confirmation`))).toMatchObject({
      status: 403,
      code: 'guardian.four-eyes',
    });
    await bodyOf(teacher.send('POST', `/api/guardians/${id}/confirmation`), 204);
    expect(await statesOf(person)).toEqual(['confirmed']);
    expect(await seen(id)).toMatchObject({ state: 'confirmed', corrected: [] });
  });

  it('is corrected in the log by the names of its columns, never by what they say', async () => {
    const id = await confirmed();
    await bodyOf(correct(id, { custody: 'sole', contactMail: 'new@example.jp', version: 2 }), 204);
    const event = (await eventsOf(world)).at(-1);
    expect(event).toMatchObject({ name: 'guardian.corrected', outcome: 'done', role: 'clerk' });
    expect(event?.organisation).toBe(schoolCode('elementary'));
    expect(event?.detail).toMatchObject({ guardian: id, fields: 'custody contactMail' });
    expect(JSON.stringify(event)).not.toContain('example.jp');
  });

  it('takes the place of an address, and the former one is told once', async () => {
    const mother = await confirmed({ name: '西園寺　真由美', relation: 'mother', contactMail: 'mayumi@example.jp' });
    const id = await confirmed();
    await told();
    await bodyOf(correct(id, { contactMail: 'new@example.jp', version: 2 }), 204);
    const mails = await told();
    const of = (address: string) => mails.filter(({ to }) => to === address).map(({ subject }) => subject);
    expect(mails).toHaveLength(3);
    expect(of('kenichi@example.jp').join()).toContain('このメールアドレスは、保護者の連絡先から外されました');
    expect(of('new@example.jp').join()).toContain('学校が保護者の登録を訂正し');
    expect(of('mayumi@example.jp').join()).toContain('学校が保護者の登録を訂正し');
    expect(JSON.stringify(mails)).not.toMatch(/葛城|辻|真由美/);
    // A correction of something else tells the former address nothing.
    await bodyOf(correct(id, { contactMail: 'new@example.jp', relation: 'other', version: 3 }), 204);
    expect((await told()).map(({ to }) => to).toSorted()).toEqual(['mayumi@example.jp', 'new@example.jp']);
    await bodyOf(correct(id, { contactMail: null, relation: 'other', version: 4 }), 204);
    const last = await told();
    expect(last.map(({ to }) => to).toSorted()).toEqual(['mayumi@example.jp', 'new@example.jp']);
    expect((await seen(mother)).state).toBe('confirmed');
  });

  it('is not corrected from an older version, so that nobody undoes what they have not seen', async () => {
    const id = await confirmed();
    const { version } = await seen(id);
    const both = await Promise.all([
      correct(id, { name: '一', version }),
      correct(id, { name: '二', version }, principal),
    ]);
    expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['204', '412']);
    expect(await problemOf(correct(id, { name: '三', version }))).toMatchObject({
      status: 412,
      code: 'request.precondition-failed',
    });
  });

  it('is not corrected by nothing, nor to days that end before they begin', async () => {
    const id = await confirmed();
    const { version, validFrom } = await seen(id);
    expect(await problemOf(correct(id, { version }))).toMatchObject({ status: 400, code: 'request.malformed' });
    expect(await problemOf(correct(id, { validUntil: '2020-01-01', version }))).toMatchObject({ status: 400 });
    expect(await problemOf(correct(id, { validFrom: '2029-04-02', validUntil: '2029-04-01', version }))).toMatchObject({
      status: 400,
    });
    expect(await problemOf(correct(id, { scope: [], version }))).toMatchObject({ status: 400 });
    expect(await problemOf(correct(id, {}))).toMatchObject({ status: 400 });
    expect(await seen(id)).toMatchObject({ version, validFrom, state: 'confirmed' });
    await bodyOf(correct(id, { validFrom: '2029-04-01', validUntil: '2029-04-01', version }), 204);
  });

  it('is not corrected in dispute, which is the principal’s, nor after its end', async () => {
    const id = await confirmed();
    await bodyOf(teacher.send('POST', `/api/guardians/${id}/dispute`, { reason: '係争' }), 204);
    const { version } = await seen(id);
    expect(await problemOf(correct(id, { name: '一', version }))).toMatchObject({
      status: 409,
      code: 'guardian.wrong-state',
    });
    const settlement = { outcome: 'ended', reason: '審判' };
    await bodyOf(principal.send('POST', `/api/guardians/${id}/settlement`, settlement), 204);
    const ended = await seen(id);
    expect(ended.may).not.toContain('correct');
    expect(await problemOf(correct(id, { name: '一', version: ended.version }))).toMatchObject({
      code: 'guardian.wrong-state',
    });
  });

  it('is corrected by the clerk and the principal of the school alone', async () => {
    const id = await confirmed();
    const { version, may } = await seen(id);
    expect(may).toContain('correct');
    expect((await seen(id, teacher)).may).not.toContain('correct');
    const [nurse, elsewhere, person] = await Promise.all([
      staffBrowser(world, 'elementary-schoolNurse'),
      staffBrowser(world, 'juniorHigh-clerk'),
      linked(id),
    ]);
    const answers = await Promise.all(
      [teacher, nurse, person, elsewhere].map((by) => problemOf(correct(id, { name: '一', version }, by))),
    );
    expect(answers.map(({ status, code }) => `${String(status)} ${String(code)}`)).toEqual([
      '403 policy.denied',
      '403 policy.denied',
      '403 policy.denied',
      '404 guardian.not-found',
    ]);
    expect((await seen(id)).name).toBe(content.name);
  });

  it('can be corrected when the pupil is of age: what the pupil has given rests until it is confirmed', async () => {
    const id = await confirmed();
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx.update(pupils).set({ birthDate: '2007-01-01' }).where(eq(pupils.id, pupilId)),
    );
    const { version, state } = await seen(id);
    expect(state).toBe('ofAge');
    await bodyOf(correct(id, { contactMail: 'new@example.jp', version }), 204);
    expect((await seen(id)).state).toBe('pending');
    await bodyOf(teacher.send('POST', `/api/guardians/${id}/confirmation`), 204);
    expect((await seen(id)).state).toBe('ofAge');
  });

  it('keeps the former address for the notice and shows it to nobody', async () => {
    const id = await confirmed();
    await bodyOf(correct(id, { contactMail: 'new@example.jp', version: 2 }), 204);
    const answer = await clerk.send('GET', `/api/pupils/${pupilId}/guardians`);
    expect(await answer.text()).not.toContain('kenichi@example.jp');
    const [row] = await world.database.transaction(systemScope('linking'), (tx) =>
      tx.select({ formerMail: guardians.formerMail }).from(guardians).where(eq(guardians.id, id)),
    );
    expect(row?.formerMail).toBe('kenichi@example.jp');
  });
});
