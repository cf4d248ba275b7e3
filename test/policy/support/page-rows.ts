import { machineScopes, roles, schoolRoles } from '../../../src/policy/actor.ts';
import type { ActorName } from './actors.ts';
import { certificatePageRows } from './certificate-rows.ts';
import type { RouteRow } from './routes.ts';
import { walletIssuerRows, walletVerifierRows } from './wallet-rows.ts';

const machines: readonly ActorName[] = [...machineScopes, 'allScopes'];
const withCard: readonly ActorName[] = ['linkedPerson', 'unlinkedPerson'];
const persons: readonly ActorName[] = [...withCard, 'paperPerson'];
const staff: readonly ActorName[] = roles;
const loggedIn: readonly ActorName[] = [...staff, ...machines, ...persons];
const everybody: readonly ActorName[] = [...loggedIn, 'anonymous'];
const handlers: readonly ActorName[] = ['clerk', 'principal', 'transfers:write', 'allScopes'];
const staffAndMachines: readonly ActorName[] = [...schoolRoles, 'transfers:read', 'allScopes'];
const viewers: readonly ActorName[] = [...staffAndMachines, 'linkedPerson', 'paperPerson'];

/** Who answers for what is in the ledger of persons. */
const answerers: readonly ActorName[] = ['principal', 'vicePrincipal'];

/** Who sees the guardians of a pupil. */
const keepers: readonly ActorName[] = ['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher'];
const confirmers: readonly ActorName[] = ['principal', 'vicePrincipal', 'homeroomTeacher'];

/** What the buttons of a guardian's page do. */
const guardianDeeds: readonly (readonly [path: string, body: string, may: readonly ActorName[]])[] = [
  ['issue', '', ['clerk', 'principal']],
  ['confirm', '', confirmers],
  ['correction', 'name=x&kana=x&relation=other&custody=none&scope=records&version=1', ['clerk', 'principal']],
  ['restore', '', ['clerk', 'principal']],
  ['suspend', 'suspendReason=x', keepers],
  ['settle', 'settleReason=x&outcome=ended', ['principal']],
  ['end', 'endReason=x', ['clerk', 'principal']],
];

/** What the buttons of the case page do, at the school that may. */
const acts: readonly (readonly [path: string, school: 'juniorHigh' | 'cityHigh', may: readonly ActorName[]])[] = [
  ['submission', 'juniorHigh', ['clerk', 'principal', 'allScopes']],
  ['approval', 'juniorHigh', ['principal']],
  ['revision', 'juniorHigh', ['clerk', 'principal', 'allScopes']],
  ['seal', 'juniorHigh', ['clerk', 'principal', 'allScopes']],
  ['deposit', 'juniorHigh', ['clerk', 'principal', 'allScopes']],
  ['withdrawal', 'juniorHigh', ['clerk', 'principal', 'allScopes']],
  ['opening', 'cityHigh', ['clerk', 'principal', 'allScopes']],
  ['verification', 'cityHigh', ['clerk', 'principal', 'allScopes']],
  ['return', 'cityHigh', ['clerk', 'principal', 'allScopes']],
  ['acknowledgement', 'cityHigh', ['clerk', 'principal', 'allScopes']],
];

const oneFile = [
  '--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ncumulativeRecord\r\n',
  '--x\r\ncontent-disposition: form-data; name="form"\r\n\r\nextract\r\n',
  '--x\r\ncontent-disposition: form-data; name="file"; filename="x.json"\r\ncontent-type: application/json\r\n\r\n{}\r\n',
  '--x--\r\n',
].join('');

/**
 * Routes that stand outside the OpenAPI document: pages, forms without script, and what serves the gateway itself.
 * Every one that `createApp` registers has a row; one without fails the test.
 */
