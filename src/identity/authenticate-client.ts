import { parseJws, verifyCompactJwt } from '../crypto/jose.ts';
import { parseClaims } from '../crypto/jose-claims.ts';
import type { Transaction } from '../database/connection.ts';
import { ok, type Result, refuse } from '../result.ts';
import { after, assertionSeconds } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { findMachineClient } from './store.ts';
import type { MachineClientRow } from './tables.ts';

export interface ProvedClient {
  readonly client: MachineClientRow;
  /** By what the assertion is remembered, and until when it could come again. */
  readonly assertion: { readonly hash: string; readonly keepUntil: Date };
}

/**
 * private_key_jwt (RFC 7523 §3, OIDC Core §9): registered key, our issuer as the only audience, a minute. That it comes
 * once is for the caller to see to. The fault is for the log.
 */
export async function authenticateClient(
  tx: Transaction,
  services: Pick<IdentityServices, 'clock' | 'publicOrigin'>,
  given: { readonly assertion: string; readonly clientId: string | undefined },
): Promise<Result<ProvedClient, string>> {
  const clientId = unverifiedSubject(given.assertion);
  if (clientId === null) return refuse('assertion-malformed');
  if (given.clientId !== undefined && given.clientId !== clientId) return refuse('client-differs');
  const client = await findMachineClient(tx, clientId);
  if (client === null) return refuse('client-unknown');
  if (client.blockedAt !== null) return refuse('client-blocked');
  const verified = await verifyCompactJwt({
    token: given.assertion,
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
  const hash = hashToken(JSON.stringify([client.clientId, jti]));
  // Kept beyond `exp` by the skew that verification grants.
  return ok({ client, assertion: { hash, keepUntil: after(new Date(exp * 1000), { seconds: 60 }) } });
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
