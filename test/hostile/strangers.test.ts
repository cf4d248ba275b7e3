import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { newId } from '../../src/transfers/ids.ts';
import type { Session } from '../support/session.ts';
import { bodyOf, caseAt, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openMachineSession, openPersonSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

const noManifest = { protected: 'e30', payload: 'e30', signature: 'AA' };
/** Every route that takes a case, with a body that would pass. */
const caseRoutes: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['GET', ''],
  ['GET', '/ledger'],
  ['GET', '/story'],
  ['GET', '/story/bundle'],
  ['GET', '/receipts'],
  ['GET', '/receipts/RECEIPT'],
  ['GET', '/receipts/RECEIPT/proof'],
  ['GET', '/renewal'],
  ['GET', '/containers/records'],
  ['GET', '/containers/health'],
  ['GET', '/documents/DOCUMENT/content'],
  ['PUT', '/recipient', { recipientCode: codeOf('privateHigh') }],
  ['POST', '/documents', { kind: 'cumulativeRecord', form: 'extract', title: 'x', mediaType: 'application/json' }],
  ['PUT', '/documents/DOCUMENT/content', { a: 1 }],
  ['DELETE', '/documents/DOCUMENT'],
  ['POST', '/submission', { confirmIncomplete: true }],
  ['POST', '/approval', { contentDigest: 'a'.repeat(64) }],
  ['POST', '/revision'],
  ['POST', '/seal', { confirmation: '0000' }],
  ['GET', '/seal-input'],
  ['POST', '/seal-input', { manifest: noManifest }],
  ['PUT', '/seal', { confirmation: '0000', manifest: noManifest, containers: [] }],
  ['POST', '/deposit'],
  ['POST', '/withdrawal', { reason: 'x' }],
  ['POST', '/opening', { pupil: { kana: 'ア', birthDate: '2011-01-01' } }],
  ['POST', '/verification'],
  ['POST', '/return', { reason: 'x' }],
  ['POST', '/acknowledgement'],
  ['POST', '/ledger/reports', { eventId: '00000000-0000-4000-8000-000000000000' }],
  ['POST', '/documents/DOCUMENT/break-glass', { reason: '発作があり、けがの前の記録を至急知る必要がある。' }],
];

