import { eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { protectionMarks, protectionOrders, pupils } from '../../src/directory/tables.ts';
import { showGuardiansToAdults } from '../../src/identity/consents/store.ts';
import { guardianConsents } from '../../src/identity/consents/tables.ts';
import { consentUntil } from '../../src/identity/guardians/rules.ts';
import { guardians } from '../../src/identity/guardians/tables.ts';
import { pupilLinks } from '../../src/identity/links/tables.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
import { sessions } from '../../src/identity/tables.ts';
import type { Browser } from './support/browser.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
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

interface Consents {
  readonly pupils: readonly {
    readonly isOfAge: boolean;
    readonly latest: string;
    readonly former: readonly { readonly id: string; readonly name: string }[];
    readonly consents: readonly { readonly id: string; readonly state: string; readonly guardianName: string | null }[];
  }[];
}

const minorsDay = '2012-05-05';
const adultsDay = '2007-01-01';

describe('the consent of a pupil of age', () => {
  let world: World;
  let clerk: Browser;
  let principal: Browser;
  let pupilId: string;
  let pupil: Browser;
  let father: Browser;
  let guardianId: string;

  beforeAll(async () => {
    world = await openWorld();
    clerk = await staffBrowser(world, 'elementary-clerk');
    principal = await staffBrowser(world, 'elementary-principal');
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    pupilId = `pupil-${crypto.randomUUID()}`;
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx.insert(pupils).values({
        id: pupilId,
        schoolCode: schoolCode('elementary'),
        officialName: '辻󠄀　一',
        displayName: '辻　一',
        kana: 'ツジ　ハジメ',
        birthDate: minorsDay,
        grade: '6',
        homeroom: '6年1組',
      }),
    );
    guardianId = await confirmed();
    pupil = await linked(null);
    father = await linked(guardianId);
    await told();
    await born(adultsDay);
  });

  async function born(birthDate: string): Promise<void> {
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx.update(pupils).set({ birthDate }).where(eq(pupils.id, pupilId)),
    );
  }

  async function confirmed(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const id = await enterGuardian(clerk, more, pupilId);
    await bodyOf(principal.send('POST', `/api/guardians/${id}/confirmation`), 204);
    return id;
  }

  async function linked(ofGuardian: string | null, person?: Browser): Promise<Browser> {
    const { code } = await issueCode(clerk, ofGuardian, pupilId);
    const browser = person ?? (await personBrowser(world));
    const { linkId, checkNumber } = await bodyOf<Redeemed>(redeem(browser, code, minorsDay), 201);
    await bodyOf(principal.send('POST', `/api/links/${linkId}/confirmation`, { checkNumber }), 204);
    return browser;
  }

  const told = () => tellGuardians(world);

  function day(days: number): string {
    return dayInJapan(new Date(world.clock.now().getTime() + days * 86_400_000));
  }

  function give(by: Browser, more: Readonly<Record<string, unknown>> = {}): Promise<Response> {
    return by.send('POST', '/api/consents', { guardianId, scope: ['records'], until: day(30), ...more });
  }

  async function given(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await bodyOf<{ id: string }>(give(pupil, more), 201)).id;
  }

  async function shown(by: Browser = pupil): Promise<Consents['pupils'][number] | undefined> {
    return (await bodyOf<Consents>(by.send('GET', '/api/consents'), 200)).pupils[0];
  }

  /** What the guardian sees now, in the session that has been open all the while. */
  async function seen(by: Browser = father) {
    interface Link {
      readonly state: string;
      readonly pupilName: string | null;
      readonly scope: readonly string[];
      readonly until: string | null;
    }
    return (await bodyOf<{ links: readonly Link[] }>(by.send('GET', '/api/links'), 200)).links[0];
  }

  async function codeOf(answer: Promise<Response>): Promise<string> {
    const response = await answer;
    // Sound: a problem has a code.
    const { code } = (await response.json()) as { code: string };
    return `${response.status} ${code}`;
  }

  async function personOf(relation: 'self' | 'guardian'): Promise<string> {
    const rows = await world.database.transaction(systemScope('linking'), (tx) =>
      tx.select().from(pupilLinks).where(eq(pupilLinks.pupilId, pupilId)),
    );
    return rows.find((row) => row.relation === relation && row.endedAt === null)?.personId ?? '';
  }

  it('lets a former guardian see again, so much and so long, at once, and takes it back at once', async () => {
    expect(await seen()).toMatchObject({ state: 'ofAge', pupilName: null });
    expect((await shown())?.former.map(({ id }) => id)).toEqual([guardianId]);
    const id = await given({ scope: ['records', 'ledger'], until: day(30) });
    expect(await seen()).toMatchObject({ state: 'granted', scope: ['records', 'ledger'], until: day(30) });
    expect((await seen())?.pupilName).toContain('一');
    expect(await shown()).toMatchObject({ former: [], consents: [{ id, state: 'inForce' }] });
    expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'guardian.access-granted', outcome: 'done' });
    await bodyOf(pupil.send('DELETE', `/api/consents/${id}`), 204);
    expect(await seen()).toMatchObject({ state: 'ofAge', pupilName: null });
    expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'guardian.access-withdrawn', outcome: 'done' });
    expect((await shown())?.consents).toMatchObject([{ id, state: 'withdrawn' }]);
    // Again: there is nothing to take back, and what was taken back can be given anew.
    expect(await codeOf(pupil.send('DELETE', `/api/consents/${id}`))).toBe('404 consent.not-found');
    await given();
    expect(await seen()).toMatchObject({ state: 'granted', scope: ['records'] });
  });

  it('tells the guardian concerned and the pupil, and no other guardian', async () => {
    const mother = await confirmedAsMinor({ name: '西園寺　真由美', contactMail: 'mayumi@example.jp' });
    await bodyOf(give(pupil, { guardianId: mother }), 201);
    await told();
    const id = await given();
    const mails = await told();
    expect(mails.map(({ to }) => to)).toEqual(['kenichi@example.jp']);
    expect(mails[0]?.subject).toContain('成年の本人が、閲覧を承諾しました');
    await bodyOf(pupil.send('DELETE', `/api/consents/${id}`), 204);
    const after = await told();
    expect(after.map(({ to }) => to)).toEqual(['kenichi@example.jp']);
    expect(after[0]?.subject).toContain('取り消しました');
    const { notices } = await bodyOf<{ notices: { subject: string }[] }>(pupil.send('GET', '/api/notices'), 200);
    expect(notices.slice(0, 2).map(({ subject }) => subject)).toEqual(['access-withdrawn', 'access-granted']);
  });

  async function confirmedAsMinor(more: Readonly<Record<string, unknown>>): Promise<string> {
    await born(minorsDay);
    const id = await confirmed(more);
    await born(adultsDay);
    await told();
    return id;
  }

  it('is seen by the school on the page of the guardian', async () => {
    await given({ until: day(30) });
    const listed = await bodyOf<{ guardians: readonly object[] }>(
      clerk.send('GET', `/api/pupils/${pupilId}/guardians`),
      200,
    );
    expect(listed.guardians).toMatchObject([
      { state: 'granted', consent: { givenOn: day(0), until: day(30), scope: ['records'] } },
    ]);
    const page = await clerk.get(`/linking/${pupilId}/guardians/${guardianId}?lang=ja`);
    expect(await page.text()).toContain('本人の承諾');
  });

  it('ends with its last day, a year ahead at most', async () => {
    expect(await codeOf(give(pupil, { until: day(-1) }))).toBe('400 request.malformed');
    const [year = '', month = '', date = ''] = consentUntil(day(0)).split('-');
    const beyond = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date) + 1)).toISOString().slice(0, 10);
    expect(await codeOf(give(pupil, { until: beyond }))).toBe('400 request.malformed');
    expect(await codeOf(give(pupil, { scope: [] }))).toBe('400 request.malformed');
    await given({ until: day(0) });
    expect((await seen())?.state).toBe('granted');
    world.clock.pass({ days: 1 });
    const [again, own] = [
      await personBrowser(world, await personOf('guardian')),
      await personBrowser(world, await personOf('self')),
    ];
    expect((await seen(again))?.state).toBe('ofAge');
    expect((await shown(own))?.consents.map(({ state }) => state)).toEqual(['over']);
    world.clock.pass({ days: -1 });
  });

  it('takes one in force for one guardian, and one of two at once', async () => {
    const answers = await Promise.all([give(pupil), give(pupil)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(await codeOf(give(pupil))).toBe('409 consent.given-already');
    expect(await refusalsOf(world)).toContain('consent.given-already');
  });

  it('is given by the pupil alone, of age, fresh, and not by a paper', async () => {
    for (const staff of [clerk, principal]) expect(await codeOf(give(staff))).toBe('403 policy.denied');
    expect(await codeOf(give(father))).toBe('404 guardian.not-found');
    expect(await codeOf(give(await personBrowser(world)))).toBe('404 guardian.not-found');
    expect(await codeOf(give(pupil, { guardianId: 'nobody' }))).toBe('404 guardian.not-found');
    await born(minorsDay);
    expect(await codeOf(give(pupil))).toBe('422 consent.not-of-age');
    expect(await shown()).toMatchObject({ isOfAge: false, former: [] });
    await born(adultsDay);
    await session({ assurance: 'schoolCode' });
    expect(await codeOf(give(pupil))).toBe('403 policy.denied');
    expect(await refusalsOf(world)).toContain('school-code-never');
    await session({ assurance: 'certificate', revocation: 'notChecked' });
    expect(await codeOf(give(pupil))).toContain('login.not-checked');
    await session({ revocation: 'good' });
    world.clock.pass({ minutes: 11 });
    expect(await codeOf(give(pupil))).toBe('403 login.fresh-required');
    world.clock.pass({ minutes: -11 });
    const id = await given();
    // Taking back wants none of this; but it is the pupil's.
    for (const other of [father, await personBrowser(world)]) {
      expect(await codeOf(other.send('DELETE', `/api/consents/${id}`))).toBe('404 consent.not-found');
    }
    expect(await codeOf(principal.send('DELETE', `/api/consents/${id}`))).toBe('403 policy.denied');
    await session({ assurance: 'schoolCode', revocation: 'notChecked' });
    await bodyOf(pupil.send('DELETE', `/api/consents/${id}`), 204);
  });

  async function session(change: Partial<typeof sessions.$inferInsert>): Promise<void> {
    const personId = await personOf('self');
    await world.database.transaction(systemScope('login'), (tx) =>
      tx.update(sessions).set(change).where(eq(sessions.personId, personId)),
    );
  }

  it('reaches no guardian in dispute, ended or out of time, and rests when one becomes so', async () => {
    const id = await given();
    await bodyOf(principal.send('POST', `/api/guardians/${guardianId}/dispute`, { reason: '調停中' }), 204);
    expect(await seen()).toMatchObject({ state: 'disputed', pupilName: null });
    expect((await shown())?.consents).toMatchObject([{ id, state: 'resting', guardianName: null }]);
    await bodyOf(pupil.send('DELETE', `/api/consents/${id}`), 204);
    expect(await codeOf(give(pupil))).toBe('404 guardian.not-found');
    const settled = { outcome: 'restored', reason: '成立' };
    await bodyOf(principal.send('POST', `/api/guardians/${guardianId}/settlement`, settled), 204);
    await record({ validUntil: day(-1) });
    expect(await codeOf(give(pupil))).toBe('409 consent.not-possible');
    await record({ validUntil: null });
    await bodyOf(clerk.send('POST', `/api/guardians/${guardianId}/end`, { reason: '転居' }), 204);
    expect(await codeOf(give(pupil))).toBe('404 guardian.not-found');
    expect((await shown())?.former).toEqual([]);
  });

  async function record(change: Partial<typeof guardians.$inferInsert>): Promise<void> {
    const school = { actor: 'staff:test', school: schoolCode('elementary') };
    await world.database.transaction(school, (tx) =>
      tx.update(guardians).set(change).where(eq(guardians.id, guardianId)),
    );
  }

  it('reaches nobody while a protection order stands, nor the pupil themselves', async () => {
    for (const excludesPupil of [false, true]) {
      const id = await protect(excludesPupil);
      expect(await codeOf(give(pupil))).toBe('409 consent.not-possible');
      expect((await shown())?.former).toEqual([]);
      await unprotect(id);
    }
    await born(minorsDay);
    const own = await confirmed({ name: '辻　一' });
    await linked(own, pupil);
    await born(adultsDay);
    expect(await codeOf(give(pupil, { guardianId: own }))).toBe('409 consent.not-possible');
    expect((await shown())?.former.map(({ id }) => id)).toEqual([guardianId]);
  });

  const protecting = { actor: 'staff:staff-elementary-principal', school: '', role: 'principal' };

  async function protect(excludesPupil: boolean): Promise<string> {
    const [orderId, school] = [crypto.randomUUID(), schoolCode('elementary')];
    await world.database.transaction({ ...protecting, school }, async (tx) => {
      const subject = `pupil:${pupilId}`;
      const order = { id: orderId, schoolCode: school, subject, source: 'court' } as const;
      const dates = { startsOn: day(0), reviewOn: day(90), enteredBy: 'x', enteredAt: world.clock.now() };
      await tx.insert(protectionOrders).values({ ...order, ...dates });
      await tx.insert(protectionMarks).values({ orderId, schoolCode: school, subject, excludesPupil });
    });
    return orderId;
  }

  async function unprotect(orderId: string): Promise<void> {
    await world.database.transaction({ ...protecting, school: schoolCode('elementary') }, (tx) =>
      tx.delete(protectionMarks).where(eq(protectionMarks.orderId, orderId)),
    );
  }

  it('ends with the pupil’s own link, since nobody would be left to take it back', async () => {
    await given();
    const { links } = await bodyOf<{ links: readonly { id: string }[] }>(pupil.send('GET', '/api/links'), 200);
    await bodyOf(pupil.send('DELETE', `/api/links/${links[0]?.id}`), 204);
    expect((await seen())?.state).toBe('ofAge');
    const again = await relinked();
    await bodyOf(give(again), 201);
    expect((await seen())?.state).toBe('granted');
    const mine = await bodyOf<{ links: readonly { id: string }[] }>(again.send('GET', '/api/links'), 200);
    await bodyOf(principal.send('DELETE', `/api/links/${mine.links[0]?.id}`), 204);
    expect((await seen())?.state).toBe('ofAge');
    expect((await eventsOf(world)).slice(-2).map(({ name }) => name)).toEqual([
      'guardian.access-withdrawn',
      'person.unlinked',
    ]);
  });

  async function relinked(): Promise<Browser> {
    await born(minorsDay);
    const browser = await linked(null);
    await born(adultsDay);
    return browser;
  }

  describe('behind the second wall', () => {
    async function insert(change: Partial<typeof guardianConsents.$inferInsert> = {}, as?: string): Promise<void> {
      const person = as ?? (await personOf('self'));
      const row = {
        id: crypto.randomUUID(),
        pupilId,
        guardianId,
        schoolCode: schoolCode('elementary'),
        givenBy: person,
        scope: ['records'] as const,
        givenAt: new Date(),
        until: day(30),
        ...change,
      };
      await world.database.transaction({ actor: `person:${person}`, person }, async (tx) => {
        await showGuardiansToAdults(tx, [{ id: pupilId, birthDate: adultsDay }], day(0));
        await tx.insert(guardianConsents).values(row);
      });
    }

    /** Past the policies: no verb can do this. */
    async function allGivenAt(at: Date): Promise<void> {
      const client = postgres(world.adminUrl, { max: 1 });
      try {
        await client`update guardian_consents set given_at = ${at} where pupil_id = ${pupilId}`;
      } finally {
        await client.end();
      }
    }

    it('shows a pupil of age the confirmed guardians where a verb has asked the age, and a minor none', async () => {
      const person = await personOf('self');
      const shownTo = (asking: string, birthDate: string | null, id = pupilId) =>
        world.database.transaction({ actor: `person:${asking}`, person: asking }, async (tx) => {
          if (birthDate !== null) await showGuardiansToAdults(tx, [{ id, birthDate }], day(0));
          return (await tx.select({ id: guardians.id }).from(guardians)).map((row) => row.id);
        });
      expect(await shownTo(person, null)).toEqual([]);
      expect(await shownTo(person, minorsDay)).toEqual([]);
      expect(await shownTo(person, adultsDay, 'another-pupil')).toEqual([]);
      expect(await shownTo(person, adultsDay)).toEqual([guardianId]);
      // The wall is shut again after that transaction, and never open to somebody who is not the pupil.
      expect(await shownTo(person, null)).toEqual([]);
      expect(await shownTo('somebody', adultsDay)).toEqual([]);
      await record({ state: 'disputed' });
      expect(await shownTo(person, adultsDay)).toEqual([]);
    });

    it('may be written by the pupil for a confirmed guardian in time, and in no other way', async () => {
      await expect(insert({}, await personOf('guardian'))).rejects.toThrow();
      await expect(insert({ givenBy: 'somebody' })).rejects.toThrow();
      await expect(insert({ until: day(400) })).rejects.toThrow();
      await expect(insert({ until: day(-2) })).rejects.toThrow();
      await expect(insert({ givenAt: new Date(Date.now() + 3_600_000) })).rejects.toThrow();
      await expect(insert({ schoolCode: schoolCode('juniorHigh') })).rejects.toThrow();
      await expect(insert({ guardianId: 'another' })).rejects.toThrow();
      const order = await protect(false);
      await expect(insert()).rejects.toThrow();
      await unprotect(order);
      await record({ state: 'disputed' });
      await expect(insert()).rejects.toThrow();
      await record({ state: 'confirmed' });
      await insert();
    });

    it('shows the pupil to the guardian only by what was given at that age, and is not taken back by others', async () => {
      const guardian = await personOf('guardian');
      const own = { actor: `person:${guardian}`, person: guardian };
      const rows = () => world.database.transaction(own, (tx) => tx.select().from(pupils));
      expect(await rows()).toEqual([]);
      await insert();
      expect(await rows()).toHaveLength(1);
      // Of age for two days, by a corrected date: what was given now counts, what was given six days ago does not.
      const [year = '', month = '', date = ''] = day(-2).split('-');
      await born(`${Number(year) - 18}-${month}-${date}`);
      expect(await rows()).toHaveLength(1);
      await allGivenAt(new Date(Date.now() - 6 * 86_400_000));
      expect(await rows()).toEqual([]);
      await allGivenAt(new Date());
      const changed = await world.database.transaction(own, (tx) =>
        tx.update(guardianConsents).set({ withdrawnAt: new Date() }).returning({ id: guardianConsents.id }),
      );
      expect(changed).toEqual([]);
      const person = await personOf('self');
      const longer = world.database.transaction({ actor: `person:${person}`, person }, (tx) =>
        tx.update(guardianConsents).set({ until: '2099-01-01' }),
      );
      await expect(longer).rejects.toThrow();
    });
  });
});
