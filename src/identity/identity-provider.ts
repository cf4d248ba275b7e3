import * as oidc from 'openid-client';
import { ok, type Result, refuse } from '../result.ts';
import { type OrganisationAccount, parseOrganisationAccount } from './organisation-account.ts';

/** What every OpenID provider is known by, whoever logs in there. */
export interface ProviderSettings {
  /** Names the provider in our addresses: every issuer has a redirect URI of its own (mix-up, RFC 9700 §4.4.2.2). */
  readonly id: string;
  /** Compared byte for byte with the discovered issuer, trailing slash included. */
  readonly issuer: string;
  readonly clientId: string;
  readonly publicOrigin: string;
  readonly scope: string;
  /** The one algorithm this issuer signs ID tokens with. */
  readonly idTokenAlgorithm: 'RS256' | 'ES256';
  readonly timeoutSeconds: number;
}

export interface IdentityProviderSettings extends ProviderSettings {
  readonly clientSecret: string;
}

/** What the gateway keeps between sending a browser away and its return. */
interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export type SignInReason =
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'cancelled'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };

/** An OpenID provider; what it says about who logged in is its own kind of account. */
export interface IdentityProvider<Account = OrganisationAccount> {
  readonly id: string;
  readonly issuer: string;
  /** For the content security policy's form-action: a form of ours ends there by redirect. */
  readonly origin: string;
  begin(): Promise<Result<SignInSecrets & { readonly location: string }, SignInReason>>;
  /** @param query - the query of the callback, with its question mark */
  finish(query: string, secrets: SignInSecrets): Promise<Result<Account, SignInReason>>;
}

/** How this gateway shows at the provider's token endpoint who it is, and what it reads of an answer. */
interface ProviderKind<Account> {
  readonly authentication: oidc.ClientAuth;
  accountOf(answer: ProviderAnswer): Promise<Account | null>;
}

interface ProviderAnswer {
  readonly issuer: string;
  readonly configuration: oidc.Configuration;
  readonly accessToken: string;
  /** Of the ID token, which has been verified. */
  readonly subject: string;
}

/** GBizID asks for the wanted scopes every time; what it does not know it leaves out of userinfo. */
export const organisationScope = 'openid profile user mandate email';

export function redirectPath(providerId: string): string {
  return `/login/callback/${providerId}`;
}

/** An OpenID provider for organisations: everything about the account comes from `userinfo`. */
export function openIdentityProvider(settings: IdentityProviderSettings): IdentityProvider {
  return openProvider(settings, {
    authentication: oidc.ClientSecretBasic(settings.clientSecret),
    accountOf: async ({ issuer, configuration, accessToken, subject }) =>
      // OIDC Core §5.3.2: the subject of userinfo must be the subject of the ID token; the library compares them.
      parseOrganisationAccount(issuer, await oidc.fetchUserInfo(configuration, accessToken, subject)),
  });
}

/** Any OpenID provider; discovery happens at the first use and is repeated until it has succeeded. */
export function openProvider<Account>(
  settings: ProviderSettings,
  kind: ProviderKind<Account>,
): IdentityProvider<Account> {
  let discovered: Promise<oidc.Configuration> | null = null;
  async function configuration(): Promise<oidc.Configuration> {
    discovered ??= discover(settings, kind.authentication);
    try {
      return await discovered;
    } catch (error) {
      discovered = null;
      throw error;
    }
  }
  return {
    id: settings.id,
    issuer: settings.issuer,
    origin: new URL(settings.issuer).origin,
    async begin() {
      try {
        return ok(await authorizationRequest(await configuration(), settings));
      } catch (error) {
        return refuse(reasonOf(error));
      }
    },
    async finish(query, secrets) {
      try {
        return await exchange(await configuration(), { settings, kind, query, secrets });
      } catch (error) {
        return refuse(reasonOf(error));
      }
    },
  };
}

async function discover(settings: ProviderSettings, authentication: oidc.ClientAuth): Promise<oidc.Configuration> {
  const issuer = new URL(settings.issuer);
  const configuration = await oidc.discovery(
    issuer,
    settings.clientId,
    { id_token_signed_response_alg: settings.idTokenAlgorithm },
    authentication,
    {
      timeout: settings.timeoutSeconds,
      // Without this the library trusts TLS alone and never looks at the ID token's signature (OIDC Core §3.1.3.7 (6)).
      execute: isLoopback(issuer)
        ? [oidc.enableNonRepudiationChecks, oidc.allowInsecureRequests]
        : [oidc.enableNonRepudiationChecks],
    },
  );
  // OIDC Discovery §4.3: exactly the same; the library compares URLs, which forgives spelling (ASVS 10.5.3).
  if (configuration.serverMetadata().issuer !== settings.issuer) throw new IssuerMismatchError();
  return configuration;
}

async function authorizationRequest(
  configuration: oidc.Configuration,
  settings: ProviderSettings,
): Promise<SignInSecrets & { readonly location: string }> {
  const secrets = { state: oidc.randomState(), nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() };
  const location = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: `${settings.publicOrigin}${redirectPath(settings.id)}`,
    scope: settings.scope,
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
  });
  return { ...secrets, location: location.href };
}

interface Exchange<Account> {
  readonly settings: ProviderSettings;
  readonly kind: ProviderKind<Account>;
  readonly query: string;
  readonly secrets: SignInSecrets;
}

async function exchange<Account>(
  configuration: oidc.Configuration,
  { settings, kind, query, secrets }: Exchange<Account>,
): Promise<Result<Account, SignInReason>> {
  const tokens = await oidc.authorizationCodeGrant(
    configuration,
    // Our own address, never the one the request claims: behind a proxy they differ.
    new URL(`${settings.publicOrigin}${redirectPath(settings.id)}${query}`),
    {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
    },
  );
  const claims = tokens.claims();
  if (claims === undefined) return refuse({ kind: 'refused', detail: 'no-id-token' });
  const account = await kind.accountOf({
    issuer: settings.issuer,
    configuration,
    accessToken: tokens.access_token,
    subject: claims.sub,
  });
  return account === null ? refuse({ kind: 'refused', detail: 'userinfo-malformed' }) : ok(account);
}

class IssuerMismatchError extends Error {
  override readonly name = 'IssuerMismatchError';
}

function reasonOf(error: unknown): SignInReason {
  if (error instanceof oidc.AuthorizationResponseError) {
    return {
      kind: error.error === 'access_denied' ? 'cancelled' : 'refused',
      detail: `answer:${safeWord(error.error)}`,
    };
  }
  if (error instanceof oidc.ResponseBodyError) {
    const kind = error.status >= 500 ? 'unavailable' : 'refused';
    return { kind, detail: `token:${safeWord(error.error)}` };
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) return { kind: 'refused', detail: 'userinfo-refused' };
  if (error instanceof IssuerMismatchError) return { kind: 'refused', detail: 'issuer-differs' };
  if (error instanceof oidc.ClientError) return clientReason(error);
  // A connection that cannot be made is a TypeError of fetch.
  if (error instanceof TypeError) return { kind: 'unavailable', detail: 'connection' };
  throw error;
}

const brokenAnswers = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];

function clientReason(error: oidc.ClientError): SignInReason {
  const code = error.code ?? 'unknown';
  return { kind: brokenAnswers.includes(code) ? 'unavailable' : 'refused', detail: safeWord(code) };
}

/** Error words come from outside: only what a code looks like goes into the log. */
function safeWord(word: string): string {
  return /^[\w.-]{1,60}$/.test(word) ? word : 'other';
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
