import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoWorld, openDemoWorld } from '../../src/demo/world.node.ts';
import { type RunningGateway, serveGateway } from '../../src/serve.node.ts';
import { openBrowserSession, type Session } from '../support/session.ts';

describe('the main job, by API, with real parts', () => {
  let folder: string;
  let world: DemoWorld;
  let running: RunningGateway;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-main-job-'));
    world = await openDemoWorld({ folder });
    running = await serveGateway(world.environment);
    origin = world.environment['PUBLIC_ORIGIN'] ?? '';
  }, 120_000);

  afterAll(async () => {
    await running?.close();
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function as(role: string, school: string): Promise<Session> {
    return openBrowserSession({ origin, world, role, school });
  }

  it('moves one PDF from a junior high school to an upper secondary school', async () => {
    const [sender, recipient] = [schoolOf(world, 'C1'), schoolOf(world, 'D1')];
    const clerk = await as('clerk', sender);
    const pupils = await clerk.json('GET', '/api/pupils');
    const pupil = pupils.body.items[0];
    const draft = await clerk.json('POST', '/api/cases', {
      kind: 'advancement',
      pupilId: pupil.id,
      recipientCode: recipient,
    });
    expect(draft.status).toBe(201);
    const caseId: string = draft.body.id;
    const announced = await clerk.json('POST', `/api/cases/${caseId}/documents`, {
      kind: 'cumulativeRecord',
      form: 'extract',
      title: '指導要録（抄本）',
      mediaType: 'application/pdf',
    });
    expect(announced.status).toBe(201);
    const pdf = await onePagePdf();
    const put = (headers: Record<string, string>) =>
      clerk.send('PUT', `/api/cases/${caseId}/documents/${announced.body.id}/content`, pdf, {
        'content-type': 'application/pdf',
        'repr-digest': `sha-256=:${createHash('sha256').update(pdf).digest('base64')}:`,
        ...headers,
      });
    // The answer was lost on its way: the same key gets it again, although the document has long been there.
    const lost = { 'idempotency-key': randomUUID() };
    for (const headers of [lost, lost]) {
      expect(await (await put(headers)).json()).toMatchObject({ state: 'ready', bytes: pdf.length });
    }
    expect((await put({ 'idempotency-key': randomUUID() })).status).toBe(409);
    const submitted = await clerk.json('POST', `/api/cases/${caseId}/submission`, { confirmIncomplete: true });
    expect(submitted.body.state).toBe('submitted');

    const principal = await as('principal', sender);
    const approved = await principal.json('POST', `/api/cases/${caseId}/approval`, {
      contentDigest: submitted.body.contentDigest,
    });
    expect(approved.body.state).toBe('approved');
    for (const _ of ['first', 'again']) {
      const confirmation = { confirmation: recipient.slice(-4) };
      const sealed = await clerk.json('POST', `/api/cases/${caseId}/seal`, confirmation, lost);
      expect(sealed.body).toMatchObject({ state: 'sealed', version: approved.body.version + 1 });
    }
    const deposited = await clerk.json('POST', `/api/cases/${caseId}/deposit`, {}, { 'idempotency-key': randomUUID() });
    expect(deposited.body).toMatchObject({ state: 'deposited' });

    const receiver = await as('clerk', recipient);
    const opened = await receiver.json('POST', `/api/cases/${caseId}/opening`, {
      pupil: { kana: pupil.kana, birthDate: pupil.birthDate },
      homeroom: '1-1',
    });
    expect(opened.body).toMatchObject({ state: 'opened', verification: { outcome: 'valid' } });
    const acknowledged = await receiver.json('POST', `/api/cases/${caseId}/acknowledgement`, {});
    expect(acknowledged.body).toMatchObject({ state: 'acknowledged' });

    const head = await as('principal', recipient);
    const file = await head.send('GET', `/api/cases/${caseId}/documents/${announced.body.id}/content`);
    expect(Buffer.from(await file.arrayBuffer()).equals(pdf)).toBe(true);

    // Both schools get the proof of every receipt of the case, whoever of them acted.
    for (const reader of [clerk, receiver]) {
      const receipts = await reader.json('GET', `/api/cases/${caseId}/receipts`);
      const events = receipts.body.items.map(({ event }: { event: string }) => event);
      expect(events.toSorted()).toEqual(['ConsignmentAcceptance', 'ContentHandover', 'SubmissionAcceptance']);
      for (const { id } of receipts.body.items) await proofOf(reader, `/api/cases/${caseId}/receipts/${id}/proof`);
    }
  }, 60_000);
});

/** The proof follows with the next checkpoint: asked for until it is there. */
async function proofOf(reader: Session, path: string): Promise<void> {
  for (;;) {
    const answer = await reader.send('GET', path);
    const text = await answer.text();
    if (answer.status === 409) await new Promise((resolve) => setTimeout(resolve, 100));
    else return expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  }
}

function schoolOf(world: DemoWorld, kind: string): string {
  const found = world.guide.schools.find((school) => school.code.startsWith(kind) && school.state === 'open');
  if (found === undefined) throw new Error(`no school of kind ${kind}`);
  return found.code;
}

async function onePagePdf(): Promise<Buffer> {
  const { PDFDocument } = await import('pdf-lib');
  const document = await PDFDocument.create();
  document.addPage([595, 842]);
  return Buffer.from(await document.save({ useObjectStreams: false }));
}
