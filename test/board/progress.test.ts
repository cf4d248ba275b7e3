import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActorScope } from '../../src/database/scope.ts';
import { remindReceivers } from '../../src/transfers/progress/remind.ts';
import { deadlinesOf } from '../../src/transfers/progress/rules.ts';
import { caseProgress, caseProgressPeers } from '../../src/transfers/progress/tables.ts';
import { mailsOf } from '../hostile/support/mails.ts';
import { caseAt } from '../hostile/support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';

const cityBoard = { actor: 'staff:auditor', school: '119990', role: 'auditor' } as const;
const prefectureBoard = { ...cityBoard, school: '209990' } as const;

describe('how far a delivery has got', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  beforeAll(async () => {
    world = await openHostileWorld();
  }, 180_000);
  afterAll(() => world?.close());

  const rowsOf = (scope: ActorScope, caseId: string) =>
    world.running.gateway.database.transaction(scope, (tx) =>
      tx.select().from(caseProgress).where(eq(caseProgress.caseId, caseId)).orderBy(caseProgress.attempt),
    );
  const peersOf = (scope: ActorScope, caseId: string) =>
    world.running.gateway.database.transaction(scope, async (tx) =>
      (await tx.select().from(caseProgressPeers).where(eq(caseProgressPeers.caseId, caseId))).map(
        ({ schoolCode }) => schoolCode,
      ),
    );

  it('is no business of the board while it is a draft, and shows to its own board alone', async () => {
    const draft = await caseAt(world, { upTo: 'draft', to: 'prefecturalHigh' });
    expect(await rowsOf(cityBoard, draft.id)).toEqual([]);
    const made = await caseAt(world, { upTo: 'submitted', to: 'prefecturalHigh' });
    expect(await rowsOf(cityBoard, made.id)).toMatchObject([
      { side: 'sender', state: 'submitted', schoolCode: codeOf('juniorHigh'), month: null, isSettled: false },
    ]);
    expect(await rowsOf(prefectureBoard, made.id)).toEqual([]);
  });

  it('is written for both sides at the deposit, with the days it is due, and moves with every act', async () => {
    const made = await caseAt(world, { upTo: 'deposited', to: 'prefecturalHigh' });
    const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
    const { dueOn, lostOn } = deadlinesOf(today, []);
    const expected = { state: 'deposited', dueOn, lostOn, month: `${today.slice(0, 7)}-01`, isSettled: false };
    expect(await rowsOf(cityBoard, made.id)).toMatchObject([{ side: 'sender', ...expected }]);
    expect(await rowsOf(prefectureBoard, made.id)).toMatchObject([{ side: 'recipient', ...expected }]);
    const receiver = await world.as('prefecturalHigh-clerk');
    const reason = { reason: '別の学校の生徒です。' };
    expect((await receiver.json('POST', `/api/cases/${made.id}/return`, reason)).body).toMatchObject({
      state: 'returned',
    });
    for (const board of [cityBoard, prefectureBoard]) {
      expect(await rowsOf(board, made.id)).toMatchObject([{ state: 'returned', closedOn: today, isSettled: true }]);
    }
  });

  it('shows nothing to others at a board, to a board without the role, or to another school', async () => {
    const made = await caseAt(world, { upTo: 'acknowledged', to: 'cityHigh' });
    expect(await rowsOf(cityBoard, made.id)).toHaveLength(2);
    for (const scope of [
      { ...cityBoard, role: 'administrator' },
      { actor: 'machine:x', school: cityBoard.school },
      { ...cityBoard, school: codeOf('privateHigh'), role: 'principal' },
      { actor: 'anonymous' },
    ]) {
      expect([scope, await rowsOf(scope, made.id)]).toEqual([scope, []]);
    }
  });

  it('P-02 hides the other school from boards while a protection order stands, also one that came afterwards', async () => {
    const made = await caseAt(world, { upTo: 'deposited', to: 'prefecturalHigh', pupilId: 'pupil-02' });
    expect(await peersOf(cityBoard, made.id)).toEqual([codeOf('prefecturalHigh')]);
    const receiver = await world.as('prefecturalHigh-principal');
    const order = {
      subject: { kind: 'case', id: made.id },
      source: 'municipality',
      startsOn: '2026-04-01',
      reviewOn: '2099-04-01',
    };
    const entered = await receiver.json('POST', '/api/protections', order);
    expect([entered.status, entered.body.code]).toEqual([201, undefined]);
    expect(await peersOf(cityBoard, made.id)).toEqual([]);
    expect(await peersOf(prefectureBoard, made.id)).toEqual([]);
    expect(await rowsOf(cityBoard, made.id)).toMatchObject([{ state: 'deposited' }]);
  });

  it('reminds the receiver once on each step, and no more once it is taken in', async () => {
    const made = await caseAt(world, { upTo: 'deposited', to: 'cityHigh', pupilId: 'pupil-03' });
    const mailsAbout = async () =>
      (await mailsOf(world)).filter(({ text }) => text.includes(made.id) && text.includes('未受領の書類があります'))
        .length;
    const told = (count: number) => expect.poll(mailsAbout, { timeout: 20_000 }).toBe(count);
    const { database } = world.running.gateway;
    const [row] = await rowsOf(cityBoard, made.id);
    const [first = '', second = '', third = ''] = (row?.reminders ?? '').split(',');
    const roundAt = (on: string, hour = '09') =>
      remindReceivers({ database, clock: { now: () => new Date(`${on}T${hour}:30:00+09:00`) } });
    await roundAt(first, '07');
    await told(0);
    await roundAt(first);
    await roundAt(first);
    await told(1);
    // Nothing ran on the second day: one notice makes up for both.
    await roundAt(third);
    await told(2);
    await roundAt(third);
    await told(2);
    expect(second < third).toBe(true);
  });
});
