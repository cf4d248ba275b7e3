import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishStatistics } from '../../src/board/statistics/publish.ts';
import { isReady, monthsBetween, statisticsOf } from '../../src/board/statistics/rules.ts';
import { publishedMonths } from '../../src/board/statistics/tables.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { writeDeliveries } from './support/deliveries.ts';

const at = { school: 'C111299900119', board: '119990', prefecture: '11', month: '2026-06-01' } as const;

describe('published figures', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
    await writeDeliveries(db.ownerUrl, [
      { ...at, state: 'acknowledged', count: 40 },
      { ...at, state: 'acknowledged', closedAfter: 25, count: 20 },
      { ...at, prefecture: '20', state: 'acknowledged', count: 4 },
      { ...at, prefecture: '13', state: 'acknowledged', count: 30 },
      { ...at, prefecture: '13', state: 'deposited', count: 15 },
    ]);
  }, 60_000);
  afterAll(() => db?.drop());

  const evidence = crypto.subtle
    .generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    .then(async ({ privateKey }) =>
      webCryptoSigner(new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)), [], 'ES256'),
    );
  const publishOn = async (day: string) =>
    publishStatistics({
      database: db.database,
      clock: { now: () => new Date(`${day}T03:00:00Z`) },
      evidence: await evidence,
    });
  const published = () => db.database.transaction({ actor: 'anonymous' }, (tx) => tx.select().from(publishedMonths));

  it('come when the month is over and its last delivery is settled, once and for good', async () => {
    await publishOn('2026-07-10');
    expect(await published()).toEqual([]);
    await publishOn('2026-07-22');
    const [first] = await published();
    expect(first).toMatchObject({ month: '2026-06-01', statistics: { month: '2026-06' } });
    // What comes later changes nothing: the difference would tell.
    await writeDeliveries(db.ownerUrl, [{ ...at, prefecture: '20', state: 'acknowledged', count: 1 }]);
    await publishOn('2026-12-01');
    expect(await published()).toEqual([first]);
  });

  it('keep back what is small, under every total', async () => {
    const [first] = await published();
    const rowOf = (prefecture: string | null, kind: string | null = null) =>
      first?.statistics.rows.find((row) => row.prefecture === prefecture && row.kind === kind);
    expect(rowOf('20')).toMatchObject({ deposited: null, inTime: null, inTimePercent: null, medianHours: null });
    expect(rowOf('11')).toMatchObject({ sentBack: 0 });
    expect(rowOf(null)?.deposited).toBe(109);
    // 109 less what the others show would be the four of the small prefecture.
    expect([rowOf('11')?.deposited, rowOf('13')?.deposited]).toContain(null);
    expect(rowOf('47')).toBeUndefined();
  });

  it('are signed over exactly what is shown, and nobody can change or remove them', async () => {
    const [first] = await published();
    const payload = new Uint8Array(Buffer.from(first?.signed.payload ?? '', 'base64url'));
    expect(payload).toEqual(canonicalJson(first?.statistics));
    for (const actor of ['system:statistics', 'anonymous', 'staff:x']) {
      const gone = await db.database.transaction({ actor }, (tx) =>
        tx.delete(publishedMonths).where(eq(publishedMonths.month, '2026-06-01')).returning(),
      );
      expect([actor, gone]).toEqual([actor, []]);
    }
  });

  it('know which months are ready', () => {
    expect(isReady('2026-06-01', '2026-07-21', '2026-07-21')).toBe(false);
    expect(isReady('2026-06-01', '2026-07-21', '2026-07-22')).toBe(true);
    expect(isReady('2026-06-01', '2026-06-20', '2026-06-30')).toBe(false);
    expect(isReady('2026-06-01', null, '2026-12-01')).toBe(false);
    expect(monthsBetween('2026-11-01', '2027-03-01')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']);
  });

  it('show a median only where it is of many', () => {
    const count = { prefecture: '11', kind: 'advancement', outcome: 'inTime' } as const;
    const median = { prefecture: '11', kind: 'advancement', hours: 30 };
    const few = statisticsOf('2026-06-01', [{ ...count, count: 9 }], [median]);
    const many = statisticsOf('2026-06-01', [{ ...count, count: 10 }], [median]);
    expect(few.rows.every(({ medianHours }) => medianHours === null)).toBe(true);
    expect(many.rows.find(({ kind, prefecture }) => kind !== null && prefecture !== null)?.medianHours).toBe(30);
  });
});
