import { personKinds } from '../../../src/records/certificate-kinds.ts';
import { type ActorName, actorNames } from './actors.ts';
import type { RouteRow } from './routes.ts';

const keepers: readonly ActorName[] = ['clerk', 'principal'];
const principal: readonly ActorName[] = ['principal'];
const persons: readonly ActorName[] = ['linkedPerson', 'unlinkedPerson', 'paperPerson'];
const collectors: readonly ActorName[] = [...keepers, ...persons];
const everybody: readonly ActorName[] = actorNames;
const wish = { kind: 'transcript', language: 'ja', copies: 1, purpose: 'other' } as const;

const facts = { number: 'x', officialName: '見本　花子', kana: 'ミホン　ハナコ', birthDate: '2011-01-01' };
/** Left without a way of leaving: refused, so that nothing is entered. */
const wrongFacts = { ...facts, leftOn: '2027-03-31' };
const wording = { titleJa: 'x', bodyJa: 'x', titleEn: 'x', bodyEn: 'x', principalJa: 'x', principalEn: 'x' };
/** A version that nobody has looked at, so that nothing is changed. */
const settings = {
  version: 99,
  kinds: Object.fromEntries(personKinds.map((kind) => [kind, { offered: false, feeYen: 0, atOnce: false }])),
};
const csv = { body: 'x', contentType: 'text/csv' } as const;

/** 証明書: what a school certifies from, in which words, and what it offers. */
export const certificateRows: readonly RouteRow[] = [
  { route: 'GET /api/certificate-register', may: keepers },
  { route: 'POST /api/certificate-register', body: { facts: wrongFacts }, may: keepers },
  { route: 'GET /api/certificate-register/{entryId}', may: keepers, absent: true },
  { route: 'PUT /api/certificate-register/{entryId}', body: { facts }, may: keepers, absent: true },
  { route: 'POST /api/certificate-register/core', body: {}, may: keepers },
  { route: 'POST /api/certificate-register/import/preview', ...csv, may: keepers },
  { route: 'POST /api/certificate-register/import', ...csv, may: keepers },
  { route: 'GET /api/certificate-templates', may: keepers },
  {
    route: 'POST /api/certificate-templates',
    // A picture that is none.
    body: { kind: 'graduationCertificate', wording, sealImage: 'AAAA' },
    may: keepers,
  },
  { route: 'GET /api/certificate-templates/{templateId}', may: keepers, absent: true },
  { route: 'POST /api/certificate-templates/{templateId}/publication', may: principal, absent: true },
  { route: 'GET /api/certificate-settings', may: keepers },
  { route: 'PUT /api/certificate-settings', body: settings, may: principal },
  { route: 'GET /api/own-certificates', may: persons },
  { route: 'POST /api/own-certificates', body: { ...wish, pupilId: 'x', consent: true }, may: persons, absent: true },
  { route: 'GET /api/own-certificates/{requestId}', may: persons, absent: true },
  { route: 'GET /api/own-certificates/{requestId}/consent', may: persons, absent: true },
  { route: 'POST /api/own-certificates/{requestId}/withdrawal', may: persons, absent: true },
  { route: 'GET /api/certificate-requests', may: keepers },
  {
    route: 'POST /api/certificate-requests',
    body: { ...wish, entryId: 'x', agentReference: '1' },
    may: keepers,
    absent: true,
  },
  { route: 'GET /api/certificate-requests/{requestId}', may: keepers, absent: true },
  { route: 'GET /api/certificate-requests/{requestId}/consent', may: keepers, absent: true },
  { route: 'POST /api/certificate-requests/{requestId}/check', may: ['clerk'], absent: true },
  { route: 'POST /api/certificate-requests/{requestId}/approval', may: principal, absent: true },
  { route: 'POST /api/certificate-requests/{requestId}/refusal', body: { reason: 'fee' }, may: keepers, absent: true },
  { route: 'GET /api/issued-certificates/{certificateId}', may: collectors, absent: true },
  {
    route: 'POST /api/issued-certificates/{certificateId}/revocation',
    body: { reason: 'error' },
    may: ['clerk'],
    absent: true,
  },
  {
    route: 'POST /api/issued-certificates/{certificateId}/revocation/confirmation',
    may: principal,
    absent: true,
  },
  {
    route: 'POST /api/issued-certificates/{certificateId}/revocation/refusal',
    body: { reason: 'correct' },
    may: principal,
    absent: true,
  },
  { route: 'POST /api/issued-certificates/{certificateId}/revocation/withdrawal', may: ['clerk'], absent: true },
  {
    route: 'POST /api/issued-certificates/{certificateId}/replacement',
    body: { reason: 'correction' },
    may: keepers,
    absent: true,
  },
  {
    route: 'POST /api/issued-certificates/{certificateId}/loss',
    body: { consent: true },
    may: persons,
    absent: true,
  },
  { route: 'GET /api/certificate-states/{certificateCode}', may: everybody, absent: true },
  {
    route: 'POST /api/issued-certificates/{certificateId}/credentials',
    body: { proof: null },
    may: persons,
    absent: true,
  },
  {
    route: 'POST /api/issued-certificates/{certificateId}/exports',
    body: { format: 'openBadge' },
    may: persons,
    absent: true,
  },
  { route: 'POST /api/issued-certificates/{certificateId}/wallet-offers', may: persons, absent: true },
  { route: 'GET /credential-types/{kind}/{version}', may: everybody },
  { route: 'GET /issuers/{schoolCode}', may: everybody, absent: true },
  { route: 'GET /issuers/{schoolCode}/jwks.json', may: everybody, absent: true },
  { route: 'GET /issuers/{schoolCode}/keys/{thumbprint}', may: everybody, absent: true },
  { route: 'GET /status-lists/{listId}', may: everybody, absent: true },
  { route: 'GET /api/issued-certificates/{certificateId}/share-fields', may: persons, absent: true },
  { route: 'GET /api/issued-certificates/{certificateId}/shares', may: persons, absent: true },
  {
    route: 'POST /api/issued-certificates/{certificateId}/shares',
    body: { audience: 'x', fields: 'all' },
    may: persons,
    absent: true,
  },
  { route: 'GET /api/certificate-shares/{shareId}', may: persons, absent: true },
  { route: 'POST /api/certificate-shares/{shareId}/withdrawal', may: persons, absent: true },
];

