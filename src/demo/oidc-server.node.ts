import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { interactionPolicy, type OidcContext, type Provider } from 'oidc-provider';
import { errorPage } from './identity-provider-pages.ts';
import { type LoopbackServer, listenOnLoopback, readSmallBody } from './loopback.node.ts';

export interface OidcServerInput {
  /** 0 takes any free port. */
  readonly port: number;
  /** Path of the issuer, without trailing slash. */
  readonly mount: string;
  /** GBizID's issuer ends with a slash, that of デジタル認証アプリ does not. */
  readonly issuerEnding: '' | '/';
  readonly sessionCookie: string;
  /** Names who may be chosen. */
  readonly subjects: readonly string[];
  /** The page on which somebody is chosen: a form that posts `account`, or anything else to cancel. */
  readonly page: string;
  createProvider(issuer: string): Provider;
}

export interface OidcServer {
  /** Compare byte for byte. */
  readonly issuer: string;
  close(): Promise<void>;
}

/** Serves an oidc-provider under a path; choosing somebody takes one click and no password. */
export async function openOidcServer(input: OidcServerInput): Promise<OidcServer> {
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => {};
  const server: LoopbackServer = await listenOnLoopback(
    createServer((request, response) => {
      handle(request, response).catch(() => failPage(response));
    }),
    input.port,
  );
  const issuer = `http://localhost:${server.port}${input.mount}${input.issuerEnding}`;
  handle = handler(input.createProvider(issuer), input);
  return { issuer, close: () => server.close() };
}

/** Asks at every log-in, so that a demonstration can change persons; consent is not asked. */
export function alwaysAsk(): object {
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

/** Grants whatever is asked for out of these scopes. */
export function grantScopes(scopes: string) {
  return async ({ oidc }: OidcContext) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope(scopes);
    await grant.save();
    return grant;
  };
}

/** The provider's own words for what went wrong, on a page. */
export function renderError(
  context: { type: string; body: string },
  out: { readonly error: string; readonly error_description?: string },
): void {
  context.type = 'html';
  context.body = errorPage(out.error_description ?? out.error);
}

function handler(provider: Provider, input: OidcServerInput) {
  const standard = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith(`${input.mount}/interaction/`)) return interact({ provider, input, request, response });
    if (!path.startsWith(`${input.mount}/`)) {
      response.writeHead(404).end();
      return;
    }
    forgetSession(request, input.sessionCookie);
    // oidc-provider finds its mount point by comparing the two.
    Object.assign(request, { originalUrl: request.url });
    request.url = request.url?.slice(input.mount.length) ?? '/';
    await standard(request, response);
  };
}

/** Every log-in begins afresh: a visitor becomes one person after the other in the same browser. */
function forgetSession(request: IncomingMessage, name: string): void {
  const cookies = (request.headers.cookie ?? '').split(/; */);
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith(name)).join('; ');
}

async function interact(at: {
  provider: Provider;
  input: OidcServerInput;
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  const { provider, input, request, response } = at;
  const { params } = await provider.interactionDetails(request, response);
  // The start page of the demonstration names the account by a hint, and saves the visitor the choice.
  const hinted = input.subjects.find((subject) => subject === params['login_hint']);
  if (request.method !== 'POST' && hinted === undefined) return sendPage(response, 200, input.page);
  const form = new URLSearchParams(request.method === 'POST' ? await readSmallBody(request) : '');
  const chosen = hinted ?? input.subjects.find((subject) => subject === form.get('account'));
  const result =
    chosen === undefined
      ? { error: 'access_denied', error_description: 'The log-in was cancelled' }
      : { login: { accountId: chosen, remember: false } };
  await provider.interactionFinished(request, response, result);
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
