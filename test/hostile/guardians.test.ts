import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import type { Session } from '../support/session.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openLinkedSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a guardian among several', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let father: Session;
  let mother: Session;
  let pupil: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'acknowledged', documents: [record(), healthCard()] });
    father = await openLinkedSession(world, 'kenichi', 'juniorHigh');
    mother = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    pupil = await openLinkedSession(world, 'sakura', 'juniorHigh');
  }, 120_000);
  afterAll(() => world?.close());

  function paths() {
    const [records, health] = made.documents;
    return {
      records: contentPath({ caseId: made.id, documentId: records?.id ?? '' }),
      health: contentPath({ caseId: made.id, documentId: health?.id ?? '' }),
      container: `/api/cases/${made.id}/containers/records`,
      case: `/api/cases/${made.id}`,
      receipts: `/api/cases/${made.id}/receipts`,
      ledger: `/api/cases/${made.id}/ledger`,
    };
  }

  async function seenBy(session: Session): Promise<Readonly<Record<string, number>>> {
    const entries = await Promise.all(
      Object.entries(paths()).map(async ([name, path]) => [name, (await session.send('GET', path)).status] as const),
    );
    return Object.fromEntries(entries);
  }

  const everything = { records: 200, health: 200, container: 200, case: 200, receipts: 200, ledger: 200 };
  const nothing = { records: 404, health: 404, container: 404, case: 404, receipts: 404, ledger: 404 };

  function ledgerRefusals() {
    return world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.name, 'ledger.viewed'), eq(auditEvents.outcome, 'refused'))),
    );
  }

  it('sees what the school lets him see, and the other guardian and the pupil see theirs', async () => {
    for (const session of [father, mother, pupil]) expect(await seenBy(session)).toEqual(everything);
  });

  it('P-04 in dispute asks for the ledger and learns nothing of place or receiver; the request is logged', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const before = (await ledgerRefusals()).length;
    const suspended = await clerk.json('POST', '/api/guardians/guardian-kenichi/dispute', { reason: '調停中' });
    expect(suspended.status).toBe(204);
    // At once, in the session that was open all the while, and for the next request of a download.
    expect(await seenBy(father)).toEqual(nothing);
    expect(refusalIn(await father.json('GET', paths().ledger))).toBe('404 case.not-found');
    expect((await ledgerRefusals()).length).toBe(before + 2);
    const words = [codeOf('cityHigh'), codeOf('juniorHigh'), '見本市立', '葛', made.id];
    for (const path of ['/api/cases', '/api/links', '/api/notices', '/links', '/']) {
      const text = await (
        await father.send('GET', path, undefined, {
          accept: path.startsWith('/api') ? 'application/json' : 'text/html',
        })
      ).text();
      for (const word of words) expect([path, word, text.includes(word)]).toEqual([path, word, false]);
    }
    for (const session of [mother, pupil]) expect(await seenBy(session)).toEqual(everything);
  });

  it('comes back when the principal settles it, and goes with the removal, on the very next request', async () => {
    const principal = await world.as('juniorHigh-principal');
    const path = '/api/guardians/guardian-kenichi';
    const settled = await principal.json('POST', `${path}/settlement`, { outcome: 'restored', reason: '調停成立' });
    expect(settled.status).toBe(204);
    expect(await seenBy(father)).toEqual(everything);
    const download = await father.send('GET', paths().container);
    expect((await principal.json('POST', `${path}/end`, { reason: '親権者変更' })).status).toBe(204);
    // What had begun ends; what is asked for after the removal is not there.
    expect((await download.arrayBuffer()).byteLength).toBeGreaterThan(100);
    expect(await seenBy(father)).toEqual(nothing);
    expect(await seenBy(mother)).toEqual(everything);
  });

  it('sees by scope: a guardian for the records alone gets no health card and no ledger', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const principal = await world.as('juniorHigh-principal');
    const entered = await clerk.json('POST', '/api/pupils/pupil-01/guardians', {
      name: '葛城　祖母',
      kana: 'カツラギ　ソボ',
      relation: 'other',
      custody: 'none',
      scope: ['records'],
    });
    const { id: guardianId } = entered.body;
    expect((await principal.json('POST', `/api/guardians/${guardianId}/confirmation`)).status).toBe(204);
    const issued = await clerk.json('POST', '/api/pupils/pupil-01/linking-codes', { relation: 'guardian', guardianId });
    const person = await openLinkedSession(world, 'fumi', 'juniorHigh', {
      code: issued.body.code,
      birthDate: '2011-04-02',
    });
    const narrow = { ...everything, health: 404, ledger: 404 };
    expect(await seenBy(person)).toEqual(narrow);
    expect((await person.send('GET', `/api/cases/${made.id}/containers/health`)).status).toBe(404);
    const shown = await person.json('GET', paths().case);
    expect(shown.body.documents.map(({ readable }) => readable)).toEqual([true, false]);
    const page = await person.send('GET', `/cases/${made.id}`, undefined, { accept: 'text/html' });
    expect(await page.text()).not.toContain('/ledger/reports');
  });

  it('reports a line that nobody recognises: the school is told, and both ledgers keep it', async () => {
    const ledger = await mother.json('GET', paths().ledger);
    const lines = ledger.body.items.filter(({ event }) => event === 'package.opened');
    expect(lines.map(({ side }) => side).toSorted()).toEqual(['recipient', 'sender']);
    // The ledger of a case tells the act on both sides: either can be reported.
    const line = lines.find(({ side }) => side === 'sender');
    const path = `/api/cases/${made.id}/ledger/reports`;
    expect((await mother.json('POST', path, { eventId: line?.eventId })).status).toBe(204);
    expect(refusalIn(await mother.json('POST', path, { eventId: crypto.randomUUID() }))).toBe('404 case.not-found');
    expect(refusalIn(await father.json('POST', path, { eventId: line?.eventId }))).toBe('404 case.not-found');
    expect((await mother.json('GET', paths().ledger)).body.items.at(-1)).toMatchObject({ event: 'access.reported' });
    const told = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'access.reported')),
    );
    expect(told.filter(({ outcome }) => outcome === 'done').map(({ organisation }) => organisation)).toEqual([
      codeOf('juniorHigh'),
    ]);
    await expect.poll(async () => (await mails()).join(), { timeout: 15_000 }).toContain('心当たりがない');
  });

  it('is told by mail what happens to the others, without a name, a school or a place', async () => {
    await expect
      .poll(async () => (await mailsTo('guardian-mayumi@example.jp')).length, { timeout: 15_000 })
      .toBeGreaterThan(3);
    const text = (await mailsTo('guardian-mayumi@example.jp')).join();
    for (const word of ['葛', '健一', '中学校', codeOf('juniorHigh'), codeOf('cityHigh'), made.id, 'pupil-01']) {
      expect([word, text.includes(word)]).toEqual([word, false]);
    }
  });

  async function mails(): Promise<readonly string[]> {
    const folder = world.demo.environment['MAIL_DIRECTORY'] ?? '';
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    return Promise.all(
      names.map(async (name) => {
        const [head = '', body = ''] = (await readFile(join(folder, name), 'utf8')).split('\r\n\r\n');
        return `${head}\n${Buffer.from(body, 'base64').toString('utf8')}`;
      }),
    );
  }

  async function mailsTo(address: string): Promise<readonly string[]> {
    return (await mails()).filter((mail) => mail.includes(`To: ${address}`));
  }
});