const multipart = 'multipart/form-data; boundary=x';
const noFile = '--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ngraduationCertificate\r\n--x--\r\n';

export const certificatePageRows: readonly RouteRow[] = [
  { route: 'GET /certificate-register', may: keepers, page: true },
  { route: 'GET /certificate-register/new', may: keepers, page: true },
  { route: 'POST /certificate-register/new', body: 'number=x', may: keepers, page: true },
  { route: 'POST /certificate-register/core', body: noFile, contentType: multipart, may: keepers, page: true },
  { route: 'GET /certificate-register/import', may: keepers, page: true },
  { route: 'POST /certificate-register/import', body: noFile, contentType: multipart, may: keepers, page: true },
  {
    route: 'POST /certificate-register/import/entries',
    body: noFile,
    contentType: multipart,
    may: keepers,
    page: true,
  },
  { route: 'GET /certificate-register/{entryId}', may: keepers, absent: true, page: true },
  { route: 'POST /certificate-register/{entryId}', body: 'number=x', may: keepers, absent: true, page: true },
  { route: 'GET /certificate-templates', may: keepers, page: true },
  { route: 'GET /certificate-templates/new', may: keepers, page: true },
  { route: 'POST /certificate-templates/new', body: noFile, contentType: multipart, may: keepers, page: true },
  { route: 'GET /certificate-templates/{templateId}', may: keepers, absent: true, page: true },
  {
    route: 'POST /certificate-templates/{templateId}/publication',
    may: principal,
    absent: true,
    page: true,
  },
  { route: 'GET /own-certificates', may: persons, page: true },
  { route: 'GET /own-certificates/new', may: persons, page: true },
  { route: 'POST /own-certificates', body: 'kind=x', may: persons, page: true },
  { route: 'GET /own-certificates/{requestId}', may: persons, absent: true, page: true },
  { route: 'POST /own-certificates/{requestId}/withdrawal', may: persons, absent: true, page: true },
  { route: 'GET /certificate-requests', may: keepers, page: true },
  { route: 'GET /certificate-requests/new', may: keepers, page: true },
  { route: 'POST /certificate-requests', body: 'kind=x', may: keepers, page: true },
  { route: 'GET /certificate-requests/{requestId}', may: keepers, absent: true, page: true },
  { route: 'POST /certificate-requests/{requestId}/check', may: ['clerk'], absent: true, page: true },
  { route: 'POST /certificate-requests/{requestId}/approval', may: principal, absent: true, page: true },
  {
    route: 'POST /certificate-requests/{requestId}/refusal',
    body: 'reason=fee',
    may: keepers,
    absent: true,
    page: true,
  },
  { route: 'POST /issued-certificates/{certificateId}/revocation', body: 'x=1', may: ['clerk'], page: true },
  {
    route: 'POST /issued-certificates/{certificateId}/revocation/confirmation',
    may: principal,
    absent: true,
    page: true,
  },
  {
    route: 'POST /issued-certificates/{certificateId}/revocation/refusal',
    body: 'x=1',
    may: principal,
    page: true,
  },
  {
    route: 'POST /issued-certificates/{certificateId}/revocation/withdrawal',
    may: ['clerk'],
    absent: true,
    page: true,
  },
  { route: 'POST /issued-certificates/{certificateId}/replacement', body: 'x=1', may: keepers, page: true },
  { route: 'POST /issued-certificates/{certificateId}/loss', body: 'x=1', may: persons, page: true },
  { route: 'GET /c', may: everybody, page: true },
  { route: 'GET /c/{certificateCode}', may: everybody, absent: true, page: true },
  { route: 'POST /issued-certificates/{certificateId}/credentials', body: '', may: persons, absent: true, page: true },
  { route: 'GET /issued-certificates/{certificateId}/shares', may: persons, absent: true, page: true },
  { route: 'GET /issued-certificates/{certificateId}/shares/new', may: persons, absent: true, page: true },
  { route: 'POST /issued-certificates/{certificateId}/shares', body: 'x=1', may: persons, absent: true, page: true },
  { route: 'GET /certificate-shares/{shareId}', may: persons, absent: true, page: true },
  { route: 'POST /certificate-shares/{shareId}/withdrawal', may: persons, absent: true, page: true },
  // By a link, whoever has it: the page before the button is the same for every link.
  { route: 'GET /s/{shareLink}', may: everybody, page: true },
  { route: 'POST /s/{shareLink}', body: 'pin=', may: everybody, absent: true, page: true },
  { route: 'POST /s/{shareLink}/credential', body: 'ticket=x', may: everybody, absent: true, page: true },
  { route: 'POST /s/{shareLink}/file', body: 'ticket=x', may: everybody, absent: true, page: true },
  {
    route: 'POST /s/{shareLink}/watchers',
    body: 'ticket=x&address=x%40example.jp',
    may: everybody,
    absent: true,
    page: true,
  },
  { route: 'GET /w/{watchLink}', may: everybody, absent: true, page: true },
  { route: 'POST /w/{watchLink}', may: everybody, absent: true, page: true },
  { route: 'POST /w/{watchLink}/removal', may: everybody, absent: true, page: true },
  {
    route: 'POST /issued-certificates/{certificateId}/exports',
    body: 'format=openBadge',
    may: persons,
    absent: true,
    page: true,
  },
  { route: 'GET /certificate-settings', may: keepers, page: true },
  { route: 'POST /certificate-settings', body: 'version=0', may: principal, page: true },
];
