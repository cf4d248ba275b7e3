import { eq, type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import type { ActorScope } from '../../src/database/scope.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { demoMail } from '../../src/demo/staff.ts';
import { protectionOrders } from '../../src/directory/tables.ts';
import { findNoticeAddress, remindOfReviews } from '../../src/transfers/protection/notices.ts';
import type { JsonAnswer, Session } from '../support/session.ts';
import { mailsOf } from './support/mails.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openLinkedSession, openMachineSession, openPaperSession } from './support/sessions.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from './support/world.ts';

const soon = new Date(Date.now() + 30 * day).toISOString().slice(0, 10);
const terms = { source: 'municipality', startsOn: '2026-04-01', reviewOn: soon } as const;

async function protect(session: Session, subject: { kind: string; id: string }, more: object = {}): Promise<string> {
  const entered = await session.json('POST', '/api/protections', { subject, ...terms, ...more });
  expect(entered.status).toBe(201);
  return entered.body.id;
}

/** Asked for by the principal, confirmed by a named vice-principal. */
async function lift(world: HostileWorld, school: string, id: string): Promise<void> {
  const principal = await world.as(`${school}-principal`);
  const shown = await principal.json('GET', `/api/protections/${id}`);
  const { source, reviewOn } = shown.body;
  const members = [`${school}-vicePrincipal`];
  const named = await principal.json('PUT', `/api/protections/${id}`, { source, reviewOn, members });
  expect(named.status).toBe(200);
  expect((await principal.json('POST', `/api/protections/${id}/lifting`)).status).toBe(200);
  const vice = await world.as(`${school}-vicePrincipal`);
  expect((await vice.json('POST', `/api/protections/${id}/lifting/confirmation`)).status).toBe(200);
}

describe('protected cases (支援措置)', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let pupil: Session;
  let guardian: Session;
  let machine: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    pupil = await openLinkedSession(world, 'sakura', 'juniorHigh');
    guardian = await openPaperSession(world, { school: 'juniorHigh', guardianId: 'guardian-mayumi' });
    machine = await openMachineSession(world, 'juniorHigh');
    made = await caseAt(world, { upTo: 'opened', pupilId: 'pupil-01', documents: [record(), healthCard()] });
  }, 180_000);
  afterAll(() => world?.close());

  const path = () => `/api/cases/${made.id}`;
  const look = async (session: Session, where = path()) => (await session.json('GET', where)).status;
  const principalOf = (school: 'juniorHigh' | 'cityHigh') => world.as(`${school}-principal`);

  it('P-02 goes out of sight at once, on both sides, in open sessions, after it was sent', async () => {
    const others = {
      clerk: await world.as('juniorHigh-clerk'),
      vice: await world.as('juniorHigh-vicePrincipal'),
      teacher: await world.as('juniorHigh-homeroomTeacher'),
      receiver: await world.as('cityHigh-clerk'),
      receivingNurse: await world.as('cityHigh-schoolNurse'),
      machine,
      guardian,
    };
    for (const [name, session] of Object.entries(others)) expect([name, await look(session)]).toEqual([name, 200]);
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    for (const [name, session] of Object.entries(others)) {
      expect([name, await look(session)]).toEqual([name, 404]);
      expect([name, await look(session, `${path()}/ledger`)]).toEqual([name, 404]);
      const list = await session.json('GET', '/api/cases?side=sender');
      expect([name, JSON.stringify(list.body)]).toEqual([name, expect.not.stringContaining(made.id)]);
      const inbox = await session.json('GET', '/api/cases?side=recipient');
      expect([name, JSON.stringify(inbox.body)]).toEqual([name, expect.not.stringContaining(made.id)]);
      for (const { id: documentId } of made.documents) {
        const content = await session.send('GET', contentPath({ caseId: made.id, documentId }));
        expect([name, content.status]).toEqual([name, 404]);
      }
    }
    for (const session of [await principalOf('juniorHigh'), await principalOf('cityHigh'), pupil]) {
      expect(await look(session)).toBe(200);
    }
    expect((await (await principalOf('juniorHigh')).json('GET', path())).body.isProtected).toBe(true);
    // The pupil is told nothing of the badge.
    expect((await pupil.json('GET', path())).body.isProtected).toBe(false);
    await lift(world, 'juniorHigh', id);
    for (const [name, session] of Object.entries(others)) expect([name, await look(session)]).toEqual([name, 200]);
  });

  it('names who may know, each in their own role and no further', async () => {
    const principal = await principalOf('juniorHigh');
    const id = await protect(principal, { kind: 'pupil', id: 'pupil-01' }, { members: ['juniorHigh-clerk'] });
    const clerk = await world.as('juniorHigh-clerk');
    expect(await look(clerk)).toBe(200);
    expect(await look(await world.as('juniorHigh-schoolNurse'))).toBe(404);
    // Named at the one school is not named at the other.
    expect(await look(await world.as('cityHigh-clerk'))).toBe(404);
    expect((await clerk.json('GET', '/api/protections')).body.items).toMatchObject([{ id, may: [] }]);
    expect(refusalIn(await clerk.json('PUT', `/api/protections/${id}`, { ...terms, members: [] }))).toMatch(/^4/);
    const renamed = { source: 'court', reviewOn: soon, members: ['juniorHigh-schoolNurse'] };
    expect((await principal.json('PUT', `/api/protections/${id}`, renamed)).status).toBe(200);
    expect(await look(clerk)).toBe(404);
    expect(await look(await world.as('juniorHigh-schoolNurse'))).toBe(200);
    expect(await look(clerk, `/api/protections/${id}`)).toBe(404);
    // The receiving principal names at the receiving school.
    const received = await protect(
      await principalOf('cityHigh'),
      { kind: 'case', id: made.id },
      { members: ['cityHigh-clerk'] },
    );
    expect(await look(await world.as('cityHigh-clerk'))).toBe(200);
    await lift(world, 'cityHigh', received);
    await lift(world, 'juniorHigh', id);
  });

  it('looks to whoever is not named like a school where there is no such pupil', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const principal = await principalOf('juniorHigh');
    const id = await protect(principal, { kind: 'pupil', id: 'pupil-03' });
    const addresses = ['/cases?side=sender', '/cases?side=recipient', '/', '/pupils', '/cases/new', '/linking'];
    const apis = ['/api/cases?side=sender', '/api/cases?side=recipient', '/api/pupils', '/api/links/pending'];
    const seen = async () => {
      const bodies = [];
      for (const address of [...addresses, ...apis]) {
        const html = await clerk.send('GET', address, undefined, {
          accept: address.startsWith('/api') ? 'application/json' : 'text/html',
        });
        bodies.push([address, html.status, neutral(await html.text())]);
      }
      return bodies;
    };
    const before = await seen();
    const draft = await principal.json('POST', '/api/cases', {
      kind: 'advancement',
      pupilId: 'pupil-03',
      recipientCode: codeOf('cityHigh'),
    });
    expect(draft.status).toBe(201);
    const entered = await principal.json('POST', '/api/pupils/pupil-03/guardians', {
      name: '見本　親',
      kana: 'ミホン　オヤ',
      relation: 'other',
      custody: 'none',
      scope: ['records'],
    });
    expect(entered.status).toBe(201);
    // P-08: byte for byte the same, with the protected case and without it.
    expect(await seen()).toEqual(before);
    expect(JSON.stringify(before)).not.toContain('𠮷田');
    const drafts = { kind: 'advancement', recipientCode: codeOf('cityHigh') };
    const there = await clerk.json('POST', '/api/cases', { ...drafts, pupilId: 'pupil-03' });
    const nowhere = await clerk.json('POST', '/api/cases', { ...drafts, pupilId: 'pupil-99' });
    expect(told(there)).toEqual(told(nowhere));
    const guessed = await clerk.json('PUT', `/api/cases/${draft.body.id}/recipient`, {
      recipientCode: codeOf('cityHigh'),
    });
    const random = await clerk.json('PUT', `/api/cases/${crypto.randomUUID()}/recipient`, {
      recipientCode: codeOf('cityHigh'),
    });
    expect(told(guessed)).toEqual(told(random));
    await lift(world, 'juniorHigh', id);
  });

  it('gives no stored answer away: an idempotency key does not remember what became protected', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const body = { kind: 'advancement', pupilId: 'pupil-02', recipientCode: codeOf('cityHigh') };
    const again = () => clerk.json('POST', '/api/cases', body, { 'idempotency-key': 'once-and-again' });
    const drafted = await again();
    expect(drafted.status).toBe(201);
    expect((await again()).body).toEqual(drafted.body);
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-02' });
    expect((await again()).status).toBe(404);
    await lift(world, 'juniorHigh', id);
    expect((await again()).body).toEqual(drafted.body);
  });

  it('takes no state, lift or clearance from a body, and no address', async () => {
    const principal = await principalOf('juniorHigh');
    const subject = { kind: 'pupil', id: 'pupil-01' };
    for (const more of [
      { state: 'lifted' },
      { liftedAt: '2026-01-01T00:00:00Z' },
      { source: 'otherSchool' },
      { address: '見本市1-2-3' },
      { members: ['cityHigh-clerk'] },
      { members: ['hibarino-administrator'] },
      { reviewOn: '2020-01-01' },
      { subject: { kind: 'pupil', id: 'pupil-01', school: codeOf('cityHigh') } },
    ]) {
      const refused = await principal.json('POST', '/api/protections', { subject, ...terms, ...more });
      expect([more, refused.status]).toEqual([more, 400]);
    }
    // Another school's pupil is nobody.
    const foreign = await principal.json('POST', '/api/protections', {
      subject: { kind: 'pupil', id: 'pupil-05' },
      ...terms,
    });
    expect(refusalIn(foreign)).toBe('404 pupil.not-found');
  });

  it('is entered by one person at once, and lifted by two', async () => {
    const vice = await world.as('juniorHigh-vicePrincipal');
    const subject = { kind: 'pupil', id: 'pupil-01' };
    const naming = await vice.json('POST', '/api/protections', { subject, ...terms, members: ['juniorHigh-clerk'] });
    expect(naming.status).toBe(403);
    const id = await protect(vice, subject);
    // Who enters it goes on knowing of it.
    expect(await look(vice)).toBe(200);
    const principal = await principalOf('juniorHigh');
    expect(refusalIn(await principal.json('POST', '/api/protections', { subject, ...terms }))).toBe(
      '409 protection.exists',
    );
    expect(refusalIn(await vice.json('POST', `/api/protections/${id}/lifting`))).toBe('403 policy.denied');
    expect(refusalIn(await vice.json('POST', `/api/protections/${id}/lifting/confirmation`))).toBe(
      '409 protection.wrong-state',
    );
    expect((await principal.json('POST', `/api/protections/${id}/lifting`)).status).toBe(200);
    expect(refusalIn(await principal.json('POST', `/api/protections/${id}/lifting/confirmation`))).toBe(
      '403 protection.four-eyes',
    );
    expect(await look(guardian)).toBe(404);
    expect((await vice.json('DELETE', `/api/protections/${id}/lifting`)).body.liftAskedAt).toBeNull();
    expect(await look(guardian)).toBe(404);
    await lift(world, 'juniorHigh', id);
    expect(await look(guardian)).toBe(200);
    expect(refusalIn(await vice.json('POST', `/api/protections/${id}/lifting/confirmation`))).toBe(
      '409 protection.wrong-state',
    );
    const events = await world.job('ledger', (tx) => tx.select().from(auditEvents));
    const names = events
      .filter(({ name }) => name.startsWith('protection.'))
      .map(({ name, outcome }) => `${name} ${outcome}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'protection.entered done',
        'protection.entered refused',
        'protection.changed done',
        'protection.lift-asked done',
        'protection.lift-refused done',
        'protection.lifted refused',
        'protection.lifted done',
      ]),
    );
  });

  it('lets a guardian see again only once a second person confirms it, and the pupil unless excluded', async () => {
    const principal = await principalOf('juniorHigh');
    const vice = await world.as('juniorHigh-vicePrincipal');
    const members = ['juniorHigh-vicePrincipal'];
    const id = await protect(principal, { kind: 'pupil', id: 'pupil-01' }, { members, excludesPupil: true });
    expect([await look(pupil), await look(guardian)]).toEqual([404, 404]);
    expect((await pupil.json('GET', '/api/cases')).body.items).toEqual([]);
    const clearances = `/api/protections/${id}/clearances`;
    const mayumi = { guardianId: 'guardian-mayumi' };
    expect(refusalIn(await vice.json('POST', clearances, mayumi))).toBe('403 policy.denied');
    const stranger = await principal.json('POST', clearances, { guardianId: crypto.randomUUID() });
    expect(refusalIn(stranger)).toBe('404 guardian.not-found');
    expect((await principal.json('POST', clearances, mayumi)).status).toBe(200);
    expect(await look(guardian)).toBe(404);
    const confirmation = `${clearances}/guardian-mayumi/confirmation`;
    expect(refusalIn(await principal.json('POST', confirmation))).toBe('403 protection.four-eyes');
    expect((await vice.json('POST', confirmation)).status).toBe(200);
    expect([await look(pupil), await look(guardian)]).toEqual([404, 200]);
    expect((await guardian.json('GET', path())).body.isProtected).toBe(false);
    // The other school's order clears nobody here.
    const received = await protect(await principalOf('cityHigh'), { kind: 'case', id: made.id });
    expect(await look(guardian)).toBe(404);
    await lift(world, 'cityHigh', received);
    expect((await principal.json('DELETE', `${clearances}/guardian-mayumi`)).status).toBe(200);
    expect(await look(guardian)).toBe(404);
    const admitted = { source: 'municipality', reviewOn: soon, members, excludesPupil: false };
    expect((await principal.json('PUT', `/api/protections/${id}`, admitted)).status).toBe(200);
    expect([await look(pupil), await look(guardian)]).toEqual([200, 404]);
    await lift(world, 'juniorHigh', id);
  });

  it('is not opened by break-glass, unless the vice-principal is named', async () => {
    const principal = await principalOf('cityHigh');
    const vice = await world.as('cityHigh-vicePrincipal');
    const glass = `${path()}/documents/${made.documents[1]?.id}/break-glass`;
    const why = { category: 'emergency', reason: '給食の後に呼吸が苦しくなり、救急隊に既往症を伝えるため' };
    const id = await protect(principal, { kind: 'case', id: made.id });
    expect((await vice.json('POST', glass, why)).status).toBe(404);
    const named = { source: 'school', reviewOn: soon, members: ['cityHigh-vicePrincipal'] };
    expect((await principal.json('PUT', `/api/protections/${id}`, named)).status).toBe(200);
    const opened = await vice.json('POST', glass, why);
    expect(opened.status).toBe(201);
    expect((await principal.json('PUT', `/api/protections/${id}`, { ...named, members: [] })).status).toBe(200);
    // What was open is shut, and its line is gone with the case.
    expect(
      (await vice.send('GET', contentPath({ caseId: made.id, documentId: made.documents[1]?.id ?? '' }))).status,
    ).toBe(404);
    expect((await vice.json('GET', '/api/break-glass')).body.items).toEqual([]);
    expect((await vice.json('POST', `/api/break-glass/${opened.body.id}/end`)).status).toBe(404);
    await lift(world, 'cityHigh', id);
  });

  it('covers a pupil whom the receiving school expects, from the sender’s first draft on', async () => {
    const principal = await principalOf('cityHigh');
    const announced = await (await world.as('cityHigh-clerk')).json('POST', '/api/expectations', {
      pupilName: '見本　花子',
      pupilKana: 'ミホン　ハナコ',
      pupilBirthDate: '2011-01-01',
    });
    const id = await protect(principal, { kind: 'expectation', id: announced.body.id });
    const receiver = await world.as('cityHigh-clerk');
    const ids = (body: { items: readonly { id: string }[] }) => body.items.map((one) => one.id);
    expect(ids((await receiver.json('GET', '/api/expectations')).body)).not.toContain(announced.body.id);
    expect(ids((await principal.json('GET', '/api/expectations')).body)).toContain(announced.body.id);
    expect((await receiver.json('DELETE', `/api/expectations/${announced.body.id}`)).status).toBe(404);
    const draft = { kind: 'schoolTransfer', pupilId: 'pupil-04', acceptanceCode: announced.body.acceptanceCode };
    // A machine is told that there is no such number.
    expect(refusalIn(await machine.json('POST', '/api/cases', draft))).toBe(
      refusalIn(await machine.json('POST', '/api/cases', { ...draft, acceptanceCode: 'AAAA-AAAA-AAAA' })),
    );
    const clerk = await world.as('juniorHigh-clerk');
    const drafted = await clerk.json('POST', '/api/cases', draft);
    expect([drafted.status, drafted.body.isProtected]).toEqual([201, true]);
    // Whoever addressed it goes on; the others of the school do not begin.
    expect(await look(clerk, `/api/cases/${drafted.body.id}`)).toBe(200);
    expect(await look(await principalOf('juniorHigh'), `/api/cases/${drafted.body.id}`)).toBe(200);
    expect(await look(await world.as('juniorHigh-vicePrincipal'), `/api/cases/${drafted.body.id}`)).toBe(404);
    // Taken elsewhere and back again.
    const recipient = `/api/cases/${drafted.body.id}/recipient`;
    expect((await clerk.json('PUT', recipient, { recipientCode: codeOf('cityHigh') })).status).toBe(200);
    expect((await clerk.json('PUT', recipient, { acceptanceCode: draft.acceptanceCode })).status).toBe(200);
    await lift(world, 'cityHigh', id);
  });

  it('mails the office nothing of a protected case, and the principal in its place', async () => {
    const parts = world.running.gateway;
    // An address is known from whoever has logged in.
    await principalOf('cityHigh');
    const arrived = { school: codeOf('juniorHigh'), subject: 'package-opened', caseId: made.id };
    const office = await findNoticeAddress(parts, arrived);
    expect(office).toMatch(/^jimu@/);
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    expect(await findNoticeAddress(parts, arrived)).toBe(demoMail('juniorHigh-principal'));
    const elsewhere = await findNoticeAddress(parts, { ...arrived, school: codeOf('cityHigh') });
    expect(elsewhere).toBe(demoMail('cityHigh-principal'));
    // The board that is told of a break-glass has no principal.
    const board = { ...arrived, school: demoOrganisations.cityBoard.code };
    expect(await findNoticeAddress(parts, board)).toBeNull();
    expect(await findNoticeAddress(parts, { ...arrived, caseId: crypto.randomUUID() })).toBe(office);
    await lift(world, 'juniorHigh', id);
    expect(await findNoticeAddress(parts, arrived)).toBe(office);
  });

  it('tells the principal once when a review is due, by number alone, and goes on protecting', async () => {
    const { database, clock } = world.running.gateway;
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    await remindOfReviews({ database, clock });
    await world.job('protection', (tx) =>
      tx.update(protectionOrders).set({ reviewOn: '2026-01-01' }).where(eq(protectionOrders.id, id)),
    );
    await remindOfReviews({ database, clock });
    await remindOfReviews({ database, clock });
    const mails = await vi.waitFor(
      async () => {
        const found = (await mailsOf(world)).filter((mail) => mail.text.includes(id));
        if (found.length === 0) throw new Error('no mail yet');
        return found;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(mails.map(({ to }) => to)).toEqual([demoMail('juniorHigh-principal')]);
    expect(mails[0]?.text).toContain(`/protections/${id}`);
    expect(mails[0]?.text).not.toMatch(/葛|支援/);
    const told = { school: codeOf('juniorHigh'), subject: 'protection-review', caseId: id };
    const [row] = await world.job('protection', (tx) =>
      tx.select().from(protectionOrders).where(eq(protectionOrders.id, id)),
    );
    expect(row).toMatchObject({ remindedOf: '2026-01-01', liftedAt: null });
    expect(await findNoticeAddress({ database, clock }, told)).toBe(demoMail('juniorHigh-principal'));
    expect(await look(guardian)).toBe(404);
    const shown = await (await principalOf('juniorHigh')).json('GET', `/api/protections/${id}`);
    expect(shown.body.isReviewDue).toBe(true);
    await (await principalOf('juniorHigh')).json('PUT', `/api/protections/${id}`, { source: 'school', reviewOn: soon });
    await lift(world, 'juniorHigh', id);
  });

  it('logs whoever looks for it, as it logs whoever looks for nothing', async () => {
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    const clerk = await world.as('juniorHigh-clerk');
    const refusals = async () => {
      const rows = await world.job('ledger', (tx) =>
        tx
          .select()
          .from(auditEvents)
          .where(eq(auditEvents.name, 'access.denied'))
          .orderBy(auditEvents.at, auditEvents.id),
      );
      return rows.map(({ outcome, reason, actorRole, caseId }) => ({ outcome, reason, actorRole, caseId }));
    };
    const before = (await refusals()).length;
    await look(clerk);
    await look(clerk, `/api/cases/${crypto.randomUUID()}`);
    const one = { outcome: 'refused', reason: 'case.not-found', actorRole: 'clerk', caseId: null };
    expect((await refusals()).slice(before)).toEqual([one, one]);
    await lift(world, 'juniorHigh', id);
  });

  it('lets no statement of theirs at it either, were it ever forgotten to ask who may (the second wall)', async () => {
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    const school = codeOf('juniorHigh');
    const seen = (scope: ActorScope) =>
      world.running.gateway.database.transaction(scope, async (tx) => {
        const count = async (query: SQL) => (await tx.execute(query)).length;
        return {
          cases: await count(sql`select 1 from cases where id = ${made.id}`),
          documents: await count(sql`select 1 from documents where case_id = ${made.id}`),
          receipts: await count(sql`select 1 from receipts where case_id = ${made.id}`),
          pupils: await count(sql`select 1 from pupils where id = 'pupil-01'`),
          guardians: await count(sql`select 1 from guardians where pupil_id = 'pupil-01'`),
          links: await count(sql`select 1 from pupil_links where pupil_id = 'pupil-01' and school_code = ${school}`),
          papers: await count(sql`select 1 from access_codes where pupil_id = 'pupil-01'`),
          orders: await count(sql`select 1 from protection_orders where id = ${id}`),
        };
      });
    const nothing = { cases: 0, documents: 0, receipts: 0, pupils: 0, guardians: 0, links: 0, papers: 0, orders: 0 };
    const clerk = { actor: 'staff:juniorHigh-clerk', school };
    expect(await seen({ ...clerk, role: 'clerk' })).toEqual(nothing);
    expect(await seen(clerk)).toEqual(nothing);
    expect(await seen({ actor: 'machine:x', school })).toEqual(nothing);
    // No machine is a principal, whatever it says of itself.
    expect(await seen({ actor: 'machine:x', school, role: 'principal' })).toEqual(nothing);
    const principal = await seen({ actor: 'staff:juniorHigh-principal', school, role: 'principal' });
    for (const [table, count] of Object.entries(principal)) expect([table, count > 0]).toEqual([table, true]);
    // A guardian still has the link; what is behind it is gone.
    const personId = await personOf(world, 'guardian-mayumi');
    const mayumi = await seen({ actor: `person:${personId}`, person: personId });
    expect(mayumi).toMatchObject({ cases: 0, documents: 0, receipts: 0, orders: 0, links: 1 });
    await lift(world, 'juniorHigh', id);
    expect(await seen({ actor: `person:${personId}`, person: personId })).toMatchObject({ cases: 1 });
  });

  it('shows the badge on the page of whoever may know, never on paper, and says what it does not do', async () => {
    const id = await protect(await principalOf('juniorHigh'), { kind: 'pupil', id: 'pupil-01' });
    const page = await (await principalOf('juniorHigh')).send('GET', `/cases/${made.id}`, undefined, {
      accept: 'text/html',
      'accept-language': 'ja',
    });
    const html = await page.text();
    expect(page.headers.get('cache-control')).toContain('no-store');
    expect(html).toContain('転入先を送付元に伏せる機能はまだありません');
    const printed = html.replace(
      /<div class="no-print">[\s\S]*?<\/div><\/div><\/div>|<span class="no-print">[\s\S]*?<\/span><\/span><\/span>/g,
      '',
    );
    expect(printed.slice(printed.indexOf('<main'))).not.toContain('支援措置');
    await lift(world, 'juniorHigh', id);
  });
});

/** The person behind a guardian's confirmed link. */
async function personOf(world: HostileWorld, guardianId: string): Promise<string> {
  const [link] = await world.job('linking', (tx) =>
    tx.execute(sql`select person_id from pupil_links where guardian_id = ${guardianId} and ended_at is null`),
  );
  return String(link?.['person_id']);
}

/** What lies in the mail folder, decoded. */
function told(answer: JsonAnswer): unknown {
  const { instance: _address, requestId: _number, ...body } = answer.body;
  return [answer.status, body];
}

function neutral(text: string): string {
  return text
    .replace(/nonce(-|=")[A-Za-z0-9+/=]+/g, 'nonce')
    .replace(/(Printed at: |印刷日時：?\s*)[^<]*/g, 'printed')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=[^/]*request)/g, 'REQUEST');
}
