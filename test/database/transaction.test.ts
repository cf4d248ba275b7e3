import { count, eq, sql } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytes } from '../../src/database/columns.ts';
import { openDatabase, type Transaction } from '../../src/database/connection.ts';
import { PoolExhausted, StatementFailed, sqlState, violates } from '../../src/database/errors.ts';
import { refuseInsideTransaction } from '../../src/database/inside.ts';
import { changedRows, expectRows } from '../../src/database/rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const words = pgTable('words', {
  word: text('word').primaryKey(),
  size: integer('size'),
  tags: text('tags').array(),
  raw: bytes('raw'),
});
const scope = { actor: 'staff:1', school: 'B123' };
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  const owner = postgres(db.ownerUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe(`create table words (word text primary key, size int check (size < 100), tags text[], raw bytea)`);
  await owner.unsafe(`grant select, insert, update, delete on words to hikitsugi_app`);
  await owner.end();
});
afterAll(() => db.drop());
beforeEach(() => db.database.transaction(scope, (tx) => tx.delete(words)));

async function stored(): Promise<string[]> {
  const rows = await db.database.transaction(scope, (tx) =>
    tx.select({ word: words.word }).from(words).orderBy(words.word),
  );
  return rows.map(({ word }) => word);
}

function add(tx: Transaction, word: string): Promise<unknown> {
  return tx.insert(words).values({ word });
}

