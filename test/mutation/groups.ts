/** Files of `src`, and the tests that have to notice when they are changed: the quickest first. */
export interface Group {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const identity = (...names: string[]) => names.map((name) => `src/identity/${name}.ts`);
const tests = (...names: string[]) => names.map((name) => `test/identity/${name}.test.ts`);

/** The files of a folder but for their schemas, tables and these. */
const of = (folder: string, ...but: string[]) => [
  `src/identity/${folder}/*.ts`,
  ...['schemas', 'tables', ...but].map((name) => `!src/identity/${folder}/${name}.ts`),
];

/** Holds what routes say about themselves: their summaries and answers are no noise, somebody reads them. */
const described = 'test/app/openapi.test.ts';

/**
 * Left out, since nothing is decided in them: pages (`*.tsx`), which are not looked at here; `tables.ts`, which the
 * migrations are made of; `schemas.ts`, the shapes of requests and answers; `services.ts` and `forms.ts`, types and one
 * line; `routes.ts`, a list of the routes.
 */
export const groups: Readonly<Record<string, Group>> = {
  policy: {
    files: ['src/policy/*.ts'],
    tests: ['test/policy/decide.test.ts', 'test/policy/permit.test.ts', 'test/policy/rules.test.ts'],
  },
  rules: {
    files: identity(
      'rules',
      'rate-rules',
      'sign-in-rules',
      'clients/change-client',
      'clients/public-key',
      'client-address',
      'organisation-account',
      'proof-nonce',
      'guardians/rules',
      'log-ins/rules',
      'access-codes/rules',
      'access-codes/number-hash',
    ),
    tests: [
      ...tests(
        'rules',
        'guardian-rules',
        'client-address',
        'access-code-rules',
        'sign-in-rules',
        'client-rules',
        'log-in-rules',
        'browser-name',
      ),
      'test/policy/rules.test.ts',
    ],
  },
  'browser-name': { files: identity('browser-name'), tests: tests('browser-name') },
  'certificate-proof': {
    files: identity('verify-certificate-login', 'secrets'),
    tests: tests('secrets', 'certificate-chain', 'verify-certificate'),
  },
  certificate: {
    files: identity(
      'log-in-with-certificate',
      'issue-challenge',
      'confirm-session',
      'begin-step-up',
      'certificate-routes',
      'session-certificate',
      'session-certificate-store',
      'end-revoked',
    ),
    tests: [described, ...tests('certificate-login', 'step-up', 'revoked-session', 'log-ins')],
  },
  tokens: {
    files: identity('verify-access-token', 'issue-access-token', 'authenticate-client', 'token-routes'),
    tests: [described, ...tests('dpop', 'machine-login', 'rate-limits')],
  },
  providers: {
    files: identity(
      'identity-provider',
      'provider-keys',
      'provider-fetch',
      'check-id-token',
      'client-key',
      'sign-in-reason',
      'person-provider',
    ),
    tests: tests('provider-keys', 'id-token', 'sign-in-reason', 'authentication-app', 'openid-connect'),
  },
  'sign-in': {
    files: identity(
      'begin-sign-in',
      'consume-attempt',
      'complete-sign-in',
      'complete-person-sign-in',
      'sign-in-routes',
      'join',
    ),
    tests: tests(
      'join',
      'provider-word',
      'step-up',
      'authentication-app',
      'back-channel',
      'organisation-login',
      'log-ins',
    ),
  },
  'back-channel': { files: identity('end-by-provider'), tests: tests('back-channel') },
  sessions: {
    files: identity(
      'session',
      'resolve-session',
      'middleware',
      'cookies',
      'end-session',
      'choose-membership',
      'session-routes',
      'membership-routes',
      'still-acting',
      'permit-person',
      'view',
      'audit',
    ),
    tests: [described, ...tests('session-acts', 'sessions', 'dpop', 'rate-limits', 'same-origin')],
  },
  rates: { files: identity('rates'), tests: tests('rate-limits') },
  'access-codes': {
    files: identity(
      'access-codes/begin-code-login',
      'access-codes/change-access-code',
      'access-codes/complete-code-login',
      'access-codes/issue-access-code',
      'access-codes/list-access-codes',
      'access-codes/receivers',
      'access-codes/routes',
      'access-codes/send-access-number',
      'access-codes/store',
    ),
    tests: [described, ...tests('access-code-acts', 'access-codes')],
  },
  // In one group, since each run has a server to start and tests to try before the first mutant.
  verbs: {
    files: [
      ...identity('store', 'links/links', 'links/redeem-linking-code', 'links/issue-linking-code', 'links/store'),
      ...of('consents', 'routes'),
      ...of('log-ins', 'rules', 'routes'),
    ],
    tests: tests('store', 'link-acts', 'consent-acts', 'log-in-acts'),
  },
  guardians: {
    files: of('guardians', 'rules', 'guardian-routes'),
    tests: tests('guardian-acts', 'link-acts', 'guardian-corrections'),
  },
  routes: {
    files: identity('links/routes', 'guardians/guardian-routes', 'log-ins/routes', 'consents/routes'),
    tests: [described, ...tests('consents', 'links', 'guardians', 'log-ins')],
  },
  clients: {
    files: identity(
      'clients/act',
      'clients/block-client',
      'clients/exchange-key',
      'clients/list-clients',
      'clients/register-client',
      'clients/routes',
      'clients/store',
    ),
    tests: [described, ...tests('clients')],
  },
};
