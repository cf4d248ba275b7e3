import { type DpopProof, dpopSeconds, verifyDpopProof } from '../crypto/dpop.ts';
import { signCompactJwt } from '../crypto/jose.ts';
import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { type MachineScope, machineScopes } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent, logRefusal } from './audit.ts';
import { authenticateClient } from './authenticate-client.ts';
import { touchMachine } from './clients/store.ts';
import { isProofNonce } from './proof-nonce.ts';
import { accessTokenSeconds, after } from './rules.ts';
import { proofHash, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { purgeExpired, useTokenOnce } from './store.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The parameters of the token request, RFC 6749 §4.4.2 with RFC 7523 §2.2. */
export interface TokenRequest {
  readonly grantType: string | undefined;
  readonly assertionType: string | undefined;
  readonly assertion: string | undefined;
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
  /** The header `DPoP`, and the address of the endpoint that its proof has to name. */
  readonly proof: string | undefined;
  readonly url: string;
}

/** RFC 6749 §5.2, RFC 9449 §5 and §8; the exact reason goes to the log. */
export const tokenFaults = [
  'invalid_request',
  'invalid_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
] as const;
export type TokenFault = (typeof tokenFaults)[number];

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scope: string;
}

interface Grant {
  readonly clientId: string;
  readonly scopes: readonly MachineScope[];
}

interface Asked {
  readonly assertion: string;
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
  readonly proof: DpopProof;
}

/**
 * Gives a school-affairs system a token for five minutes against an assertion signed with its registered key, bound to
 * the key of the DPoP proof that came with it.
 */
export async function issueAccessToken(
  services: IdentityServices,
  request: TokenRequest,
): Promise<Result<AccessToken, TokenFault>> {
  const { assertion, clientId, scope } = request;
  if (request.grantType !== 'client_credentials') return refuse('unsupported_grant_type');
  if (request.assertionType !== assertionType || assertion === undefined) return refuse('invalid_request');
  const proof = await checkProof(services, request);
  if (!proof.ok) return proof;
  const asked = { assertion, clientId, scope, proof: proof.value };
  // One transaction for good and for bad; its signature checks wait for nothing outside this process.
  const granted = await services.database.transaction(systemScope('login'), (tx) => grant(tx, services, asked));
  return granted.ok ? ok(await signToken(services, granted.value, proof.value.thumbprint)) : granted;
}

/** Before anything is spent: who is sent away for a nonce comes again with the same assertion. */
async function checkProof(
  services: IdentityServices,
  { proof, url }: TokenRequest,
): Promise<Result<DpopProof, TokenFault>> {
  // RFC 9449 §5: no token of ours is unbound.
  if (proof === undefined) return refuse('invalid_dpop_proof');
  const now = services.clock.now();
  const verified = await verifyDpopProof({
    proof,
    method: 'POST',
    url,
    accessToken: null,
    now,
    isNonce: (nonce) => isProofNonce(services.proofNonceKey, { nonce, at: now }),
  });
  if (verified.ok) return verified;
  if (verified.fault === 'nonce-needed') return refuse('use_dpop_nonce');
  await logRefusal(services, issued(`dpop:${verified.fault}`));
  return refuse('invalid_dpop_proof');
}

async function grant(tx: Transaction, services: IdentityServices, asked: Asked): Promise<Result<Grant, TokenFault>> {
  const proved = await authenticateClient(tx, services, asked);
  if (!proved.ok) {
    await logEvent(tx, services, issued(proved.fault));
    return refuse('invalid_client');
  }
  const { client, assertion } = proved.value;
  const [isFirstAssertion, isFirstProof] = await Promise.all([
    useTokenOnce(tx, assertion.hash, assertion.keepUntil),
    useTokenOnce(tx, proofHash(asked.proof), after(asked.proof.issuedAt, { seconds: 2 * dpopSeconds })),
    purgeExpired(tx, services.clock.now()),
  ]);
  const granted = scopesFor({ registered: client.scopes, asked: asked.scope, isFirstAssertion, isFirstProof });
  const event = { ...issued(granted.ok ? null : granted.fault.log), organisation: client.schoolCode };
  const scope = granted.ok ? { scope: granted.value.join(' ') } : {};
  await logEvent(tx, services, { ...event, detail: { client: client.clientId, ...scope } });
  if (!granted.ok) return refuse(granted.fault.told);
  await touchMachine(tx, { clientId: client.clientId, thumbprint: proved.value.thumbprint, at: services.clock.now() });
  return ok({ clientId: client.clientId, scopes: granted.value });
}

async function signToken(
  services: IdentityServices,
  { clientId, scopes }: Grant,
  thumbprint: string,
): Promise<AccessToken> {
  const issuedAt = Math.floor(services.clock.now().getTime() / 1000);
  const scope = scopes.join(' ');
  const accessToken = await signCompactJwt({
    // RFC 9068 §2.1: no other token of ours can be taken for this one.
    header: { typ: 'at+jwt' },
    claims: {
      iss: services.publicOrigin,
      aud: services.publicOrigin,
      sub: clientId,
      client_id: clientId,
      scope,
      iat: issuedAt,
      exp: issuedAt + accessTokenSeconds,
      jti: randomToken(16),
      // RFC 9449 §6.1
      cnf: { jkt: thumbprint },
    },
    signer: services.tokenKey.signer,
  });
  return { accessToken, expiresInSeconds: accessTokenSeconds, scope };
}

function issued<Refused extends string | null>(refused: Refused) {
  return { name: 'machine.token-issued', refused, actorRole: 'machineClient' } as const;
}

/** What was asked for, if the client may have all of it; everything it may have when nothing was asked for. */
function scopesFor(given: {
  readonly registered: readonly MachineScope[];
  readonly asked: string | undefined;
  readonly isFirstAssertion: boolean;
  readonly isFirstProof: boolean;
}): Result<readonly MachineScope[], { readonly told: TokenFault; readonly log: string }> {
  const { registered, asked } = given;
  if (!given.isFirstAssertion) return refuse({ told: 'invalid_client', log: 'assertion-replayed' });
  if (!given.isFirstProof) return refuse({ told: 'invalid_dpop_proof', log: 'dpop:replayed' });
  if (asked === undefined) return ok(registered);
  const words = asked.split(' ');
  const granted = machineScopes.filter((scope) => words.includes(scope) && registered.includes(scope));
  if (granted.length !== words.length) return refuse({ told: 'invalid_scope', log: 'scope-not-registered' });
  return ok(granted);
}
