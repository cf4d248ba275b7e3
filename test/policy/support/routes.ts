import { machineScopes, roles, schoolRoles } from '../../../src/policy/actor.ts';
import type { ActorName, School } from './actors.ts';
import { certificateRows } from './certificate-rows.ts';
import type { At } from './things.ts';

/** How somebody is turned away: told to log in (401), told that the role may not (403), told that there is nothing (404). */
export type Refusal = 'login' | 'denied' | 'hidden';

/**
 * One row of the table of permissions: who gets past the door of a route. What stands behind it is other tests'
 * business, so a row asks where the act itself is refused for another reason (a state, a digest) and changes nothing.
 */
export interface RouteRow {
  /** As in the OpenAPI document. */
  readonly route: string;
  /** Tells the rows of one route apart. */
  readonly when?: string;
  readonly may: readonly ActorName[];
  /** The row asks for a thing that nobody has, so that those who may learn that there is none. */
  readonly absent?: boolean;
  /** How everybody else is turned away, where the usual way does not hold; see {@link expectedOf}. */
  readonly refusal?: Refusal | readonly Refusal[];
  readonly persons?: Refusal;
  /** How somebody with a paper of the school is turned away where a card or the app is let in. */
  readonly paper?: Refusal;
  /** The school that staff and machines belong to; the sending one unless told. */
  readonly school?: School;
  /** The case that the ids of the path are taken from; absent for routes that take none. */
  readonly at?: At;
  readonly visibility?: 'records' | 'health';
  /** Its key has been destroyed: those who may are told that it cannot be read any more. */
  readonly gone?: true;
  /** The board's auditor sees this of every school of the board, so also of the other one. */
  readonly ofBoard?: true;
  /** A page or a form, asked as a browser asks. */
  readonly page?: true;
  /** Of the body; JSON, or a form where it is text, unless told. */
  readonly contentType?: string;
  readonly body?: unknown;
  readonly query?: string;
}

/** What the table says about one actor at the door of one route. */
export function expectedOf(row: RouteRow, actor: ActorName): readonly ('may' | 'gone' | Refusal)[] {
  if (row.may.includes(actor)) return [row.gone === true ? 'gone' : row.absent === true ? 'hidden' : 'may'];
  if (actor === 'anonymous') return ['login'];
  if (actor === 'paperPerson' && row.paper !== undefined) return [row.paper];
  if (actor === 'unlinkedPerson' || actor === 'linkedPerson' || actor === 'paperPerson') {
    // The pupil of the case sees it and may not act on it; the row of a case under change is not even there.
    if (row.at !== undefined) return actor === 'unlinkedPerson' ? ['hidden'] : ['denied', 'hidden'];
    return [row.persons ?? 'hidden'];
  }
  // Who may not see a case cannot tell it from none.
  const sees = actor !== 'administrator' && actor !== 'auditor' && (!isMachine(actor) || seesCases(actor));
  const blind = row.at !== undefined && row.refusal === undefined && !sees;
  return blind ? ['hidden'] : [row.refusal ?? 'denied'].flat();
}

function isMachine(actor: ActorName): boolean {
  return actor === 'allScopes' || machineScopes.some((scope) => scope === actor);
}

function seesCases(actor: ActorName): boolean {
  return actor === 'transfers:read' || actor === 'allScopes';
}

const staff = roles;
/** The founder's administrator is staff of a school too, but has no business with its cases. */
const teachers = schoolRoles;
const machines = [...machineScopes, 'allScopes'] as const;
const linked = ['linkedPerson', 'paperPerson'] as const;
/** What lasts longer than a session takes a card or the app. */
const withCard = ['linkedPerson', 'unlinkedPerson'] as const;
const persons = [...withCard, 'paperPerson'] as const;
const everybody = [...staff, ...machines, ...persons, 'anonymous'] as const;
const loggedIn = [...staff, ...machines, ...persons] as const;

