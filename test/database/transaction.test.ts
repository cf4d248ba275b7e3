import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('a transaction', () => {
  it('tells the database who acts, for which school, and forgets it afterwards', async () => {
    const rows = await db.database.transaction({ actor: 'staff:1', school: 'B123' }, (tx) =>
      tx.execute(
        sql`select current_setting('app.actor') as actor, current_setting('app.school') as school, current_setting('app.person') as person`,
      ),
    );
    expect([...rows]).toEqual([{ actor: 'staff:1', school: 'B123', person: '' }]);
  });
});
