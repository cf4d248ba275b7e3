import { parseJws, verifyCompactJwt } from '../crypto/jose.ts';
import { parseClaims } from '../crypto/jose-claims.ts';
import type { Transaction } from '../database/connection.ts';
import { ok, type Result, refuse } from '../result.ts';
import { after, assertionSeconds } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { findMachineClient, findMachineKeys } from './store.ts';
import type { MachineClientRow, MachineKeyRow } from './tables.ts';

export interface ProvedClient {
  readonly client: MachineClientRow;
  /** Of the key that signed. */
  readonly thumbprint: string;
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
  const now = services.clock.now();
  const [client, keys] = await Promise.all([findMachineClient(tx, clientId), findMachineKeys(tx, clientId, now)]);
  if (client === null) return refuse('client-unknown');
  if (client.blockedAt !== null) return refuse('client-blocked');
  // The subject needs no second look: the client was found by that of these very bytes.
  const verified = await verifyCompactJwt({
    token: given.assertion,
    algorithms: ['ES256', 'RS256'],
    keyFrom: ({ kid }) => {
      const key = keyOf(keys, kid);
      return key === null ? null : { jwk: { ...key.jwk } };
    },
    now,
    issuer: client.clientId,
    audience: services.publicOrigin,
    required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti'],
    maxLifetimeSeconds: assertionSeconds,
  });
  if (!verified.ok) return refuse(`assertion:${verified.fault}`);
  const { jti, exp } = verified.value.claims;
  if (jti === undefined || exp === undefined || jti.length < 8 || jti.length > 200) return refuse('jti-malformed');
  const key = keyOf(keys, verified.value.header['kid']);
  if (key === null) return refuse('assertion:key-unknown');
  const hash = hashToken(JSON.stringify([client.clientId, jti]));
  // Kept beyond `exp` by the skew that verification grants.
  return ok({
    client,
    thumbprint: key.thumbprint,
    assertion: { hash, keepUntil: after(new Date(exp * 1000), { seconds: 60 }) },
  });
}

/** Whose keys to look at; nothing is believed before the signature has been verified with them. */
function unverifiedSubject(assertion: string): string | null {
  if (assertion.length > 8192) return null;
  const parsed = parseJws(assertion);
  if (!parsed.ok) return null;
  const subject = parseClaims(parsed.value.payload)?.sub;
  return subject !== undefined && subject.length <= 200 ? subject : null;
}

/** By key id or thumbprint; a client with one key in force may leave it out. */
function keyOf(keys: readonly MachineKeyRow[], kid: unknown): MachineKeyRow | null {
  const [only, ...others] = keys;
  if (kid === undefined) return only !== undefined && others.length === 0 ? only : null;
  return keys.find(({ jwk, thumbprint }) => jwk.kid === kid || thumbprint === kid) ?? null;
}