/** Who runs the procedure for a school. */
const handlers = ['clerk', 'principal', 'transfers:write', 'allScopes'] as const;
/** Adding to a case takes sight of the case as well. */
const adders = ['clerk', 'principal', 'allScopes'] as const;
const viewers = [...teachers, 'transfers:read', 'allScopes'] as const;
const readers = [...viewers, ...linked] as const;
const recordsReaders = ['principal', 'vicePrincipal', 'homeroomTeacher', 'records:read', 'allScopes'] as const;
const healthReaders = ['principal', 'schoolNurse', 'health:read', 'allScopes'] as const;

/** Who sees the guardians of a pupil, and who may be the second pair of eyes. */
const guardianKeepers = ['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher'] as const;
const confirmers = ['principal', 'vicePrincipal', 'homeroomTeacher'] as const;
/** Who answers for what is in the ledger of persons. */
const answerers = ['principal', 'vicePrincipal'] as const;

const guardian = { name: '見本　親', kana: 'ミホン　オヤ', relation: 'other', custody: 'none', scope: ['records'] };
const pupil = { kana: 'ア', birthDate: '2011-01-01' };
const proof = { challengeId: 'x', certificates: ['AAAA'], signature: 'AAAA' };
const noManifest = { protected: 'e30', payload: 'e30', signature: 'AA' };
/** A public key that nobody holds the other half of (RFC 7517 appendix A.1). */
const publicJwk = JSON.stringify({
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
});
const document = { kind: 'cumulativeRecord', form: 'extract', title: 'x', mediaType: 'application/json' };

