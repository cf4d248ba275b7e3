import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase, type Transaction } from '../../src/database/connection.ts';
import { CommitUnknown, ConnectionLost, isDatabaseUnavailable } from '../../src/database/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openProxy, type Proxy } from './proxy.ts';

const scope = { actor: 'staff:1' };
let db: TestDatabase;
let admin: postgres.Sql;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 1, deadlineMs: 1_000 });
  const owner = postgres(db.ownerUrl, { max: 1, onnotice: () => undefined });
  // Without row level security: the client alone must keep strays out.
  await owner.unsafe(`create table marks (label text not null, slow text)`);
  await owner.unsafe(`grant select, insert on marks to hikitsugi_app`);
  // A commit that takes half a second, so that it can be cut in the middle.
  await owner.unsafe(
    `create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end'`,
  );
  await owner.unsafe(`create constraint trigger linger after insert on marks deferrable initially deferred
    for each row when (new.slow is not null) execute function linger()`);
  await owner.end();
  admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});
beforeEach(() => admin`delete from marks`);

async function marks(): Promise<string[]> {
  return (await admin`select label from marks order by label`).map((row) => String(row['label']));
}

/** Cuts every connection of the application and waits until the server has let go of them. */
async function cutAll(): Promise<void> {
  const mine = admin`usename = 'hikitsugi_app' and datname = current_database()`;
  await admin`select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${mine}`;
}

function mark(tx: Transaction, label: string): Promise<unknown> {
  return tx.execute(sql`insert into marks (label) values (${label})`);
}

describe('F-13 a half-open link', () => {
  let proxy: Proxy;
  let database: Database;
  beforeAll(async () => {
    proxy = await openProxy(db.appUrl);
    database = await openDatabase({ url: proxy.url, poolSize: 1, deadlineMs: 500 });
  });
  afterAll(async () => {
    await database.close();
    await proxy.close();
  });

  it('fails within the deadline, and the pool recovers', async () => {
    const attempt = database.transaction(scope, async (tx) => {
      await mark(tx, 'before');
      proxy.freeze();
      await mark(tx, 'after');
    });
    await expect(attempt).rejects.toBeInstanceOf(ConnectionLost);
    proxy.thaw();
    await database.transaction(scope, (tx) => mark(tx, 'next'));
    expect(await marks()).toEqual(['next']);
  });

  it('fails within the deadline when it froze while the client lay idle', async () => {
    proxy.freeze();
    await expect(database.ready()).rejects.toBeInstanceOf(ConnectionLost);
    // A new connection finds the link frozen as well.
    await expect(database.ready()).rejects.toBeInstanceOf(ConnectionLost);
    proxy.thaw();
    await expect(database.ready()).resolves.toBeUndefined();
  });

  it('says that the outcome is unknown when it freezes before COMMIT', async () => {
    const attempt = database.transaction(scope, async (tx) => {
      await mark(tx, 'perhaps');
      proxy.freeze();
    });
    await expect(attempt).rejects.toBeInstanceOf(CommitUnknown);
    expect(isDatabaseUnavailable(await attempt.catch((reason: unknown) => reason))).toBe(true);
    proxy.thaw();
    expect(await marks()).toEqual([]);
  });

  it('ends a transaction whose work never comes back', async () => {
    const attempt = database.transaction(scope, async (tx) => {
      await mark(tx, 'stays out');
      await new Promise(() => undefined);
    });
    await expect(attempt).rejects.toBeInstanceOf(ConnectionLost);
    await database.transaction(scope, (tx) => mark(tx, 'next'));
    expect(await marks()).toEqual(['next']);
  });
});

describe('F-23 a link lost with something still to send', () => {
  const steps: Record<string, (tx: Transaction) => Promise<void>> = {
    'a statement': async (tx) => {
      await cutAll();
      await mark(tx, 'after the cut');
    },
    'a statement, unawaited': async (tx) => {
      const first = mark(tx, 'on its way').catch(() => undefined);
      await cutAll();
      await first;
    },
    COMMIT: async () => {
      await cutAll();
    },
    ROLLBACK: async () => {
      await cutAll();
      throw new Error('on purpose');
    },
    'ROLLBACK TO': (tx) =>
      tx.transaction(async (inner) => {
        await mark(inner, 'in the savepoint');
        await cutAll();
        throw new Error('on purpose');
      }),
  };
  for (const [name, step] of Object.entries(steps)) {
    it(`stores nothing and serves the next transaction: ${name}`, async () => {
      for (let round = 0; round < 5; round += 1) {
        const attempt = db.database.transaction(scope, async (tx) => {
          await mark(tx, 'before');
          await step(tx);
        });
        await expect(attempt).rejects.toThrow();
        // The deadline of this database is one second: later would be refused.
        await db.database.transaction(scope, (tx) => mark(tx, `next ${round}`));
      }
      expect(await marks()).toEqual(['next 0', 'next 1', 'next 2', 'next 3', 'next 4']);
    });
  }

  it('reports a cut during COMMIT as unknown', async () => {
    const attempt = db.database.transaction(scope, (tx) => tx.execute(sql`insert into marks values ('slow', 'yes')`));
    await expect(Promise.all([attempt, pause(150).then(cutAll)])).rejects.toBeInstanceOf(CommitUnknown);
    expect(await marks()).toEqual([]);
  });
});

/** What both orders below do: A writes and is cut, B begins, A writes once more, A ends, B ends. */
async function interleave(transaction: Database['transaction']): Promise<{ a: unknown; b: unknown }> {
  const cut = Promise.withResolvers<void>();
  const bBegan = Promise.withResolvers<void>();
  const aEnded = Promise.withResolvers<void>();
  const a = transaction(scope, async (tx) => {
    await mark(tx, 'A1');
    await cutAll();
    cut.resolve();
    await bBegan.promise;
    await mark(tx, 'A2');
  }).catch((reason: unknown) => reason);
  await cut.promise;
  // The driver waits a moment before it connects again; A's failed promise must not be needed for B to begin.
  const b = transaction({ actor: 'staff:2' }, async (tx) => {
    await mark(tx, 'B1');
    bBegan.resolve();
    await aEnded.promise;
    await mark(tx, 'B2');
  }).catch((reason: unknown) => reason);
  await Promise.race([a, pause(3_000)]);
  aEnded.resolve();
  return { a: await Promise.race([a, pause(3_000)]), b: await Promise.race([b, pause(3_000)]) };
}

describe('F-24 A cut, B begins, A writes, A ends', () => {
  it('stores nothing of A, and B whole', async () => {
    for (let round = 0; round < 20; round += 1) {
      await admin`delete from marks`;
      const { a, b } = await interleave((...input) => db.database.transaction(...input));
      expect(a).toBeInstanceOf(ConnectionLost);
      expect(b).toBeUndefined();
      expect(await marks()).toEqual(['B1', 'B2']);
    }
  });

  it('is able to fail: on a naive shared pool a statement of A is stored', async () => {
    const pool = postgres(db.appUrl, { max: 1, onnotice: () => undefined });
    const shared = drizzle(pool);
    await interleave((_scope, work) => shared.transaction((tx) => work(tx)));
    await pool.end({ timeout: 0 });
    expect(await marks()).toContain('A2');
  });
});
