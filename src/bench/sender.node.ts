import { createHash, randomUUID } from 'node:crypto';
import { type Answer, type Call, type Client, expectSuccess } from './http-client.node.ts';
import type { School } from './school.node.ts';

export interface Sending {
  readonly client: Client;
  readonly gateway: string;
  readonly document: SentDocument;
}

export interface SentDocument {
  readonly bytes: number;
  readonly mediaType: string;
  readonly sha256: Buffer;
  read(): Uint8Array | AsyncIterable<Uint8Array>;
}

export interface Announced {
  readonly caseId: string;
  readonly documentId: string;
  readonly token: string;
  readonly from: School;
}

/** A document that is in memory. */
export function documentOf(bytes: Uint8Array, mediaType: string): SentDocument {
  return { bytes: bytes.length, mediaType, sha256: createHash('sha256').update(bytes).digest(), read: () => bytes };
}

/** A draft with one announced document that waits for its bytes. */
export async function announce(
  sending: Sending,
  route: { readonly from: School; readonly to: School; readonly token: string },
): Promise<Announced> {
  const pupil = route.from.pupils[0];
  if (pupil === undefined) throw new Error(`school ${route.from.code} has no pupil`);
  const by = (call: Call) => route.from.call(sending.client, route.token, call);
  const draft = await post(sending, '/api/cases', by, {
    kind: 'schoolTransfer',
    pupilId: pupil.id,
    recipientCode: route.to.code,
  });
  const caseId = text(draft, 'id');
  const document = await post(sending, `/api/cases/${caseId}/documents`, by, {
    kind: 'cumulativeRecord',
    form: 'copy',
    title: '指導要録（写し）',
    mediaType: sending.document.mediaType,
  });
  return { caseId, documentId: text(document, 'id'), token: route.token, from: route.from };
}

/** The bytes, with length and Repr-Digest; the gateway's own digest must be ours. */
export async function putContent(sending: Sending, to: Announced): Promise<void> {
  const { document } = sending;
  const answer = await to.from.call(sending.client, to.token, {
    method: 'PUT',
    url: `${sending.gateway}/api/cases/${to.caseId}/documents/${to.documentId}/content`,
    headers: {
      'content-type': document.mediaType,
      'content-length': String(document.bytes),
      'repr-digest': `sha-256=:${document.sha256.toString('base64')}:`,
    },
    body: document.read(),
  });
  if (text(jsonOf(answer), 'sha256') !== document.sha256.toString('hex')) {
    throw new Error('the gateway took other bytes than were sent');
  }
}

/**
 * Everything that sending one package does: token, draft, announcement, bytes, submission, approval by the principal,
 * seal with time stamp, deposit; the answer must name the signed receipt of the deposit.
 */
export async function sendPackage(
  sending: Sending,
  route: { readonly from: School; readonly to: School },
): Promise<Announced> {
  const token = await route.from.token();
  const announced = await announce(sending, { ...route, token });
  await putContent(sending, announced);
  const by = (call: Call) => route.from.call(sending.client, token, call);
  const asPrincipal = (call: Call) =>
    expectSuccess(sending.client, { ...call, headers: { ...call.headers, ...route.from.principal } });
  const path = `/api/cases/${announced.caseId}`;
  const submitted = await post(sending, `${path}/submission`, by, { confirmIncomplete: true });
  await post(sending, `${path}/approval`, asPrincipal, { contentDigest: text(submitted, 'contentDigest') });
  await post(sending, `${path}/seal`, by, { confirmation: route.to.code.slice(-4) });
  const once = (call: Call) => by({ ...call, headers: { ...call.headers, 'idempotency-key': randomUUID() } });
  const deposited = await post(sending, `${path}/deposit`, once, {});
  if (text(deposited, 'state') !== 'deposited') throw new Error('a package was not deposited');
  if (!JSON.stringify(deposited['receipts']).includes('SubmissionAcceptance')) throw new Error('no receipt was signed');
  return announced;
}

/** The other side opens what was sent, so that its document can be read there. */
export async function openAtRecipient(
  sending: Sending,
  sent: Announced,
  route: { readonly from: School; readonly to: School },
): Promise<void> {
  const pupil = route.from.pupils[0];
  const token = await route.to.heldToken();
  const by = (call: Call) => route.to.call(sending.client, token, call);
  const opened = await post(sending, `/api/cases/${sent.caseId}/opening`, by, {
    pupil: { kana: pupil?.kana, birthDate: pupil?.birthDate },
    homeroom: '1-1',
  });
  if (text(opened, 'state') !== 'opened') throw new Error('a package was not opened');
}

type Json = Readonly<Record<string, unknown>>;

async function post(sending: Sending, path: string, by: (call: Call) => Promise<Answer>, body: Json): Promise<Json> {
  const answer = await by({
    method: 'POST',
    url: `${sending.gateway}${path}`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  });
  return jsonOf(answer);
}

function jsonOf(answer: Answer): Json {
  // Sound: every answer of these routes is a JSON object.
  return JSON.parse(answer.body.toString()) as Json;
}

function text(json: Json, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') throw new Error(`the answer has no ${name}`);
  return value;
}
