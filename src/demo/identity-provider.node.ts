import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { interactionPolicy, type OidcContext, Provider } from 'oidc-provider';
import { accountPage, errorPage } from './identity-provider-pages.ts';
import { type LoopbackServer, listenOnLoopback, readSmallBody } from './loopback.node.ts';
import { memoryAdapters } from './oidc-memory.ts';
import { refuseInProduction } from './production.node.ts';
import { type DemoAccount, gbizClaims } from './staff.ts';

export interface IdentityProviderInput {
  /** 0 takes any free port. */
  readonly port: number;
  readonly accounts: readonly DemoAccount[];
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[] };
}

export interface IdentityProvider {
  /** With path and trailing slash, as GBizID's; compare byte for byte. */
  readonly issuer: string;
  close(): Promise<void>;
}

// GBizID's path, and its trailing slash in the issuer.
const mount = '/oauth';
const sessionCookie = 'gbizid_session';

/** A look-alike of GBizID: code flow, thin ID token, everything else in `userinfo`. No passwords: one click logs in. */
export async function openIdentityProvider(input: IdentityProviderInput): Promise<IdentityProvider> {
  refuseInProduction('identity provider');
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => {};
  const server: LoopbackServer = await listenOnLoopback(
    createServer((request, response) => {
      handle(request, response).catch(() => failPage(response));
    }),
    input.port,
  );
  const issuer = `http://localhost:${server.port}${mount}/`;
  handle = handler(createProvider(issuer, input), input.accounts);
  return { issuer, close: () => server.close() };
}

function handler(provider: Provider, accounts: readonly DemoAccount[]) {
  const standard = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith(`${mount}/interaction/`)) return interact({ provider, accounts, request, response });
    if (!path.startsWith(`${mount}/`)) {
      response.writeHead(404).end();
      return;
    }
    forgetSession(request);
    // oidc-provider finds its mount point by comparing the two.
    Object.assign(request, { originalUrl: request.url });
    request.url = request.url?.slice(mount.length) ?? '/';
    await standard(request, response);
  };
}

/** Every log-in begins afresh: a visitor becomes one person after the other in the same browser. */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split(/; */);
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith(sessionCookie)).join('; ');
}

async function interact(at: {
  provider: Provider;
  accounts: readonly DemoAccount[];
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  const { provider, request, response } = at;
  const { params } = await provider.interactionDetails(request, response);
  // The start page of the demonstration names the account by a hint, and saves the visitor the choice.
  const hinted = at.accounts.find((candidate) => candidate.subject === params['login_hint']);
  if (request.method !== 'POST' && !hinted) return sendPage(response, 200, accountPage(at.accounts));
  const form = new URLSearchParams(request.method === 'POST' ? await readSmallBody(request) : '');
  const account = hinted ?? at.accounts.find((candidate) => candidate.subject === form.get('account'));
  const result = account
    ? { login: { accountId: account.subject, remember: false } }
    : { error: 'access_denied', error_description: 'The log-in was cancelled' };
  await provider.interactionFinished(request, response, result);
}

function createProvider(issuer: string, input: IdentityProviderInput): Provider {
  const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const byLife = {
    AccessToken: 3600,
    AuthorizationCode: 300,
    IdToken: 3600,
    Interaction: 600,
    Session: 3600,
    Grant: 3600,
  };
  return new Provider(issuer, {
    clients: [
      {
        client_id: input.client.id,
        client_secret: input.client.secret,
        redirect_uris: [...input.client.redirectUris],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
        require_auth_time: true,
      },
    ],
    adapter: memoryAdapters(),
    jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') }] },
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: sessionCookie, interaction: 'gbizid_interaction', resume: 'gbizid_resume' },
    },
    routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks' },
    scopes: ['openid', 'profile', 'user', 'mandate', 'email', 'offline_access'],
    claims: claimsByScope,
    pkce: { required: () => false },
    ttl: byLife,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: {
      policy: alwaysAsk(),
      url: (_context: OidcContext, interaction: { uid: string }) => `${mount}/interaction/${interaction.uid}`,
    },
    findAccount: (_context: OidcContext, subject: string) => findAccount(input.accounts, subject),
    loadExistingGrant: grantEverything,
    renderError: (context: { type: string; body: string }, out: { error: string; error_description?: string }) => {
      context.type = 'html';
      context.body = errorPage(out.error_description ?? out.error);
    },
  });
}

// As at GBizID: nothing of this is in the ID token.
const claimsByScope = {
  openid: ['sub'],
  profile: ['account_type', 'corp_type', 'corporate_number', 'parent_id', 'name', 'prefecture_name'],
  user: ['user_last_nm', 'user_first_nm', 'user_department', 'user_email'],
  mandate: ['mandate_info'],
  email: ['email'],
};

/** Asks at every log-in, so that a demonstration can change persons; consent is not asked, as at GBizID. */
function alwaysAsk() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  policy
    .get('login')
    .checks.add(
      new interactionPolicy.Check('choose_account', 'An account has to be chosen', 'login_required', ({ oidc }) =>
        oidc.result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT,
      ),
    );
  return policy;
}

function findAccount(accounts: readonly DemoAccount[], subject: string) {
  const account = accounts.find((candidate) => candidate.subject === subject);
  return account && { accountId: subject, claims: () => ({ sub: subject, ...gbizClaims(account) }) };
}

async function grantEverything({ oidc }: OidcContext) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid profile user mandate email offline_access');
  await grant.save();
  return grant;
}

function failPage(response: ServerResponse): void {
  if (response.headersSent) response.end();
  else sendPage(response, 400, errorPage('ログインをやり直してください。'));
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(html);
}
