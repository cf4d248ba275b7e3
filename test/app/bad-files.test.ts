import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { makeSampleScan } from '../../src/demo/sample-scan.ts';
import { objects } from '../../src/locker/tables.ts';
import type { DocumentKind, MediaType } from '../../src/records/kinds.ts';
import { announce, caseAt, contentPath, type TestCase } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { makePdf, objectStream, onePage, stream } from '../records/pdf-maker.ts';

interface BadFile {
  readonly name: string;
  readonly mediaType: MediaType;
  readonly kind?: DocumentKind;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  readonly answer: string;
}

const script = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';

function withCatalog(more: string, others: Readonly<Record<number, string | Buffer>> = {}): Buffer {
  return makePdf({ ...onePage, 1: `<< /Type /Catalog /Pages 2 0 R ${more} >>`, ...others });
}

function scriptInObjectStream(): Buffer {
  const { first, data } = objectStream({ 5: script });
  return withCatalog('/A 5 0 R', { 10: stream(`/Type /ObjStm /N 1 /First ${first}`, data) });
}

async function plainPdf(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage();
  document.setAuthor('作成者');
  return document.save();
}

// {"名":"山"} in cp932
const cp932 = Uint8Array.of(0x7b, 0x22, 0x96, 0xbc, 0x22, 0x3a, 0x22, 0x8e, 0x52, 0x22, 0x7d);
const html = '<!doctype html><script>alert(1)</script>';
const pdf = 'application/pdf';

const badFiles: readonly BadFile[] = [
  {
    name: 'HTML as PDF (U-09)',
    mediaType: pdf,
    bytes: () => Buffer.from(html),
    answer: '415 document.not-what-it-says',
  },
  {
    name: 'a PDF with HTML behind its end (U-07)',
    mediaType: pdf,
    bytes: () => Buffer.concat([makePdf(onePage), Buffer.from(html)]),
    answer: '422 document.extra-content',
  },
  {
    name: 'a PDF with JavaScript (U-03)',
    mediaType: pdf,
    bytes: () => withCatalog(`/OpenAction ${script}`),
    answer: '422 document.active-content',
  },
  {
    name: 'a PDF with /J#61vaScript (U-03)',
    mediaType: pdf,
    bytes: () => withCatalog('/A << /S /J#61vaScript /J#53 (x) >>'),
    answer: '422 document.active-content',
  },
  {
    name: 'a PDF with a script in an object stream (U-03)',
    mediaType: pdf,
    bytes: scriptInObjectStream,
    answer: '422 document.active-content',
  },
  {
    name: 'a PDF that launches a program (U-03)',
    mediaType: pdf,
    bytes: () => withCatalog('/A << /S /Launch /F (cmd.exe) >>'),
    answer: '422 document.active-content',
  },
  {
    name: 'a PDF with an embedded file (U-03)',
    mediaType: pdf,
    async bytes() {
      const document = await PDFDocument.load(await plainPdf());
      await document.attach(Buffer.from('MZ'), 'a.exe');
      return document.save();
    },
    answer: '422 document.active-content',
  },
  {
    name: 'an encrypted PDF',
    mediaType: pdf,
    bytes: () => makePdf({ ...onePage, 4: '<< /Filter /Standard /V 5 >>' }, '/Root 1 0 R /Encrypt 4 0 R'),
    answer: '422 document.encrypted',
  },
  {
    name: 'a PDF that was cut',
    mediaType: pdf,
    bytes: async () => (await plainPdf()).subarray(0, 400),
    answer: '422 document.damaged',
  },
  { name: 'JSON in cp932', mediaType: 'application/json', bytes: () => cp932, answer: '422 document.encoding' },
  {
    name: 'broken JSON',
    mediaType: 'application/json',
    bytes: () => Buffer.from('{"a":'),
    answer: '422 document.damaged',
  },
  {
    name: 'JSON that is no core of a 指導要録',
    mediaType: 'application/json',
    kind: 'cumulativeRecordCore',
    bytes: () => Buffer.from('{"free":"form"}'),
    answer: '422 document.core-invalid',
  },
  {
    name: 'a JPEG that is a PNG',
    mediaType: 'image/jpeg',
    bytes: () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    answer: '415 document.not-what-it-says',
  },
];

