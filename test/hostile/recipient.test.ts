import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisations } from '../../src/directory/tables.ts';
import type { JsonAnswer } from '../support/session.ts';
import { bodyOf, caseAt, refusalIn } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a recipient that is not what the sender thinks', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function draftTo(recipientCode: string): Promise<JsonAnswer> {
    const clerk = await world.as('elementary-clerk');
    return clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: 'pupil-05', recipientCode });
  }

  async function ownCases(): Promise<number> {
    const listed = await (await world.as('elementary-clerk')).json('GET', '/api/cases?side=sender&limit=100');
    return listed.body.items.length;
  }

  it('Z-11 is closed: refused, its successor offered, and no case begun', async () => {
    const before = await ownCases();
    const answer = await draftTo(codeOf('closedJuniorHigh'));
    expect(refusalIn(answer)).toBe('422 recipient.closed-with-successor');
    expect(JSON.stringify(answer.body)).toContain(codeOf('juniorHigh'));
    expect(await ownCases()).toBe(before);
  });

  it('is mistyped: one wrong character, two exchanged, one missing, one too many', async () => {
    const before = await ownCases();
    const code = codeOf('juniorHigh');
    const exchanged = `${code.slice(0, 8)}${code.slice(9, 10)}${code.slice(8, 9)}${code.slice(10)}`;
    const wrong = [`${code.slice(0, -1)}${(Number(code.slice(-1)) + 1) % 10}`, code.slice(1), `${code}0`, '', '学校'];
    if (exchanged !== code) wrong.push(exchanged);
    for (const typed of wrong) {
      expect([typed, refusalIn(await draftTo(typed))]).toEqual([typed, '422 recipient.mistyped']);
    }
    expect(await ownCases()).toBe(before);
  });

  it('is the school itself, or none that exists', async () => {
    expect(refusalIn(await draftTo(codeOf('elementary')))).toBe('422 recipient.own-school');
    const unknown = 'D113299999995';
    expect(refusalIn(await draftTo(unknown))).toMatch(/^422 recipient\.(unknown|mistyped)$/);
  });

  it('is a board, which receives no records', async () => {
    expect((await draftTo('119990')).status).toBe(422);
  });

  it('Z-11 closes between draft and deposit: the deposit is refused and nothing arrives', async () => {
    const made = await caseAt(world, { upTo: 'sealed', from: 'elementary', to: 'juniorHigh' });
    const clerk = await world.as('elementary-clerk');
    await setState('closed');
    const refused = await clerk.json('POST', `/api/cases/${made.id}/deposit`, {});
    await setState('open');
    expect(refusalIn(refused)).toMatch(/^422 recipient\.closed/);
    const shown = bodyOf(await clerk.json('GET', `/api/cases/${made.id}`));
    expect([shown.state, shown.receipts]).toEqual(['sealed', []]);
    const inbox = await (await world.as('juniorHigh-clerk')).json('GET', '/api/cases');
    expect(JSON.stringify(inbox.body)).not.toContain(made.id);
    // It opened again (a slip in the directory): the same seal can be deposited.
    expect((await clerk.json('POST', `/api/cases/${made.id}/deposit`, {})).status).toBe(200);
  });

  async function setState(state: 'open' | 'closed'): Promise<void> {
    await world.job('directory', (tx) =>
      tx
        .update(organisations)
        .set({ state })
        .where(eq(organisations.code, codeOf('juniorHigh'))),
    );
  }

  it('Z-10 is the wrong school: it opens nothing without the pupil, learns no birth date, and returns it', async () => {
    const made = await caseAt(world, { upTo: 'deposited' });
    const receiver = await world.as('cityHigh-clerk');
    const path = `/api/cases/${made.id}`;
    const guesses = [
      { pupil: { kana: made.pupil.kana, birthDate: '2011-04-03' } },
      { pupil: { kana: 'カツラギ　サクラコ', birthDate: made.pupil.birthDate } },
      { acceptanceCode: 'AAAA-BBBB-CCCC-DDDD' },
      {},
    ];
    for (const guess of guesses) {
      expect(refusalIn(await receiver.json('POST', `${path}/opening`, guess))).toBe('422 acceptance.mismatch');
    }
    expect(await receiver.json('GET', path)).toMatchObject({ body: { state: 'deposited', birthDate: null } });
    const returned = await receiver.json('POST', `${path}/return`, { reason: '本校の生徒ではありません' });
    expect(returned.body).toMatchObject({ state: 'returned' });
    // What proves a pupil is not told to the school that sent it back unopened.
    for (const answer of [returned, await receiver.json('GET', path), await receiver.json('GET', '/api/cases')]) {
      expect(JSON.stringify(answer.body)).not.toContain(made.pupil.birthDate);
      expect(JSON.stringify(answer.body)).not.toContain(made.pupil.kana);
    }
    const [document] = made.documents;
    for (const url of [`${path}/documents/${document?.id}/content`, `${path}/containers/records`]) {
      const read = await (await world.as('cityHigh-principal')).json('GET', url);
      expect([url, read.status === 403 || read.status === 404]).toEqual([url, true]);
    }
  });

  it('Z-10 is told nothing more of a package that was recalled before it was opened', async () => {
    const made = await caseAt(world, { upTo: 'deposited' });
    const path = `/api/cases/${made.id}`;
    const clerk = await world.as('juniorHigh-clerk');
    const withdrawn = await clerk.json('POST', `${path}/withdrawal`, { reason: '送付先の誤り' });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn' });
    const receiver = await world.as('cityHigh-clerk');
    expect(refusalIn(await receiver.json('GET', path))).toBe('404 case.not-found');
    const opening = await receiver.json('POST', `${path}/opening`, { pupil: made.pupil });
    expect(refusalIn(opening)).toBe('404 case.not-found');
  });

  it('has opened it: then it can be neither withdrawn, changed, nor returned', async () => {
    const made = await caseAt(world, { upTo: 'opened' });
    const path = `/api/cases/${made.id}`;
    const clerk = await world.as('juniorHigh-clerk');
    const receiver = await world.as('cityHigh-clerk');
    const tries = [
      await clerk.json('POST', `${path}/withdrawal`, { reason: 'x' }),
      await clerk.json('POST', `${path}/revision`),
      await clerk.json('POST', `${path}/deposit`, {}),
      await clerk.json('PUT', `${path}/recipient`, { recipientCode: codeOf('privateHigh') }),
      await receiver.json('POST', `${path}/return`, { reason: 'x' }),
      await receiver.json('POST', `${path}/opening`, { pupil: made.pupil }),
    ];
    expect(tries.map(refusalIn)).toEqual(tries.map(() => '409 case.wrong-state'));
  });
});