/** The table. A route of the OpenAPI document without a row here fails the test. */
export const routeRows: readonly RouteRow[] = [
  // Verifying, for everybody
  { route: 'POST /api/verifications', may: [...everybody], body: { items: [{ content: 'aGVsbG8=' }] } },
  // Who is asking
  { route: 'POST /api/login/challenges', body: { purpose: 'login' }, may: everybody },
  { route: 'POST /api/login/certificate', body: proof, may: [], refusal: 'login', persons: 'login' },
  { route: 'POST /api/session/authentication', body: proof, may: [], refusal: 'login', persons: 'login' },
  {
    route: 'POST /api/certificates',
    body: proof,
    may: [],
    refusal: 'login',
    persons: 'login',
    paper: 'denied',
  },
  // A person's own ways to log in; the app is one that this gateway does not know
  { route: 'GET /api/login-ways', may: persons, refusal: 'denied' },
  {
    route: 'POST /api/login-ways/account',
    body: { provider: 'x' },
    may: withCard,
    absent: true,
    refusal: 'login',
    paper: 'denied',
  },
  { route: 'DELETE /api/login-ways/{wayId}', may: withCard, absent: true, refusal: 'login', paper: 'denied' },
  { route: 'GET /api/log-ins', may: [...staff, ...persons], refusal: 'denied' },
  { route: 'POST /api/log-ins/{logInId}/disowning', may: [...staff, ...persons], absent: true, refusal: 'denied' },
  // By a paper of the school
  { route: 'POST /api/login/code-attempts', body: { code: 'x' }, may: everybody },
  {
    route: 'POST /api/login/code',
    body: { attempt: 'x', number: '000000' },
    may: [],
    refusal: 'login',
    persons: 'login',
  },
  {
    route: 'POST /api/pupils/{pupilId}/access-codes',
    body: { guardianId: null },
    may: ['clerk', 'principal'],
    persons: 'denied',
  },
  { route: 'GET /api/pupils/{pupilId}/access-codes', may: ['clerk', 'principal'], persons: 'denied' },
  { route: 'DELETE /api/access-codes/{codeId}', may: ['clerk', 'principal'], absent: true, persons: 'denied' },
  { route: 'POST /api/access-codes/{codeId}/release', may: ['clerk', 'principal'], absent: true, persons: 'denied' },
  { route: 'POST /api/token', body: 'grant_type=client_credentials', may: everybody },
  { route: 'GET /.well-known/oauth-authorization-server', may: everybody },
  { route: 'GET /.well-known/jwks.json', may: everybody },
  { route: 'GET /api/session', may: everybody },
  { route: 'GET /api/abilities', may: loggedIn },
  { route: 'GET /api/sessions', may: [...staff, ...persons], refusal: 'login' },
  { route: 'DELETE /api/sessions/{sessionId}', may: [...staff, ...persons], absent: true, refusal: 'login' },
  { route: 'GET /api/memberships', may: staff, refusal: 'login', persons: 'login' },
  {
    route: 'PUT /api/session/membership',
    body: { membershipId: 'x' },
    may: staff,
    absent: true,
    refusal: 'login',
    persons: 'login',
  },
  {
    route: 'POST /api/pupils/{pupilId}/linking-codes',
    body: { relation: 'self' },
    may: ['clerk', 'principal'],
    persons: 'denied',
  },
  { route: 'DELETE /api/linking-codes/{codeId}', may: ['clerk', 'principal'], absent: true, persons: 'denied' },
  {
    route: 'POST /api/links',
    body: { code: 'x', birthDate: '2011-01-01' },
    may: withCard,
    refusal: 'login',
    paper: 'denied',
  },
  { route: 'GET /api/links', query: '?pupil=pupil-01', may: [...guardianKeepers, ...persons] },
  { route: 'GET /api/links/pending', may: guardianKeepers, persons: 'denied' },
  {
    route: 'POST /api/links/{linkId}/confirmation',
    body: { checkNumber: '000000' },
    may: confirmers,
    absent: true,
    persons: 'denied',
  },
  { route: 'DELETE /api/links/{linkId}', may: [...guardianKeepers, ...withCard], absent: true, paper: 'denied' },
  { route: 'GET /api/consents', may: persons, refusal: 'denied' },
  // A minor is told that they are not of age, whatever the id; who is no pupil finds no guardian.
  {
    route: 'POST /api/consents',
    body: { guardianId: 'x', scope: ['records'], until: '2099-01-01' },
    may: ['linkedPerson'],
    refusal: 'denied',
    paper: 'denied',
  },
  { route: 'DELETE /api/consents/{consentId}', may: persons, absent: true, refusal: 'denied' },
  { route: 'GET /api/notices', may: persons, refusal: 'denied' },
  // Guardians
  { route: 'GET /api/pupils/{pupilId}/guardians', may: guardianKeepers, persons: 'denied' },
  { route: 'POST /api/pupils/{pupilId}/guardians', body: guardian, may: ['clerk', 'principal'], persons: 'denied' },
  {
    route: 'PUT /api/guardians/{guardianId}',
    body: { ...guardian, version: 1 },
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
  },
  { route: 'POST /api/guardians/{guardianId}/confirmation', may: confirmers, absent: true, persons: 'denied' },
  {
    route: 'POST /api/guardians/{guardianId}/dispute',
    body: { reason: 'x' },
    may: guardianKeepers,
    absent: true,
    persons: 'denied',
  },
  {
    route: 'POST /api/guardians/{guardianId}/settlement',
    body: { outcome: 'ended', reason: 'x' },
    may: ['principal'],
    absent: true,
    persons: 'denied',
  },
  {
    route: 'POST /api/guardians/{guardianId}/end',
    body: { reason: 'x' },
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
  },
  {
    route: 'POST /api/guardians/{guardianId}/restoration',
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
  },
  // Sending
  { route: 'GET /api/cases', query: '?side=sender', may: [...viewers, ...persons] },
  { route: 'POST /api/cases', body: { kind: 'advancement', pupilId: 'x' }, may: handlers },
  { route: 'PUT /api/cases/{caseId}/recipient', at: 'acknowledged', body: { recipientCode: 'x' }, may: handlers },
  { route: 'POST /api/cases/{caseId}/documents', when: 'records', at: 'acknowledged', body: document, may: adders },
  {
    route: 'POST /api/cases/{caseId}/documents',
    when: 'health',
    at: 'acknowledged',
    body: { ...document, kind: 'healthCard', form: 'original' },
    may: [...adders, 'schoolNurse'],
  },
  {
    route: 'PUT /api/cases/{caseId}/documents/{documentId}/content',
    when: 'records',
    at: 'acknowledged',
    body: {},
    visibility: 'records',
    may: handlers,
  },
  {
    route: 'PUT /api/cases/{caseId}/documents/{documentId}/content',
    when: 'health',
    at: 'acknowledged',
    body: {},
    visibility: 'health',
    may: [...adders, 'schoolNurse', 'health:write'],
  },
  {
    route: 'DELETE /api/cases/{caseId}/documents/{documentId}',
    at: 'acknowledged',
    visibility: 'records',
    may: adders,
  },
  {
    route: 'POST /api/cases/{caseId}/submission',
    at: 'acknowledged',
    body: { confirmIncomplete: true },
    may: handlers,
  },
  {
    route: 'POST /api/cases/{caseId}/approval',
    at: 'acknowledged',
    body: { contentDigest: 'a'.repeat(64) },
    may: ['principal'],
  },
  { route: 'POST /api/cases/{caseId}/revision', at: 'acknowledged', may: handlers },
  { route: 'POST /api/cases/{caseId}/seal', at: 'acknowledged', body: { confirmation: '0000' }, may: handlers },
  { route: 'GET /api/cases/{caseId}/seal-input', at: 'acknowledged', may: handlers },
  { route: 'POST /api/cases/{caseId}/seal-input', at: 'acknowledged', body: { manifest: noManifest }, may: handlers },
  {
    route: 'PUT /api/cases/{caseId}/seal',
    at: 'acknowledged',
    body: { confirmation: '0000', manifest: noManifest, containers: [] },
    may: handlers,
  },
  { route: 'POST /api/cases/{caseId}/deposit', at: 'acknowledged', may: handlers },
  { route: 'POST /api/cases/{caseId}/withdrawal', at: 'acknowledged', body: { reason: 'x' }, may: handlers },
  { route: 'POST /api/withdrawals', body: { cases: ['x'], reason: 'x' }, may: handlers },
  // Receiving
  { route: 'POST /api/cases/{caseId}/opening', at: 'acknowledged', school: 'cityHigh', body: { pupil }, may: handlers },
  { route: 'POST /api/cases/{caseId}/verification', at: 'acknowledged', school: 'cityHigh', may: handlers },
  {
    route: 'POST /api/cases/{caseId}/return',
    at: 'acknowledged',
    school: 'cityHigh',
    body: { reason: 'x' },
    may: handlers,
  },
  { route: 'POST /api/cases/{caseId}/acknowledgement', at: 'acknowledged', school: 'cityHigh', may: handlers },
  { route: 'GET /api/expectations', school: 'cityHigh', may: handlers },
  {
    route: 'POST /api/expectations',
    school: 'cityHigh',
    body: { pupilName: 'x', pupilKana: 'x', pupilBirthDate: '2011-01-01' },
    may: handlers,
  },
  { route: 'DELETE /api/expectations/{id}', school: 'cityHigh', may: handlers, absent: true },
  // 支援措置
  { route: 'GET /api/protections', may: teachers },
  {
    route: 'POST /api/protections',
    body: { subject: { kind: 'pupil', id: 'x' }, source: 'court', startsOn: '2026-04-01', reviewOn: '2099-01-01' },
    may: ['principal', 'vicePrincipal'],
    absent: true,
  },
  { route: 'GET /api/protections/{protectionId}', may: teachers, absent: true },
  {
    route: 'PUT /api/protections/{protectionId}',
    body: { source: 'court', reviewOn: '2099-01-01' },
    may: ['principal'],
    absent: true,
  },
  { route: 'POST /api/protections/{protectionId}/lifting', may: ['principal'], absent: true },
  { route: 'DELETE /api/protections/{protectionId}/lifting', may: teachers, absent: true },
  { route: 'POST /api/protections/{protectionId}/lifting/confirmation', may: confirmers, absent: true },
  {
    route: 'POST /api/protections/{protectionId}/clearances',
    body: { guardianId: 'x' },
    may: ['principal'],
    absent: true,
  },
  { route: 'DELETE /api/protections/{protectionId}/clearances/{guardianId}', may: ['principal'], absent: true },
  {
    route: 'POST /api/protections/{protectionId}/clearances/{guardianId}/confirmation',
    may: confirmers,
    absent: true,
  },
  // Reading
  { route: 'GET /api/cases/{caseId}', when: 'draft, sender', at: 'draft', may: viewers, refusal: 'hidden' },
  {
    route: 'GET /api/cases/{caseId}',
    when: 'deposited, recipient',
    at: 'deposited',
    school: 'cityHigh',
    may: readers.filter((actor) => actor !== 'homeroomTeacher'),
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}',
    when: 'opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    may: readers,
    refusal: 'hidden',
  },
  { route: 'GET /api/board/slices', may: ['principal', 'vicePrincipal', 'auditor'] },
  { route: 'GET /api/board/slices/{sliceId}/entries', may: ['principal', 'vicePrincipal', 'auditor'], absent: true },
  { route: 'GET /api/cases/{caseId}/ledger', at: 'opened', may: readers, refusal: 'hidden' },
  { route: 'GET /api/cases/{caseId}/story', at: 'opened', may: readers, refusal: 'hidden' },
  { route: 'GET /api/cases/{caseId}/story/bundle', at: 'opened', may: readers, refusal: 'hidden' },
  {
    route: 'POST /api/cases/{caseId}/ledger/reports',
    when: 'a line that is none',
    at: 'opened',
    body: { eventId: '00000000-0000-4000-8000-000000000000' },
    may: ['linkedPerson'],
    absent: true,
    refusal: 'hidden',
  },
  { route: 'GET /api/cases/{caseId}/receipts', at: 'opened', may: readers, refusal: 'hidden' },
  {
    route: 'GET /api/cases/{caseId}/renewal',
    when: 'not renewed',
    at: 'opened',
    may: readers,
    absent: true,
    refusal: 'hidden',
  },
  { route: 'GET /api/cases/{caseId}/receipts/{receiptId}', at: 'opened', may: readers, refusal: 'hidden' },
  { route: 'GET /api/cases/{caseId}/receipts/{receiptId}/proof', at: 'opened', may: readers, refusal: 'hidden' },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'records, draft, sender',
    at: 'draft',
    visibility: 'records',
    may: ['clerk', ...recordsReaders],
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'health, draft, sender',
    at: 'draft',
    visibility: 'health',
    may: healthReaders,
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'records, deposited, sender',
    at: 'deposited',
    visibility: 'records',
    may: linked,
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'records, deposited, recipient',
    at: 'deposited',
    school: 'cityHigh',
    visibility: 'records',
    may: linked,
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'records, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'records',
    may: [...recordsReaders, ...linked],
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when: 'health, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    may: [...healthReaders, 'linkedPerson'],
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/containers/{visibility}',
    when: 'records, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'records',
    may: [...recordsReaders, ...linked],
    refusal: 'hidden',
  },
  {
    route: 'GET /api/cases/{caseId}/containers/{visibility}',
    when: 'health, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    may: [...healthReaders, 'linkedPerson'],
    refusal: 'hidden',
  },
  // 緊急閲覧
  {
    route: 'POST /api/cases/{caseId}/documents/{documentId}/break-glass',
    when: 'health, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    body: {},
    may: ['vicePrincipal'],
  },
  {
    route: 'POST /api/cases/{caseId}/documents/{documentId}/break-glass',
    when: 'health, deposited, recipient',
    at: 'deposited',
    school: 'cityHigh',
    visibility: 'health',
    body: {},
    may: [],
    refusal: ['denied', 'hidden'],
  },
  // The ledger of persons, what they report of it, and what an inquiry holds back
  { route: 'GET /api/ledger', may: persons },
  { route: 'GET /api/ledger/bundle', may: persons },
  {
    route: 'POST /api/ledger/reports',
    body: { eventId: '00000000-0000-4000-8000-000000000000' },
    may: persons,
    absent: true,
    refusal: 'hidden',
  },
  { route: 'GET /api/access-reports', may: [...answerers, ...persons] },
  {
    route: 'POST /api/access-reports/{reportId}/answer',
    body: { answer: 'x' },
    may: answerers,
    absent: true,
  },
  { route: 'POST /api/access-reports/{reportId}/closing', may: [...answerers, ...persons], absent: true },
  { route: 'GET /api/ledger-holds', may: answerers },
  {
    route: 'POST /api/ledger-holds',
    body: { pupilId: 'x', until: '2026-01-01', reason: 'x' },
    may: answerers,
    absent: true,
  },
  { route: 'POST /api/ledger-holds/{holdId}/confirmation', may: answerers, absent: true },
  { route: 'POST /api/ledger-holds/{holdId}/end', may: answerers, absent: true },
  { route: 'GET /api/alerts', may: ['principal', 'vicePrincipal', 'administrator', 'auditor'] },
  { route: 'GET /api/alerts/{alertId}', may: ['principal', 'vicePrincipal', 'administrator', 'auditor'], absent: true },
  {
    route: 'POST /api/alerts/{alertId}/acknowledgement',
    body: {},
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
  },
  {
    route: 'POST /api/alerts/{alertId}/closure',
    body: { reason: 'handled' },
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
  },
  {
    route: 'POST /api/alerts/{alertId}/reopening',
    body: {},
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
  },
  { route: 'GET /api/alert-rules', may: ['auditor'] },
  { route: 'PUT /api/alert-rules/{rule}', body: { threshold: 20 }, may: ['auditor'], absent: true },
  { route: 'GET /api/break-glass', may: ['principal', 'vicePrincipal'] },
  { route: 'POST /api/break-glass/{breakGlassId}/end', may: ['principal', 'vicePrincipal'], absent: true },
  {
    route: 'POST /api/break-glass/{breakGlassId}/review',
    body: { justified: true },
    may: ['principal'],
    absent: true,
  },
  // Where something has run out, was sent back, taken back or destroyed
  { ...caseRow('approval expired, sender', 'approvalExpired'), may: viewers },
  { ...sealRow('approval expired', 'approvalExpired'), may: handlers },
  { ...caseRow('withdrawn, sender', 'withdrawn'), may: viewers },
  { ...caseRow('withdrawn, recipient', 'withdrawn'), school: 'cityHigh', may: [] },
  { ...contentRow('records, withdrawn, recipient', 'withdrawn'), school: 'cityHigh', may: [] },
  { ...caseRow('returned, sender', 'returned'), may: viewers },
  {
    ...caseRow('returned, recipient', 'returned'),
    school: 'cityHigh',
    may: viewers.filter((actor) => actor !== 'homeroomTeacher'),
  },
  { ...contentRow('records, returned, recipient', 'returned'), school: 'cityHigh', may: [] },
  { ...caseRow('shredded, recipient', 'shredded'), school: 'cityHigh', may: readers },
  {
    ...contentRow('records, shredded, recipient', 'shredded'),
    school: 'cityHigh',
    may: [...recordsReaders, ...linked],
    gone: true,
  },
  // Around it
  { route: 'GET /api/schools', may: loggedIn },
  { route: 'GET /api/schools/{code}', may: loggedIn },
  {
    route: 'GET /api/pupils',
    may: ['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher', 'transfers:read', 'allScopes'],
  },
  { route: 'GET /api/clients', may: ['principal'], persons: 'denied' },
  {
    route: 'POST /api/clients',
    // A key that is none: whoever may is told so.
    body: { name: 'x', scopes: ['transfers:read'], publicKey: 'x' },
    may: ['principal'],
    persons: 'denied',
  },
  {
    route: 'PUT /api/clients/{clientId}',
    body: { name: 'x', scopes: ['transfers:read'] },
    may: ['principal'],
    absent: true,
    persons: 'denied',
  },
  { route: 'DELETE /api/clients/{clientId}', may: ['principal'], absent: true, persons: 'denied' },
  {
    route: 'POST /api/clients/{clientId}/keys',
    body: { publicKey: publicJwk },
    may: ['principal'],
    absent: true,
    persons: 'denied',
  },
  { route: 'DELETE /api/clients/{clientId}/keys/{thumbprint}', may: ['principal'], absent: true, persons: 'denied' },
  { route: 'PUT /api/clients/{clientId}/block', may: ['principal'], absent: true, persons: 'denied' },
  { route: 'DELETE /api/clients/{clientId}/block', may: ['principal'], absent: true, persons: 'denied' },
  { route: 'GET /api/seal-key', may: ['principal'] },
  { route: 'GET /api/seal-key/history', may: ['principal'] },
  { route: 'PUT /api/seal-key', body: { pkcs12: 'AAAA', password: 'x' }, may: ['principal'] },
  { route: 'DELETE /api/seal-key', may: ['principal'] },
  ...peopleRows(),
  { route: 'GET /api/statistics', may: everybody },
  { route: 'GET /api/statistics.csv', may: everybody },
  ...['cases', 'cases.csv', 'outcomes', 'outcomes.csv'].map(
    (path): RouteRow => ({ route: `GET /api/board/${path}`, may: ['principal', 'vicePrincipal', 'auditor'] }),
  ),
  ...boardGlassRows(),
  ...certificateRows,
  { route: 'GET /log/{year}/checkpoint', may: everybody },
  // Last, since it ends the sessions that the others are asked with.
  // The administrator has one account in both schools: the other school’s session ends here.
  { route: 'DELETE /api/sessions', query: '?which=others', may: [...staff, ...persons], refusal: 'login' },
  {
    route: 'POST /sessions/end-all',
    body: 'which=others',
    may: [...staff, ...persons],
    refusal: 'login',
    page: true,
  },
  { route: 'DELETE /api/session', may: everybody },
];

