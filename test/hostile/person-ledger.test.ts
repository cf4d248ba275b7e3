import { and, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { readEvents } from '../../src/transfers/ledger/rules.ts';
import { openTrustMaterial } from '../../src/verification/open-trust.ts';
import { verifyStory } from '../../src/verification/story.ts';
import { parseBundle } from '../../src/verification/trust-bundle.ts';
import type { Session } from '../support/session.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openLinkedSession, openMachineSession, openPaperSession, openPersonSession } from './support/sessions.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from './support/world.ts';

interface Line {
  readonly eventId: string;
  readonly at: string;
  readonly event: string;
  readonly side: string;
  readonly role: string;
  readonly school: { readonly code: string } | null;
  readonly caseId: string | null;
  readonly ground: string | null;
  readonly document: string | null;
  readonly heldBackUntil: string | null;
}

/** The lines of a ledger, as the API gives them. */
async function linesOf(session: Session, query = ''): Promise<readonly Line[]> {
  const answer = await session.send('GET', `/api/ledger${query}`);
  expect(answer.status).toBe(200);
  // Sound: the route's schema describes it.
  return ((await answer.json()) as { items: readonly Line[] }).items;
}

const until = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

describe('the ledger of a person', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let pupil: Session;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    pupil = await openLinkedSession(world, 'sakura', 'juniorHigh');
    made = await caseAt(world, { upTo: 'acknowledged', pupilId: 'pupil-01', documents: [record(), healthCard()] });
  }, 180_000);
  afterAll(() => world?.close());

  const content = (at: number) => contentPath({ caseId: made.id, documentId: made.documents[at]?.id ?? '' });

  it('14 has exactly one line for each access to content, and none for one that was refused', async () => {
    const before = await linesOf(pupil, '?kind=read');
    const nurse = await world.as('cityHigh-schoolNurse');
    const principal = await world.as('cityHigh-principal');
    const accesses: readonly (readonly [Session, string, string, string | null])[] = [
      [principal, content(0), 'document.handed-over principal', 'cumulativeRecord'],
      [nurse, content(1), 'document.handed-over schoolNurse', 'healthCard'],
      [principal, `/api/cases/${made.id}/containers/records`, 'container.handed-over principal', null],
      [pupil, content(0), 'document.handed-over person', 'cumulativeRecord'],
    ];
    for (const [session, path] of accesses) {
      const answer = await session.send('GET', path);
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
    }
    const clerk = await world.as('cityHigh-clerk');
    expect((await clerk.send('GET', content(1))).status).not.toBe(200);
    const after = await linesOf(pupil, '?kind=read');
    const fresh = after.slice(0, after.length - before.length).toReversed();
    expect(fresh.map(({ event, role }) => `${event} ${role}`)).toEqual(accesses.map(([, , line]) => line));
    expect(fresh.map(({ document }) => document)).toEqual(accesses.map(([, , , document]) => document));
    const logged = await world.job('ledger', (tx) =>
      tx
        .select({ id: auditEvents.id })
        .from(auditEvents)
        .where(and(eq(auditEvents.pupilId, 'pupil-01'), inArray(auditEvents.name, [...readEvents]))),
    );
    expect(after.map(({ eventId }) => eventId).toSorted((a, b) => a.localeCompare(b))).toEqual(
      logged.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('tells school, role and ground, each act once, and looking at it is logged', async () => {
    const lines = await linesOf(pupil);
    const opened = lines.filter(({ event }) => event === 'package.opened');
    expect(opened).toMatchObject([{ side: 'recipient', role: 'clerk', school: { code: codeOf('cityHigh') } }]);
    expect(opened[0]?.ground).toMatch(/学校教育法/);
    const looks = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'ledger.viewed')),
    );
    expect(looks.length).toBeGreaterThan(1);
    expect(new Set(looks.map(({ personVisible }) => personVisible))).toEqual(new Set([false]));
  });

  it('is filtered by kind and period, and read page by page', async () => {
    const all = await linesOf(pupil);
    expect(await linesOf(pupil, '?from=2099-01-01')).toEqual([]);
    expect((await linesOf(pupil, `?to=${until(1)}`)).length).toBe(all.length);
    expect((await linesOf(pupil, '?kind=emergency')).length).toBe(0);
    const third = all[2];
    const rest = await linesOf(pupil, `?cursor=${Date.parse(third?.at ?? '')}_${third?.eventId}`);
    expect(rest.map(({ eventId }) => eventId)).toEqual(all.slice(3).map(({ eventId }) => eventId));
    expect((await pupil.send('GET', '/api/ledger?kind=x')).status).toBe(400);
  });

  it('is proved line by line by a bundle that verifies offline', async () => {
    const bundle = parseBundle(await (await fetch(`${world.origin}/verify/trust.json`)).json());
    const opened = bundle === null ? null : await openTrustMaterial(bundle, { at: world.clock.now() });
    if (opened?.ok !== true) throw new Error('no trust');
    await expect
      .poll(
        async () => {
          const answer = await pupil.send('GET', '/api/ledger/bundle');
          const report = await verifyStory(new Uint8Array(await answer.arrayBuffer()), opened.value);
          const asked = report.items?.flatMap(({ verdicts }) => verdicts.map(({ code }) => code));
          return [report.verdicts.at(-1)?.code, asked?.includes('opening.valid'), report.items?.length];
        },
        { timeout: 20_000 },
      )
      .toEqual(['items.valid', true, (await linesOf(pupil)).length]);
  });

  it('is nobody else’s: strangers, schools, machines and other persons find nothing', async () => {
    const other = await openPersonSession(world, 'fumi');
    expect(await linesOf(other)).toEqual([]);
    const [line] = await linesOf(pupil);
    expect(refusalIn(await other.json('POST', '/api/ledger/reports', { eventId: line?.eventId }))).toBe(
      '404 case.not-found',
    );
    for (const session of [
      await world.as('juniorHigh-principal'),
      await world.as('privateHigh-clerk'),
      await openMachineSession(world, 'juniorHigh'),
    ]) {
      expect((await session.send('GET', '/api/ledger')).status).toBe(403);
    }
  });

  it('leads from a line that is not recognised to an answer, and each step is a line', async () => {
    const [line] = await linesOf(pupil, '?kind=read');
    const made201 = await pupil.send('POST', '/api/ledger/reports', JSON.stringify({ eventId: line?.eventId }), {
      'content-type': 'application/json',
    });
    expect(made201.status).toBe(201);
    // Sound: the route's schema describes it.
    const report = (await made201.json()) as { id: string; state: string };
    expect(report.state).toBe('received');
    expect(refusalIn(await pupil.json('POST', '/api/ledger/reports', { eventId: line?.eventId }))).toBe(
      '409 report.twice',
    );
    const school = 'juniorHigh';
    const answerPath = `/api/access-reports/${report.id}/answer`;
    const closing = `/api/access-reports/${report.id}/closing`;
    // The pupil read it: no school stands in the line, and the one that sent answers.
    for (const subject of [`${school}-clerk`, `${school}-homeroomTeacher`]) {
      expect((await (await world.as(subject)).json('POST', answerPath, { answer: 'x' })).status).toBe(403);
    }
    const foreign = await world.as('privateHigh-principal');
    expect(refusalIn(await foreign.json('POST', answerPath, { answer: 'x' }))).toBe('404 report.not-found');
    const principal = await world.as(`${school}-principal`);
    expect(refusalIn(await pupil.json('POST', closing))).toBe('409 report.unanswered');
    expect((await principal.json('POST', answerPath, { answer: '  ' })).status).toBe(400);
    expect((await principal.json('POST', answerPath, { answer: '本人が読んだものです。' })).status).toBe(200);
    const own = await pupil.send('GET', '/api/access-reports');
    expect(await own.json()).toMatchObject({
      items: [{ id: report.id, state: 'answered', answer: '本人が読んだものです。' }],
    });
    expect((await pupil.json('POST', closing)).status).toBe(200);
    expect(refusalIn(await principal.json('POST', answerPath, { answer: 'x' }))).toBe('409 report.closed');
    const told = (await linesOf(pupil, '?kind=report')).map(({ event }) => event);
    expect(told).toEqual(['access-report.closed', 'access-report.answered', 'access.reported']);
  });

  it('holds back what an inquiry of two persons asks for, and says so afterwards', async () => {
    const principal = await world.as('cityHigh-principal');
    const pupilId = 'pupil-01';
    const vice = await world.as('juniorHigh-vicePrincipal');
    const head = await world.as('juniorHigh-principal');
    const reason = '持ち出しの疑いについて、聞き取りが終わるまで';
    const post = (session: Session, path: string, body: object = {}) => session.json('POST', path, body);
    // Of another school's pupil nobody holds anything.
    expect(refusalIn(await post(principal, '/api/ledger-holds', { pupilId, until: until(5), reason }))).toBe(
      '404 pupil.not-found',
    );
    expect((await post(head, '/api/ledger-holds', { pupilId, until: until(200), reason })).status).toBe(400);
    expect((await post(head, '/api/ledger-holds', { pupilId, until: until(5), reason: '短い' })).status).toBe(400);
    const asked = await post(head, '/api/ledger-holds', { pupilId, since: '2020-01-01', until: until(5), reason });
    expect(asked.status).toBe(201);
    const before = await linesOf(pupil);
    expect(before.some(({ school }) => school?.code === codeOf('juniorHigh'))).toBe(true);
    const path = `/api/ledger-holds/${asked.body.id}`;
    expect((await post(head, `${path}/confirmation`)).status).toBe(403);
    expect((await post(vice, `${path}/confirmation`)).status).toBe(204);
    const during = await linesOf(pupil);
    expect(during.filter(({ school }) => school?.code === codeOf('juniorHigh'))).toEqual([]);
    expect(during.some(({ school }) => school?.code === codeOf('cityHigh'))).toBe(true);
    const shown = await pupil.json('GET', `/api/cases/${made.id}/ledger`);
    expect(JSON.stringify(shown.body)).not.toContain(codeOf('juniorHigh'));
    expect(JSON.stringify(during)).not.toContain(reason);
    expect((await post(head, `${path}/end`)).status).toBe(204);
    const after = await linesOf(pupil);
    expect(after.length).toBeGreaterThanOrEqual(before.length);
    const held = after.filter(({ school }) => school?.code === codeOf('juniorHigh'));
    expect(held.every(({ heldBackUntil }) => heldBackUntil !== null)).toBe(true);
  });
});

