import { readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

const header = 8 + 24 + 32;
const chunk = 16_384;
const cipherChunk = chunk + 16;

describe('an object store in the hands of an attacker', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  /** The file behind a document of a case, by the length of its content. */
  async function fileOf(made: TestCase, bytes: number): Promise<string> {
    const rows = await world.job('locker', (tx) =>
      tx
        .select()
        .from(objects)
        .where(and(eq(objects.caseId, made.id), eq(objects.byteCount, bytes))),
    );
    expect(rows).toHaveLength(1);
    return join(world.folder, 'objects', rows[0]?.objectKey ?? '');
  }

  /** What came over the wire, also when it broke off. */
  async function download(made: TestCase, documentId: string) {
    const head = await world.as('cityHigh-principal');
    const answer = await head.send('GET', contentPath({ caseId: made.id, documentId }));
    return { status: answer.status, ...(await drain(answer)) };
  }

  async function flip(file: string, at: number): Promise<void> {
    const bytes = await readFile(file);
    bytes[at] = (bytes[at] ?? 0) ^ 0x01;
    await writeFile(file, bytes);
  }

  it('F-07 flips one bit: the download stops before the bad chunk, and no byte of it is released', async () => {
    const size = 60 * chunk + 100;
    const bad = 40;
    const made = await caseAt(world, { upTo: 'opened', documents: [record(size)] });
    const [document] = made.documents;
    const bytes = Buffer.from(document?.bytes ?? []);
    expect((await download(made, document?.id ?? '')).received.equals(bytes)).toBe(true);
    const file = await fileOf(made, size);
    await flip(file, header + bad * cipherChunk + 77);
    const broken = await download(made, document?.id ?? '');
    expect(broken.ended).toBe('broken off');
    expect(broken.received.length).toBeGreaterThan(0);
    expect(broken.received.length).toBeLessThanOrEqual(bad * chunk);
    expect(broken.received.equals(bytes.subarray(0, broken.received.length))).toBe(true);
    // The container breaks off as well, instead of ending as if it were whole.
    const head = await world.as('cityHigh-principal');
    const container = await drain(await head.send('GET', `/api/cases/${made.id}/containers/records`));
    expect(container.ended).toBe('broken off');
    expect(container.received.includes(bytes.subarray(bad * chunk, bad * chunk + 64))).toBe(false);
    // Other documents and other requests are served as before.
    const other = await caseAt(world, { upTo: 'opened', documents: [record(200)] });
    expect((await download(other, other.documents[0]?.id ?? '')).status).toBe(200);
  });

  it('F-07 flips a bit of the beginning: a clear refusal with its entry in the log, and no byte', async () => {
    const made = await caseAt(world, { upTo: 'opened', documents: [record(3000)] });
    const [document] = made.documents;
    await flip(await fileOf(made, 3000), header + 5);
    const before = await unreadable();
    const head = await world.as('cityHigh-principal');
    const answer = await head.json('GET', contentPath({ caseId: made.id, documentId: document?.id ?? '' }));
    expect(refusalIn(answer)).toBe('503 document.unreadable');
    expect((await unreadable()) - before).toBe(1);
  });

  async function unreadable(): Promise<number> {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.outcome, 'refused'), eq(auditEvents.organisation, codeOf('cityHigh')))),
    );
    return rows.filter(({ reason }) => reason?.startsWith('document.unreadable')).length;
  }

  it('F-08 swaps two documents of one case, and of two: neither opens', async () => {
    const one = await caseAt(world, { upTo: 'opened', documents: [record(2000), record(2001)] });
    const two = await caseAt(world, { upTo: 'opened', documents: [record(2002)] });
    await swap(await fileOf(one, 2000), await fileOf(one, 2001));
    await expectUnreadable(one);
    await swap(await fileOf(one, 2000), await fileOf(two, 2002));
    await expectUnreadable(one);
    await expectUnreadable(two);
  });

  it('truncates: at a chunk, inside one, and to nothing', async () => {
    const size = 2 * chunk + 500;
    const made = await caseAt(world, { upTo: 'opened', documents: [record(size)] });
    const [document] = made.documents;
    const file = await fileOf(made, size);
    const whole = await readFile(file);
    for (const length of [header + 2 * cipherChunk, header + cipherChunk + 10, header + cipherChunk, header, 0]) {
      await writeFile(file, whole);
      await truncate(file, length);
      const got = await download(made, document?.id ?? '');
      const isWhole = got.status === 200 && got.ended === 'whole';
      expect([length, isWhole]).toEqual([length, false]);
      if (got.status === 200) {
        const right = Buffer.from(document?.bytes ?? []).subarray(0, got.received.length);
        expect(got.received.equals(right)).toBe(true);
        expect(got.received.length).toBeLessThan(length);
      }
    }
  });

  it('has changed a document before it was opened: the verdict is invalid, and it cannot be acknowledged', async () => {
    const made = await caseAt(world, { upTo: 'deposited', documents: [record(1500), healthCard(1501)] });
    await flip(await fileOf(made, 1501), header + 20);
    const receiver = await world.as('cityHigh-clerk');
    const opened = await receiver.json('POST', `/api/cases/${made.id}/opening`, { pupil: made.pupil });
    expect(opened.body).toMatchObject({
      state: 'opened',
      verification: { outcome: 'invalid', seal: 'valid', issuer: 'valid', time: 'valid', digests: 'invalid' },
    });
    const refused = await receiver.json('POST', `/api/cases/${made.id}/acknowledgement`, {});
    expect(refusalIn(refused)).toBe('409 package.not-verified');
    // Custody has not moved, and nobody got a receipt of acceptance.
    const shown = await receiver.json('GET', `/api/cases/${made.id}`);
    expect(shown.body.state).toBe('opened');
    expect(shown.body.documents[1].custody).toMatchObject({ holder: codeOf('juniorHigh'), formerHolder: null });
    expect(shown.body.receipts.map(({ event }) => event)).not.toContain('ConsignmentAcceptance');
  });

  it('has put back an older object of the same document: it does not open', async () => {
    const made = await caseAt(world, { upTo: 'draft', documents: [record(900)] });
    const older = await readFile(await fileOf(made, 900));
    const clerk = await world.as('juniorHigh-clerk');
    await clerk.json('DELETE', `/api/cases/${made.id}/documents/${made.documents[0]?.id}`);
    await world.running.gateway.locker.collectOrphans();
    const again = await caseAt(world, { upTo: 'opened', documents: [record(900)] });
    await writeFile(await fileOf(again, 900), older);
    await expectUnreadable(again);
  });

  it('reads all of it and finds ciphertext alone', async () => {
    const made = await caseAt(world, { upTo: 'opened', documents: [record(50_000)] });
    const plain = Buffer.from(made.documents[0]?.bytes ?? []).subarray(100, 124);
    const folder = join(world.folder, 'objects');
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) expect((await readFile(file)).includes(plain)).toBe(false);
  });

  async function expectUnreadable(made: TestCase): Promise<void> {
    for (const document of made.documents) {
      const got = await download(made, document.id);
      expect([got.status, got.received.includes(Buffer.from(document.bytes).subarray(11, 40))]).toEqual([503, false]);
    }
  }

  it('cannot hide it: fsck names every object that is damaged, cut or exchanged', async () => {
    const { problems } = await world.running.gateway.locker.fsck();
    const kinds = new Set(problems.map(({ kind }) => kind));
    expect([...kinds].toSorted((one, two) => one.localeCompare(two))).toEqual(['object-damaged', 'object-size']);
  });
});

async function drain(answer: Response): Promise<{ received: Buffer; ended: 'whole' | 'broken off' }> {
  const pieces: Uint8Array[] = [];
  let ended: 'whole' | 'broken off' = 'whole';
  try {
    for await (const piece of answer.body ?? []) pieces.push(piece);
  } catch {
    ended = 'broken off';
  }
  const received = Buffer.concat(pieces);
  const announced = Number(answer.headers.get('content-length') ?? received.length);
  if (received.length < announced) ended = 'broken off';
  return { received, ended };
}

async function swap(one: string, two: string): Promise<void> {
  await rename(one, `${one}.swap`);
  await rename(two, one);
  await rename(`${one}.swap`, two);
}