export const pageRows: readonly RouteRow[] = [
  // The gateway itself
  { route: 'GET /healthz', may: everybody },
  { route: 'GET /readyz', may: everybody },
  { route: 'POST /csp-reports', may: everybody, page: true },
  { route: 'GET /preview/frame', may: everybody, page: true },
  { route: 'GET /openapi.json', may: everybody },
  { route: 'GET /api', may: everybody, page: true },
  { route: 'GET /problems', may: everybody, page: true },
  { route: 'GET /problems/{code}', may: everybody, page: true, absent: true },
  { route: 'GET /log/{year}/tile/{path}', may: everybody, absent: true },
  // Verifying, for everybody
  { route: 'GET /verify', may: everybody, page: true },
  { route: 'GET /verify/trust.json', may: everybody },
  { route: 'GET /verify/seals/{fingerprint}', may: everybody, absent: true },
  { route: 'GET /verify.html', may: everybody, page: true },
  ...walletVerifierRows,
  ...walletIssuerRows,
  // Where there is no guide of a demonstration, nobody finds anything here.
  { route: 'GET /demonstration', may: everybody, page: true, absent: true },
  { route: 'POST /demonstration/log-in', may: everybody, page: true, absent: true },
  { route: 'GET /demonstration/certificates/{file}', may: everybody, page: true, absent: true },
  { route: 'GET /demonstration/documents/{file}', may: everybody, page: true, absent: true },
  // Who is asking
  { route: 'GET /', may: everybody, page: true },
  { route: 'GET /preview/frame', may: everybody, page: true },
  { route: 'GET /login', may: everybody, page: true },
  { route: 'GET /login/invitation', may: everybody, page: true },
  { route: 'POST /login/organisation/{provider}', may: everybody, page: true },
  { route: 'POST /login/person/{provider}', may: everybody, absent: true, page: true },
  { route: 'GET /login/callback/{provider}', may: [], refusal: 'login', persons: 'login', page: true },
  { route: 'GET /login/again', may: [...staff, ...persons], refusal: 'login', page: true },
  // Nobody of the matrix has an account behind their session that could be asked again; who has none logs in.
  { route: 'POST /login/again', may: staff, refusal: 'login', persons: 'hidden', page: true },
  { route: 'GET /login/code', may: everybody, page: true },
  { route: 'POST /login/code', body: 'code=x', may: everybody, page: true },
  { route: 'GET /login/code/number', may: everybody, page: true },
  {
    route: 'POST /login/code/number',
    body: 'number=000000',
    may: [],
    refusal: 'login',
    persons: 'login',
    page: true,
  },
  { route: 'GET /linking/{pupilId}/papers', may: ['clerk', 'principal'], persons: 'denied', page: true },
  { route: 'POST /linking/{pupilId}/papers', may: ['clerk', 'principal'], persons: 'denied', page: true },
  {
    route: 'POST /linking/{pupilId}/papers/withdraw',
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
    page: true,
  },
  {
    route: 'POST /linking/{pupilId}/papers/release',
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
    page: true,
  },
  // Whoever brings no token of the provider is told nothing but 400.
  { route: 'POST /login/backchannel/{provider}', body: 'logout_token=x', may: everybody },
  { route: 'GET /choose-school', may: staff, refusal: 'login', persons: 'login', page: true },
  { route: 'POST /choose-school', may: staff, refusal: 'login', persons: 'login', page: true },
  { route: 'GET /abilities', may: loggedIn, page: true },
  { route: 'GET /sessions', may: [...staff, ...persons], refusal: 'login', page: true },
  { route: 'POST /sessions/end', may: [...staff, ...persons], refusal: 'login', absent: true, page: true },
  { route: 'GET /sessions/not-me', may: [...staff, ...persons], refusal: 'login', page: true },
  {
    route: 'POST /login-ways/account',
    body: 'provider=x',
    may: withCard,
    absent: true,
    refusal: 'login',
    paper: 'denied',
    page: true,
  },
  {
    route: 'POST /login-ways/removal',
    body: 'way=x',
    may: withCard,
    absent: true,
    refusal: 'login',
    paper: 'denied',
    page: true,
  },
  {
    route: 'POST /log-ins/disowning',
    body: 'logIn=x',
    may: [...staff, ...persons],
    absent: true,
    refusal: 'denied',
    page: true,
  },
  { route: 'GET /links', may: persons, refusal: ['denied', 'hidden'], page: true },
  { route: 'GET /links/new', may: persons, refusal: 'login', page: true },
  { route: 'POST /links', may: everybody, page: true },
  { route: 'POST /links/end', may: [...keepers, ...withCard], absent: true, paper: 'denied', page: true },
  { route: 'GET /links/certificate', may: persons, refusal: 'login', page: true },
  { route: 'GET /consents', may: persons, refusal: 'denied', page: true },
  // A minor is told that they are not of age, whatever the id; who is no pupil finds no guardian.
  {
    route: 'POST /consents',
    body: 'guardianId=x&scope=records&until=2099-01-01',
    may: ['linkedPerson'],
    refusal: 'denied',
    paper: 'denied',
    page: true,
  },
  { route: 'POST /consents/withdrawal', body: 'consent=x', may: persons, absent: true, refusal: 'denied', page: true },
  // 支援措置
  { route: 'GET /protections', may: schoolRoles, page: true },
  {
    route: 'GET /protections/new',
    query: '?kind=pupil&id=x',
    may: ['principal', 'vicePrincipal'],
    persons: 'denied',
    page: true,
  },
  {
    route: 'POST /protections',
    body: 'kind=pupil&id=x&source=court&startsOn=2026-04-01&reviewOn=2099-01-01',
    may: ['principal', 'vicePrincipal'],
    absent: true,
    page: true,
  },
  { route: 'GET /protections/{protectionId}', may: schoolRoles, absent: true, page: true },
  {
    route: 'POST /protections/{protectionId}',
    body: 'source=court&reviewOn=2099-01-01',
    may: ['principal'],
    absent: true,
    page: true,
  },
  { route: 'POST /protections/{protectionId}/lifting', may: ['principal'], absent: true, page: true },
  { route: 'POST /protections/{protectionId}/lifting/refusal', may: schoolRoles, absent: true, page: true },
  { route: 'POST /protections/{protectionId}/lifting/confirmation', may: confirmers, absent: true, page: true },
  { route: 'POST /protections/{protectionId}/clearances/ask', may: ['principal'], absent: true, page: true },
  { route: 'POST /protections/{protectionId}/clearances/confirm', may: confirmers, absent: true, page: true },
  { route: 'POST /protections/{protectionId}/clearances/end', may: ['principal'], absent: true, page: true },
  { route: 'GET /linking', may: keepers, persons: 'denied', page: true },
  { route: 'GET /linking/pending', may: keepers, persons: 'denied', page: true },
  {
    route: 'POST /linking/pending/{linkId}',
    when: 'without the number',
    may: keepers,
    persons: 'denied',
    page: true,
  },
  {
    route: 'POST /linking/pending/{linkId}/refusal',
    may: [...keepers, ...withCard],
    absent: true,
    paper: 'denied',
    page: true,
  },
  { route: 'GET /linking/{pupilId}', may: keepers, persons: 'denied', page: true },
  { route: 'POST /linking/{pupilId}', may: ['clerk', 'principal'], persons: 'denied', page: true },
  { route: 'POST /linking/{pupilId}/end', may: [...keepers, ...withCard], absent: true, paper: 'denied', page: true },
  {
    route: 'POST /linking/{pupilId}/withdrawal',
    may: ['clerk', 'principal'],
    absent: true,
    persons: 'denied',
    page: true,
  },
  { route: 'GET /linking/{pupilId}/new', may: keepers, persons: 'denied', page: true },
  { route: 'POST /linking/{pupilId}/new', when: 'empty', may: keepers, persons: 'denied', page: true },
  { route: 'GET /linking/{pupilId}/guardians/{guardianId}', may: keepers, absent: true, persons: 'denied', page: true },
  {
    route: 'GET /linking/{pupilId}/guardians/{guardianId}/correction',
    may: keepers,
    absent: true,
    persons: 'denied',
    page: true,
  },
  ...guardianDeeds.map(
    ([path, body, may]): RouteRow => ({
      route: `POST /linking/{pupilId}/guardians/{guardianId}/${path}`,
      body,
      may,
      absent: true,
      persons: 'denied',
      page: true,
    }),
  ),
  // Around the procedure
  { route: 'GET /expectations', school: 'cityHigh', may: handlers, page: true },
  { route: 'POST /expectations', school: 'cityHigh', may: handlers, page: true },
  { route: 'POST /expectations/{id}/cancellation', school: 'cityHigh', may: handlers, absent: true, page: true },
  {
    route: 'GET /pupils',
    may: ['clerk', 'principal', 'vicePrincipal', 'homeroomTeacher', 'transfers:read', 'allScopes'],
    page: true,
  },
  { route: 'GET /clients', may: ['principal'], persons: 'denied', page: true },
  { route: 'GET /clients/new', may: ['principal'], persons: 'denied', page: true },
  { route: 'POST /clients/new', may: ['principal'], persons: 'denied', page: true },
  ...['GET /clients/{clientId}', 'POST /clients/{clientId}', 'POST /clients/{clientId}/keys'].map(clientPage),
  ...['keys/retire', 'block', 'unblock', 'deletion'].map((act) => clientPage(`POST /clients/{clientId}/${act}`)),
  { route: 'GET /seal-key', may: ['principal'], page: true },
  { route: 'POST /seal-key', may: ['principal'], page: true },
  { route: 'POST /seal-key/certificates', may: ['principal'], page: true },
  { route: 'POST /seal-key/end', may: ['principal'], page: true },
  ...peopleRows(),
  { route: 'GET /cases', may: [...viewers, 'unlinkedPerson'], page: true },
  { route: 'GET /cases/new', may: ['clerk', 'principal', 'allScopes'], page: true },
  { route: 'POST /cases/new', may: ['clerk', 'principal', 'allScopes'], page: true },
  { route: 'GET /cases/withdrawal', query: '?case=x', may: handlers, page: true },
  { route: 'POST /cases/withdrawal', body: 'case=x&reason=x', may: handlers, page: true },
  // A case
  { route: 'GET /cases/{caseId}', at: 'opened', may: viewers, refusal: 'hidden', page: true },
  {
    route: 'GET /cases/{caseId}/story',
    at: 'opened',
    may: viewers,
    refusal: 'hidden',
    page: true,
  },
  {
    route: 'POST /cases/{caseId}/ledger/reports',
    when: 'a line that is none',
    at: 'opened',
    body: 'eventId=x',
    may: ['linkedPerson'],
    absent: true,
    refusal: 'hidden',
    page: true,
  },
  { route: 'GET /cases/{caseId}/recipient', at: 'draft', may: staffAndMachines, refusal: 'hidden', page: true },
  { route: 'POST /cases/{caseId}/recipient', at: 'acknowledged', may: ['clerk', 'principal', 'allScopes'], page: true },
  {
    route: 'GET /cases/{caseId}/documents/{documentId}',
    when: 'records, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'records',
    may: ['principal', 'vicePrincipal', 'homeroomTeacher', 'allScopes', 'linkedPerson', 'paperPerson'],
    refusal: 'hidden',
    page: true,
  },
  {
    route: 'GET /cases/{caseId}/documents/{documentId}',
    when: 'health, opened, recipient',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    may: ['principal', 'schoolNurse', 'allScopes', 'linkedPerson'],
    // The vice-principal is told that it is not for this role, and of 緊急閲覧.
    refusal: ['hidden', 'denied'],
    page: true,
  },
  // 緊急閲覧
  {
    route: 'GET /cases/{caseId}/documents/{documentId}/break-glass',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    may: ['vicePrincipal'],
    page: true,
  },
  {
    route: 'POST /cases/{caseId}/documents/{documentId}/break-glass',
    at: 'opened',
    school: 'cityHigh',
    visibility: 'health',
    may: ['vicePrincipal'],
    page: true,
  },
  { route: 'GET /ledger', may: persons, page: true },
  { route: 'POST /ledger/reports', body: 'eventId=x', may: persons, absent: true, refusal: 'hidden', page: true },
  { route: 'GET /access-reports', may: answerers, persons: 'denied', page: true },
  { route: 'GET /access-reports/{reportId}', may: answerers, persons: 'denied', page: true },
  {
    route: 'POST /access-reports/{reportId}/answer',
    body: 'answer=x',
    may: answerers,
    absent: true,
    persons: 'denied',
    page: true,
  },
  {
    route: 'POST /access-reports/{reportId}/closing',
    may: [...answerers, ...persons],
    absent: true,
    page: true,
  },
  { route: 'GET /ledger-holds', may: answerers, page: true },
  {
    route: 'POST /ledger-holds',
    body: 'pupilId=x&until=2026-01-01&reason=x',
    may: answerers,
    absent: true,
    page: true,
  },
  { route: 'POST /ledger-holds/{holdId}/confirmation', may: answerers, absent: true, page: true },
  { route: 'POST /ledger-holds/{holdId}/end', may: answerers, absent: true, page: true },
  { route: 'GET /board', may: ['principal', 'vicePrincipal', 'auditor'], page: true },
  { route: 'GET /board/log', may: ['principal', 'vicePrincipal', 'auditor'], page: true },
  { route: 'GET /board/reports', may: ['principal', 'vicePrincipal', 'auditor'], page: true },
  // Of an own case: test/hostile/story.test.ts.
  ...['', '/bundle'].map(
    (path): RouteRow => ({
      route: `GET /board/cases/{caseId}${path}`,
      may: ['principal', 'vicePrincipal', 'auditor'],
      absent: true,
      ofBoard: true,
      page: true,
    }),
  ),
  ...['GET', 'POST'].map(
    (method): RouteRow => ({
      route: `${method} /board/cases/{caseId}/break-glass`,
      ...(method === 'POST' && { body: 'reason=' }),
      may: ['auditor'],
      absent: true,
      ofBoard: true,
      page: true,
    }),
  ),
  { route: 'GET /board/break-glass', may: ['auditor'], page: true },
  { route: 'POST /board/break-glass/{boardGlassId}/end', may: ['auditor'], absent: true, page: true },
  {
    route: 'POST /board/break-glass/{boardGlassId}/review',
    body: 'justified=yes',
    may: ['auditor'],
    absent: true,
    page: true,
  },
  { route: 'GET /alerts', may: ['principal', 'vicePrincipal', 'administrator', 'auditor'], page: true },
  {
    route: 'GET /alerts/{alertId}',
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
    page: true,
  },
  {
    route: 'POST /alerts/{alertId}/acknowledgement',
    body: '',
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
    page: true,
  },
  {
    route: 'POST /alerts/{alertId}/reopening',
    body: '',
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
    page: true,
  },
  {
    route: 'POST /alerts/{alertId}/closure',
    body: 'reason=handled',
    may: ['principal', 'vicePrincipal', 'administrator', 'auditor'],
    absent: true,
    page: true,
  },
  { route: 'GET /alert-rules', may: ['auditor'], page: true },
  { route: 'POST /alert-rules/{rule}', body: 'threshold-x=20', may: ['auditor'], absent: true, page: true },
  { route: 'GET /statistics', may: everybody, page: true },
  { route: 'POST /board/calendar', body: 'name=', may: ['auditor'], page: true },
  { route: 'POST /board/calendar/{closureId}/removal', body: '', may: ['auditor'], absent: true, page: true },
  ...['', '/cases', '/outcomes', '/calendar'].map(
    (path): RouteRow => ({ route: `GET /board${path}`, may: ['principal', 'vicePrincipal', 'auditor'], page: true }),
  ),
  { route: 'GET /break-glass', may: ['principal', 'vicePrincipal'], page: true },
  { route: 'POST /break-glass/{breakGlassId}/end', may: ['principal', 'vicePrincipal'], absent: true, page: true },
  {
    route: 'POST /break-glass/{breakGlassId}/review',
    body: 'justified=yes',
    may: ['principal'],
    absent: true,
    page: true,
  },
  {
    route: 'POST /cases/{caseId}/documents',
    at: 'acknowledged',
    body: oneFile,
    contentType: 'multipart/form-data; boundary=x',
    may: ['clerk', 'principal', 'allScopes'],
    page: true,
  },
  {
    route: 'POST /cases/{caseId}/documents/{documentId}/removal',
    at: 'acknowledged',
    visibility: 'records',
    may: ['clerk', 'principal', 'allScopes'],
    page: true,
  },
  ...acts.map(
    ([path, school, may]): RouteRow => ({
      route: `POST /cases/{caseId}/${path}`,
      at: 'acknowledged',
      school,
      body: 'reason=x',
      may,
      page: true,
    }),
  ),
  ...certificatePageRows,
];

