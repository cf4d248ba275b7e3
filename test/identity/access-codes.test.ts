import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { accessCodes } from '../../src/identity/access-codes/tables.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import { type Letter, type LetterBox, numberIn, openLetterBox } from './support/mail.ts';
import { bodyOf, enterGuardian, type Issued, issueCode, redeem, staffBrowser } from './support/people.ts';
import { aPupil, openWorld, origin, schoolCode, type World } from './support/world.ts';

interface Begun {
  readonly attempt: string;
  readonly expiresAt: string;
}

describe('the paper for people without card and app', () => {
  let world: World;
  let box: LetterBox;
  let clerk: Browser;
  let father: string;
  let mother: string;
  let stranger: Browser;

  beforeAll(async () => {
    world = await openWorld();
    box = await openLetterBox(world);
    clerk = await staffBrowser(world, 'elementary-clerk');
    const principal = await staffBrowser(world, 'elementary-principal');
    father = await enterGuardian(clerk, { contactMail: 'father@example.jp' });
    mother = await enterGuardian(clerk, {
      name: '西園寺　真由美',
      relation: 'mother',
      contactMail: 'mother@example.jp',
    });
    for (const id of [father, mother]) {
      await bodyOf(principal.send('POST', `/api/guardians/${id}/confirmation`), 204);
    }
    await box.collect();
  });
  afterAll(async () => {
    await box?.close();
    await world?.drop();
  });
  // The clock is moved: the clerk logs in anew, and what waits in the letter box is of an earlier test.
  beforeEach(async () => {
    stranger = new Browser(world.app);
    clerk = await staffBrowser(world, 'elementary-clerk');
    await box.collect();
  });

  async function issue(guardianId: string | null = father): Promise<Issued> {
    return bodyOf(clerk.send('POST', `/api/pupils/${aPupil.id}/access-codes`, { guardianId }), 201);
  }

  function begin(browser: Browser, code: string): Promise<Begun> {
    return bodyOf(browser.send('POST', '/api/login/code-attempts', { code }), 201);
  }

  function finish(browser: Browser, attempt: string, number: string): Promise<Response> {
    return browser.send('POST', '/api/login/code', { attempt, number });
  }

  /** All that a guesser could tell answers apart by. */
  async function face(answer: Response): Promise<string> {
    const id = answer.headers.get('x-request-id') ?? '-';
    const text = (await answer.text()).replaceAll(/[0-9a-f-]{36}/g, 'ID').replaceAll(id, 'ID');
    return `${answer.status} ${text}`;
  }

  async function logIn(browser: Browser, guardianId: string | null = father): Promise<Letter> {
    const { code } = await issue(guardianId);
    const { attempt } = await begin(browser, code);
    const letter = (await box.collect()).find((one) => numberIn(one) !== '');
    expect((await finish(browser, attempt, numberIn(letter))).status).toBe(200);
    return letter ?? { to: '', text: '' };
  }

  async function rowOf(id: string) {
    const rows = await world.database.transaction(systemScope('access-code'), (tx) => tx.select().from(accessCodes));
    return rows.find((row) => row.id === id);
  }

  async function stateOf(id: string): Promise<string | undefined> {
    const path = `/api/pupils/${aPupil.id}/access-codes`;
    const { codes } = await bodyOf<{ codes: { id: string; state: string }[] }>(clerk.get(path), 200);
    return codes.find((code) => code.id === id)?.state;
  }

  it('lets a guardian in with the code and the number that was mailed, at the lowest level', async () => {
    const issued = await issue();
    expect(issued.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
    expect(issued.address).toBe(`${origin}/login/code#code=${issued.code}`);
    const { attempt } = await begin(stranger, issued.code.toLowerCase().replaceAll('-', ' '));
    const letters = await box.collect();
    expect(letters.map(({ to }) => to)).toEqual(['father@example.jp']);
    expect((await finish(stranger, attempt, numberIn(letters[0]))).status).toBe(200);
    expect(await stranger.identity()).toMatchObject({ kind: 'person', assurance: 'schoolCode' });
    const { links } = await bodyOf<{ links: unknown[] }>(stranger.get('/api/links'), 200);
    expect(links).toMatchObject([{ relation: 'guardian', state: 'confirmed' }]);
    expect(await stateOf(issued.id)).toBe('used');
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      name: 'login.done',
      organisation: schoolCode('elementary'),
    });
  });

  it('tells every guardian that it was used, and not the number again', async () => {
    await logIn(stranger);
    const told = await box.collect();
    expect(told.map(({ to }) => to).toSorted()).toEqual(['father@example.jp', 'mother@example.jp']);
    for (const { text } of told) {
      expect(text).toContain('学校が発行した番号でログインがありました');
      expect(text).not.toContain('さくら');
    }
  });

  it('sends a pupil’s number to every guardian with custody', async () => {
    const { code } = await issue(null);
    const { attempt } = await begin(stranger, code);
    const letters = await box.collect();
    expect(letters.map(({ to }) => to).toSorted()).toEqual(['father@example.jp', 'mother@example.jp']);
    expect(new Set(letters.map(numberIn)).size).toBe(1);
    expect((await finish(stranger, attempt, numberIn(letters[0]))).status).toBe(200);
    const { links } = await bodyOf<{ links: unknown[] }>(stranger.get('/api/links'), 200);
    expect(links).toMatchObject([{ relation: 'self', state: 'confirmed' }]);
  });

  it('knows the same guardian again by the next paper', async () => {
    await logIn(stranger);
    const again = new Browser(world.app);
    await logIn(again);
    const linkOf = async (browser: Browser) => {
      const { links } = await bodyOf<{ links: { id: string }[] }>(browser.get('/api/links'), 200);
      return links.map(({ id }) => id);
    };
    expect(await linkOf(again)).toEqual(await linkOf(stranger));
  });

  it('stores neither the code nor the number, in no table and no job', async () => {
    const { code } = await issue();
    const { attempt } = await begin(stranger, code);
    const client = postgres(world.adminUrl, { max: 1 });
    const rows = async () =>
      JSON.stringify([
        await client`select * from access_codes`,
        await client`select * from code_attempts`,
        await client`select * from outbox`,
        await client`select convert_from(sealed_detail, 'SQL_ASCII') from audit_events`.catch(() => []),
      ]);
    const before = await rows();
    const [letter] = await box.collect();
    const after = await rows();
    await client.end();
    const number = numberIn(letter);
    expect(number).toMatch(/^\d{6}$/);
    for (const secret of [code, code.replaceAll('-', ''), attempt]) expect(before + after).not.toContain(secret);
    expect(after).not.toContain(`"${number}"`);
  });

  it('ends after ten minutes of rest, and after an hour in any case', async () => {
    await logIn(stranger);
    const busy = new Browser(world.app);
    await logIn(busy);
    world.clock.pass({ minutes: 9 });
    expect(await busy.identity()).toMatchObject({ kind: 'person' });
    world.clock.pass({ minutes: 2 });
    expect(await stranger.identity()).toMatchObject({ kind: 'anonymous' });
    for (let minutes = 11; minutes < 60; minutes += 9) {
      expect(await busy.identity()).toMatchObject({ kind: 'person' });
      world.clock.pass({ minutes: 9 });
    }
    expect(await busy.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('may not ask for links, end one, or add a certificate: what lasts is not done with a paper', async () => {
    await logIn(stranger);
    const { code } = await issueCode(clerk, null);
    expect((await redeem(stranger, code)).status).toBe(403);
    const { links } = await bodyOf<{ links: { id: string }[] }>(stranger.get('/api/links'), 200);
    expect((await stranger.send('DELETE', `/api/links/${links[0]?.id}`)).status).toBe(403);
    const proof = { challengeId: 'x', certificates: ['AAAA'], signature: 'AAAA' };
    expect((await stranger.send('POST', '/api/certificates', proof)).status).toBe(403);
    expect((await refusalsOf(world)).slice(-3)).toEqual(Array(3).fill('school-code-never'));
  });

  it('A-15 says the same of a code that is right, unknown, used, withdrawn, expired or locked', async () => {
    const unknown = '00000-00000-00000-00000-00000-0';
    const used = (await issue(mother)).code;
    const { attempt } = await begin(stranger, used);
    await finish(stranger, attempt, numberIn((await box.collect())[0]));
    const withdrawn = await issue(father);
    await bodyOf(clerk.send('DELETE', `/api/access-codes/${withdrawn.id}`), 204);
    const good = (await issue(father)).code;
    const guesser = new Browser(world.app);
    const faces = new Set<string>();
    for (const code of [unknown, used, withdrawn.code, good]) {
      const begun = await guesser.send('POST', '/api/login/code-attempts', { code });
      const body = (await begun.clone().json()) as Begun;
      expect([begun.status, body.attempt.length]).toEqual([201, 43]);
      faces.add(await face(await finish(guesser, body.attempt, '000000')));
    }
    faces.add(await face(await finish(guesser, 'x'.repeat(43), '000000')));
    expect(faces.size).toBe(1);
    // Only the good one was worth a letter.
    const letters = await box.collect();
    expect(letters.filter((letter) => numberIn(letter) !== '').map(({ to }) => to)).toEqual(['father@example.jp']);
  });

  it('A-15 locks after five wrong numbers, tells the guardians, and lets only the school release', async () => {
    const { id, code } = await issue();
    const { attempt } = await begin(stranger, code);
    const number = numberIn((await box.collect())[0]);
    const wrong = number === '000000' ? '111111' : '000000';
    for (let tries = 1; tries <= 5; tries += 1) expect((await finish(stranger, attempt, wrong)).status).toBe(401);
    expect((await finish(stranger, attempt, number)).status).toBe(401);
    expect(await stateOf(id)).toBe('locked');
    const told = await box.collect();
    expect(told.map(({ to }) => to).toSorted()).toEqual(['father@example.jp', 'mother@example.jp']);
    expect(told[0]?.text).toContain('用紙を使えなくしました');
    // A locked paper has no number sent any more.
    await begin(stranger, code);
    expect(await box.collect()).toEqual([]);
    const elsewhere = await staffBrowser(world, 'juniorHigh-clerk');
    expect((await elsewhere.send('POST', `/api/access-codes/${id}/release`)).status).toBe(404);
    await bodyOf(clerk.send('POST', `/api/access-codes/${id}/release`), 204);
    const fresh = await begin(stranger, code);
    expect((await finish(stranger, fresh.attempt, numberIn((await box.collect())[0]))).status).toBe(200);
    const names = (await eventsOf(world)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['access-code.locked', 'access-code.released']));
  });

  it('A-15 looks at no more than five numbers that come at once', async () => {
    const { id, code } = await issue();
    const { attempt } = await begin(stranger, code);
    await box.collect();
    const guesses = Array.from({ length: 20 }, (_, index) => String(index).padStart(6, '0'));
    const answers = await Promise.all(guesses.map((guess) => finish(new Browser(world.app), attempt, guess)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await rowOf(id))?.tries).toBe(5);
    const looked = (await refusalsOf(world)).slice(-20).filter((reason) => reason === 'number-differs');
    expect(looked).toHaveLength(5);
  });

  it('A-15 opens one session when the right number comes three times at once', async () => {
    const { code } = await issue();
    const { attempt } = await begin(stranger, code);
    const number = numberIn((await box.collect())[0]);
    const answers = await Promise.all([1, 2, 3].map(() => finish(new Browser(world.app), attempt, number)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it('A-15 takes the number only from whoever typed the code, and only for ten minutes', async () => {
    const { code } = await issue();
    const mine = await begin(stranger, code);
    const number = numberIn((await box.collect())[0]);
    const theirs = await begin(new Browser(world.app), code);
    expect((await finish(stranger, theirs.attempt, number)).status).toBe(401);
    world.clock.pass({ minutes: 11 });
    expect((await finish(stranger, mine.attempt, number)).status).toBe(401);
  });

  it('A-15 sends at most five numbers for one paper, however often its finder asks', async () => {
    const { id, code } = await issue();
    for (let asked = 1; asked <= 7; asked += 1) await begin(stranger, code);
    expect(await box.collect()).toHaveLength(5);
    expect(await stateOf(id)).toBe('locked');
  });

  it('A-15 refuses both halves from another origin', async () => {
    const { code } = await issue();
    for (const [path, body] of [
      ['/login/code', new URLSearchParams({ code })],
      ['/login/code/number', new URLSearchParams({ number: '000000' })],
      ['/api/login/code-attempts', JSON.stringify({ code })],
      ['/api/login/code', JSON.stringify({ attempt: 'x', number: '000000' })],
    ] as const) {
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', 'content-type': 'text/plain' };
      expect((await stranger.request(path, { method: 'POST', body, headers })).status).toBe(403);
    }
    expect(await box.collect()).toEqual([]);
  });

  it('expires after fourteen days', async () => {
    const { id, code } = await issue();
    world.clock.pass({ days: 14 });
    await begin(stranger, code);
    expect(await box.collect()).toEqual([]);
    clerk = await staffBrowser(world, 'elementary-clerk');
    expect(await stateOf(id)).toBe('expired');
  });

  it('is withdrawn by the school, and what it had opened ends at once', async () => {
    const { id, code } = await issue();
    const { attempt } = await begin(stranger, code);
    await finish(stranger, attempt, numberIn((await box.collect())[0]));
    expect(await stranger.identity()).toMatchObject({ kind: 'person' });
    const elsewhere = await staffBrowser(world, 'juniorHigh-clerk');
    expect((await elsewhere.send('DELETE', `/api/access-codes/${id}`)).status).toBe(404);
    expect(await stranger.identity()).toMatchObject({ kind: 'person' });
    await bodyOf(clerk.send('DELETE', `/api/access-codes/${id}`), 204);
    expect(await stranger.identity()).toMatchObject({ kind: 'anonymous' });
    expect((await clerk.send('DELETE', `/api/access-codes/${id}`)).status).toBe(404);
  });

  it('makes the earlier paper of the same guardian worthless', async () => {
    const first = await issue();
    await issue();
    expect(await stateOf(first.id)).toBe('withdrawn');
  });

  it('is nothing that a linking code could stand for, nor the other way round', async () => {
    const linking = await issueCode(clerk, father);
    await begin(stranger, linking.code);
    expect(await box.collect()).toEqual([]);
    expect((await refusalsOf(world)).at(-1)).toBe('code-unknown');
  });

  it('is issued only by roles that may, for pupils of the own school and guardians in force', async () => {
    const path = `/api/pupils/${aPupil.id}/access-codes`;
    const teacher = await staffBrowser(world, 'elementary-homeroomTeacher');
    expect((await teacher.send('POST', path, { guardianId: father })).status).toBe(403);
    const elsewhere = await staffBrowser(world, 'juniorHigh-clerk');
    expect((await elsewhere.send('POST', path, { guardianId: father })).status).toBe(404);
    expect((await clerk.send('POST', path, { guardianId: 'nobody' })).status).toBe(404);
    const pending = await enterGuardian(clerk, { name: '未確認　太郎', contactMail: 'clerk@example.jp' });
    expect((await clerk.send('POST', path, { guardianId: pending })).status).toBe(409);
    const anonymous = await stranger.send('POST', path, { guardianId: father });
    expect(anonymous.status).toBe(401);
  });

  it('is not issued where no number could be sent, and says so on the page', async () => {
    const without = await openWorld();
    try {
      const own = await staffBrowser(without, 'elementary-clerk');
      const answer = await own.send('POST', `/api/pupils/${aPupil.id}/access-codes`, { guardianId: null });
      expect(answer.status).toBe(422);
      const page = await own.submit(`/linking/${aPupil.id}/papers`, { holder: 'self' });
      expect([page.status, (await page.text()).includes('確認番号の送り先がありません')]).toEqual([422, true]);
    } finally {
      await without.drop();
    }
  });

  it('works from page to page without script', async () => {
    const list = await (await clerk.get(`/linking/${aPupil.id}/papers`)).text();
    expect(list).toContain(father);
    const sheet = await clerk.submit(`/linking/${aPupil.id}/papers`, { holder: father });
    const text = await sheet.text();
    expect([sheet.status, text.includes('<svg class="qr"')]).toEqual([201, true]);
    const code = /([0-9A-Z]{5}-){5}[0-9A-Z]/.exec(text)?.[0] ?? '';
    expect((await stranger.get('/login/code/number')).headers.get('location')).toBe('/login/code');
    expect((await stranger.submit('/login/code', { code: '' })).status).toBe(400);
    expect((await stranger.submit('/login/code', { code })).headers.get('location')).toBe('/login/code/number');
    const number = numberIn((await box.collect())[0]);
    const wrong = await stranger.submit('/login/code/number', { number: number === '000000' ? '1' : '000000' });
    expect([wrong.status, (await wrong.text()).includes('確認番号を確認できませんでした')]).toEqual([401, true]);
    const done = await stranger.submit('/login/code/number', { number: `${number.slice(0, 3)} ${number.slice(3)}` });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(await stranger.identity()).toMatchObject({ assurance: 'schoolCode' });
    const used = await (await clerk.get(`/linking/${aPupil.id}/papers`)).text();
    expect(used).toContain('取り消して、ログインを終わらせる');
  });
});
