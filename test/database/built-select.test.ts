import { and, asc, eq, lt } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSelect } from '../../src/database/built-select.ts';
import { bytes } from '../../src/database/columns.ts';
import type { Transaction } from '../../src/database/connection.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const things = pgTable('things', {
  id: text('id').primaryKey(),
  size: integer('size'),
  isOld: boolean('is_old').notNull(),
  tags: text('tags').array(),
  raw: bytes('raw'),
  facts: jsonb('facts'),
  madeAt: timestamp('made_at', { withTimezone: true }).notNull(),
});
const scope = { actor: 'staff:1' };
const noon = new Date('2027-04-01T03:00:00.123Z');
const thingById = buildSelect<typeof things, { id: string }>(things, (rows, value) =>
  rows.where(eq(things.id, value('id'))),
);
const smallerThan = buildSelect<typeof things, { size: number; isOld: boolean }>(things, (rows, value) =>
  rows.where(and(lt(things.size, value('size')), eq(things.isOld, value('isOld')))).orderBy(asc(things.id)),
);
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  const owner = postgres(db.ownerUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe(`create table things (id text primary key, size int, is_old boolean not null, tags text[], raw bytea,
    facts jsonb, made_at timestamptz not null)`);
  await owner.unsafe('grant select, insert, update, delete on things to hikitsugi_app');
  await owner.end();
  await db.database.transaction(scope, (tx) =>
    tx.insert(things).values([
      {
        id: 'full',
        size: 7,
        isOld: true,
        tags: ['あ', 'b,c', '"'],
        raw: Uint8Array.of(0, 255),
        facts: { a: [1, null] },
        madeAt: noon,
      },
      { id: 'empty', isOld: false, madeAt: new Date(noon.getTime() + 1) },
      { id: 'last', size: 6, isOld: true, tags: [], madeAt: new Date(noon.getTime() - 1) },
    ]),
  );
});

afterAll(() => db.drop());

describe('a selection that is built once', () => {
  it('gives the rows that drizzle gives, of every type and where there is nothing', async () => {
    await db.database.transaction(scope, async (tx) => {
      for (const id of ['full', 'empty', 'last', "' or true --"]) {
        expect(await thingById(tx, { id })).toEqual(await tx.select().from(things).where(eq(things.id, id)));
      }
      const [full] = await thingById(tx, { id: 'full' });
      expect(full).toMatchObject({ size: 7, isOld: true, tags: ['あ', 'b,c', '"'], facts: { a: [1, null] } });
      expect(full?.madeAt).toEqual(noon);
    });
  });

  it('takes other values at each call', async () => {
    const ids = (size: number, isOld: boolean) =>
      db.database.transaction(scope, async (tx) => (await smallerThan(tx, { size, isOld })).map(({ id }) => id));
    expect(await ids(8, true)).toEqual(['full', 'last']);
    expect(await ids(7, true)).toEqual(['last']);
    expect(await ids(8, false)).toEqual([]);
  });

  it('sees what its own transaction and its savepoint have written', async () => {
    await db.database.transaction(scope, async (tx) => {
      await tx.update(things).set({ size: 8 }).where(eq(things.id, 'full'));
      expect((await thingById(tx, { id: 'full' }))[0]?.size).toBe(8);
      await tx.transaction(async (inner) => {
        await inner.update(things).set({ size: 9 }).where(eq(things.id, 'full'));
        expect((await thingById(inner, { id: 'full' }))[0]?.size).toBe(9);
      });
      await tx.update(things).set({ size: 7 }).where(eq(things.id, 'full'));
    });
  });

  it('is refused after the end of its transaction', async () => {
    let kept: Transaction | null = null;
    await db.database.transaction(scope, async (tx) => {
      kept = tx;
    });
    // Sound: the work above has run.
    await expect(thingById(kept as unknown as Transaction, { id: 'full' })).rejects.toThrow('after the end');
  });
});
