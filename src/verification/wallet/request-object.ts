import { z } from 'zod';
import { signCompactJwt } from '../../crypto/jose.ts';
import { toBase64 } from '../../crypto/jose-encoding.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { openFor, secretsOf } from './secrets.ts';
import { findRequest, type PresentationRow, presentationJob } from './store.ts';
import { responseUri, verifierName } from './verifier-name.ts';
import { queryFor } from './wanted.ts';

/** RFC 9101 §4. */
export const requestObjectType = 'oauth-authz-req+jwt';

/** HAIP 1.0 §5: both have to be there. */
export const answerEncryptions = ['A128GCM', 'A256GCM'] as const;

/** OpenID4VP 1.0 §5.10: chosen by the wallet, comes back signed. */
const walletNonce = z.string().regex(/^[A-Za-z0-9._~+/=-]{1,300}$/);

const encryptionKey = z.looseObject({ d: z.string() });

/**
 * The signed request of OpenID4VP 1.0 §5, as often as a wallet asks while nobody has answered it. Faults: presentation.not-found,
 * presentation.used, presentation.malformed
 */
export async function requestObject(
  gateway: Gateway,
  { id, nonce }: { readonly id: string; readonly nonce: string | null },
): Promise<Result<string>> {
  const now = gateway.clock.now();
  const row = await gateway.database.transaction(presentationJob, (tx) => findRequest(tx, id, now));
  if (row === null) return refuse(fault('presentation.not-found'));
  if (row.state !== 'waiting' || row.sealedKey === null) return refuse(fault('presentation.used'));
  const asked = nonce === null ? null : walletNonce.safeParse(nonce);
  if (asked?.success === false) return refuse(fault('presentation.malformed', { detail: 'wallet_nonce' }));
  const claims = {
    ...claimsOf(gateway, row),
    iat: Math.floor(now.getTime() / 1000),
    ...(asked === null ? {} : { wallet_nonce: asked.data }),
    client_metadata: metadataWith(publicPart(openFor(gateway.walletKey, { id, content: 'key' }, row.sealedKey))),
  };
  const header = { typ: requestObjectType, x5c: gateway.evidence.chain.map(toBase64) };
  return ok(await signCompactJwt({ claims, header, signer: gateway.evidence }));
}

function claimsOf(gateway: Gateway, { id, asked, expiresAt }: PresentationRow) {
  const { nonce, state } = secretsOf(gateway.walletKey, id);
  return {
    // §5.8: what a wallet is called that nobody has registered with.
    aud: 'https://self-issued.me/v2',
    exp: Math.floor(expiresAt.getTime() / 1000),
    client_id: verifierName(gateway),
    response_type: 'vp_token',
    // §8.3.1; encrypted, as HAIP 1.0 wants it.
    response_mode: 'direct_post.jwt',
    response_uri: responseUri(gateway, id),
    nonce,
    state,
    dcql_query: queryFor(gateway.settings.PUBLIC_ORIGIN, asked),
  };
}

function metadataWith(jwk: Readonly<Record<string, unknown>>) {
  return {
    jwks: { keys: [jwk] },
    encrypted_response_enc_values_supported: answerEncryptions,
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  };
}

function publicPart(jwk: unknown): Readonly<Record<string, unknown>> {
  const { d: _private, ...rest } = encryptionKey.parse(jwk);
  return rest;
}