describe('a transaction', () => {
  it('tells the database who acts and for whom, first of all, and forgets it afterwards', async () => {
    const ask = sql`select current_setting('app.actor') as actor, current_setting('app.school') as school,
      current_setting('app.person') as person, current_setting('app.board') as board`;
    const full = { actor: 'person:7', school: 'A', person: '7', board: 'C' };
    const [first] = await db.database.transaction(full, (tx) => tx.execute(ask));
    expect(first).toEqual(full);
    const [second] = await db.database.transaction({ actor: 'system:ready' }, (tx) => tx.execute(ask));
    expect(second).toEqual({ actor: 'system:ready', school: '', person: '', board: '' });
  });

  it('has an id of its own', async () => {
    const ask = (tx: Transaction) => tx.execute(sql`select current_setting('app.transaction') as id`);
    const ids = [await db.database.transaction(scope, ask), await db.database.transaction(scope, ask)].map(
      ([row]) => row?.['id'],
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('is refused without an actor, and the client stays usable', async () => {
    for (let n = 0; n < 10; n += 1) {
      await expect(db.database.transaction({ actor: '' }, (tx) => add(tx, 'nobody'))).rejects.toThrow('needs an actor');
    }
    expect(await stored()).toEqual([]);
  });

  it('gives back what the work gives back, and stores it', async () => {
    const row = { word: '引継ぎ', size: 3, tags: ['a,b', 'c"d', '{}'], raw: new Uint8Array([0, 1, 255]) };
    await db.database.transaction(scope, (tx) => tx.insert(words).values(row));
    const [found] = await db.database.transaction(scope, (tx) =>
      tx.select().from(words).where(eq(words.word, '引継ぎ')),
    );
    expect({ ...found, raw: Uint8Array.from(found?.raw ?? []) }).toEqual(row);
    const [total] = await db.database.transaction(scope, (tx) => tx.select({ n: count() }).from(words));
    expect(total).toEqual({ n: 1 });
  });

  it('stores nothing when the work throws', async () => {
    const attempt = db.database.transaction(scope, async (tx) => {
      await add(tx, 'one');
      throw new TypeError('on purpose');
    });
    await expect(attempt).rejects.toThrow(new TypeError('on purpose'));
    expect(await stored()).toEqual([]);
  });

  it('does not pretend to have stored what a swallowed error has undone', async () => {
    const attempt = db.database.transaction(scope, async (tx) => {
      await add(tx, 'one');
      await tx.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    expect(sqlState(await attempt.catch((reason: unknown) => reason))).toBe('22012');
    expect(await stored()).toEqual([]);
  });

  it('waits for a statement that the work forgot to await, and fails with it', async () => {
    const attempt = db.database.transaction(scope, async (tx) => {
      await add(tx, 'one');
      tx.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    expect(sqlState(await attempt.catch((reason: unknown) => reason))).toBe('22012');
    expect(await stored()).toEqual([]);
  });

  it('refuses a statement that comes after its end', async () => {
    let escaped: Transaction | undefined;
    await db.database.transaction(scope, async (tx) => {
      escaped = tx;
    });
    const late = escaped?.insert(words).values({ word: 'late' });
    await expect(late).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });

  it('undoes a savepoint alone, and goes on', async () => {
    await db.database.transaction(scope, async (tx) => {
      await add(tx, 'one');
      const inner = tx.transaction(async (nested) => {
        await add(nested, 'two');
        await add(nested, 'one');
      });
      await expect(inner).rejects.toThrow();
      await tx.transaction((nested) => add(nested, 'three'));
    });
    expect(await stored()).toEqual(['one', 'three']);
  });

  it('is refused inside another, which would wait for itself when every client is busy', async () => {
    const attempt = db.database.transaction(scope, () => db.database.transaction(scope, async () => 1));
    await expect(attempt).rejects.toThrow('inside another');
  });

  it('lets nobody await the outside world within (defence 6)', async () => {
    expect(() => refuseInsideTransaction('The object store')).not.toThrow();
    const attempt = db.database.transaction(scope, async () => refuseInsideTransaction('The object store'));
    await expect(attempt).rejects.toThrow('The object store was awaited inside a database transaction');
  });

  it('runs again after a deadlock until both are stored', async () => {
    await db.database.transaction(scope, (tx) =>
      tx.insert(words).values([
        { word: 'a', size: 0 },
        { word: 'b', size: 0 },
      ]),
    );
    const gate = { waiting: 2, open: Promise.withResolvers<void>() };
    let runs = 0;
    const bump = (first: string, second: string) =>
      db.database.transaction(scope, async (tx) => {
        runs += 1;
        await tx
          .update(words)
          .set({ size: sql`${words.size} + 1` })
          .where(eq(words.word, first));
        gate.waiting -= 1;
        if (gate.waiting === 0) gate.open.resolve();
        await gate.open.promise;
        await tx
          .update(words)
          .set({ size: sql`${words.size} + 1` })
          .where(eq(words.word, second));
      });
    await Promise.all([bump('a', 'b'), bump('b', 'a')]);
    const rows = await db.database.transaction(scope, (tx) => tx.select({ size: words.size }).from(words));
    expect(rows).toEqual([{ size: 2 }, { size: 2 }]);
    expect(runs).toBe(3);
  });
});

describe('errors of the database', () => {
  it('name the constraint and never the value, the statement or its parameters', async () => {
    const secret = '山田太郎の電話番号';
    const attempts = [
      (tx: Transaction) => tx.insert(words).values([{ word: secret }, { word: secret }]),
      (tx: Transaction) => tx.execute(sql`select ${secret}::int`),
      (tx: Transaction) => tx.insert(words).values({ word: secret, size: 100 }),
      (tx: Transaction) => tx.execute(sql`select ${secret} from no_such_table`),
      (tx: Transaction) => tx.execute(sql`select ${Symbol.for(secret)}`),
    ];
    for (const attempt of attempts) {
      const reason: unknown = await db.database
        .transaction(scope, async (tx) => {
          await attempt(tx);
        })
        .catch((error: unknown) => error);
      expect(reason).toBeInstanceOf(Error);
      const shown =
        reason instanceof Error ? [reason.message, reason.stack, JSON.stringify(reason), String(reason.cause)] : [];
      expect(shown.join()).not.toContain(secret);
      expect(shown.join()).not.toContain('insert into');
    }
    expect(await stored()).toEqual([]);
  });

  it('can be told apart, inside a savepoint and outside', async () => {
    const twice = (tx: Transaction) => tx.insert(words).values([{ word: 'x' }, { word: 'x' }]);
    const outside: unknown = await db.database
      .transaction(scope, async (tx) => {
        await twice(tx);
      })
      .catch((error: unknown) => error);
    expect(outside).toBeInstanceOf(StatementFailed);
    expect(violates(outside, 'words_pkey')).toBe(true);
    await db.database.transaction(scope, async (tx) => {
      const inside: unknown = await tx
        .transaction(async (nested) => {
          await twice(nested);
        })
        .catch((error: unknown) => error);
      expect(violates(inside, 'words_pkey')).toBe(true);
      expect(violates(inside, 'another')).toBe(false);
    });
  });

  it('count the rows that a statement changed', async () => {
    await db.database.transaction(scope, async (tx) => {
      await tx.insert(words).values([{ word: 'a' }, { word: 'b' }]);
      expect(changedRows(await tx.update(words).set({ size: 1 }))).toBe(2);
      expect(changedRows(await tx.delete(words).where(eq(words.word, 'a')).returning())).toBe(1);
      expect(() => expectRows([], 1)).toThrow('0 rows instead of 1');
    });
  });
});

describe('the pool', () => {
  it('says so when no client becomes free in time, and serves again afterwards', async () => {
    const one = await openDatabase({ url: db.appUrl, poolSize: 1, deadlineMs: 300 });
    const release = Promise.withResolvers<void>();
    const holder = one.transaction(scope, () => release.promise);
    await expect(one.ready()).rejects.toBeInstanceOf(PoolExhausted);
    release.resolve();
    await holder;
    await expect(one.ready()).resolves.toBeUndefined();
    await one.close();
    await expect(one.ready()).rejects.toThrow('closed');
  });

  it('ends a statement that takes longer than the deadline', async () => {
    const one = await openDatabase({ url: db.appUrl, poolSize: 1, deadlineMs: 300 });
    await expect(one.transaction(scope, (tx) => tx.execute(sql`select pg_sleep(5)`))).rejects.toThrow();
    await expect(one.ready()).resolves.toBeUndefined();
    await one.close();
  });

  it('tells the server the same limits, so that they hold when this process hangs', async () => {
    const rows = await db.database.transaction(scope, (tx) =>
      tx.execute(sql`select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout',
        'idle_in_transaction_session_timeout', 'transaction_timeout') order by name`),
    );
    expect(rows.map((row) => [row['name'], row['setting']])).toEqual([
      ['idle_in_transaction_session_timeout', '20000'],
      ['lock_timeout', '10000'],
      ['statement_timeout', '10000'],
      ['transaction_timeout', '40000'],
    ]);
  });

  it('prepares each statement once per client', async () => {
    const one = await openDatabase({ url: db.appUrl, poolSize: 1, deadlineMs: 3_000 });
    for (let n = 0; n < 20; n += 1)
      await one.transaction(scope, (tx) =>
        tx
          .select()
          .from(words)
          .where(eq(words.word, String(n))),
      );
    const rows = await one.transaction(scope, (tx) =>
      tx.execute(
        sql`select (generic_plans + custom_plans)::int as uses from pg_prepared_statements where statement like '%"words"."word" = $1'`,
      ),
    );
    expect([...rows]).toEqual([{ uses: 20 }]);
    await one.close();
  });

  it('lets running transactions end when it closes', async () => {
    const one = await openDatabase({ url: db.appUrl, poolSize: 2, deadlineMs: 3_000 });
    const release = Promise.withResolvers<void>();
    const running = one.transaction(scope, async (tx) => {
      await release.promise;
      await add(tx, 'last');
    });
    const closed = one.close();
    release.resolve();
    await Promise.all([running, closed]);
    expect(await stored()).toEqual(['last']);
  });
});
