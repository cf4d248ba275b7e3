import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sealKeys } from '../../src/records/tables.ts';
import { caseAt, type TestCase } from './support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from './support/world.ts';

const shape = z.object({
  verification: z.object({
    outcome: z.string(),
    senderKey: z.object({
      fingerprint: z.string(),
      registeredAt: z.string().nullable(),
      standing: z.string().nullable(),
      isNew: z.boolean(),
    }),
  }),
});

describe('what the receiver learns of the key that sealed', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    made = await caseAt(world, { upTo: 'opened' });
  }, 120_000);
  afterAll(() => world?.close());

  const inForce = and(eq(sealKeys.schoolCode, codeOf('juniorHigh')), isNull(sealKeys.retiredAt));

  async function registered() {
    const [key] = await world.job('directory', (tx) => tx.select().from(sealKeys).where(inForce));
    if (key === undefined) throw new Error('the school has a key');
    return key;
  }

  /** What somebody does who can write into the database as they like. */
  async function tamper(values: Partial<typeof sealKeys.$inferInsert>): Promise<void> {
    await world.job('directory', (tx) => tx.update(sealKeys).set(values).where(inForce));
  }

  async function verified() {
    const receiver = await world.as('cityHigh-clerk');
    const answer = await receiver.json('POST', `/api/cases/${made.id}/verification`, {});
    expect(answer.status).toBe(200);
    return shape.parse(answer.body).verification;
  }

  async function pageOf(subject: string): Promise<string> {
    const session = await world.as(subject);
    return (await session.send('GET', `/cases/${made.id}`, undefined, { accept: 'text/html' })).text();
  }

  it('A-13 says which of the sender’s keys sealed and since when, and to ask when that is not long ago', async () => {
    const { fingerprint, addedAt } = await registered();
    const senderKey = { fingerprint, registeredAt: addedAt.toISOString(), standing: 'confirmed', isNew: true };
    expect((await verified()).senderKey).toEqual(senderKey);
    const page = await pageOf('cityHigh-clerk');
    expect(page).toContain(fingerprint);
    expect(page).toContain('登録から30日たっていない鍵で封をしています');
    expect(page).toContain('読み合わせてください');
    // The sender knows its own keys from a page of its own.
    expect(await pageOf('juniorHigh-clerk')).not.toContain(fingerprint);
  });

  it('A-13 asks for nothing when the key has been the sender’s for longer', async () => {
    const { addedAt } = await registered();
    await tamper({ addedAt: new Date(addedAt.getTime() - 31 * day) });
    expect((await verified()).senderKey).toMatchObject({ standing: 'confirmed', isNew: false });
    const page = await pageOf('cityHigh-clerk');
    expect(page).toContain('送付元の鍵の指紋');
    expect(page).not.toContain('読み合わせてください');
    await tamper({ addedAt });
  });

  it('A-13 says so when the log does not hold the registration, and when there is none', async () => {
    const { registeredBy, fingerprint } = await registered();
    await tamper({ registeredBy: randomUUID() });
    expect((await verified()).senderKey).toMatchObject({ fingerprint, standing: 'doubted' });
    expect(await pageOf('cityHigh-clerk')).toContain('鍵の登録が台帳の記録と一致しません');
    await tamper({ registeredBy, fingerprint: 'another' });
    expect((await verified()).senderKey).toEqual({ fingerprint, registeredAt: null, standing: null, isNew: false });
    expect(await pageOf('cityHigh-clerk')).toContain('送付元が登録していない鍵で封をしています');
    await tamper({ fingerprint });
  });
});
