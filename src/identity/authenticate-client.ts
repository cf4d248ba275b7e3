import { parseJws, verifyCompactJwt } from '../crypto/jose.ts';
import { parseClaims } from '../crypto/jose-claims.ts';
import type { Transaction } from '../database/connection.ts';
import { ok, type Result, refuse } from '../result.ts';
import { findMachineClient, findMachineKeys } from './clients/store.ts';
import type { MachineClientRow, MachineKeyRow } from './clients/tables.ts';
import { after, assertionSeconds } from './rules.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';

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
  const shown = unverified(given.assertion);
  if (shown === null) return refuse('assertion-malformed');
  const { clientId, kid } = shown;
  if (given.clientId !== undefined && given.clientId !== clientId) return refuse('client-differs');
  const now = services.clock.now();
  const [client, keys] = await Promise.all([findMachineClient(tx, clientId), findMachineKeys(tx, clientId, now)]);
  if (client === null) return refuse('client-unknown');
  if (client.blockedAt !== null) return refuse('client-blocked');
  const key = keyOf(keys, kid);
  if (key === null) return refuse('assertion:key-unknown');
  // Subject and key need no second look: they were found by those of these very bytes.
  const verified = await verifyCompactJwt({
    token: given.assertion,
    algorithms: ['ES256', 'RS256'],
    keyFrom: () => ({ jwk: { ...key.jwk } }),
    now,
    issuer: client.clientId,
    audience: services.publicOrigin,
    required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti'],
    maxLifetimeSeconds: assertionSeconds,
  });
  if (!verified.ok) return refuse(`assertion:${verified.fault}`);
  // Sound: they are required, and claims of these names are of these types.
  const { jti, exp } = verified.value.claims as { readonly jti: string; readonly exp: number };
  if (jti.length < 8 || jti.length > 200) return refuse('jti-malformed');
  const hash = hashToken(JSON.stringify([client.clientId, jti]));
  // Kept beyond `exp` by the skew that verification grants.
  return ok({
    client,
    thumbprint: key.thumbprint,
    assertion: { hash, keepUntil: after(new Date(exp * 1000), { seconds: 60 }) },
  });
}

/** Whose keys to look at, and for which; nothing is believed before the signature has been verified with it. */
function unverified(assertion: string): { readonly clientId: string; readonly kid: unknown } | null {
  const parsed = parseJws(assertion);
  if (!parsed.ok) return null;
  const subject = parseClaims(parsed.value.payload)?.sub;
  if (subject === undefined || subject.length > 200) return null;
  return { clientId: subject, kid: parsed.value.protectedHeader['kid'] };
}

/** By key id or thumbprint; a client with one key in force may leave it out. */
function keyOf(keys: readonly MachineKeyRow[], kid: unknown): MachineKeyRow | null {
  const [only, ...others] = keys;
  if (kid === undefined) return only !== undefined && others.length === 0 ? only : null;
  return keys.find(({ jwk, thumbprint }) => jwk.kid === kid || thumbprint === kid) ?? null;
}
