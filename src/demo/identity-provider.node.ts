import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type OidcContext, Provider } from 'oidc-provider';
import { accountPage } from './identity-provider-pages.ts';
import { memoryAdapters } from './oidc-memory.ts';
import { alwaysAsk, grantScopes, type OidcServer, openOidcServer, renderError } from './oidc-server.node.ts';
import { refuseInProduction } from './production.node.ts';
import { type DemoAccount, gbizClaims } from './staff.ts';

export interface IdentityProviderInput {
  /** 0 takes any free port. */
  readonly port: number;
  readonly accounts: readonly DemoAccount[];
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[] };
  /** Of oidc-provider's configuration, instead of what is known of GBizID: a test flips one thing after the other. */
  readonly flipped?: Readonly<Record<string, unknown>>;
}

export type IdentityProvider = OidcServer;

// GBizID's path, and its trailing slash in the issuer.
const mount = '/oauth';
const sessionCookie = 'gbizid_session';

/** A look-alike of GBizID: code flow, thin ID token, everything else in `userinfo`. No passwords: one click logs in. */
export async function openIdentityProvider(input: IdentityProviderInput): Promise<IdentityProvider> {
  refuseInProduction('identity provider');
  return openOidcServer({
    port: input.port,
    mount,
    issuerEnding: '/',
    sessionCookie,
    subjects: input.accounts.map(({ subject }) => subject),
    page: accountPage(input.accounts),
    createProvider: (issuer) => createProvider(issuer, input),
  });
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
    features,
    interactions: {
      policy: alwaysAsk(),
      url: (_context: OidcContext, interaction: { uid: string }) => `${mount}/interaction/${interaction.uid}`,
    },
    findAccount: (_context: OidcContext, subject: string) => findAccount(input.accounts, subject),
    // Consent is not asked, as at GBizID.
    loadExistingGrant: grantScopes('openid profile user mandate email offline_access'),
    renderError,
    ...input.flipped,
  });
}

// GBizID's guideline knows neither; a hint of the demonstration's start page travels in the address.
const features = {
  devInteractions: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
};

// As at GBizID: nothing of this is in the ID token.
const claimsByScope = {
  openid: ['sub'],
  profile: ['account_type', 'corp_type', 'corporate_number', 'parent_id', 'name', 'prefecture_name'],
  user: ['user_last_nm', 'user_first_nm', 'user_department', 'user_email'],
  mandate: ['mandate_info'],
  email: ['email'],
};

function findAccount(accounts: readonly DemoAccount[], subject: string) {
  const account = accounts.find((candidate) => candidate.subject === subject);
  return account && { accountId: subject, claims: () => ({ sub: subject, ...gbizClaims(account) }) };
}