describe('a file that may not travel', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'draft', documents: [] });
  }, 120_000);
  afterAll(() => world?.close());

  async function place(of: { readonly mediaType: MediaType; readonly kind?: DocumentKind }): Promise<string> {
    const { mediaType, kind = 'other' } = of;
    const form = kind === 'other' ? 'copy' : 'extract';
    return announce(world, made, { kind, form, mediaType });
  }

  async function put(documentId: string, bytes: Uint8Array) {
    const clerk = await world.as('juniorHigh-clerk');
    const path = contentPath({ caseId: made.id, documentId });
    return clerk.send('PUT', path, bytes, { 'repr-digest': reprDigest(bytes), 'accept-language': 'ja' });
  }

  async function shown(documentId: string) {
    const clerk = await world.as('juniorHigh-clerk');
    const { body } = await clerk.json('GET', `/api/cases/${made.id}`);
    return body.documents.find(({ id }) => id === documentId);
  }

  async function kept(): Promise<{ readonly keys: number; readonly rows: number }> {
    let keys = 0;
    for await (const _key of world.running.gateway.objects.list('objects/')) keys += 1;
    const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.caseId, made.id)));
    return { keys, rows: rows.length };
  }

  async function refusals(): Promise<readonly (string | null)[]> {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.outcome, 'refused')),
    );
    return rows.map(({ reason }) => reason);
  }

  it.each(badFiles)('is refused with a clear reason and leaves nothing behind: $name', async (file) => {
    const documentId = await place(file);
    const before = { kept: await kept(), refusals: await refusals() };
    const answer = await put(documentId, await file.bytes());
    const problem = await problemIn(answer);
    expect(`${answer.status} ${problem.code}`).toBe(file.answer);
    expect(problem.title).toMatch(/[ぁ-ん]/);
    expect(problem.detail).not.toMatch(/[{}]/);
    expect(await kept()).toEqual(before.kept);
    expect(await shown(documentId)).toMatchObject({ state: 'uploading', bytes: null, sha256: null });
    const logged = await refusals();
    expect(logged).toHaveLength(before.refusals.length + 1);
    const { code } = problem;
    expect(countOf(logged, code)).toBe(countOf(before.refusals, code) + 1);
  });

  it('leaves its place free for the right one, whose findings are told in words', async () => {
    const documentId = await place({ mediaType: pdf });
    expect((await put(documentId, Buffer.from(html))).status).toBe(415);
    expect((await put(documentId, await plainPdf())).status).toBe(200);
    expect(await shown(documentId)).toMatchObject({ state: 'ready', findings: ['pdf.metadata'] });
    const clerk = await world.as('juniorHigh-clerk');
    const page = await (
      await clerk.send('GET', `/cases/${made.id}?lang=ja`, undefined, { accept: 'text/html' })
    ).text();
    expect(page).toContain('作成者などの情報');
  });

  it('is refused when its Content-Type is not what was announced (U-09)', async () => {
    const documentId = await place({ mediaType: pdf });
    const clerk = await world.as('juniorHigh-clerk');
    const bytes = makePdf(onePage);
    const path = contentPath({ caseId: made.id, documentId });
    const wrong = await clerk.send('PUT', path, bytes, {
      'repr-digest': reprDigest(bytes),
      'content-type': 'text/html',
    });
    expect(`${wrong.status} ${(await problemIn(wrong)).code}`).toBe('415 document.not-what-it-says');
    expect(await shown(documentId)).toMatchObject({ state: 'uploading' });
    const right = await clerk.send('PUT', path, bytes, {
      'repr-digest': reprDigest(bytes),
      'content-type': `${pdf}; version=1.7`,
    });
    expect(right.status).toBe(200);
  });

  it('is refused in a form whose file name and type disagree (U-09)', async () => {
    const form = new FormData();
    form.set('kind', 'other');
    form.set('form', 'copy');
    form.set('file', new File([new Uint8Array(makePdf(onePage))], 'scan.png', { type: pdf }));
    const request = new Request('http://form.invalid/', { method: 'POST', body: form });
    const clerk = await world.as('juniorHigh-clerk');
    const before = (await clerk.json('GET', `/api/cases/${made.id}`)).body.documents.length;
    const answer = await clerk.send(
      'POST',
      `/cases/${made.id}/documents`,
      new Uint8Array(await request.arrayBuffer()),
      {
        accept: 'text/html',
        'content-type': request.headers.get('content-type') ?? '',
      },
    );
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('scan.png');
    expect((await clerk.json('GET', `/api/cases/${made.id}`)).body.documents).toHaveLength(before);
  });

  it('is told its limit before it is sent: a PDF over 64 MiB', async () => {
    const documentId = await place({ mediaType: pdf });
    const before = await kept();
    const answer = await put(documentId, Buffer.concat([makePdf(onePage), Buffer.alloc(64 * 1024 * 1024, ' ')]));
    const problem = await problemIn(answer);
    expect(`${answer.status} ${problem.code}`).toBe('413 request.too-large');
    expect(problem.detail).toContain('64 MiB');
    expect(await kept()).toEqual(before);
  });

  it('does not stand in the way of a scan of 20 MB, nor of several at once', async () => {
    const scan = await makeSampleScan(20_000_000);
    const places = await Promise.all([1, 2, 3].map(() => place({ mediaType: pdf })));
    const answers = await Promise.all(places.map((documentId) => put(documentId, scan)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const documentId of places)
      expect(await shown(documentId)).toMatchObject({ state: 'ready', bytes: scan.length });
    // All memory was given back: the desk would take its whole again.
    const { inspections } = world.running.gateway;
    expect(inspections.reserve(512 * 1024 * 1024)).toBe(true);
    inspections.release(512 * 1024 * 1024);
  });

  it('is refused with an answer, not a broken connection, while most of it is still on its way', async () => {
    const answer = await put(await place({ mediaType: pdf }), Buffer.alloc(40 * 1024 * 1024, 'not a PDF '));
    expect(`${answer.status} ${(await problemIn(answer)).code}`).toBe('415 document.not-what-it-says');
  });

  it('costs the gateway nothing but an answer when it is noise of any type', async () => {
    for (const mediaType of [pdf, 'application/json', 'image/jpeg', 'image/png'] as const) {
      const documentId = await place({ mediaType });
      expect((await put(documentId, randomBytes(100_000))).status).toBeGreaterThanOrEqual(400);
    }
    expect((await fetch(`${world.origin}/healthz`)).status).toBe(200);
  });
});

function reprDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}

interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

async function problemIn(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  // Sound enough: what is missing is not what the test expects.
  return (await answer.json()) as Problem;
}

function countOf(reasons: readonly (string | null)[], code: string): number {
  return reasons.filter((reason) => reason === code || reason?.startsWith(`${code}:`) === true).length;
}
