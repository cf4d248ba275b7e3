import * as oidc from 'openid-client';
import { ok, type Result, refuse } from '../result.ts';
import { checkIdToken, type WantedAuthentication } from './check-id-token.ts';
import { type OrganisationAccount, parseOrganisationAccount } from './organisation-account.ts';
import { fetchFromProvider } from './provider-fetch.ts';
import { openProviderKeys, type ProviderKeys } from './provider-keys.ts';
import { ProviderFault, type SignInReason, signInReason } from './sign-in-reason.ts';

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
  /** Does this issuer say when the person was authenticated? `required` refuses a step-up without it. */
  readonly authTime?: 'required' | 'unavailable';
}

/** What a log-in is begun with. */
export interface WantedLogIn {
  /** Of the person's last authentication; 0 has them authenticate now (OIDC Core §3.1.2.1). */
  readonly maxAgeSeconds: number;
}

/** Who logged in, and what the provider says about it. */
export interface ProvenAccount<Account> {
  readonly account: Account;
  readonly subject: string;
  readonly sid: string | null;
  readonly authenticatedSecondsAgo: number | null;
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

/** An OpenID provider; what it says about who logged in is its own kind of account. */
export interface IdentityProvider<Account = OrganisationAccount> {
  readonly id: string;
  readonly issuer: string;
  /** For the content security policy's form-action: a form of ours ends there by redirect. */
  readonly origin: string;
  readonly clientId: string;
  readonly idTokenAlgorithm: 'RS256' | 'ES256';
  readonly authTime: 'required' | 'unavailable';
  begin(wanted: WantedLogIn): Promise<Result<SignInSecrets & { readonly location: string }, SignInReason>>;
  finish(answer: CallbackAnswer): Promise<Result<ProvenAccount<Account>, SignInReason>>;
  /** For tokens that the provider sends us itself (log-out by the back channel). */
  keys(): Promise<Result<ProviderKeys, SignInReason>>;
}

export interface CallbackAnswer {
  /** Of the callback, with its question mark. */
  readonly query: string;
  readonly secrets: SignInSecrets;
  readonly wanted: WantedAuthentication;
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
  let discovered: Promise<Discovered> | null = null;
  async function reached<T>(work: (provider: Discovered) => Promise<Result<T, SignInReason>>) {
    const discovering = discovered ?? discover(settings, kind.authentication);
    discovered = discovering;
    try {
      return await work(await discovering);
    } catch (error) {
      return refuse(signInReason(error));
    } finally {
      await discovering.catch(() => {
        discovered = null;
      });
    }
  }
  return {
    id: settings.id,
    issuer: settings.issuer,
    origin: new URL(settings.issuer).origin,
    clientId: settings.clientId,
    idTokenAlgorithm: settings.idTokenAlgorithm,
    authTime: settings.authTime ?? 'required',
    begin: (wanted) => reached(async ({ configuration }) => ok(await request(configuration, settings, wanted))),
    finish: (answer) => reached((provider) => exchange(provider, { settings, kind, ...answer })),
    keys: () => reached(async ({ keys }) => ok(keys)),
  };
}

interface Discovered {
  readonly configuration: oidc.Configuration;
  readonly keys: ProviderKeys;
}

async function discover(settings: ProviderSettings, authentication: oidc.ClientAuth): Promise<Discovered> {
  const issuer = new URL(settings.issuer);
  const configuration = await oidc.discovery(
    issuer,
    settings.clientId,
    { id_token_signed_response_alg: settings.idTokenAlgorithm },
    authentication,
    {
      timeout: settings.timeoutSeconds,
      [oidc.customFetch]: fetchFromProvider,
      execute: isLoopback(issuer) ? [oidc.allowInsecureRequests] : [],
    },
  );
  const metadata = configuration.serverMetadata();
  // OIDC Discovery §4.3: exactly the same; the library compares URLs, which forgives spelling (ASVS 10.5.3).
  if (metadata.issuer !== settings.issuer) throw new ProviderFault('refused', 'issuer-differs');
  const methods = metadata.code_challenge_methods_supported;
  // RFC 9700 §2.1.1: `plain` hands the verifier to whoever reads the request.
  if (methods !== undefined && !methods.includes('S256')) throw new ProviderFault('refused', 'pkce-unsupported');
  const { jwks_uri: uri } = metadata;
  if (uri === undefined || new URL(uri).protocol !== issuer.protocol)
    throw new ProviderFault('refused', 'keys-nowhere');
  return { configuration, keys: openProviderKeys({ uri, timeoutSeconds: settings.timeoutSeconds }) };
}

async function request(
  configuration: oidc.Configuration,
  settings: ProviderSettings,
  { maxAgeSeconds }: WantedLogIn,
): Promise<SignInSecrets & { readonly location: string }> {
  const secrets = { state: oidc.randomState(), nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() };
  const parameters = {
    redirect_uri: `${settings.publicOrigin}${redirectPath(settings.id)}`,
    scope: settings.scope,
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
    max_age: String(maxAgeSeconds),
    ...(maxAgeSeconds === 0 ? { prompt: 'login' } : {}),
  };
  // RFC 9126: where the provider takes it, the request goes there directly, and the browser carries a reference alone.
  const isPushed = configuration.serverMetadata().pushed_authorization_request_endpoint !== undefined;
  const location = isPushed
    ? await oidc.buildAuthorizationUrlWithPAR(configuration, parameters)
    : oidc.buildAuthorizationUrl(configuration, parameters);
  return { ...secrets, location: location.href };
}

interface Exchange<Account> extends CallbackAnswer {
  readonly settings: ProviderSettings;
  readonly kind: ProviderKind<Account>;
}

async function exchange<Account>(
  { configuration, keys }: Discovered,
  { settings, kind, query, secrets, wanted }: Exchange<Account>,
): Promise<Result<ProvenAccount<Account>, SignInReason>> {
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
  // The library compares the claims but trusts TLS for the rest; the signature is ours to verify (OIDC Core §3.1.3.7 (6)).
  // Sound: it was expected, and without one the library has thrown.
  const token = tokens.id_token as string;
  const checked = await checkIdToken({ token, algorithm: settings.idTokenAlgorithm, keys, wanted });
  if (!checked.ok) return checked;
  const account = await kind.accountOf({
    issuer: settings.issuer,
    configuration,
    accessToken: tokens.access_token,
    subject: checked.value.subject,
  });
  return account === null
    ? refuse({ kind: 'refused', detail: 'userinfo-malformed' })
    : ok({ ...checked.value, account });
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