/** People and roles of a school, and what waits for a second person. */
function peopleRows(): readonly RouteRow[] {
  const may: readonly ActorName[] = ['principal', 'administrator'];
  const page = true;
  return [
    { route: 'GET /people', may, page },
    { route: 'GET /people/new', may, page },
    { route: 'POST /people/new', body: 'name=x', may, page },
    { route: 'POST /people/invitations/{invitationId}/code', may, absent: true, page },
    { route: 'POST /people/invitations/{invitationId}/cancellation', may, absent: true, page },
    { route: 'GET /people/{membershipId}', may, absent: true, page },
    { route: 'POST /people/{membershipId}', body: 'validFrom=2026-04-01', may, absent: true, page },
    { route: 'POST /people/{membershipId}/end', body: 'when=now', may, absent: true, page },
    { route: 'GET /people/export', may, page },
    { route: 'GET /people/import', may, page },
    { route: 'POST /people/import', body: oneFile, contentType: 'multipart/form-data; boundary=x', may, page },
    { route: 'POST /people/import/proposal', body: oneFile, contentType: 'multipart/form-data; boundary=x', may, page },
    { route: 'GET /people/accounts', may: ['administrator'], page },
    { route: 'POST /people/accounts', body: 'one=x&two=y', may: ['administrator'], absent: true, page },
    { route: 'POST /people/accounts/{staffId}/own-person', may: ['administrator'], absent: true, page },
    { route: 'GET /proposals', may, page },
    { route: 'POST /proposals/{proposalId}/confirmation', may, absent: true, page },
    { route: 'POST /proposals/{proposalId}/cancellation', may, absent: true, page },
  ];
}

/** After all others, since it ends the sessions that they are asked with. It leads everybody to the log-in. */
export const lastRows: readonly RouteRow[] = [
  { route: 'POST /logout', may: [], refusal: 'login', persons: 'login', page: true },
];

function clientPage(route: string): RouteRow {
  return { route, may: ['principal'], absent: true, persons: 'denied', page: true };
}