describe('the delay of the ledger', { timeout: 120_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100', LEDGER_DELAY_HOURS: '24' });
  }, 180_000);
  afterAll(() => world?.close());

  it('tells a line a day later, on both pages', async () => {
    const before = await openLinkedSession(world, 'sakura', 'juniorHigh');
    const made = await caseAt(world, { upTo: 'opened', pupilId: 'pupil-01' });
    expect(await linesOf(before)).toEqual([]);
    expect((await before.json('GET', `/api/cases/${made.id}/ledger`)).body.items).toEqual([]);
    world.clock.pass(day + 60_000);
    const session = await openPersonSession(world, 'sakura');
    expect((await linesOf(session)).map(({ event }) => event)).toContain('package.opened');
    expect((await session.json('GET', `/api/cases/${made.id}/ledger`)).body.items.length).toBeGreaterThan(5);
  });
});

/** P-01, P-04: what a barred guardian and the old school see does not depend on where the pupil went. */
describe('two receivers of a protected pupil', { timeout: 240_000 }, () => {
  async function seenWith(to: 'cityHigh' | 'privateHigh'): Promise<string> {
    const world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    try {
      const guardian = await openPaperSession(world, { school: 'juniorHigh', guardianId: 'guardian-mayumi' });
      const made = await caseAt(world, { upTo: 'opened', pupilId: 'pupil-01', to });
      const principal = await world.as('juniorHigh-principal');
      const soon = until(30);
      const order = { source: 'municipality', startsOn: '2026-04-01', reviewOn: soon };
      const entered = await principal.json('POST', '/api/protections', {
        subject: { kind: 'pupil', id: 'pupil-01' },
        ...order,
      });
      expect(entered.status).toBe(201);
      const clerk = await world.as('juniorHigh-clerk');
      const vice = await world.as('juniorHigh-vicePrincipal');
      const auditor = await world.as('hibarino-auditor');
      const seen: string[] = [];
      for (const [name, session] of Object.entries({ guardian, clerk, vice, auditor })) {
        for (const path of [
          '/api/ledger',
          '/api/ledger/bundle',
          '/ledger',
          '/api/access-reports',
          '/access-reports',
          '/ledger-holds',
          `/api/cases/${made.id}/ledger`,
          `/api/cases/${made.id}/story`,
          `/api/cases/${made.id}/story/bundle`,
          `/cases/${made.id}/story`,
          `/board/cases/${made.id}`,
          `/board/cases/${made.id}/bundle`,
          '/board/reports',
        ]) {
          const accept = path.startsWith('/api') ? 'application/json' : 'text/html';
          const answer = await session.send('GET', path, undefined, { accept });
          const body = path === '/api/ledger/bundle' && answer.ok ? 'a bundle' : await answer.text();
          seen.push([name, path, answer.status, body].join(' ').replaceAll(made.id, 'CASE'));
        }
      }
      return neutral(seen.join('\n'));
    } finally {
      await world.close();
    }
  }

  /** What differs from one request to the next, whoever asks. */
  function neutral(text: string): string {
    return text
      .replaceAll(/nonce="[^"]*"/g, 'nonce')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
      .replaceAll(/localhost:\d+/g, 'localhost')
      .replaceAll(/\d{4}[年-]\d{1,2}[月-]\d{1,2}日?[ T]?\d{1,2}:\d{2}(:\d{2})?/g, 'time');
  }

  it('P-01 P-04 are the same ledger and the same story', async () => {
    const one = await seenWith('cityHigh');
    expect(one.length).toBeGreaterThan(1000);
    expect(await seenWith('privateHigh')).toBe(one);
  });
});
