import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { staff } from '../../src/directory/tables.ts';
import { outbox } from '../../src/notices/tables.ts';
import { readAnswer } from '../support/answer.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openLinkedSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

const minute = 60_000;
const why = { category: 'emergency', reason: '給食の後に呼吸が苦しくなり、救急隊に既往症を伝えるため' };

describe('break-glass (緊急閲覧)', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, {
      upTo: 'opened',
      pupilId: 'pupil-01',
      documents: [record(), healthCard(), healthCard(90)],
    });
  }, 120_000);
  afterAll(() => world?.close());

  const viceOf = () => openSessionOf(world.origin, 'cityHigh-vicePrincipal');
  const [records, card, otherCard] = [0, 1, 2];
  const idOf = (which: number) => made.documents[which]?.id ?? '';
  const open = (session: Session, which: number, body: unknown = why) =>
    session.json('POST', `/api/cases/${made.id}/documents/${idOf(which)}/break-glass`, body);
  const read = (session: Session, which: number) =>
    session.send('GET', contentPath({ caseId: made.id, documentId: idOf(which) }));
  const end = (session: Session, id: string) => session.json('POST', `/api/break-glass/${id}/end`);

  async function refusals(reason: string): Promise<readonly { name: string; actorRole: string }[]> {
    const rows = await world.job('ledger', (tx) => tx.select().from(auditEvents).where(eq(auditEvents.reason, reason)));
    return rows.filter(({ outcome }) => outcome === 'refused');
  }

  it('opens a health card for the vice-principal, once it was said why, and reads nothing before', async () => {
    const vice = await viceOf();
    expect((await read(vice, card)).status).toBe(404);
    const opened = await open(vice, card);
    expect([opened.status, opened.body.documentId]).toEqual([201, idOf(card)]);
    const content = await read(vice, card);
    expect([content.status, new Uint8Array(await content.arrayBuffer())]).toEqual([200, made.documents[card]?.bytes]);
    expect((await end(vice, opened.body.id)).status).toBe(200);
    expect((await read(vice, card)).status).toBe(404);
  });

  it.each([
    ['nothing at all', {}],
    ['no kind of reason', { reason: why.reason }],
    ['a kind alone', { category: 'emergency' }],
    ['blanks', { category: 'emergency', reason: ' '.repeat(40) }],
    ['a few characters', { category: 'emergency', reason: '緊急のため読みます' }],
    ['one character many times', { category: 'emergency', reason: 'あ'.repeat(40) }],
  ])('Z-08 is denied and logged without a reason: %s', async (_, body) => {
    const vice = await viceOf();
    const before = (await refusals('break-glass.reason-missing')).length;
    expect(refusalIn(await open(vice, card, body))).toBe('422 break-glass.reason-missing');
    expect((await read(vice, card)).status).toBe(404);
    const logged = await refusals('break-glass.reason-missing');
    expect(logged).toHaveLength(before + 1);
    expect(logged.at(-1)).toMatchObject({ name: 'break-glass.opened', actorRole: 'vicePrincipal' });
  });

  it('Z-08 opens one object alone: a second one, and the container around it, are denied and logged', async () => {
    const vice = await viceOf();
    const opened = await open(vice, card);
    expect((await read(vice, otherCard)).status).toBe(404);
    expect((await vice.send('GET', `/api/cases/${made.id}/containers/health`)).status).toBe(404);
    expect(refusalIn(await open(vice, otherCard))).toBe('409 break-glass.one-at-a-time');
    expect(await refusals('break-glass.one-at-a-time')).toMatchObject([{ name: 'break-glass.opened' }]);
    expect((await refusals('document.not-found:vicePrincipal-health')).length).toBeGreaterThan(0);
    await end(vice, opened.body.id);
  });

  it('Z-08 lets one of many openings at once through', async () => {
    const vice = await viceOf();
    const answers = await Promise.all([card, otherCard, card, otherCard].map((which) => open(vice, which)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 409, 409, 409]);
    const won = answers.find(({ status }) => status === 201);
    await end(vice, won?.body.id ?? '');
  });

  it('Z-08 ends by itself after sixty minutes, is denied and logged from then on, and can be opened anew', async () => {
    const vice = await viceOf();
    const opened = await open(vice, card);
    for (const _ of [1, 2, 3]) {
      world.clock.pass(19 * minute);
      expect((await read(vice, card)).status).toBe(200);
    }
    world.clock.pass(3 * minute + 1000);
    const before = (await refusals('document.not-found:vicePrincipal-health')).length;
    expect((await read(vice, card)).status).toBe(404);
    expect(await refusals('document.not-found:vicePrincipal-health')).toHaveLength(before + 1);
    // Another hour needs another log-in and another reason.
    expect(refusalIn(await open(vice, card))).toBe('403 login.fresh-required');
    const again = await open(await viceOf(), card);
    expect([again.status, again.body.id === opened.body.id]).toEqual([201, false]);
    await end(vice, again.body.id);
  });

  it('Z-08 is denied to every other role, for what needs none, and for what lies unopened', async () => {
    for (const role of ['clerk', 'homeroomTeacher', 'schoolNurse', 'principal', 'administrator']) {
      const session = role === 'administrator' ? await administrator() : await world.as(`cityHigh-${role}`);
      expect([role, [403, 404].includes((await open(session, card)).status)]).toEqual([role, true]);
    }
    expect(refusalIn(await open(await viceOf(), records))).toBe('403 policy.denied');
    const deposited = await caseAt(world, { upTo: 'deposited', documents: [healthCard()] });
    const path = `/api/cases/${deposited.id}/documents/${deposited.documents[0]?.id}/break-glass`;
    expect(refusalIn(await (await viceOf()).json('POST', path, why))).toBe('403 policy.denied');
    // The sender's vice-principal comes too late, another school's finds nothing.
    const sender = await world.as('juniorHigh-vicePrincipal');
    expect(refusalIn(await open(sender, card))).toBe('403 policy.denied');
    const stranger = await world.as('privateHigh-vicePrincipal');
    expect(refusalIn(await open(stranger, card))).toBe('404 case.not-found');
  });

  async function administrator(): Promise<Session> {
    const session = await openSessionOf(world.origin, 'hibarino-administrator');
    await session.json('PUT', '/api/session/membership', {
      membershipId: `hibarino-administrator:${codeOf('cityHigh')}`,
    });
    return session;
  }

  it('tells the principal’s school and its board at once, by mail and in the list, where it can be ended early', async () => {
    const before = await glassMails();
    const vice = await viceOf();
    const opened = await open(vice, card);
    expect((await glassMails()).slice(before.length).toSorted()).toEqual(
      [codeOf('cityHigh'), demoOrganisations.cityBoard.code].toSorted(),
    );
    const principal = await world.as('cityHigh-principal');
    const { items } = (await principal.json('GET', '/api/break-glass')).body;
    expect(items[0]).toMatchObject({ id: opened.body.id, reason: why.reason, role: 'vicePrincipal', endedAt: null });
    expect((await read(vice, card)).status).toBe(200);
    expect((await end(principal, opened.body.id)).body.endedAt).not.toBeNull();
    expect((await read(vice, card)).status).toBe(404);
  });

  async function glassMails(): Promise<string[]> {
    const rows = await world.job('outbox', (tx) => tx.select().from(outbox));
    return rows
      .filter(({ payload }) => payload['subject'] === 'break-glass-opened')
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      .map(({ payload }) => payload['school'] ?? '');
  }

  it('is reviewed by another person, not by another account; what was not justified ends at once', async () => {
    const vice = await viceOf();
    const opened = await open(vice, card);
    const review = (session: Session, justified: boolean) =>
      session.json('POST', `/api/break-glass/${opened.body.id}/review`, { justified });
    expect(refusalIn(await review(vice, true))).toBe('403 policy.denied');
    await samePerson('cityHigh-principal', 'cityHigh-vicePrincipal');
    expect(refusalIn(await review(await openSessionOf(world.origin, 'cityHigh-principal'), true))).toBe(
      '403 break-glass.own',
    );
    await samePerson('cityHigh-principal', 'cityHigh-principal');
    const principal = await openSessionOf(world.origin, 'cityHigh-principal');
    const reviewed = await review(principal, false);
    expect(reviewed.body).toMatchObject({ review: { justified: false }, may: [] });
    expect(reviewed.body.endedAt).not.toBeNull();
    expect((await read(vice, card)).status).toBe(404);
    // Said once: a second review changes nothing.
    expect((await review(principal, true)).body).toMatchObject({ review: { justified: false } });
  });

  async function samePerson(account: string, personKey: string): Promise<void> {
    await world.job('directory', (tx) => tx.update(staff).set({ personKey }).where(eq(staff.id, account)));
  }

  it('is another school’s business to nobody: ids of others are not there', async () => {
    const vice = await viceOf();
    const opened = await open(vice, card);
    const stranger = await world.as('privateHigh-principal');
    for (const id of [opened.body.id, randomUUID()]) {
      expect(refusalIn(await end(stranger, id))).toBe('404 case.not-found');
      const answer = await stranger.json('POST', `/api/break-glass/${id}/review`, { justified: true });
      expect(refusalIn(answer)).toBe('404 case.not-found');
    }
    expect((await stranger.json('GET', '/api/break-glass')).body.items).toEqual([]);
    await end(vice, opened.body.id);
  });

  it('shows the pupil when, which role and what kind of reason, and never what was typed', async () => {
    const vice = await viceOf();
    const opened = await open(vice, card);
    await read(vice, card);
    await end(vice, opened.body.id);
    const person = await openLinkedSession(world, 'sakura', 'juniorHigh');
    const answer = await person.send('GET', `/api/cases/${made.id}/ledger`);
    const text = await answer.text();
    const lines = readAnswer(text)
      .items.filter(({ event }) => event.startsWith('break-glass.'))
      .slice(-3);
    expect(lines).toMatchObject([
      { event: 'break-glass.opened', role: 'vicePrincipal', reason: 'emergency', side: 'recipient' },
      { event: 'break-glass.read', role: 'vicePrincipal', reason: null },
      { event: 'break-glass.ended', reason: null },
    ]);
    expect(text).not.toContain('救急隊');
  });
});
