import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { linkingCodes, pupilLinks } from '../../src/identity/links/tables.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { findSession } from '../../src/identity/store.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import { registerClient } from './support/machine.ts';
import {
  bodyOf,
  enterGuardian,
  type Issued,
  issueCode,
  personBrowser,
  type Redeemed,
  redeem,
  staffBrowser,
} from './support/people.ts';
import { aPupil, openWorld, origin, schoolCode, type World } from './support/world.ts';

describe('the link between a person and a pupil', () => {
  let world: World;
  let clerk: Browser;
  let guardian: Browser;
  let guardianId: string;

  beforeAll(async () => {
    world = await openWorld();
    clerk = await staffBrowser(world, 'elementary-clerk');
    guardianId = await enterGuardian(clerk);
    const principal = await staffBrowser(world, 'elementary-principal');
    expect((await principal.send('POST', `/api/guardians/${guardianId}/confirmation`)).status).toBe(204);
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    guardian = await personBrowser(world);
  });

  async function issue(relation: 'self' | 'guardian' = 'guardian'): Promise<Issued> {
    return issueCode(clerk, relation === 'self' ? null : guardianId);
  }

  it('is asked for by the code and the pupil’s birth date', async () => {
    const issued = await issue();
    expect(issued.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
    expect(issued.address).toBe(`${origin}/links/new#code=${issued.code}`);
    const answer = await redeem(guardian, issued.code);
    expect(answer.status).toBe(201);
    const redeemed = (await answer.json()) as Redeemed;
    expect(redeemed).toMatchObject({ relation: 'guardian', state: 'pending' });
    expect(redeemed.checkNumber).toMatch(/^\d{6}$/);
    const { links } = (await (await guardian.get('/api/links')).json()) as { links: unknown[] };
    // Not even the name: whoever holds the paper may be anybody.
    expect(links).toMatchObject([
      { pupilName: null, relation: 'guardian', state: 'pending', schoolCode: schoolCode('elementary') },
    ]);
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      name: 'linking-code.redeemed',
      outcome: 'done',
      organisation: schoolCode('elementary'),
    });
  });

  it('takes a code as people type it', async () => {
    const { code } = await issue('self');
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect((await redeem(guardian, typed)).status).toBe(201);
  });

  it('stores no code that could be used, only its hash', async () => {
    const { code } = await issue();
    const rows = await world.database.transaction(systemScope('linking'), (tx) => tx.select().from(linkingCodes));
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''));
  });

  it('needs a code once: the second person gets the same answer as for an unknown one', async () => {
    const { code } = await issue();
    expect((await redeem(guardian, code)).status).toBe(201);
    const used = await redeem(await personBrowser(world), code);
    const unknown = await redeem(await personBrowser(world), 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A');
    expect(await sameAnswer(used)).toEqual(await sameAnswer(unknown));
    expect((await refusalsOf(world)).slice(-2)).toEqual(['code-used', 'code-unknown']);
  });

  it('A-15 answers alike to wrong birth dates, unknown, expired and worn-out codes', async () => {
    const wrong = await issue();
    const expired = await issue();
    const answers = [
      await redeem(guardian, wrong.code, '2000-01-01'),
      await redeem(guardian, 'nonsense'),
      await redeem(guardian, 'ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-Z'),
    ];
    world.clock.pass({ days: 14 });
    const later = await personBrowser(world);
    answers.push(await redeem(later, expired.code));
    world.clock.pass({ days: -14 });
    for (let tried = 0; tried < 4; tried += 1) answers.push(await redeem(guardian, wrong.code, '2000-01-01'));
    answers.push(await redeem(guardian, wrong.code));
    const bodies = await Promise.all(answers.map(sameAnswer));
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ status: 422, code: 'link.refused' });
    expect((await refusalsOf(world)).at(-1)).toBe('code-worn-out');
  });

  it('writes into the log what came of each code, under its school, and by whom', async () => {
    const hash = hashToken(guardian.cookie('__Host-sid'));
    const session = await world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
    const byPerson = { name: 'linking-code.redeemed', side: 'person', role: 'person' };
    const detail = { person: session?.personId, assurance: 'certificate' };
    const own = { organisation: schoolCode('elementary'), detail };
    const withdrawn = await issue();
    await world.database.transaction(systemScope('linking'), (tx) =>
      tx.update(linkingCodes).set({ withdrawnAt: world.clock.now() }).where(eq(linkingCodes.id, withdrawn.id)),
    );
    const good = await issue();
    for (const [code, birthDate, reason, where] of [
      ['nonsense', aPupil.birthDate, 'code-unknown', { organisation: null, detail }],
      [withdrawn.code, aPupil.birthDate, 'code-withdrawn', own],
      [good.code, '2012-05-06', 'birth-date-differs', own],
    ] as const) {
      expect((await redeem(guardian, code, birthDate)).status).toBe(422);
      expect((await eventsOf(world)).at(-1)).toEqual({ ...byPerson, ...where, outcome: 'refused', reason });
    }
    const { linkId } = await bodyOf<Redeemed>(redeem(guardian, good.code), 201);
    const done = { outcome: 'done', reason: null, detail: { ...detail, link: linkId } };
    expect((await eventsOf(world)).at(-1)).toEqual({ ...byPerson, ...own, ...done });
    for (let tried = 3; tried < 10; tried += 1) await redeem(guardian, 'nonsense');
    expect((await redeem(guardian, good.code)).status).toBe(429);
    expect((await eventsOf(world)).at(-1)).toMatchObject({ ...byPerson, organisation: null, reason: 'person-locked' });
  });

  it('A-15 counts five tries at once as five tries', async () => {
    const { code } = await issue();
    const people = await Promise.all(Array.from({ length: 8 }, () => personBrowser(world)));
    await Promise.all(people.map((person) => redeem(person, code, '1999-12-31')));
    expect((await redeem(guardian, code)).status).toBe(422);
  });

  it('A-15 locks a person after ten refusals in a day, and only that person', async () => {
    for (let tried = 0; tried < 10; tried += 1) expect((await redeem(guardian, `AAAAA-${tried}`)).status).toBe(422);
    const { code } = await issue();
    const locked = await redeem(guardian, code);
    expect(locked.status).toBe(429);
    expect((await redeem(await personBrowser(world), code)).status).toBe(201);
  });

  it('lets one of two people at once have a code', async () => {
    const { code } = await issue();
    const people = await Promise.all([personBrowser(world), personBrowser(world), personBrowser(world)]);
    const answers = await Promise.all(people.map((person) => redeem(person, code)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422]);
  });

  it('is one link when the same person redeems two codes', async () => {
    await redeem(guardian, (await issue()).code);
    await redeem(guardian, (await issue()).code);
    const { links } = (await (await guardian.get('/api/links')).json()) as { links: unknown[] };
    expect(links).toHaveLength(1);
  });

  it('can be prepared only by roles that may, for pupils of the own school', async () => {
    const teacher = await staffBrowser(world, 'elementary-homeroomTeacher');
    const refused = await teacher.send('POST', `/api/pupils/${aPupil.id}/linking-codes`, { relation: 'self' });
    expect(refused.status).toBe(403);
    const otherSchool = await staffBrowser(world, 'juniorHigh-clerk');
    const answers = [
      await otherSchool.send('POST', `/api/pupils/${aPupil.id}/linking-codes`, { relation: 'self' }),
      await otherSchool.send('POST', '/api/pupils/pupil-of-nobody/linking-codes', { relation: 'self' }),
    ];
    const bodies = await Promise.all(answers.map(sameAnswer));
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]).toMatchObject({ status: 404 });
    const anonymous = new Browser(world.app);
    expect((await anonymous.send('POST', `/api/pupils/${aPupil.id}/linking-codes`, { relation: 'self' })).status).toBe(
      401,
    );
    const client = await registerClient(world);
    const machine = await client.bound.send(await client.token(), `${origin}/api/pupils/${aPupil.id}/linking-codes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ relation: 'self' }),
    });
    expect(machine.status).toBe(403);
  });

  it('ends by the person or by the school, never by strangers, and leaves the row', async () => {
    const first = (await (await redeem(guardian, (await issue()).code)).json()) as { linkId: string };
    const stranger = await personBrowser(world);
    const otherSchool = await staffBrowser(world, 'juniorHigh-clerk');
    for (const nobody of [stranger, otherSchool]) {
      expect((await nobody.send('DELETE', `/api/links/${first.linkId}`)).status).toBe(404);
    }
    expect((await guardian.send('DELETE', `/api/links/${first.linkId}`)).status).toBe(204);
    expect((await guardian.send('DELETE', `/api/links/${first.linkId}`)).status).toBe(404);
    const second = (await (await redeem(guardian, (await issue()).code)).json()) as { linkId: string };
    const listed = await (await clerk.get(`/api/links?pupil=${aPupil.id}`)).text();
    expect(listed).toContain(second.linkId);
    expect(listed).not.toContain(first.linkId);
    expect((await clerk.send('DELETE', `/api/links/${second.linkId}`)).status).toBe(204);
    const rows = await world.database.transaction(systemScope('linking'), (tx) => tx.select().from(pupilLinks));
    const ended = rows.filter(({ id }) => id === first.linkId || id === second.linkId);
    expect(ended.map(({ endedBy }) => endedBy?.split(':')[0])).toEqual(['person', 'staff']);
  });

  it('is seen by nobody else in the database either', async () => {
    await redeem(guardian, (await issue()).code);
    const scopes = [
      { actor: 'anonymous' },
      { actor: 'person:x', person: 'x' },
      { actor: 'staff:x', school: schoolCode('juniorHigh') },
      systemScope('login'),
    ];
    for (const scope of scopes) {
      const rows = await world.database.transaction(scope, (tx) => tx.select().from(pupilLinks));
      expect(rows, JSON.stringify(scope)).toEqual([]);
    }
  });

  it('has pages for the whole way, without script', async () => {
    expect(await (await clerk.get('/linking')).text()).toContain('葛󠄀城　さくら');
    expect((await clerk.get(`/linking/${aPupil.id}`)).status).toBe(200);
    const sheet = await clerk.submit(`/linking/${aPupil.id}/guardians/${guardianId}/issue`, {});
    expect(sheet.status).toBe(201);
    const text = await sheet.text();
    expect(text).toContain('<svg class="qr"');
    const code = /([0-9A-Z]{5}-){5}[0-9A-Z]/.exec(text)?.[0] ?? '';
    expect((await guardian.get('/links/new')).status).toBe(200);
    expect((await guardian.submit('/links', { code: '', birthDate: '' })).status).toBe(400);
    expect((await guardian.submit('/links', { code, birthDate: '2001-01-01' })).status).toBe(422);
    const linked = await guardian.submit('/links', { code, birthDate: aPupil.birthDate });
    expect(linked.headers.get('location')).toBe('/links?done=asked');
    const waiting = await (await guardian.get('/links?done=asked&lang=en')).text();
    const [, number = ''] = /(\d{3} \d{3})/.exec(waiting) ?? [];
    expect(waiting).not.toContain('葛󠄀城　さくら');
    const teacher = await staffBrowser(world, 'elementary-homeroomTeacher');
    const pending = await (await teacher.get('/linking/pending')).text();
    const [, linkId = ''] = /name="check-([0-9a-f-]+)"/.exec(pending.slice(pending.lastIndexOf('name="check-'))) ?? [];
    expect((await teacher.submit(`/linking/pending/${linkId}`, { [`check-${linkId}`]: '' })).status).toBe(422);
    const confirmed = await teacher.submit(`/linking/pending/${linkId}`, { [`check-${linkId}`]: number });
    expect(confirmed.headers.get('location')).toBe('/linking/pending?done=yes');
    expect(await (await guardian.get('/links?lang=en')).text()).toContain('葛󠄀城　さくら');
    const anonymous = await new Browser(world.app).get('/links/new');
    expect(anonymous.headers.get('location')).toBe('/login?next=/links/new');
  });

  async function sameAnswer(response: Response): Promise<unknown> {
    const { requestId: _, ...body } = (await response.json()) as Record<string, unknown>;
    return { ...body, type: response.headers.get('content-type') };
  }
});
