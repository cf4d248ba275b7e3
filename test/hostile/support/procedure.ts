import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { demoPupils } from '../../../src/demo/pupils.ts';
import type { DemoSchoolKey } from '../../../src/demo/schools.ts';
import type { DocumentForm, DocumentKind, MediaType } from '../../../src/records/kinds.ts';
import type { AnswerBody } from '../../support/answer.ts';
import type { JsonAnswer } from '../../support/session.ts';
import { codeOf, type HostileWorld } from './world.ts';

export const steps = ['draft', 'submitted', 'approved', 'sealed', 'deposited', 'opened', 'acknowledged'] as const;
export type Step = (typeof steps)[number];

export interface TestDocument {
  readonly kind: DocumentKind;
  readonly form: DocumentForm;
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
}

export interface TestCase {
  readonly id: string;
  readonly from: DemoSchoolKey;
  readonly to: DemoSchoolKey;
  readonly pupil: { readonly kana: string; readonly birthDate: string };
  readonly documents: readonly { readonly id: string; readonly bytes: Uint8Array }[];
}

export interface CasePlan {
  readonly upTo: Step;
  readonly from?: DemoSchoolKey;
  readonly to?: DemoSchoolKey;
  readonly pupilId?: string;
  readonly documents?: readonly TestDocument[];
}

/** An extract of the record, as JSON: no parser of ours stands between the test and its bytes. */
export function record(bytes: number = 100): TestDocument {
  return { kind: 'cumulativeRecord', form: 'extract', mediaType: 'application/json', bytes: jsonOf(bytes) };
}

export function healthCard(bytes: number = 100): TestDocument {
  return { kind: 'healthCard', form: 'original', mediaType: 'application/json', bytes: jsonOf(bytes) };
}

/** Takes a case to a state by the API, each step by the role that does it. */
export async function caseAt(world: HostileWorld, plan: CasePlan): Promise<TestCase> {
  const { from = 'juniorHigh', to = 'cityHigh' } = plan;
  const pupil = demoPupils.find(({ id, school }) =>
    plan.pupilId === undefined ? school === from : id === plan.pupilId,
  );
  if (pupil === undefined) throw new Error('no such pupil');
  const clerk = await world.as(`${from}-clerk`);
  const draft = await clerk.json('POST', '/api/cases', {
    kind: 'advancement',
    pupilId: pupil.id,
    recipientCode: codeOf(to),
  });
  expect(draft.status).toBe(201);
  const { id } = draft.body;
  const documents: { id: string; bytes: Uint8Array }[] = [];
  for (const document of plan.documents ?? [record()]) documents.push(await addDocument(world, { id, from }, document));
  const made = { id, from, to, pupil: { kana: pupil.kana, birthDate: pupil.birthDate }, documents };
  for (const step of steps.slice(1, steps.indexOf(plan.upTo) + 1)) await take(world, made, step);
  return made;
}

export async function addDocument(
  world: HostileWorld,
  of: Pick<TestCase, 'id' | 'from'>,
  document: TestDocument,
): Promise<{ id: string; bytes: Uint8Array }> {
  const { kind, form, mediaType, bytes } = document;
  const id = await announce(world, of, document);
  const clerk = await world.as(`${of.from}-clerk`);
  const put = await clerk.send(
    'PUT',
    contentPath({ caseId: of.id, documentId: id }),
    bytes,
    digestOf(bytes, mediaType),
  );
  expect([kind, form, mediaType, put.status, await put.text()]).toEqual([
    kind,
    form,
    mediaType,
    200,
    expect.anything(),
  ]);
  return { id, bytes };
}

export async function announce(
  world: HostileWorld,
  of: Pick<TestCase, 'id' | 'from'>,
  { kind, form, mediaType }: Omit<TestDocument, 'bytes'>,
): Promise<string> {
  const clerk = await world.as(`${of.from}-clerk`);
  const announced = await clerk.json('POST', `/api/cases/${of.id}/documents`, {
    kind,
    form,
    title: '見本',
    mediaType,
  });
  expect(announced.status).toBe(201);
  return announced.body.id;
}

/** One step of the procedure, which must succeed. */
export async function take(world: HostileWorld, made: TestCase, step: Step): Promise<void> {
  const clerk = await world.as(`${made.from}-clerk`);
  const receiver = await world.as(`${made.to}-clerk`);
  const path = `/api/cases/${made.id}`;
  const answer = await (async () => {
    switch (step) {
      case 'draft':
        return clerk.json('GET', path);
      case 'submitted':
        return clerk.json('POST', `${path}/submission`, { confirmIncomplete: true });
      case 'approved': {
        const shown = await clerk.json('GET', path);
        const principal = await world.as(`${made.from}-principal`);
        return principal.json('POST', `${path}/approval`, { contentDigest: shown.body.contentDigest });
      }
      case 'sealed':
        return clerk.json('POST', `${path}/seal`, { confirmation: codeOf(made.to).slice(-4) });
      case 'deposited':
        return clerk.json('POST', `${path}/deposit`, {}, { 'idempotency-key': randomUUID() });
      case 'opened':
        return receiver.json('POST', `${path}/opening`, { pupil: made.pupil, homeroom: '1年A組' });
      case 'acknowledged':
        return receiver.json('POST', `${path}/acknowledgement`, {});
    }
  })();
  expect(answer.body).toMatchObject({ state: step });
}

export function contentPath(of: { readonly caseId: string; readonly documentId: string }): string {
  return `/api/cases/${of.caseId}/documents/${of.documentId}/content`;
}

export function digestOf(bytes: Uint8Array, mediaType: MediaType = 'application/json'): Record<string, string> {
  return {
    'content-type': mediaType,
    'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
  };
}

export function bodyOf(answer: JsonAnswer): AnswerBody {
  return answer.body;
}

/** Status and code of a refusal: all that the outside is told of its kind. */
export function refusalIn({ status, body }: JsonAnswer): string {
  return `${status} ${body.code}`;
}

/** Valid JSON of exactly this many bytes (at least 12), no two alike. */
export function jsonOf(bytes: number): Uint8Array {
  const length = Math.max(0, bytes - '{"filler":""}'.length);
  const filler = randomBytes(length).toString('base64url').slice(0, length);
  return new TextEncoder().encode(`{"filler":"${filler}"}`);
}