/** A name that a board opens; of an own case: test/hostile/board-glass.test.ts. */
function boardGlassRows(): readonly RouteRow[] {
  const of = { may: ['auditor'], absent: true } as const;
  const ofCase = { route: '/api/board/cases/{caseId}/break-glass', ...of, ofBoard: true } as const;
  const ofGlass = '/api/board/break-glass/{boardGlassId}';
  return [
    { ...ofCase, route: `POST ${ofCase.route}`, body: {} },
    { ...ofCase, route: `GET ${ofCase.route}` },
    { route: 'GET /api/board/break-glass', may: ['auditor'] },
    { ...of, route: `POST ${ofGlass}/end` },
    { ...of, route: `POST ${ofGlass}/review`, body: { justified: true } },
  ];
}

/** People and roles of a school, and what waits for a second person. */
function peopleRows(): readonly RouteRow[] {
  const may: readonly ActorName[] = ['principal', 'administrator'];
  const over = { validFrom: '2020-04-01', validTo: '2020-04-02' };
  return [
    { route: 'GET /api/members', may },
    { route: 'POST /api/members', body: { name: 'x', role: 'clerk', ...over }, may },
    { route: 'PUT /api/members/{membershipId}', body: over, may, absent: true },
    { route: 'POST /api/members/{membershipId}/end', body: {}, may, absent: true },
    { route: 'POST /api/invitations/{invitationId}/code', may, absent: true },
    { route: 'DELETE /api/invitations/{invitationId}', may, absent: true },
    { route: 'GET /api/members.csv', may },
    { route: 'POST /api/members/import/preview', body: 'x', contentType: 'text/csv', may },
    { route: 'POST /api/members/import', body: 'x', contentType: 'text/csv', may },
    { route: 'GET /api/proposals', may },
    { route: 'POST /api/proposals/{proposalId}/confirmation', may, absent: true },
    { route: 'DELETE /api/proposals/{proposalId}', may, absent: true },
    { route: 'GET /api/accounts', may: ['administrator'] },
    { route: 'POST /api/accounts/same-person', body: { staffIds: ['x', 'y'] }, may: ['administrator'], absent: true },
    { route: 'POST /api/accounts/{staffId}/own-person', may: ['administrator'], absent: true },
  ];
}

function caseRow(when: string, at: At): Pick<RouteRow, 'route' | 'when' | 'at' | 'refusal'> {
  return { route: 'GET /api/cases/{caseId}', when, at, refusal: 'hidden' };
}

function contentRow(when: string, at: At): Pick<RouteRow, 'route' | 'when' | 'at' | 'visibility' | 'refusal'> {
  return {
    route: 'GET /api/cases/{caseId}/documents/{documentId}/content',
    when,
    at,
    visibility: 'records',
    refusal: 'hidden',
  };
}

function sealRow(when: string, at: At): Pick<RouteRow, 'route' | 'when' | 'at' | 'body'> {
  return { route: 'POST /api/cases/{caseId}/seal', when, at, body: { confirmation: '0000' } };
}
