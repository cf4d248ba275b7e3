import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/directory/calendar/public-holidays.ts';
import { schoolDaysBetween, schoolYearOf } from '../../src/directory/calendar/school-days.ts';
import { boardClosures } from '../../src/directory/calendar/tables.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
import { caseAt, refusalIn } from '../hostile/support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { setDue, writeDeliveries } from './support/deliveries.ts';

const year = schoolYearOf(new Date().toISOString().slice(0, 10));
// A closed month of this school year, whenever the test runs after April.
const months = [`${year}-04-01`, `${year}-05-01`] as const;

interface BoardAnswer {
  readonly items: readonly {
    readonly dueOn: string | null;
    readonly other: { readonly code: string } | null;
    readonly schoolDaysLate: number;
  }[];
  readonly months: readonly { readonly counts: Readonly<Record<string, number | null>> }[];
  readonly perSchool: readonly { readonly code: string }[];
  readonly total: { readonly counts: Readonly<Record<string, number | null>> };
}

describe('the console of a board', { timeout: 180_000 }, () => {
  let world: HostileWorld;
  let auditor: Session;
  let ownerUrl: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    const at = { board: '119990', prefecture: '11', month: months[0] };
    ownerUrl = world.demo.environment['MIGRATION_DATABASE_URL'] ?? '';
    await writeDeliveries(ownerUrl, [
      { ...at, school: codeOf('juniorHigh'), state: 'acknowledged', count: 40 },
      { ...at, school: codeOf('juniorHigh'), state: 'acknowledged', closedAfter: 25, count: 12 },
      { ...at, school: codeOf('juniorHigh'), state: 'returned', count: 3 },
      { ...at, school: codeOf('elementary'), state: 'acknowledged', count: 30 },
      { ...at, school: codeOf('cityHigh'), state: 'acknowledged', count: 25 },
      { ...at, school: codeOf('juniorHigh'), month: months[1], state: 'deposited', count: 11 },
    ]);
    auditor = await world.as('hibarino-auditor');
  }, 180_000);
  afterAll(() => world?.close());

  const json = async (session: Session, path: string) => {
    const answer = await session.send('GET', path);
    // What is missing is undefined at run time, and the assertion on it fails.
    return { status: answer.status, body: JSON.parse(await answer.text()) as BoardAnswer };
  };
  const named = (rows: readonly { code: string }[], school: Parameters<typeof codeOf>[0]) =>
    rows.find(({ code }) => code === codeOf(school));

  it('lists what waits, the longest first, without a pupil, and from the same row as its neighbour', async () => {
    const made = await caseAt(world, { upTo: 'deposited', to: 'prefecturalHigh' });
    const { body } = await json(auditor, `/api/board/cases?school=${codeOf('juniorHigh')}&days=`);
    expect(body.items).toHaveLength(12);
    expect(body.items[0]).toMatchObject({ state: 'deposited', outcome: 'processFailure', waitsFor: 'recipient' });
    expect(body.items.at(-1)).toMatchObject({
      state: 'deposited',
      outcome: 'pending',
      school: { code: codeOf('juniorHigh') },
      other: { code: codeOf('prefecturalHigh') },
    });
    const text = JSON.stringify(body);
    for (const secret of [made.id, made.pupil.kana, made.pupil.birthDate]) expect(text).not.toContain(secret);
    const old = await json(auditor, `/api/board/cases?days=14`);
    expect(old.body.items).toHaveLength(11);
    // Its other side is the business of the other board.
    const other = await json(await world.as('nagano-auditor'), '/api/board/cases?side=recipient');
    expect(other.body.items).toMatchObject([{ school: { code: codeOf('prefecturalHigh') }, state: 'deposited' }]);
    expect((await json(await world.as('nagano-auditor'), '/api/board/cases')).body.items).toEqual([]);
  });

  it('gives caches one answer for readers of both languages', async () => {
    const answers = ['ja', 'en'].map(async (language) => {
      const answer = await fetch(`${world.origin}/api/statistics`, { headers: { 'accept-language': language } });
      return [answer.status, answer.headers.get('cache-control'), await answer.text()];
    });
    const [japanese, english] = await Promise.all(answers);
    expect(japanese).toEqual([
      200,
      'public, max-age=3600',
      expect.stringContaining('"dictionary":[{"column":"month","ja":'),
    ]);
    expect(english).toEqual(japanese);
  });

  it('answers for another board’s school as for one that does not exist', async () => {
    const foreign = await auditor.json('GET', `/api/board/cases?school=${codeOf('prefecturalHigh')}`);
    const none = await auditor.json('GET', '/api/board/cases?school=X000000000000');
    expect([refusalIn(foreign), refusalIn(none)]).toEqual(Array(2).fill('404 board.school-not-found'));
    expect(refusalIn(await auditor.json('GET', `/api/board/outcomes?school=${codeOf('prefecturalHigh')}`))).toBe(
      '404 board.school-not-found',
    );
    const page = await auditor.send('GET', `/board/cases?school=${codeOf('prefecturalHigh')}`);
    expect(page.status).toBe(404);
  });

  it('refuses periods of one’s own, and says which years there are', async () => {
    for (const query of ['from=2016-04&to=2026-03', 'from=2026-06-01', 'year=2016', 'year=x', `year=${year + 1}`]) {
      const answer = await auditor.json('GET', `/api/board/outcomes?${query}`);
      expect([query, refusalIn(answer)]).toEqual([query, '422 board.fixed-year']);
      expect(answer.body.detail).toContain('2026年度から');
    }
    for (const query of ['side=both', 'state=draft', 'days=4', 'cursor=%00']) {
      expect([query, refusalIn(await auditor.json('GET', `/api/board/cases?${query}`))]).toEqual([
        query,
        '400 request.malformed',
      ]);
    }
  });

  it('P-07 keeps back small numbers, the same ones under every filter', async () => {
    const all = (await json(auditor, `/api/board/outcomes?year=${year}`)).body;
    const own = (await json(auditor, `/api/board/outcomes?year=${year}&school=${codeOf('juniorHigh')}`)).body;
    const [april, may] = own.months;
    expect(april?.counts).toMatchObject({ inTime: 40, returned: null, technicalFailure: 0 });
    expect(may?.counts).toMatchObject({ processFailure: 11, returned: 0 });
    // 40 + 12 + 3 = 55: with the sum and the two others shown, three would be told.
    expect(april).toMatchObject({ counts: { late: null }, total: 55, inTimePercent: null });
    expect(own.perSchool).toEqual(all.perSchool);
    expect(named(all.perSchool, 'juniorHigh')).toMatchObject({ counts: { returned: null } });
    // Only one school returned any: the sum of all would tell it.
    expect(all.total.counts['returned']).toBeNull();
    expect(named(all.perSchool, 'elementary')).toMatchObject({ counts: { inTime: 30 }, total: 30, inTimePercent: 100 });
  });

  it('gives a school’s principal and vice-principal their own school, and nobody else anything', async () => {
    for (const role of ['principal', 'vicePrincipal']) {
      const session = await world.as(`cityHigh-${role}`);
      const { body } = await json(session, `/api/board/outcomes?year=${year}`);
      expect(body.perSchool.map(({ code }) => code)).toEqual([codeOf('cityHigh')]);
      expect(refusalIn(await session.json('GET', `/api/board/cases?school=${codeOf('juniorHigh')}`))).toBe(
        '404 board.school-not-found',
      );
    }
    for (const subject of ['juniorHigh-clerk', 'juniorHigh-schoolNurse', 'juniorHigh-homeroomTeacher']) {
      expect((await (await world.as(subject)).send('GET', '/api/board/cases')).status).toBe(403);
    }
  });

  it('writes CSV for spreadsheets, with X for what is kept back', async () => {
    const answer = await auditor.send('GET', `/api/board/outcomes.csv?year=${year}`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain('"X"');
    expect(text.split('\r\n')[0]).toContain('"schoolYear","side","school"');
    const cases = await (await auditor.send('GET', '/api/board/cases.csv?side=sender')).text();
    expect(cases.trimEnd().split('\r\n')).toHaveLength(13);
  });

  it('counts lateness by the calendar of the board whose school has to take it, whoever looks', async () => {
    const today = dayInJapan(world.clock.now());
    const dueOn = addDays(today, -12);
    const lateTo = async () => {
      const { body } = await json(auditor, `/api/board/cases?school=${codeOf('juniorHigh')}&days=`);
      const late = body.items.filter((item) => item.dueOn === dueOn);
      return new Map(late.map(({ other, schoolDaysLate }) => [other?.code, schoolDaysLate]));
    };
    for (const to of ['cityHigh', 'prefecturalHigh'] as const) {
      await setDue(ownerUrl, (await caseAt(world, { upTo: 'deposited', to })).id, dueOn);
    }
    const before = await lateTo();
    expect(before.get(codeOf('cityHigh'))).toBeGreaterThan(5);
    const id = crypto.randomUUID();
    const closure = { id, boardCode: codeOf('cityBoard'), firstDay: addDays(dueOn, -3), lastDay: addDays(today, -2) };
    await world.job('directory', (tx) => tx.insert(boardClosures).values({ ...closure, name: '臨時休業' }));
    const after = await lateTo();
    await world.job('directory', (tx) => tx.delete(boardClosures).where(eq(boardClosures.id, id)));
    expect(after.get(codeOf('cityHigh'))).toBe(schoolDaysBetween(addDays(today, -2), today, []));
    expect(after.get(codeOf('prefecturalHigh'))).toBe(before.get(codeOf('prefecturalHigh')));
  });

  it('shows pages in both languages, with a picture that has a name and a table beside it', async () => {
    for (const lang of ['ja', 'en']) {
      for (const path of ['/board', '/board/cases', `/board/outcomes?year=${year}`]) {
        const page = await auditor.send('GET', `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        const text = await page.text();
        expect([path, page.status]).toEqual([path, 200]);
        expect(text).not.toContain('undefined');
        if (path.includes('outcomes')) expect(text).toMatch(/<svg[^>]*role="img" aria-label="[^"]+"/);
      }
    }
  });
});
