import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { pupils } from '../../src/directory/tables.ts';
import { announceMajority } from '../../src/identity/guardians/announce-majority.ts';
import { guardians } from '../../src/identity/guardians/tables.ts';
import { pupilLinks } from '../../src/identity/links/tables.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
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

interface Links {
  readonly links: readonly {
    readonly pupilName: string | null;
    readonly state: string;
    readonly until: string | null;
  }[];
}

const birthDate = '2012-05-05';

describe('the guardians of a pupil', () => {
  let world: World;
  let clerk: Browser;
  let principal: Browser;
  let vicePrincipal: Browser;
  let teacher: Browser;
  /** Of its own for each test: what one test ends, another does not see. */
  let pupilId: string;
  let born: string;

  beforeAll(async () => {
    world = await openWorld();
    clerk = await staffBrowser(world, 'elementary-clerk');
    principal = await staffBrowser(world, 'elementary-principal');
    vicePrincipal = await staffBrowser(world, 'elementary-vicePrincipal');
    teacher = await staffBrowser(world, 'elementary-homeroomTeacher');
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    pupilId = await addPupil({});
    born = birthDate;
    await told();
  });

  async function addPupil(more: { readonly homeroom?: string; readonly birthDate?: string }): Promise<string> {
    const id = `pupil-${crypto.randomUUID()}`;
    const name = { officialName: '辻󠄀　一', displayName: '辻　一', kana: 'ツジ　ハジメ' };
    const row = {
      id,
      schoolCode: schoolCode('elementary'),
      ...name,
      birthDate,
      grade: '6',
      homeroom: '6年1組',
      ...more,
    };
    await world.database.transaction(systemScope('directory'), (tx) => tx.insert(pupils).values(row));
    return id;
  }

  const told = () => tellGuardians(world);

  async function confirmed(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const id = await enterGuardian(clerk, more, pupilId);
    expect((await principal.send('POST', `/api/guardians/${id}/confirmation`)).status).toBe(204);
    return id;
  }

  async function asked(guardianId: string | null, person?: Browser): Promise<Redeemed & { readonly person: Browser }> {
    const { code } = await issueCode(clerk, guardianId, pupilId);
    const browser = person ?? (await personBrowser(world));
    return { ...(await bodyOf<Redeemed>(redeem(browser, code, born), 201)), person: browser };
  }

  function confirm(by: Browser, { linkId, checkNumber }: Redeemed): Promise<Response> {
    return by.send('POST', `/api/links/${linkId}/confirmation`, { checkNumber });
  }

  async function linked(guardianId: string | null): Promise<Browser> {
    const redeemed = await asked(guardianId);
    expect((await confirm(teacher, redeemed)).status).toBe(204);
    return redeemed.person;
  }

  async function stateOf(person: Browser): Promise<readonly string[]> {
    return (await bodyOf<Links>(person.send('GET', '/api/links'), 200)).links.map(({ state }) => state);
  }

  async function codeOf(answer: Response | Promise<Response>): Promise<string> {
    const response = await answer;
    // Sound: a problem has a code.
    const { code } = (await response.json()) as { code: string };
    return `${response.status} ${code}`;
  }

  describe('are entered by one person and confirmed by another', () => {
    it('not by whoever entered them, nor by a second account of the same person', async () => {
      const byVice = await staffBrowser(world, 'elementary-vice-principal-2');
      const id = await enterGuardian(byVice, {}, pupilId);
      expect(await codeOf(vicePrincipal.send('POST', `/api/guardians/${id}/confirmation`))).toBe(
        '403 guardian.four-eyes',
      );
      const own = await enterGuardian(principal, {}, pupilId);
      expect(await codeOf(principal.send('POST', `/api/guardians/${own}/confirmation`))).toBe('403 guardian.four-eyes');
      expect((await vicePrincipal.send('POST', `/api/guardians/${own}/confirmation`)).status).toBe(204);
      expect(await codeOf(vicePrincipal.send('POST', `/api/guardians/${own}/confirmation`))).toBe(
        '409 guardian.wrong-state',
      );
    });

    it('not by a clerk, a nurse, another class’s teacher, another school or a member of staff of the same name', async () => {
      const id = await enterGuardian(clerk, {}, pupilId);
      const path = `/api/guardians/${id}/confirmation`;
      expect(await codeOf(clerk.send('POST', path))).toBe('403 policy.denied');
      const nurse = await staffBrowser(world, 'elementary-schoolNurse');
      expect(await codeOf(nurse.send('POST', path))).toBe('403 policy.denied');
      const stranger = await staffBrowser(world, 'juniorHigh-principal');
      expect(await codeOf(stranger.send('POST', path))).toBe('404 guardian.not-found');
      pupilId = await addPupil({ homeroom: '6年2組' });
      const otherClass = await enterGuardian(clerk, {}, pupilId);
      expect(await codeOf(teacher.send('POST', `/api/guardians/${otherClass}/confirmation`))).toBe(
        '404 guardian.not-found',
      );
      const namesake = await enterGuardian(clerk, { name: '春野 桜子' }, pupilId);
      expect(await codeOf(principal.send('POST', `/api/guardians/${namesake}/confirmation`))).toBe(
        '403 guardian.own-name',
      );
      expect(await refusalsOf(world)).toContain('guardian.own-name');
    });

    it('one of two confirmations at once', async () => {
      const id = await enterGuardian(clerk, {}, pupilId);
      const answers = await Promise.all(
        [principal, vicePrincipal, teacher].map((by) => by.send('POST', `/api/guardians/${id}/confirmation`)),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409, 409]);
    });

    it('not for a pupil of age, nor more than ten', async () => {
      pupilId = await addPupil({ birthDate: '2000-01-01' });
      const request = { name: '親', kana: 'オヤ', relation: 'other', custody: 'none', scope: ['records'] };
      expect(await codeOf(clerk.send('POST', `/api/pupils/${pupilId}/guardians`, request))).toBe(
        '422 guardian.pupil-of-age',
      );
      pupilId = await addPupil({});
      for (let count = 0; count < 10; count += 1) await enterGuardian(clerk, {}, pupilId);
      expect(await codeOf(clerk.send('POST', `/api/pupils/${pupilId}/guardians`, request))).toBe(
        '422 guardian.too-many',
      );
    });
  });

  describe('are linked by a code that a second person confirms', () => {
    it('closes the door on a clerk who hands out a code and redeems it with a certificate of his own', async () => {
      const byVice = await staffBrowser(world, 'elementary-vice-principal-2');
      const guardianId = await confirmed();
      const { code } = await issueCode(byVice, guardianId, pupilId);
      const accomplice = await personBrowser(world);
      const redeemed = await bodyOf<Redeemed>(redeem(accomplice, code, birthDate), 201);
      expect(await stateOf(accomplice)).toEqual(['pending']);
      // Neither this account nor the other one of the same person.
      expect(await codeOf(confirm(byVice, redeemed))).toBe('403 policy.denied');
      expect(await codeOf(confirm(vicePrincipal, redeemed))).toBe('403 guardian.four-eyes');
      // And nobody without the number on the page of whoever redeemed it.
      const wrong = { ...redeemed, checkNumber: redeemed.checkNumber === '000000' ? '000001' : '000000' };
      expect(await codeOf(confirm(principal, wrong))).toBe('422 link.number-differs');
      expect(JSON.stringify(await bodyOf(principal.send('GET', '/api/links/pending'), 200))).not.toContain(
        redeemed.checkNumber,
      );
      expect((await principal.send('DELETE', `/api/links/${redeemed.linkId}`)).status).toBe(204);
      expect(await codeOf(confirm(principal, redeemed))).toBe('404 link.not-found');
      expect(await stateOf(accomplice)).toEqual([]);
    });

    it('tells the other guardians and the pupil at each step, and the mail names nobody', async () => {
      const pupil = await linked(null);
      const mother = await confirmed({ name: '西園寺　真由美', contactMail: 'mayumi@example.jp' });
      const known = await linked(mother);
      const father = await confirmed({ contactMail: 'kenichi@example.jp' });
      const care = await confirmed({ name: '祖母', custody: 'none', contactMail: 'sobo@example.jp' });
      await told();
      await asked(father);
      const mails = await told();
      expect(mails.map(({ to }) => to).toSorted()).toEqual(['kenichi@example.jp', 'mayumi@example.jp']);
      const text = JSON.stringify(mails);
      for (const word of ['辻', 'ツジ', pupilId, schoolCode('elementary'), '小学校', '真由美', father, care]) {
        expect([word, text.includes(word)]).toEqual([word, false]);
      }
      for (const somebody of [pupil, known]) {
        const { notices } = await bodyOf<{ notices: { subject: string }[] }>(somebody.send('GET', '/api/notices'), 200);
        expect(notices[0]?.subject).toBe('link-made');
      }
    });

    it('confirms record and link in one act, by somebody who did neither', async () => {
      const guardianId = await enterGuardian(principal, {}, pupilId);
      const redeemed = await asked(guardianId);
      expect(await codeOf(confirm(principal, redeemed))).toBe('403 guardian.four-eyes');
      expect((await confirm(teacher, redeemed)).status).toBe(204);
      expect(await stateOf(redeemed.person)).toEqual(['confirmed']);
      expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'person.linked', outcome: 'done' });
    });

    it('lets a renewed certificate take the place of the old one, by the school’s confirmation', async () => {
      const guardianId = await confirmed();
      const before = await linked(guardianId);
      const again = await asked(guardianId);
      expect(await stateOf(before)).toEqual(['confirmed']);
      expect((await confirm(principal, again)).status).toBe(204);
      expect(await stateOf(before)).toEqual([]);
      expect(await stateOf(again.person)).toEqual(['confirmed']);
      const rows = await world.database.transaction(systemScope('linking'), (tx) =>
        tx.select().from(pupilLinks).where(eq(pupilLinks.guardianId, guardianId)),
      );
      expect(rows.find(({ endedAt }) => endedAt !== null)?.replacedBy).toBe(again.linkId);
    });

    it('takes no code that was withdrawn, nor one of a guardian in dispute or ended', async () => {
      const guardianId = await confirmed();
      const person = await personBrowser(world);
      const withdrawn = await issueCode(clerk, guardianId, pupilId);
      const otherSchool = await staffBrowser(world, 'juniorHigh-clerk');
      expect(await codeOf(otherSchool.send('DELETE', `/api/linking-codes/${withdrawn.id}`))).toBe(
        '404 linking-code.not-found',
      );
      expect((await clerk.send('DELETE', `/api/linking-codes/${withdrawn.id}`)).status).toBe(204);
      expect(await codeOf(clerk.send('DELETE', `/api/linking-codes/${withdrawn.id}`))).toBe(
        '404 linking-code.not-found',
      );
      expect(await codeOf(redeem(person, withdrawn.code, birthDate))).toBe('422 link.refused');
      const open = await issueCode(clerk, guardianId, pupilId);
      await bodyOf(teacher.send('POST', `/api/guardians/${guardianId}/dispute`, { reason: '調停中' }), 204);
      expect(await codeOf(redeem(person, open.code, birthDate))).toBe('422 link.refused');
      expect((await refusalsOf(world)).slice(-1)).toEqual(['guardian-disputed']);
      const listed = await bodyOf<{ codes: { state: string }[] }>(
        clerk.send('GET', `/api/pupils/${pupilId}/guardians`),
        200,
      );
      expect(listed.codes.map(({ state }) => state).toSorted()).toEqual(['open', 'withdrawn']);
    });

    it('is not confirmed while the guardian is in dispute', async () => {
      const guardianId = await confirmed();
      const redeemed = await asked(guardianId);
      await bodyOf(clerk.send('POST', `/api/guardians/${guardianId}/dispute`, { reason: '調停中' }), 204);
      expect(await codeOf(confirm(teacher, redeemed))).toBe('409 guardian.wrong-state');
    });
  });

  describe('in dispute', () => {
    it('P-04 see no name and no place, at once, in the open session too; the others see on', async () => {
      const father = await confirmed();
      const mother = await confirmed({ name: '西園寺　真由美' });
      const [his, hers] = [await linked(father), await linked(mother)];
      await bodyOf(teacher.send('POST', `/api/guardians/${father}/dispute`, { reason: '親権の調停中' }), 204);
      const shown = await (await his.get('/api/links')).text();
      expect(shown).toContain('"state":"disputed"');
      for (const word of ['辻', schoolCode('elementary'), '親権の調停中']) expect(shown).not.toContain(word);
      const page = await (await his.get('/links?lang=ja')).text();
      for (const word of ['辻', '見本東小学校', '親権の調停中']) expect(page).not.toContain(word);
      expect(await stateOf(hers)).toEqual(['confirmed']);
      // Of the dispute itself the other parent is told, the one concerned is not.
      const mails = await told();
      expect(mails.filter(({ subject }) => subject.includes('確認中に')).length).toBeGreaterThan(0);
      const notices = await bodyOf<{ notices: { subject: string }[] }>(his.send('GET', '/api/notices'), 200);
      expect(notices.notices.map(({ subject }) => subject)).not.toContain('guardian-disputed');
    });

    it('is settled by the principal alone, with a reason: as it was, or ended', async () => {
      const guardianId = await confirmed();
      const person = await linked(guardianId);
      const path = `/api/guardians/${guardianId}`;
      await bodyOf(clerk.send('POST', `${path}/dispute`, { reason: '調停中' }), 204);
      for (const nobody of [clerk, teacher, vicePrincipal]) {
        const answer = nobody.send('POST', `${path}/settlement`, { outcome: 'restored', reason: 'x' });
        expect(await codeOf(answer)).toBe('403 policy.denied');
      }
      // Nor is it slipped out of by ending and restoring.
      expect(await codeOf(clerk.send('POST', `${path}/end`, { reason: 'x' }))).toBe('409 guardian.wrong-state');
      expect(await codeOf(clerk.send('POST', `${path}/restoration`))).toBe('409 guardian.wrong-state');
      expect((await principal.send('POST', `${path}/settlement`, { outcome: 'restored', reason: ' ' })).status).toBe(
        400,
      );
      await bodyOf(principal.send('POST', `${path}/settlement`, { outcome: 'restored', reason: '調停成立' }), 204);
      expect(await stateOf(person)).toEqual(['confirmed']);
      await bodyOf(clerk.send('POST', `${path}/dispute`, { reason: '再び' }), 204);
      await bodyOf(principal.send('POST', `${path}/settlement`, { outcome: 'ended', reason: '審判' }), 204);
      expect(await stateOf(person)).toEqual(['ended']);
    });
  });

  describe('end', () => {
    it('at the next request of an open session, and come back only by two people', async () => {
      const guardianId = await confirmed();
      const person = await linked(guardianId);
      await bodyOf(clerk.send('POST', `/api/guardians/${guardianId}/end`, { reason: '転居' }), 204);
      expect(await stateOf(person)).toEqual(['ended']);
      const mails = await told();
      expect(mails.map(({ subject }) => subject).join()).toContain('保護者の登録が終わりました');
      await bodyOf(clerk.send('POST', `/api/guardians/${guardianId}/restoration`), 204);
      expect(await stateOf(person)).toEqual(['pending']);
      await bodyOf(teacher.send('POST', `/api/guardians/${guardianId}/confirmation`), 204);
      expect(await stateOf(person)).toEqual(['confirmed']);
    });

    it('on the day that the school has set, by the date and not by a job', async () => {
      const guardianId = await confirmed();
      const person = await linked(guardianId);
      const day = (days: number) =>
        new Date(world.clock.now().getTime() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
      const path = `/api/guardians/${guardianId}/end`;
      expect(await codeOf(clerk.send('POST', path, { reason: 'x', lastDay: day(-1) }))).toBe('400 request.malformed');
      await bodyOf(clerk.send('POST', path, { reason: '年度末', lastDay: day(0) }), 204);
      expect(await stateOf(person)).toEqual(['confirmed']);
      world.clock.pass({ days: 1 });
      expect(await stateOf(await again(person))).toEqual(['over']);
      world.clock.pass({ days: -1 });
    });

    it('with the pupil’s 18th birthday, told thirty days ahead and on the day, each once', async () => {
      born = '2010-05-05';
      pupilId = await addPupil({ birthDate: born });
      const guardianId = await confirmed({ custody: 'none' });
      const person = await linked(guardianId);
      await told();
      const days = Math.round((Date.parse('2028-05-05T00:00:00+09:00') - world.clock.now().getTime()) / 86_400_000);
      const subjects = async () => (await told()).map(({ subject }) => subject);
      world.clock.pass({ days: days - 40 });
      expect(await announceMajority(world.services)).toBe(0);
      world.clock.pass({ days: 20 });
      expect(await announceMajority(world.services)).toBe(1);
      expect(await announceMajority(world.services)).toBe(0);
      expect(await subjects()).toEqual([expect.stringContaining('まもなく成年')]);
      expect(await stateOf(await again(person))).toEqual(['confirmed']);
      world.clock.pass({ days: 21 });
      // Nobody has told anybody yet, and the access is over all the same.
      expect(await stateOf(await again(person))).toEqual(['ofAge']);
      expect(await announceMajority(world.services)).toBe(1);
      expect(await subjects()).toEqual([expect.stringContaining('成年に達したため')]);
      expect(await announceMajority(world.services)).toBe(0);
      world.clock.pass({ days: -days - 1 });
    });

    /** The same person after days: sessions do not outlive them. */
    async function again(person: Browser): Promise<Browser> {
      const [row] = await world.database.transaction(systemScope('linking'), (tx) =>
        tx.select().from(pupilLinks).where(eq(pupilLinks.pupilId, pupilId)),
      );
      expect(person).toBeDefined();
      return personBrowser(world, row?.personId ?? '');
    }
  });

  it('lose the pupil behind the second wall too, on the day that the database has', async () => {
    const guardianId = await confirmed();
    await linked(guardianId);
    const [link] = await world.database.transaction(systemScope('linking'), (tx) =>
      tx.select().from(pupilLinks).where(eq(pupilLinks.guardianId, guardianId)),
    );
    const own = { actor: `person:${link?.personId}`, person: link?.personId ?? '' };
    const seen = async (day: string): Promise<number> => {
      const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
      const changed = { birthDate: new Date(Date.UTC(year - 18, month - 1, date)).toISOString().slice(0, 10) };
      await world.database.transaction(systemScope('directory'), (tx) =>
        tx.update(pupils).set(changed).where(eq(pupils.id, pupilId)),
      );
      return (await world.database.transaction(own, (tx) => tx.select().from(pupils))).length;
    };
    const day = (days: number) => dayInJapan(new Date(Date.now() + days * 86_400_000));
    // Neither the day itself nor its neighbour, so that a midnight in Japan between two lines changes nothing.
    expect(await seen(day(2))).toBe(1);
    expect(await seen(day(-2))).toBe(0);
  });

  it('are seen in the database by their school and themselves, and changed by no person', async () => {
    const guardianId = await confirmed();
    const person = await linked(guardianId);
    expect(await stateOf(person)).toEqual(['confirmed']);
    const [link] = await world.database.transaction(systemScope('linking'), (tx) =>
      tx.select().from(pupilLinks).where(eq(pupilLinks.guardianId, guardianId)),
    );
    const own = { actor: `person:${link?.personId}`, person: link?.personId ?? '' };
    const strangers = [
      { actor: 'anonymous' },
      { actor: 'person:x', person: 'x' },
      { actor: 'staff:x', school: schoolCode('juniorHigh') },
      systemScope('login'),
    ];
    for (const scope of strangers) {
      const rows = await world.database.transaction(scope, (tx) => tx.select().from(guardians));
      expect(rows, JSON.stringify(scope)).toEqual([]);
    }
    const wide = await world.database.transaction(own, (tx) =>
      tx.update(guardians).set({ seesHealth: true, state: 'confirmed' }).returning({ id: guardians.id }),
    );
    expect(wide).toEqual([]);
    const forged = world.database.transaction(own, (tx) =>
      tx
        .update(pupilLinks)
        .set({ confirmedAt: world.clock.now(), guardianId: null, relation: 'self' })
        .where(eq(pupilLinks.id, link?.id ?? '')),
    );
    await expect(forged).rejects.toThrow();
  });
});
