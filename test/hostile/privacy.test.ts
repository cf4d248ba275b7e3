import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pupils } from '../../src/directory/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import { addDocument, bodyOf, contentPath, digestOf, healthCard, take } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

/** A pupil whose name stands nowhere else in the world: whatever holds one of these words has told of the pupil. */
const canary = {
  officialName: '金糸雀院　鶯谷',
  displayName: '金糸雀院　うぐいす',
  kana: 'カナリアイン　ウグイスダニ',
  birthDate: '2012-02-29',
  title: '秋津洲の所見',
  content: 'tsuguminoiro-no-hi',
};
const words = Object.values(canary);

describe('a canary among the pupils', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let caseId: string;
  const said: string[] = [];
  const addresses: string[] = [];

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      vi.spyOn(stream, 'write').mockImplementation((chunk: Uint8Array | string) => {
        said.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
        return write(chunk);
      });
    }
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      const print = console[level].bind(console);
      vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
        said.push(parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '));
        print(...parts);
      });
    }
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' }, 'own');
    await goThrough();
  }, 120_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    await world?.close();
  });

  /** The whole job with the canary's record, and everything that can go wrong on its way. */
  async function goThrough(): Promise<void> {
    const { officialName, displayName, kana, birthDate } = canary;
    const row = { id: 'pupil-canary', schoolCode: codeOf('juniorHigh'), grade: '3', homeroom: '3年2組' };
    await world.job('directory', (tx) =>
      tx.insert(pupils).values({ ...row, officialName, displayName, kana, birthDate }),
    );
    const clerk = await world.as('juniorHigh-clerk');
    const receiver = await world.as('cityHigh-clerk');
    const draft = bodyOf(
      await clerk.json(
        'POST',
        '/api/cases',
        { kind: 'advancement', pupilId: row.id, recipientCode: codeOf('cityHigh'), purpose: canary.title },
        { 'idempotency-key': randomUUID() },
      ),
    );
    caseId = draft.id;
    const made = {
      id: caseId,
      from: 'juniorHigh',
      to: 'cityHigh',
      pupil: { kana, birthDate },
      documents: [],
    } as const;
    const announced = await clerk.json('POST', `/api/cases/${caseId}/documents`, {
      kind: 'cumulativeRecord',
      form: 'extract',
      title: canary.title,
      mediaType: 'application/json',
    });
    const bytes = new TextEncoder().encode(JSON.stringify({ ...canary }));
    const path = contentPath({ caseId, documentId: announced.body.id });
    await clerk.send('PUT', path, bytes.subarray(0, 50), digestOf(bytes));
    await clerk.send('PUT', path, bytes.subarray(0, 50), digestOf(bytes.subarray(0, 50)));
    expect((await clerk.send('PUT', path, bytes, digestOf(bytes))).status).toBe(200);
    await addDocument(world, made, healthCard());
    for (const step of ['submitted', 'approved', 'sealed', 'deposited'] as const) await take(world, made, step);
    await blunder(caseId);
    const wrong = { pupil: { kana, birthDate: '2012-02-28' } };
    await receiver.json('POST', `/api/cases/${caseId}/opening`, wrong);
    for (const step of ['opened', 'acknowledged'] as const) await take(world, made, step);
    await visit(announced.body.id);
    await mailed();
  }

  /** Requests that break in every layer, with the canary in them. */
  async function blunder(id: string): Promise<void> {
    const clerk = await world.as('juniorHigh-clerk');
    const json = { 'content-type': 'application/json' };
    await clerk.send('POST', '/api/cases', `{"purpose":"${canary.title}`, json);
    await clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: `${canary.officialName}\u0000` });
    await clerk.json('POST', '/api/cases', { [canary.officialName]: canary.kana });
    await clerk.json('POST', `/api/cases/${id}/withdrawal`, { reason: `${canary.officialName}\u0000` });
    await clerk.json('GET', `/api/cases?cursor=${Buffer.from(`x ${canary.officialName}`).toString('base64url')}`);
    await clerk.json('GET', `/api/cases/${encodeURIComponent(canary.officialName)}`);
    // A part that breaks in the middle of its record: this one is reported.
    const other = bodyOf(await clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: 'pupil-canary' }));
    const announced = await clerk.json('POST', `/api/cases/${other.id}/documents`, {
      kind: 'cumulativeRecord',
      form: 'extract',
      title: canary.title,
      mediaType: 'application/json',
    });
    const bytes = new TextEncoder().encode(JSON.stringify(canary));
    const folder = join(world.folder, 'objects');
    await rename(folder, `${folder}-away`);
    const path = contentPath({ caseId: other.id, documentId: announced.body.id });
    const refused = await clerk.send('PUT', path, bytes, digestOf(bytes));
    await rename(`${folder}-away`, folder);
    expect(refused.status).toBe(503);
  }

  /** Pages and downloads: their addresses and names must say nothing. */
  async function visit(documentId: string): Promise<void> {
    const receiver = await world.as('cityHigh-principal');
    const pages = [
      '/',
      '/cases',
      `/cases/${caseId}`,
      `/cases/${caseId}/documents/${documentId}`,
      `/api/cases/${caseId}`,
    ];
    for (const path of pages) {
      const answer = await receiver.send('GET', path, undefined, { accept: 'text/html' });
      const html = await answer.text();
      addresses.push(
        ...[...html.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address]) => decode(address ?? '')),
        ...[...html.matchAll(/<title>([^<]*)/g)].map(([, title]) => title ?? ''),
      );
      addresses.push(...headersOf(answer));
    }
    for (const path of [contentPath({ caseId, documentId }), `/api/cases/${caseId}/containers/records`]) {
      const answer = await receiver.send('GET', path);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
      addresses.push(...headersOf(answer));
    }
  }

  function headersOf(answer: Response): string[] {
    return [...answer.headers].map(([name, value]) => decode(`${name}: ${value}`));
  }

  /** Until the notices of deposit, opening and acknowledgement lie in the folder of mails. */
  async function mailed(): Promise<void> {
    const folder = world.demo.environment['MAIL_DIRECTORY'] ?? '';
    for (let tries = 0; tries < 200; tries += 1) {
      const mails = await readdir(folder).catch(() => []);
      if (mails.length >= 3) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no mail came');
  }

  function tellsIn(text: string): string[] {
    return words.filter((word) => text.includes(word));
  }

  it('P-08 is in nothing that the process printed, though things broke', () => {
    expect(said.join('\n')).toContain('"level":"error"');
    expect(tellsIn(said.join('\n'))).toEqual([]);
  });

  it('P-08 is in no file: objects, log, mails, the database server’s own log', async () => {
    const looked: string[] = [];
    for (const folder of ['objects', 'mail', 'postgres']) {
      const entries = await readdir(join(world.folder, folder), { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        const path = join(entry.parentPath, entry.name);
        // What lies in the tables is looked at below, by name of table.
        if (!entry.isFile() || path.includes('/cluster/')) continue;
        // An upload to the log that ends between the listing and the reading lies elsewhere by then.
        const bytes = await readFile(path).catch(() => null);
        if (bytes === null) continue;
        looked.push(entry.name);
        expect([path, words.filter((word) => bytes.includes(word))]).toEqual([path, []]);
        expect([path, words.filter((word) => bytes.includes(Buffer.from(word).toString('base64')))]).toEqual([
          path,
          [],
        ]);
      }
    }
    expect(looked.length).toBeGreaterThan(8);
  });

  it('P-08 is in no address, header, file name or title of a page', () => {
    expect(addresses.length).toBeGreaterThan(40);
    expect(tellsIn(addresses.join('\n'))).toEqual([]);
  });

  it('I1 is in those columns alone that are there to hold it', async () => {
    const named = new Set([
      'pupils.official_name',
      'pupils.display_name',
      'pupils.kana',
      'pupils.birth_date',
      'cases.pupil_official_name',
      'cases.pupil_display_name',
      'cases.pupil_kana',
      'cases.pupil_birth_date',
      'cases.purpose',
      'cases.manifest',
      'documents.title',
      'idempotency_keys.answer',
    ]);
    const found = await columnsWithCanary();
    expect(found.filter((column) => !named.has(column))).toEqual([]);
    expect(found).toContain('cases.pupil_official_name');
  });

  /** As the server's administrator, past row security: what a stolen dump would show. */
  async function columnsWithCanary(): Promise<string[]> {
    const text = await readFile(join(world.folder, 'postgres', 'passwords.json'), 'utf8');
    // Sound: written by the embedded server in this shape.
    const { admin: password } = JSON.parse(text) as { admin: string };
    const url = new URL(world.demo.environment['DATABASE_URL'] ?? '');
    const admin = postgres({
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      username: 'postgres',
      password,
      max: 1,
    });
    try {
      const columns = await admin<{ table: string; column: string }[]>`
        select table_name as "table", column_name as "column" from information_schema.columns
        where table_schema = 'public' order by 1, 2`;
      const found: string[] = [];
      for (const { table, column } of columns) {
        const rows = await admin<{ text: string | null }[]>`
          select ${admin(column)}::text as text from ${admin(table)}`;
        const all = rows.map(({ text: value }) => decodeAll(value ?? '')).join('\n');
        if (tellsIn(all).length > 0) found.push(`${table}.${column}`);
      }
      return found;
    } finally {
      await admin.end();
    }
  }

  it('P-06 names nothing after a school: ids, object keys, receipts', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const shown = bodyOf(await clerk.json('GET', `/api/cases/${caseId}`));
    const rows = await world.job('locker', (tx) => tx.select().from(objects));
    const stored: string[] = [];
    for await (const key of world.running.gateway.objects.list('')) stored.push(key);
    const names = [
      shown.id,
      ...shown.documents.map(({ id }) => id),
      ...shown.receipts.flatMap(({ id, eventId }) => [id, eventId]),
      ...rows.flatMap(({ id, objectKey }) => [id, objectKey]),
      ...stored,
    ].map((name) => name.toLowerCase());
    const codes = [codeOf('juniorHigh'), codeOf('cityHigh'), '119990'].map((code) => code.toLowerCase());
    const parts = codes.flatMap((code) => [code, code.slice(2, 9)]);
    expect(names.length).toBeGreaterThan(10);
    expect(parts.filter((part) => names.some((name) => name.includes(part)))).toEqual([]);
    const pupil = await world.job('directory', (tx) => tx.select({ id: pupils.id }).from(pupils).where(sql`true`));
    expect(pupil.filter(({ id }) => names.some((name) => name.includes(id)))).toEqual([]);
  });
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A value as text, and what its hexadecimal or base64url parts say. */
function decodeAll(value: string): string {
  const hex = value.startsWith('\\x') ? Buffer.from(value.slice(2), 'hex').toString('utf8') : '';
  const parts = [...value.matchAll(/[A-Za-z0-9_-]{40,}/g)].map(([part]) =>
    Buffer.from(part, 'base64url').toString('utf8'),
  );
  return [value, hex, ...parts].join('\n');
}
