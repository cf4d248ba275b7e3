import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { watchAlerts } from '../../src/board/alerts/watch-alerts.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { outbox } from '../../src/notices/tables.ts';
import { administratorAt } from '../administration/support/people.ts';
import { caseAt, refusalIn, type TestCase } from '../hostile/support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { AnswerBody } from '../support/answer.ts';
import { openSessionOf, type Session } from '../support/session.ts';

describe('alerts in people’s hands', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'deposited', from: 'cityHigh', to: 'prefecturalHigh' });
  }, 240_000);
  afterAll(() => world?.close());

  const auditor = (who = 'hibarino') => openSessionOf(world.origin, `${who}-auditor`);
  const principal = (school = 'juniorHigh') => world.as(`${school}-principal`);
  const alertsOf = async (session: Session, query = '') => {
    const { status, body } = await session.json('GET', `/api/alerts${query}`);
    expect(status).toBe(200);
    const items: readonly AnswerBody[] = body.items;
    return items;
  };

  /** Rounds until it is there: the running gateway's own loop takes entries into the log meanwhile. */
  async function watchFor(rule: string, session: Session): Promise<string> {
    return vi.waitFor(
      async () => {
        await watchAlerts(world.running.gateway);
        const [alert] = await alertsOf(session, `?rule=${rule}`);
        expect(alert).toBeDefined();
        return alert?.id ?? '';
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  async function tryForeignCases(session: Session, times = 5): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      expect((await session.json('GET', `/api/cases/aaaaaaaaaaaaaaaaaaaaaaaaa${count}`)).status).toBe(404);
    }
  }

  it('come to the school and its board when somebody tries cases that are not theirs, with what the log says', async () => {
    await tryForeignCases(await world.as('juniorHigh-clerk'));
    const id = await watchFor('foreign-case', await principal());
    for (const session of [await principal(), await world.as('juniorHigh-vicePrincipal'), await auditor()]) {
      const { status, body } = await session.json('GET', `/api/alerts/${id}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ rule: 'foreign-case', severity: 'severe', count: 5, state: 'open', isOwn: false });
      expect(body.events).toHaveLength(5);
      expect(body.events[0]).toMatchObject({ name: 'access.denied', outcome: 'refused', actorRole: 'clerk' });
      expect(JSON.stringify(body)).not.toMatch(/juniorHigh-clerk|staff:/);
    }
  });

  it('are not there for strangers', async () => {
    const id = await watchFor('foreign-case', await principal());
    const others = [await principal('cityHigh'), await auditor('nagano'), await administratorAt(world, 'juniorHigh')];
    for (const session of others) {
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['POST', '/acknowledgement', {}],
        ['POST', '/closure', { reason: 'handled' }],
        ['POST', '/reopening', {}],
      ] as const) {
        expect(refusalIn(await session.json(method, `/api/alerts/${id}${path}`, body))).toBe('404 alert.not-found');
      }
    }
    for (const role of ['clerk', 'homeroomTeacher', 'schoolNurse']) {
      const session = await world.as(`juniorHigh-${role}`);
      expect(refusalIn(await session.json('GET', `/api/alerts/${id}`))).toBe('403 policy.denied');
    }
  });

  it('are acknowledged, closed with a reason and opened again, by whom and when', async () => {
    const session = await principal();
    const id = await watchFor('foreign-case', session);
    const path = `/api/alerts/${id}`;
    expect((await session.json('POST', `${path}/acknowledgement`, { version: 1 })).status).toBe(200);
    expect(refusalIn(await session.json('POST', `${path}/acknowledgement`, {}))).toBe('409 alert.wrong-state');
    // The board looked at it before.
    const board = await auditor();
    const early = { version: 1, reason: 'handled' };
    expect(refusalIn(await board.json('POST', `${path}/closure`, early))).toBe('409 alert.wrong-state');
    expect((await board.json('POST', `${path}/closure`, {})).status).toBe(400);
    const closure = { version: 2, reason: 'mistaken', note: '研修での操作' };
    expect((await board.json('POST', `${path}/closure`, closure)).status).toBe(200);
    expect((await session.json('GET', path)).body).toMatchObject({
      state: 'closed',
      may: ['reopen'],
      settled: {
        role: 'auditor',
        organisation: { code: codeOf('cityBoard') },
        reason: 'mistaken',
        note: '研修での操作',
      },
    });
    expect((await session.json('POST', `${path}/reopening`, {})).status).toBe(200);
    expect((await session.json('GET', path)).body).toMatchObject({ state: 'open', settled: { role: 'principal' } });
    const logged = await world.job('ledger', (tx) =>
      tx.select({ name: auditEvents.name, organisation: auditEvents.organisation }).from(auditEvents),
    );
    const acts = logged
      .filter(({ name }) => name.startsWith('alert.'))
      .map(({ name, organisation }) => [name, organisation]);
    expect(acts).toEqual(
      expect.arrayContaining([
        ['alert.raised', codeOf('juniorHigh')],
        ['alert.acknowledged', codeOf('juniorHigh')],
        ['alert.closed', codeOf('cityBoard')],
        ['alert.reopened', codeOf('juniorHigh')],
      ]),
    );
  });

  it('are never settled by whoever they are about', async () => {
    const vice = await world.as('elementary-vicePrincipal');
    await tryForeignCases(vice);
    const id = await watchFor('foreign-case', vice);
    expect((await vice.json('GET', `/api/alerts/${id}`)).body).toMatchObject({ isOwn: true, may: [] });
    expect(refusalIn(await vice.json('POST', `/api/alerts/${id}/acknowledgement`, {}))).toBe('403 alert.own');
    expect(refusalIn(await vice.json('POST', `/api/alerts/${id}/closure`, { reason: 'expected' }))).toBe(
      '403 alert.own',
    );
    const head = await principal('elementary');
    expect((await head.json('POST', `/api/alerts/${id}/acknowledgement`, {})).status).toBe(200);
  });

  it('are as many as the board has set, within the limits of the rule', async () => {
    const board = await auditor();
    const set = (threshold: number) => board.json('PUT', '/api/alert-rules/foreign-case', { threshold });
    expect(refusalIn(await set(51))).toBe('422 alert.threshold-wrong');
    expect(refusalIn(await set(0))).toBe('422 alert.threshold-wrong');
    expect((await set(2)).status).toBe(200);
    await tryForeignCases(await world.as('cityHigh-clerk'), 2);
    const id = await watchFor('foreign-case', await principal('cityHigh'));
    expect((await board.json('GET', `/api/alerts/${id}`)).body).toMatchObject({ count: 2, threshold: 2 });
    const { body } = await board.json('GET', '/api/alert-rules');
    expect(body.items.find(({ rule }) => rule === 'foreign-case')).toMatchObject({
      threshold: 2,
      usual: 5,
    });
    const nagano = await auditor('nagano');
    const theirs = (await nagano.json('GET', '/api/alert-rules')).body;
    expect(theirs.items.find(({ rule }) => rule === 'foreign-case')).toMatchObject({ threshold: 5 });
  });

  it('tell the board of the sender nothing of the receiver of a protected case, nor of the pupil', async () => {
    const pupil = demoPupils.find(({ school }) => school === 'cityHigh');
    const head = await principal('cityHigh');
    const reviewOn = new Date(world.clock.now().getTime() + 60 * day).toISOString().slice(0, 10);
    const subject = { kind: 'pupil', id: pupil?.id };
    const order = { subject, source: 'municipality', startsOn: '2026-04-01', reviewOn };
    expect((await head.json('POST', '/api/protections', order)).status).toBe(201);
    world.clock.pass(8 * day);
    const id = await watchFor('uncollected', await principal('cityHigh'));
    const shown = (await (await auditor()).json('GET', `/api/alerts/${id}`)).body;
    expect(shown).toMatchObject({ rule: 'uncollected', caseId: null, organisation: { code: codeOf('cityHigh') } });
    expect(shown.events).toEqual([expect.objectContaining({ name: 'package.deposited', caseId: null })]);
    const page = await (await auditor()).send('GET', `/alerts/${id}`);
    const told = `${JSON.stringify(shown)}${await page.text()}${JSON.stringify(await alertsOf(await auditor()))}`;
    for (const secret of [
      made.id,
      codeOf('prefecturalHigh'),
      '見本高原',
      pupil?.officialName ?? '',
      pupil?.kana ?? '',
    ]) {
      expect(told).not.toContain(secret);
    }
    // Who needs to know has the number; a vice-principal who is not named has not.
    expect((await (await principal('cityHigh')).json('GET', `/api/alerts/${id}`)).body.caseId).toBe(made.id);
    const vice = await world.as('cityHigh-vicePrincipal');
    expect((await vice.json('GET', `/api/alerts/${id}`)).body.caseId).toBeNull();
    // The receiver's own alert is its board's.
    const theirs = await alertsOf(await auditor('nagano'), '?rule=uncollected');
    expect(theirs).toMatchObject([{ organisation: { code: codeOf('prefecturalHigh') }, caseId: null }]);
  });

  it('are counted in the navigation and listed by the filter of the address', async () => {
    const board = await auditor();
    const page = await (await board.send('GET', '/alerts', undefined, { accept: 'text/html' })).text();
    expect(page).toMatch(/href="\/alerts"[^>]*>[^<]*知らせ/);
    expect(await alertsOf(board, '?severity=severe&state=closed')).toEqual([]);
    const severe = await alertsOf(board, '?severity=severe');
    expect(new Set(severe.map(({ severity }) => severity))).toEqual(new Set(['severe']));
    const one = await alertsOf(board, `?organisation=${codeOf('elementary')}`);
    expect(new Set(one.map(({ organisation }) => organisation.code))).toEqual(new Set([codeOf('elementary')]));
    expect((await board.json('GET', '/api/alerts?state=nothing')).status).toBe(400);
    expect((await board.json('GET', '/api/alerts?cursor=nothing')).status).toBe(200);
  });

  it('leave a mail with an id and no name', async () => {
    const jobs = await world.job('outbox', (tx) => tx.select().from(outbox).where(eq(outbox.kind, 'mail.staff')));
    for (const { payload } of jobs)
      expect(Object.keys(payload).toSorted()).toEqual(['id', 'mailbox', 'school', 'staff', 'subject']);
  });
});
