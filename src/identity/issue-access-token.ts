import { parseJws, signCompactJwt, verifyCompactJwt } from '../crypto/jose.ts';
import { parseClaims } from '../crypto/jose-claims.ts';
import { systemScope } from '../database/scope.ts';
import { type MachineScope, machineScopes } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent, logRefusal } from './audit.ts';
import { accessTokenSeconds, after, assertionSeconds } from './rules.ts';
import { hashToken, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { findMachineClient, purgeExpired, useTokenOnce } from './store.ts';
import type { MachineClientRow } from './tables.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The parameters of the token request, RFC 6749 §4.4.2 with RFC 7523 §2.2. */
export interface TokenRequest {
  readonly grantType: string | undefined;
  readonly assertionType: string | undefined;
  readonly assertion: string | undefined;
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
}

/** RFC 6749 §5.2; the exact reason goes to the log. */
export type TokenFault = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scope: string;
}

/** Gives a school-affairs system a token for five minutes against an assertion signed with its registered key. */
export async function issueAccessToken(
  services: IdentityServices,
  request: TokenRequest,
): Promise<Result<AccessToken, TokenFault>> {
  if (request.grantType !== 'client_credentials') return refuse('unsupported_grant_type');
  if (request.assertionType !== assertionType || request.assertion === undefined) return refuse('invalid_request');
  const client = await authenticateClient(services, request.assertion, request.clientId);
  if (!client.ok) {
    await logRefusal(services, { name: 'machine.token-issued', refused: client.fault, actorRole: 'machineClient' });
    return refuse('invalid_client');
  }
  const scopes = grantedScopes(client.value.scopes, request.scope);
  if (scopes === null) return refuse('invalid_scope');
  return ok(await signToken(services, client.value, scopes));
}

async function signToken(
  services: IdentityServices,
  client: MachineClientRow,
  scopes: readonly MachineScope[],
): Promise<AccessToken> {
  const now = services.clock.now();
  const issuedAt = Math.floor(now.getTime() / 1000);
  const scope = scopes.join(' ');
  const accessToken = await signCompactJwt({
    // RFC 9068 §2.1: no other token of ours can be taken for this one. A DPoP thumbprint goes into `cnf` (RFC 9449 §6).
    header: { typ: 'at+jwt' },
    claims: {
      iss: services.publicOrigin,
      aud: services.publicOrigin,
      sub: client.clientId,
      client_id: client.clientId,
      scope,
      iat: issuedAt,
      exp: issuedAt + accessTokenSeconds,
      jti: randomToken(16),
    },
    signer: services.tokenKey.signer,
  });
  await services.database.transaction(systemScope('login'), async (tx) => {
    await purgeExpired(tx, now);
    await logEvent(tx, services, {
      name: 'machine.token-issued',
      refused: null,
      organisation: client.schoolCode,
      actorRole: 'machineClient',
      detail: { client: client.clientId, scope },
    });
  });
  return { accessToken, expiresInSeconds: accessTokenSeconds, scope };
}

/** private_key_jwt (RFC 7523 §3, OIDC Core §9): registered key, our issuer as the only audience, a minute, once. */
async function authenticateClient(
  services: IdentityServices,
  assertion: string,
  claimedId: string | undefined,
): Promise<Result<MachineClientRow, string>> {
  const clientId = unverifiedSubject(assertion);
  if (clientId === null) return refuse('assertion-malformed');
  if (claimedId !== undefined && claimedId !== clientId) return refuse('client-differs');
  const client = await services.database.transaction(systemScope('login'), (tx) => findMachineClient(tx, clientId));
  if (client === null) return refuse('client-unknown');
  if (client.blockedAt !== null) return refuse('client-blocked');
  const verified = await verifyCompactJwt({
    token: assertion,
    algorithms: ['ES256', 'RS256'],
    keyFrom: ({ kid }) => keyOf(client, kid),
    now: services.clock.now(),
    issuer: client.clientId,
    audience: services.publicOrigin,
    required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti'],
    maxLifetimeSeconds: assertionSeconds,
  });
  if (!verified.ok) return refuse(`assertion:${verified.fault}`);
  const { sub, jti, exp } = verified.value.claims;
  if (sub !== client.clientId) return refuse('subject-differs');
  if (jti === undefined || exp === undefined || jti.length < 8 || jti.length > 200) return refuse('jti-malformed');
  // Kept beyond `exp` by the skew that verification grants.
  const keepUntil = after(new Date(exp * 1000), { seconds: 60 });
  const tokenHash = hashToken(JSON.stringify([client.clientId, jti]));
  const first = await services.database.transaction(systemScope('login'), (tx) =>
    useTokenOnce(tx, tokenHash, keepUntil),
  );
  return first ? ok(client) : refuse('assertion-replayed');
}

/** Whose keys to look at; nothing is believed before the signature has been verified with them. */
function unverifiedSubject(assertion: string): string | null {
  if (assertion.length > 8192) return null;
  const parsed = parseJws(assertion);
  if (!parsed.ok) return null;
  const subject = parseClaims(parsed.value.payload)?.sub;
  return subject !== undefined && subject.length <= 200 ? subject : null;
}

/** By key id; a client with one key may leave it out. */
function keyOf(client: MachineClientRow, kid: unknown) {
  const [only, ...others] = client.keys;
  if (kid === undefined) return only !== undefined && others.length === 0 ? { jwk: { ...only } } : null;
  const jwk = client.keys.find((key) => key.kid === kid);
  return jwk === undefined ? null : { jwk: { ...jwk } };
}

/** What was asked for, if the client may have all of it; everything it may have when nothing was asked for. */
function grantedScopes(registered: readonly MachineScope[], asked: string | undefined): readonly MachineScope[] | null {
  if (asked === undefined) return registered;
  const words = asked.split(' ');
  const granted = machineScopes.filter((scope) => words.includes(scope) && registered.includes(scope));
  return granted.length === words.length && granted.length > 0 ? granted : null;
}
