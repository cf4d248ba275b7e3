import { signCompactJwt } from '../jose.ts';
import { toBase64, toBase64url } from '../jose-encoding.ts';
import type { Signer } from '../signer.ts';
import { deflate } from './inflate.ts';

export const statusListType = 'statuslist+jwt';

/**
 * Signs a status list (draft-ietf-oauth-status-list §5.1): header exactly `{alg: ES256, typ: statuslist+jwt, x5c}`.
 *
 * @param input.uri - where the list is fetched; credentials name exactly this
 * @param input.expiresAt - from then on the list says nothing
 * @param input.ttlSeconds - how long a fetched copy may be used before it is fetched again
 * @param input.entries - two bits each, of `packStatuses`
 */
export async function signStatusList(input: {
  readonly uri: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly ttlSeconds: number;
  readonly entries: Uint8Array;
  readonly signer: Signer;
}): Promise<string> {
  if (input.signer.algorithm !== 'ES256') throw new TypeError('status lists are signed with ES256');
  const claims = {
    sub: input.uri,
    iat: Math.floor(input.issuedAt.getTime() / 1000),
    exp: Math.floor(input.expiresAt.getTime() / 1000),
    ttl: input.ttlSeconds,
    status_list: { bits: 2, lst: toBase64url(await deflate(input.entries)) },
  };
  const header = { typ: statusListType, x5c: input.signer.chain.map(toBase64) };
  return signCompactJwt({ claims, header, signer: input.signer });
}
