import { z } from 'zod';
import { type DpopProof, dpopSeconds, verifyDpopProof } from '../crypto/dpop.ts';
import { verifyCompactJwt } from '../crypto/jose.ts';
import { systemScope } from '../database/scope.ts';
import type { MachineActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logRefusal } from './audit.ts';
import { findMachineClient, takeUpload } from './clients/store.ts';
import { isProofNonce } from './proof-nonce.ts';
import { type AskedFor, countedOf, isUpload, type RateVerdict } from './rate-rules.ts';
import { takeRates } from './rates.ts';
import { accessTokenSeconds, after, dayInJapan, secondsOfDayLeft } from './rules.ts';
import { proofHash } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { useProofOnce } from './store.ts';

/** What came with a request: `Authorization: DPoP …` and the header `DPoP`. */
export interface TokenUse {
  readonly token: string;
  readonly proof: string;
  readonly method: string;
  /** Public origin and path. */
  readonly url: string;
}

/** RFC 6750 §3.1 and RFC 9449 §7.1, §9. Why exactly is in the log. */
export type TokenError = 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';

export interface VerifiedMachine {
  readonly actor: MachineActor;
  readonly rate: RateVerdict | null;
  /** Seconds until it may begin an upload again; null unless this is one and today's are spent. */
  readonly uploadsAgainInSeconds: number | null;
}

interface BoundToken {
  readonly clientId: string;
  readonly scope: string;
  /** Thumbprint of the key that the token is bound to. */
  readonly thumbprint: string;
}

/**
 * From a token with its proof to the machine client behind it. The client is read again at every request: a central
 * block and scopes taken away act at once, not after five minutes. The request is counted in the same transaction.
 */
export async function verifyAccessToken(
  services: IdentityServices,
  use: TokenUse,
  asked: AskedFor,
): Promise<Result<VerifiedMachine, TokenError>> {
  const token = await openToken(services, use.token);
  if (token === null) return refuse('invalid_token');
  const now = services.clock.now();
  const proof = await verifyDpopProof({
    ...use,
    accessToken: use.token,
    now,
    isNonce: (nonce) => isProofNonce(services.proofNonceKey, { nonce, at: now }),
  });
  if (!proof.ok && proof.fault === 'nonce-needed') return refuse('use_dpop_nonce');
  // From here on somebody holds a good token: worth an entry, unlike a token that is no good at all.
  if (!proof.ok) return refuseLogged(services, token, { reason: proof.fault, error: 'invalid_dpop_proof' });
  if (proof.value.thumbprint !== token.thumbprint) {
    return refuseLogged(services, token, { reason: 'key-differs', error: 'invalid_token' });
  }
  const admitted = await admit(services, { token, proof: proof.value, asked, use });
  if (admitted !== 'replayed') return admitted;
  return refuseLogged(services, token, { reason: 'replayed', error: 'invalid_dpop_proof' });
}

/** RFC 9068 §2.2, RFC 9449 §6.1 */
const boundClaims = z.object({ sub: z.string(), scope: z.string(), cnf: z.object({ jkt: z.string() }) });

async function openToken(services: IdentityServices, token: string): Promise<BoundToken | null> {
  const verified = await verifyCompactJwt({
    token,
    algorithms: [services.tokenKey.signer.algorithm],
    typ: 'at+jwt',
    keyFrom: () => services.tokenKey.verification,
    now: services.clock.now(),
    issuer: services.publicOrigin,
    audience: services.publicOrigin,
    required: ['exp'],
    maxLifetimeSeconds: accessTokenSeconds,
  });
  if (!verified.ok) return null;
  const bound = boundClaims.safeParse(verified.value.claims);
  if (!bound.success) return null;
  const { sub, scope, cnf } = bound.data;
  return { clientId: sub, scope, thumbprint: cnf.jkt };
}

/** One transaction: is the client still let in, is this proof used for the first time, and does it not ask too often? */
async function admit(
  services: IdentityServices,
  given: {
    readonly token: BoundToken;
    readonly proof: DpopProof;
    readonly asked: AskedFor;
    readonly use: TokenUse;
  },
): Promise<Result<VerifiedMachine, TokenError> | 'replayed'> {
  const { token, proof, asked, use } = given;
  const hash = proofHash(proof);
  const keepUntil = after(proof.issuedAt, { seconds: 2 * dpopSeconds });
  return services.database.transaction(systemScope('login'), async (tx) => {
    const [client, isFirst] = await Promise.all([
      findMachineClient(tx, token.clientId),
      useProofOnce(tx, hash, keepUntil),
    ]);
    if (!isFirst) return 'replayed';
    if (client === null || client.blockedAt !== null) return refuse('invalid_token');
    const words = token.scope.split(' ');
    const scopes = client.scopes.filter((registered) => words.includes(registered));
    const actor: MachineActor = { kind: 'machine', clientId: client.clientId, school: client.schoolCode, scopes };
    const counted = countedOf(actor, asked).map((one) =>
      one.name === 'client' && client.requestsPerMinute !== null
        ? { ...one, perMinute: client.requestsPerMinute }
        : one,
    );
    const rate = await takeRates(tx, services, counted);
    const now = services.clock.now();
    const isSpent =
      rate?.allowed !== false &&
      isUpload(use.method, use.url) &&
      !(await takeUpload(tx, { client, day: dayInJapan(now) }));
    return ok({ actor, rate, uploadsAgainInSeconds: isSpent ? secondsOfDayLeft(now) : null });
  });
}

async function refuseLogged(
  services: IdentityServices,
  { clientId }: BoundToken,
  refused: { readonly reason: string; readonly error: TokenError },
): Promise<Result<never, TokenError>> {
  const client = await services.database.transaction(systemScope('login'), (tx) => findMachineClient(tx, clientId));
  await logRefusal(services, {
    name: 'access.denied',
    refused: `dpop:${refused.reason}`,
    organisation: client?.schoolCode ?? null,
    actorRole: 'machineClient',
    detail: { client: clientId },
  });
  return refuse(refused.error);
}
