import { ok, type Result, refuse } from '../../result.ts';
import { isClaims } from '../jose-claims.ts';
import { isJsonObject, parseStrictJson } from '../strict-json.ts';
import { maxTextDepth, type SdJwtParts, splitSdJwt } from './format.ts';
import type { SdJwtReason } from './reasons.ts';
import { type Unpacked, unpackClaims } from './unpack.ts';

export interface OpenedSdJwt<T> extends Unpacked {
  readonly parts: SdJwtParts;
  readonly token: T;
}

/**
 * RFC 9901 §7.1 without any rule on who signed: form, signature by the caller's function, digests and disclosures.
 *
 * @param verifyToken - verifies the JWT in front and gives its payload
 */
export async function openSdJwt<T extends { readonly payload: Uint8Array }>(
  text: unknown,
  verifyToken: (jwt: string) => Promise<Result<T, SdJwtReason>>,
): Promise<Result<OpenedSdJwt<T>, SdJwtReason>> {
  const parts = splitSdJwt(text);
  if (!parts.ok) return parts;
  const token = await verifyToken(parts.value.jwt);
  if (!token.ok) return token;
  const payload = parseStrictJson(token.value.payload, maxTextDepth);
  if (!payload.ok) return payload;
  if (!isJsonObject(payload.value) || !isClaims(payload.value)) return refuse('claims-invalid');
  const unpacked = unpackClaims(payload.value, parts.value.disclosures);
  return unpacked.ok ? ok({ ...unpacked.value, parts: parts.value, token: token.value }) : unpacked;
}
