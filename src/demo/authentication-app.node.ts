import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type OidcContext, Provider } from 'oidc-provider';
import type { AppUser } from './app-users.ts';
import { appPage } from './identity-provider-pages.ts';
import { memoryAdapters } from './oidc-memory.ts';
import { alwaysAsk, grantScopes, type OidcServer, openOidcServer, renderError } from './oidc-server.node.ts';
import { refuseInProduction } from './production.node.ts';

export interface AuthenticationAppInput {
  /** 0 takes any free port. */
  readonly port: number;
  readonly users: readonly AppUser[];
  readonly client: {
    readonly id: string;
    /** The client's public keys: `private_key_jwt`, no shared secret. */
    readonly jwks: readonly Readonly<Record<string, string>>[];
    readonly redirectUris: readonly string[];
  };
}

// A realm's path and no trailing slash, as at the Digital Agency's service.
const mount = '/api/realms/main';
const sessionCookie = 'digital_auth_session';

/**
 * A look-alike of デジタル認証アプリ: code flow with PKCE required, `private_key_jwt`, ES256, pairwise subjects. A click
 * stands for the card and its PIN.
 */
export async function openAuthenticationApp(input: AuthenticationAppInput): Promise<OidcServer> {
  refuseInProduction('digital authentication app');
  return openOidcServer({
    port: input.port,
    mount,
    issuerEnding: '',
    sessionCookie,
    subjects: input.users.map(({ subject }) => subject),
    page: appPage(input.users),
    createProvider: (issuer) => createProvider(issuer, input),
  });
}

function createProvider(issuer: string, input: AuthenticationAppInput): Provider {
  const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return new Provider(issuer, {
    clients: [
      {
        client_id: input.client.id,
        redirect_uris: [...input.client.redirectUris],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: input.client.jwks },
        id_token_signed_response_alg: 'ES256',
        subject_type: 'pairwise',
        require_auth_time: true,
      },
    ],
    adapter: memoryAdapters(),
    jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') }] },
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: sessionCookie, interaction: 'digital_auth_interaction', resume: 'digital_auth_resume' },
    },
    routes: {
      authorization: '/protocol/openid-connect/auth',
      token: '/protocol/openid-connect/token',
      userinfo: '/protocol/openid-connect/userinfo',
      jwks: '/protocol/openid-connect/certs',
    },
    scopes: ['openid', 'name', 'address', 'birthdate', 'gender', 'sign'],
    claims: { openid: ['sub'], name: ['name'], birthdate: ['birthdate'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['private_key_jwt'],
    pkce: { required: () => true },
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_context: OidcContext, subject: string, client: { readonly clientId: string }) =>
      pairwise(subject, client.clientId),
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 3600, Grant: 3600 },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
    },
    interactions: {
      policy: alwaysAsk(),
      url: (_context: OidcContext, interaction: { uid: string }) => `${mount}/interaction/${interaction.uid}`,
    },
    findAccount: (_context: OidcContext, subject: string) => findAccount(input.users, subject),
    loadExistingGrant: grantScopes('openid name birthdate'),
    renderError,
  });
}

/** OIDC Core §8.1: another name for every client, and the same one at every start of the demonstration. */
function pairwise(subject: string, clientId: string): string {
  return createHmac('sha256', 'demonstration').update(`${clientId}\0${subject}`).digest('hex');
}

function findAccount(users: readonly AppUser[], subject: string) {
  const user = users.find((candidate) => candidate.subject === subject);
  return (
    user && { accountId: subject, claims: () => ({ sub: subject, name: user.name.ja, birthdate: user.birthDate }) }
  );
}
