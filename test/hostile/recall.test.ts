import { randomUUID } from 'node:crypto';
import { and, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import type { JsonAnswer } from '../support/session.ts';
import { type CasePlan, caseAt, refusalIn, type TestCase } from './support/procedure.ts';
import { type HostileWorld, openHostileWorld } from './support/world.ts';

const reason = '別の学級の宛先に送ったため';

describe('Z-12 a whole class sent by mistake', { timeout: 120_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function recall(
    cases: readonly string[],
    { subject = 'juniorHigh-clerk', key = randomUUID() }: { subject?: string; key?: string } = {},
  ): Promise<JsonAnswer> {
    const clerk = await world.as(subject);
    return clerk.json('POST', '/api/withdrawals', { cases, reason }, { 'idempotency-key': key });
  }

  async function sent(count: number, plan: Partial<CasePlan> = {}): Promise<TestCase[]> {
    const made: TestCase[] = [];
    while (made.length < count) made.push(await caseAt(world, { upTo: 'deposited', ...plan }));
    return made;
  }

  function outcomes({ body }: JsonAnswer): readonly string[] {
    return body.items.map(({ outcome }) => outcome);
  }

  function eventsOf(caseId: string, outcome: 'done' | 'refused') {
    return world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(
          and(
            eq(auditEvents.caseId, caseId),
            eq(auditEvents.outcome, outcome),
            eq(auditEvents.name, 'package.withdrawn'),
          ),
        ),
    );
  }

  async function refusals(): Promise<number> {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.outcome, 'refused'), like(auditEvents.name, 'package.withdrawn'))),
    );
    return rows.length;
  }

  async function shown(id: string, subject = 'juniorHigh-clerk'): Promise<JsonAnswer> {
    return (await world.as(subject)).json('GET', `/api/cases/${id}`);
  }

  it('Z-12 is recalled before it is opened, each with its outcome, receipt and log entries, in the order asked', async () => {
    const [first, second] = await sent(2);
    const [opened] = await sent(1, { upTo: 'opened' });
    const [draft] = await sent(1, { upTo: 'draft' });
    const before = await refusals();
    const ids = [draft, second, opened, first].map((made) => made?.id ?? '');
    const answer = await recall(ids);
    expect(answer.body.items.map(({ caseId }) => caseId)).toEqual(ids);
    expect(outcomes(answer)).toEqual(['notWithdrawable', 'withdrawn', 'alreadyOpened', 'withdrawn']);
    expect(answer.body.items.map((item) => item.case?.state)).toEqual(['draft', 'withdrawn', 'opened', 'withdrawn']);
    for (const made of [first, second]) {
      const { body } = await shown(made?.id ?? '');
      expect(body).toMatchObject({ state: 'withdrawn', reason });
      expect(body.receipts.map(({ event }) => event)).toEqual(['SubmissionAcceptance', 'SubmissionWithdrawal']);
      // One entry on each side.
      expect((await eventsOf(made?.id ?? '', 'done')).map(({ side }) => side).toSorted()).toEqual([
        'recipient',
        'sender',
      ]);
      expect(refusalIn(await shown(made?.id ?? '', 'cityHigh-clerk'))).toBe('404 case.not-found');
    }
    const inbox = await (await world.as('cityHigh-clerk')).json('GET', '/api/cases?limit=100');
    expect(JSON.stringify(inbox.body)).not.toContain(first?.id);
    expect(JSON.stringify(inbox.body)).toContain(opened?.id);
    expect((await shown(opened?.id ?? '')).body.receipts.map(({ event }) => event)).not.toContain(
      'SubmissionWithdrawal',
    );
    expect(await refusals()).toBe(before + 2);
  });

  it('Z-12 is opened here and there while the recall runs: each ends as exactly one of withdrawn and opened', async () => {
    const made = await sent(6);
    const receiver = await world.as('cityHigh-clerk');
    // From the end, so that both are at work on different packages until they meet.
    const opening = (async () => {
      const answers = new Map<string, number>();
      for (const { id, pupil } of made.toReversed()) {
        answers.set(id, (await receiver.json('POST', `/api/cases/${id}/opening`, { pupil })).status);
      }
      return answers;
    })();
    const [answer, openings] = await Promise.all([recall(made.map(({ id }) => id)), opening]);
    for (const { caseId, outcome } of answer.body.items) {
      const { body } = await shown(caseId);
      const events = body.receipts.map(({ event }) => event);
      const isOpened = openings.get(caseId) === 200;
      expect([outcome, body.state]).toEqual(isOpened ? ['alreadyOpened', 'opened'] : ['withdrawn', 'withdrawn']);
      expect(events).toEqual(['SubmissionAcceptance', isOpened ? 'ContentHandover' : 'SubmissionWithdrawal']);
      expect((await eventsOf(caseId, 'done')).length).toBe(isOpened ? 0 : 2);
    }
    // The first was recalled and the last opened, or the two did not run side by side.
    expect(new Set(outcomes(answer))).toEqual(new Set(['withdrawn', 'alreadyOpened']));
  });

  it('Z-12 is recalled by its own school alone: a foreign id looks like a random one, also to its recipient', async () => {
    const [own] = await sent(1);
    const [foreign] = await sent(1, { from: 'elementary', to: 'juniorHigh' });
    const ids = [foreign?.id ?? '', randomUUID(), own?.id ?? ''];
    const answer = await recall(ids);
    const [theirs, random, ours] = answer.body.items;
    expect(outcomes(answer)).toEqual(['notFound', 'notFound', 'withdrawn']);
    expect({ ...theirs, caseId: '' }).toEqual({ ...random, caseId: '' });
    expect(ours.case).toMatchObject({ state: 'withdrawn' });
    expect((await shown(foreign?.id ?? '', 'elementary-clerk')).body.state).toBe('deposited');
    for (const role of ['vicePrincipal', 'homeroomTeacher', 'schoolNurse']) {
      const refused = await recall([own?.id ?? ''], { subject: `juniorHigh-${role}` });
      expect([role, refusalIn(refused)]).toEqual([role, '403 policy.denied']);
    }
  });

  it('Z-12 is asked twice under one key: done once, and another list under it is refused whole', async () => {
    const [first, second] = await sent(2);
    const ids = [first?.id ?? ''];
    const key = randomUUID();
    const answers = await Promise.all([recall(ids, { key }), recall(ids, { key }), recall(ids, { key })]);
    expect(answers.map(outcomes)).toEqual([['withdrawn'], ['withdrawn'], ['withdrawn']]);
    expect((await eventsOf(first?.id ?? '', 'done')).length).toBe(2);
    expect(refusalIn(await recall([second?.id ?? ''], { key }))).toBe('422 request.idempotency-mismatch');
    expect((await shown(second?.id ?? '')).body.state).toBe('deposited');
    // Under a new key it is told as it is now.
    expect(outcomes(await recall(ids))).toEqual(['notWithdrawable']);
  });

  it('Z-12 is refused whole, and nothing done: nothing chosen, the same twice, more than 200, no reason', async () => {
    const [made] = await sent(1);
    const id = made?.id ?? '';
    const many = Array.from({ length: 201 }, () => randomUUID());
    const clerk = await world.as('juniorHigh-clerk');
    const tries: readonly (readonly [object, string])[] = [
      [{ cases: [], reason }, '400 request.malformed'],
      [{ cases: [id, id], reason }, '422 withdrawals.twice'],
      [{ cases: [id, ...many], reason }, '400 request.malformed'],
      [{ cases: [id], reason: ' ' }, '400 request.malformed'],
      [{ cases: [id] }, '400 request.malformed'],
    ];
    for (const [body, refusal] of tries) {
      expect(refusalIn(await clerk.json('POST', '/api/withdrawals', body))).toBe(refusal);
    }
    expect((await shown(id)).body.state).toBe('deposited');
  });

  it('Z-12 is found by class, receiver and state, each of the own school alone', async () => {
    const [made] = await sent(1);
    const clerk = await world.as('juniorHigh-clerk');
    const listed = async (query: string) =>
      (await clerk.json('GET', `/api/cases?side=sender&limit=100&${query}`)).body.items.map(({ id }) => id);
    const { body } = await shown(made?.id ?? '');
    const recipient = body.recipient.code;
    expect(await listed(`state=deposited&recipient=${recipient}`)).toContain(made?.id);
    expect(await listed('state=opened')).not.toContain(made?.id);
    expect(await listed('recipient=D113299999995')).toEqual([]);
    expect(await listed('homeroom=none')).toEqual([]);
    const pages = await (await clerk.send('GET', `/cases?side=sender&state=deposited&select=all`)).text();
    expect(pages).toMatch(new RegExp(`name="case" value="${made?.id}" checked`));
  });
});