describe('strangers', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let receipt: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'opened', documents: [record(), healthCard()] });
    const shown = bodyOf(await (await world.as('juniorHigh-clerk')).json('GET', `/api/cases/${made.id}`));
    receipt = shown.receipts[0]?.id ?? '';
  }, 120_000);
  afterAll(() => world?.close());

  function fill(path: string, of: { readonly documents: readonly { readonly id: string }[] }): string {
    return path.replace('DOCUMENT', of.documents[0]?.id ?? '').replace('RECEIPT', receipt);
  }

  /** All that can be seen of an answer, with what differs each time left out. */
  async function seen(session: Session, route: (typeof caseRoutes)[number], id: string) {
    const [method, path, body] = route;
    const answer = await session.send(
      method,
      `/api/cases/${id}${fill(path, made)}`,
      body === undefined ? undefined : JSON.stringify(body),
      body === undefined ? {} : { 'content-type': 'application/json' },
    );
    const text = await answer.text();
    const headers = [...answer.headers].filter(
      ([name]) => !['date', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'dpop-nonce'].includes(name),
    );
    return {
      route: `${method} ${path}`,
      status: answer.status,
      body: text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'request'),
      headers: headers.map(([name, value]) => `${name}: ${value.replace(/nonce-[^']+/g, 'nonce')}`),
    };
  }

  it('knows every route of the API that takes a case', async () => {
    const answer = await fetch(`${world.origin}/openapi.json`);
    // Sound: an OpenAPI document has paths of methods.
    const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> };
    const announced = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/cases/{caseId}'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(path)}`));
    const tried = caseRoutes.map(
      ([method, path]) => `${method} /api/cases/{}${path.replace(/[A-Z]{2,}|records|health/g, '{}')}`,
    );
    expect(new Set(tried)).toEqual(new Set(announced));
  });

  function shape(path: string): string {
    return path.replace(/\{[^}]*\}/g, '{}');
  }

  it.each(['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher', 'schoolNurse'])(
    'Z-02 tells a %s of another school nothing but 404, byte for byte as for a random id',
    async (role) => {
      const stranger = await world.as(`privateHigh-${role}`);
      for (const route of caseRoutes) {
        const foreign = await seen(stranger, route, made.id);
        expect(foreign).toEqual(await seen(stranger, route, newId()));
        expect([foreign.route, foreign.status]).toEqual([foreign.route, 404]);
      }
    },
  );

  it('Z-02 tells a machine of another school the same', async () => {
    const machine = await openMachineSession(world, 'privateHigh');
    for (const route of caseRoutes) {
      const foreign = await seen(machine, route, made.id);
      expect(foreign).toEqual(await seen(machine, route, newId()));
    }
  });

  it('Z-02 tells a person who is not linked the same, and those who are not logged in to log in', async () => {
    const person = await openPersonSession(world, 'hajime');
    for (const route of caseRoutes) {
      const foreign = await seen(person, route, made.id);
      expect(foreign).toEqual(await seen(person, route, newId()));
      expect([foreign.route, foreign.status]).toEqual([foreign.route, 404]);
    }
    for (const [method, path, body] of caseRoutes) {
      const answer = await fetch(`${world.origin}/api/cases/${made.id}${fill(path, made)}`, {
        method,
        headers: { origin: world.origin, 'content-type': 'application/json', accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });

  it('Z-02 makes no difference within a school either, where one may not even see the case', async () => {
    // A teacher of another class sees neither the case nor whether there is one.
    const other = await caseAt(world, { upTo: 'draft', from: 'cityHigh', to: 'privateHigh', pupilId: 'pupil-08' });
    const teacher = await world.as('privateHigh-homeroomTeacher');
    for (const route of caseRoutes) {
      expect(await seen(teacher, route, other.id)).toEqual(await seen(teacher, route, newId()));
    }
  });

  it('Z-02 names a case, a document and a receipt by ids that fit no other case', async () => {
    const other = await caseAt(world, { upTo: 'opened' });
    const head = await world.as('cityHigh-principal');
    const [document] = made.documents;
    for (const path of [`documents/${document?.id}/content`, `receipts/${receipt}`, `receipts/${receipt}/proof`]) {
      expect(refusalIn(await head.json('GET', `/api/cases/${other.id}/${path}`))).toBe('404 case.not-found');
    }
  });

  it('Z-09 gives a clerk who guesses its address no health card, and logs the attempt', async () => {
    const [records, health] = made.documents;
    const clerk = await world.as('cityHigh-clerk');
    const refusedBefore = await refusals();
    for (const document of [records, health]) {
      const path = `/api/cases/${made.id}/documents/${document?.id}/content`;
      expect(refusalIn(await clerk.json('GET', path))).toBe('404 case.not-found');
    }
    expect((await clerk.json('GET', `/api/cases/${made.id}/containers/health`)).status).toBeOneOf([403, 404]);
    expect((await refusals()) - refusedBefore).toBe(3);
    const teacher = await world.as('cityHigh-homeroomTeacher');
    const path = `/api/cases/${made.id}/documents/${health?.id}/content`;
    expect(refusalIn(await teacher.json('GET', path))).toBe('404 case.not-found');
  });

  async function refusals(): Promise<number> {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.outcome, 'refused'), eq(auditEvents.organisation, codeOf('cityHigh')))),
    );
    return rows.length;
  }

  it('lets nobody of the sender’s school read what it has handed over', async () => {
    for (const role of ['clerk', 'principal', 'vicePrincipal', 'schoolNurse']) {
      const session = await world.as(`juniorHigh-${role}`);
      for (const document of made.documents) {
        const answer = await session.json('GET', `/api/cases/${made.id}/documents/${document.id}/content`);
        expect([role, answer.status === 403 || answer.status === 404]).toEqual([role, true]);
      }
      const container = await session.json('GET', `/api/cases/${made.id}/containers/records`);
      expect([role, container.status === 403 || container.status === 404]).toEqual([role, true]);
    }
  });

  it('cannot use a session of theirs from another site', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: 'pupil-01' }, headers);
      expect(refusalIn(answer)).toBe('403 request.cross-site');
    }
    const key = { 'idempotency-key': randomUUID() };
    const other = await fetch(`${world.origin}/api/cases`, {
      method: 'POST',
      headers: { ...key, cookie: clerk.cookie() },
    });
    expect(other.status).toBe(403);
  });
});
