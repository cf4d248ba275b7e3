import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseAt } from '../hostile/support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { JsonAnswer, Session } from '../support/session.ts';

describe('idempotency keys, versions and pages', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
  }, 120_000);

  afterAll(() => world?.close());

  const draft = { kind: 'advancement', pupilId: 'pupil-01' };

  function begin(session: Session, key: string, body: unknown = draft): Promise<JsonAnswer> {
    return session.json('POST', '/api/cases', body, { 'idempotency-key': key });
  }

  async function allCases(session: Session): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: JsonAnswer = await session.json('GET', `/api/cases?side=sender&limit=100${next}`);
      ids.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.next;
    } while (cursor !== null);
    return ids;
  }

  it('gives the stored answer again, and the effect is there once', async () => {
    const key = randomUUID();
    const before = await allCases(clerk);
    const first = await begin(clerk, key);
    const again = await begin(clerk, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(await allCases(clerk)).toHaveLength(before.length + 1);
  });

  it('U-13 refuses the same key with another body, and does nothing', async () => {
    const key = randomUUID();
    await begin(clerk, key);
    const before = await allCases(clerk);
    const other = await begin(clerk, key, { ...draft, pupilId: 'pupil-02' });
    expect([other.status, other.body.code]).toEqual([422, 'request.idempotency-mismatch']);
    expect(await allCases(clerk)).toEqual(before);
  });

  it('keeps keys apart by client and by operation', async () => {
    const key = randomUUID();
    const mine = await begin(clerk, key);
    const theirs = await begin(principal, key);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const elsewhere = await clerk.json(
      'PUT',
      `/api/cases/${mine.body.id}/recipient`,
      { recipientCode: codeOf('cityHigh') },
      { 'idempotency-key': key },
    );
    expect([elsewhere.status, elsewhere.body.id]).toEqual([200, mine.body.id]);
  });

  it('forgets a key whose request was refused, so that a corrected state may use it', async () => {
    const key = randomUUID();
    const unknown = { ...draft, pupilId: 'nobody' };
    expect((await begin(clerk, key, unknown)).status).toBe(422);
    expect((await begin(clerk, key)).status).toBe(201);
  });

  it('lets one of many requests with one key have the effect, and answers all of them alike', async () => {
    const key = randomUUID();
    const before = await allCases(clerk);
    const answers = await Promise.all(Array.from({ length: 6 }, () => begin(clerk, key)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await allCases(clerk)).toHaveLength(before.length + 1);
  });

  it('deposits once under a double submit, with one receipt', async () => {
    const made = await caseAt(world, { upTo: 'sealed' });
    const key = randomUUID();
    const deposit = () => clerk.json('POST', `/api/cases/${made.id}/deposit`, {}, { 'idempotency-key': key });
    const [first, second] = await Promise.all([deposit(), deposit()]);
    const third = await deposit();
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    const receipts = await clerk.json('GET', `/api/cases/${made.id}/receipts`);
    expect(receipts.body.items.filter(({ event }) => event === 'SubmissionAcceptance')).toHaveLength(1);
    const ledger = await clerk.json('GET', `/api/cases/${made.id}/ledger`);
    const deposits = ledger.body.items.filter(({ event, side }) => event === 'package.deposited' && side === 'sender');
    expect(deposits).toHaveLength(1);
  });

  it('names the version in an ETag, and refuses a change that was made to an older one', async () => {
    const { body } = await clerk.json('POST', '/api/cases', draft);
    const path = `/api/cases/${body.id}`;
    const shown = await clerk.json('GET', path);
    const tag = shown.headers.get('etag') ?? '';
    expect(tag).toBe(`"v${shown.body.version}"`);
    const address = (school: 'cityHigh' | 'privateHigh', match: string) =>
      clerk.json('PUT', `${path}/recipient`, { recipientCode: codeOf(school) }, { 'if-match': match });
    const changed = await address('cityHigh', tag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
    for (const stale of [tag, '"other"', 'v1']) {
      const refused = await address('privateHigh', stale);
      expect([refused.status, refused.body.code]).toEqual([412, 'request.precondition-failed']);
    }
    expect((await clerk.json('GET', path)).body.recipient.code).toBe(codeOf('cityHigh'));
  });

  it('pages through all cases by cursor, each once, newest first, while new ones arrive', async () => {
    for (const _ of [1, 2, 3]) await clerk.json('POST', '/api/cases', draft);
    const before = await allCases(clerk);
    const seen: { id: string; updatedAt: string }[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: JsonAnswer = await clerk.json('GET', `/api/cases?side=sender&limit=2${next}`);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items);
      cursor = page.body.next;
      pages += 1;
      if (pages === 1) await clerk.json('POST', '/api/cases', draft);
    } while (cursor !== null);
    expect(pages).toBeGreaterThan(3);
    expect(seen.map(({ id }) => id)).toEqual(before);
    const times = seen.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it.each(['x', '%00', 'eyJhIjoxfQ', 'a'.repeat(201)])('refuses the cursor %s, which it never gave', async (cursor) => {
    const answer = await clerk.json('GET', `/api/cases?cursor=${cursor}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.malformed']);
  });

  it.each(['0', '101', 'many'])('refuses a page of %s', async (limit) => {
    expect((await clerk.json('GET', `/api/cases?limit=${limit}`)).status).toBe(400);
  });
});
