import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportLog } from '../../src/audit/export-log.ts';
import { logAt } from '../../src/audit/log-name.ts';
import { auditEvents, auditPending } from '../../src/audit/tables.ts';
import { type LogVerdict, verifyLog } from '../../src/audit/verify-log.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import type { Session } from '../support/session.ts';
import { caseAt, contentPath, healthCard, record, refusalIn, steps, type TestCase, take } from './support/procedure.ts';
import { openPersonSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('what is told afterwards', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let olderCheckpoint: string;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    made = await caseAt(world, { upTo: 'draft', documents: [record(), healthCard()] });
  }, 120_000);
  afterAll(() => world?.close());

  /** Waits until the log has taken everything in and published it. */
  async function sequenced(): Promise<string> {
    await expect
      .poll(async () => (await world.job('sequencer', (tx) => tx.select().from(auditPending))).length, {
        timeout: 15_000,
      })
      .toBe(0);
    let note = '';
    await expect
      .poll(
        async () => {
          note = await (await fetch(`${world.origin}/log/${year()}/checkpoint`)).text();
          return Number(note.split('\n')[1]);
        },
        { timeout: 15_000 },
      )
      .toBe((await events()).length);
    return note;
  }

  function year(): string {
    return logAt('', world.clock.now()).prefix.slice('log/'.length);
  }

  function events() {
    return world.job('ledger', (tx) => tx.select().from(auditEvents));
  }

  async function custodyOf(session: Session) {
    const shown = await session.json('GET', `/api/cases/${made.id}`);
    return shown.body.documents.map(({ kind, custody }) => [kind, custody?.holder ?? null]);
  }

  it('has exactly one holder of the health card at any time, the same for both sides', async () => {
    const [sender, recipient] = [codeOf('juniorHigh'), codeOf('cityHigh')];
    olderCheckpoint = await sequenced();
    const clerk = await world.as('juniorHigh-clerk');
    const receiver = await world.as('cityHigh-clerk');
    for (const step of steps.slice(1)) {
      await take(world, made, step);
      const holder = step === 'acknowledged' ? recipient : sender;
      const isOut = ['deposited', 'opened', 'acknowledged'].includes(step);
      const expected = [
        ['cumulativeRecord', null],
        ['healthCard', isOut ? holder : null],
      ];
      expect([step, await custodyOf(clerk)]).toEqual([step, expected]);
      if (isOut) expect([step, await custodyOf(receiver)]).toEqual([step, expected]);
    }
  });

  it('leaves a tombstone with its proof at the sender, who can read the card no more', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const shown = await clerk.json('GET', `/api/cases/${made.id}`);
    const card = shown.body.documents[1];
    expect(card.custody).toMatchObject({ holder: codeOf('cityHigh'), formerHolder: codeOf('juniorHigh') });
    const receipt = shown.body.receipts.find(({ id }) => id === card.custody.receipt);
    expect(receipt?.event).toBe('ConsignmentAcceptance');
    const path = `/api/cases/${made.id}/receipts/${card.custody.receipt}`;
    expect((await clerk.send('GET', path)).status).toBe(200);
    await expect.poll(async () => (await clerk.send('GET', `${path}/proof`)).status, { timeout: 15_000 }).toBe(200);
    const nurse = await world.as('juniorHigh-schoolNurse');
    expect((await nurse.send('GET', contentPath({ caseId: made.id, documentId: card.id }))).status).toBe(404);
    const reader = await world.as('cityHigh-schoolNurse');
    expect((await reader.send('GET', contentPath({ caseId: made.id, documentId: card.id }))).status).toBe(200);
  });

  it('I4 has one entry for each side of each act, and none for anything else', async () => {
    const told = (await events()).filter(({ caseId, outcome }) => caseId === made.id && outcome === 'done');
    const [sender, recipient] = [codeOf('juniorHigh'), codeOf('cityHigh')];
    const both = (name: string) => [`${name} sender ${sender}`, `${name} recipient ${recipient}`];
    const expected = [
      `case.created sender ${sender}`,
      `document.added sender ${sender}`,
      `document.added sender ${sender}`,
      `package.approval-requested sender ${sender}`,
      `package.approved sender ${sender}`,
      `package.sealed sender ${sender}`,
      ...both('package.deposited'),
      ...both('package.opened'),
      `package.verified recipient ${recipient}`,
      ...both('package.acknowledged'),
      ...both('custody.moved'),
      `document.handed-over recipient ${recipient}`,
    ];
    const found = told.map(({ name, side, organisation }) => `${name} ${side} ${organisation}`);
    expect(found.toSorted((one, two) => one.localeCompare(two))).toEqual(
      expected.toSorted((one, two) => one.localeCompare(two)),
    );
  });

  it('I4 has one entry for each refusal, under the school that tried, with the reason', async () => {
    const clerk = await world.as('privateHigh-clerk');
    const path = `/api/cases/${made.id}`;
    const attempts: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['POST', `${path}/approval`, { contentDigest: 'a'.repeat(64) }],
      ['POST', `${path}/seal`, { confirmation: '0000' }],
      ['POST', `${path}/deposit`],
      ['POST', `${path}/opening`, {}],
      ['POST', `${path}/verification`],
      ['POST', `${path}/acknowledgement`],
      ['POST', `${path}/return`, { reason: 'x' }],
      ['POST', `${path}/withdrawal`, { reason: 'x' }],
      ['GET', contentPath({ caseId: made.id, documentId: made.documents[0]?.id ?? '' })],
      ['GET', `${path}/containers/health`],
    ];
    for (const [method, url, body] of attempts) {
      const before = await refusalsOfPrivate();
      expect((await clerk.json(method, url, body)).status).toBe(404);
      const after = await refusalsOfPrivate();
      expect([url, after.length - before.length, after.at(-1)?.reason?.split(':')[0]]).toEqual([
        url,
        1,
        expect.stringMatching(/^(case|document)\.not-found$/),
      ]);
    }
  });

  async function refusalsOfPrivate() {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.organisation, codeOf('privateHigh')))
        .orderBy(auditEvents.at, auditEvents.id),
    );
    return rows.filter(({ outcome }) => outcome === 'refused');
  }

  it('I5 is a log that verifies offline, grew out of its older checkpoint, and says nothing of anybody', async () => {
    await sequenced();
    const { verdict, text } = await verified(olderCheckpoint);
    expect(verdict.findings).toEqual([]);
    expect(verdict.entriesChecked).toBe(BigInt((await events()).length));
    expect(Number(verdict.checkpoint?.size)).toBeGreaterThan(Number(olderCheckpoint.split('\n')[1]));
    const words = [
      made.id,
      ...made.documents.map(({ id }) => id),
      ...Object.values(demoOrganisations).flatMap(({ code, name }) => [code, name]),
      ...demoPupils.flatMap(({ id, officialName, kana, birthDate }) => [id, officialName, kana, birthDate]),
    ];
    expect(words.filter((word) => text.includes(word))).toEqual([]);
  });

  async function verified(older: string): Promise<{ verdict: LogVerdict; text: string }> {
    const { gateway } = world.running;
    const log = logAt(gateway.settings.LOG_ORIGIN, world.clock.now());
    const logKey = await gateway.log.keyOf(log.origin);
    if (logKey === null) throw new Error('the log has no key');
    const files = new Map<string, Uint8Array>();
    for await (const file of exportLog({ store: gateway.objects, log, logKey, what: 'everything' })) {
      files.set(file.path, file.bytes);
    }
    const read = (path: string) => Promise.resolve(files.get(path) ?? null);
    const text = [...files.values()].map((bytes) => Buffer.from(bytes).toString('utf8')).join('\n');
    return { verdict: await verifyLog({ read, logKey, olderCheckpoint: older }), text };
  }

  it('L-11 gives nobody the bundles that mix the boards, nor what lies beside the tiles', async () => {
    for (const path of ['tile/entries/000', 'tile/entries/000.p/1', 'tile/0/../../../objects', 'tile/0/%2e%2e/x', '']) {
      const answer = await fetch(`${world.origin}/log/${year()}/${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('shows on every line how strongly whoever acted had been authenticated, and so do the receipts', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const { items } = (await clerk.json('GET', `/api/cases/${made.id}/ledger`)).body;
    const levels = new Set(items.map(({ assurance }) => assurance));
    expect([...levels]).toEqual(['organisationMember']);
    const rows = (await events()).filter(({ caseId }) => caseId === made.id);
    expect(rows.filter(({ assurance }) => assurance === null)).toEqual([]);
    const receipts = await clerk.json('GET', `/api/cases/${made.id}/receipts`);
    expect(receipts.body.items.length).toBeGreaterThan(2);
    for (const { evidence } of receipts.body.items) {
      const statement: unknown = JSON.parse(Buffer.from(evidence.payload, 'base64url').toString());
      expect(statement).toMatchObject({ assurance: 'organisationMember' });
    }
  });

  it('is told to a person only after the school has linked them, and never of a draft', async () => {
    const draft = await caseAt(world, { upTo: 'approved' });
    const person = await openPersonSession(world, 'sakura');
    expect((await person.json('GET', '/api/cases')).body.items).toEqual([]);
    expect(refusalIn(await person.json('GET', `/api/cases/${made.id}`))).toBe('404 case.not-found');
    const [plan] = world.demo.guide.persons.filter(({ file }) => file === 'sakura.p12');
    const linked = await person.json('POST', '/api/links', {
      code: plan?.linkingCode,
      birthDate: plan?.pupil?.birthDate,
    });
    expect(linked.status).toBe(201);
    // The code alone opens nothing: somebody else than whoever issued it has to confirm.
    expect((await person.json('GET', '/api/cases')).body.items).toEqual([]);
    const path = `/api/links/${linked.body.linkId}/confirmation`;
    const { checkNumber } = linked.body;
    const teacher = await world.as('juniorHigh-homeroomTeacher');
    expect((await teacher.json('POST', path, { checkNumber })).status).toBe(204);
    const listed = await person.json('GET', '/api/cases');
    expect(listed.body.items.map(({ id }) => id)).toEqual([made.id]);
    expect(refusalIn(await person.json('GET', `/api/cases/${draft.id}`))).toBe('404 case.not-found');
    expect(refusalIn(await person.json('GET', `/api/cases/${draft.id}/ledger`))).toBe('404 case.not-found');
    for (const documentId of draft.documents.map(({ id }) => id)) {
      const answer = await person.json('GET', contentPath({ caseId: draft.id, documentId }));
      expect(refusalIn(answer)).toBe('404 case.not-found');
    }
    // What is theirs they read, and the reading is a line of the ledger.
    const [first] = made.documents;
    const file = await person.send('GET', contentPath({ caseId: made.id, documentId: first?.id ?? '' }));
    expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(first?.bytes ?? []))).toBe(true);
    const ledger = await person.json('GET', `/api/cases/${made.id}/ledger`);
    expect(ledger.body.items.at(-1)).toMatchObject({
      event: 'document.handed-over',
      side: 'person',
      role: 'person',
      assurance: 'certificate',
    });
    // A person acts on nothing.
    for (const verb of ['deposit', 'acknowledgement', 'verification', 'revision']) {
      const answer = await person.json('POST', `/api/cases/${made.id}/${verb}`);
      expect([verb, answer.status === 403 || answer.status === 404]).toEqual([verb, true]);
    }
  });
});
