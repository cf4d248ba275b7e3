import { ok, type Result, refuse } from '../../result.ts';
import { parseJws, signCompactJwt } from '../jose.ts';
import { toBase64url } from '../jose-encoding.ts';
import type { Signer } from '../signer.ts';
import { isJsonObject, type JsonObject, parseStrictJson } from '../strict-json.ts';
import { joinSdJwt, maxTextDepth, type SdJwtParts, splitSdJwt } from './format.ts';
import type { SdJwtReason } from './reasons.ts';
import { type ClaimPath, type Unpacked, unpackClaims } from './unpack.ts';

export const keyBindingType = 'kb+jwt';

/** An SD-JWT as its holder reads it: claims and what may be shown. Nothing is verified. */
export interface HeldSdJwt extends Unpacked {
  readonly parts: SdJwtParts;
  readonly payload: JsonObject;
}

export async function readSdJwt(text: unknown): Promise<Result<HeldSdJwt, SdJwtReason>> {
  const parts = splitSdJwt(text);
  if (!parts.ok) return parts;
  const jws = parseJws(parts.value.jwt);
  if (!jws.ok) return jws;
  const payload = parseStrictJson(jws.value.payload, maxTextDepth);
  if (!payload.ok) return payload;
  if (!isJsonObject(payload.value)) return refuse('claims-invalid');
  const unpacked = unpackClaims(payload.value, parts.value.disclosures);
  return unpacked.ok ? ok({ ...unpacked.value, parts: parts.value, payload: payload.value }) : unpacked;
}

/**
 * Keeps the disclosures that are asked for, and those that they lie in (RFC 9901 §7.2).
 *
 * @param show - places in the full claims, e.g. `['subjects', 2]`; what lies inside goes along only when it is named itself
 */
export async function presentSdJwt(
  text: string,
  show: (path: ClaimPath) => boolean,
): Promise<Result<string, SdJwtReason>> {
  const held = await readSdJwt(text);
  if (!held.ok) return held;
  const { disclosed, parts } = held.value;
  const wanted = disclosed.filter(({ path }) => show(path));
  const kept = disclosed.filter(({ path }) => wanted.some((one) => isAtOrAbove(path, one.path)));
  return ok(joinSdJwt(parts.jwt, kept.map(({ disclosure }) => disclosure.text).toSorted()));
}

function isAtOrAbove(path: ClaimPath, other: ClaimPath): boolean {
  return path.every((step, index) => step === other[index]);
}

/**
 * Adds the holder's proof (RFC 9901 §4.3): a JWT over audience, nonce and the digest of everything before it.
 *
 * @param input.presentation - ends with `~`
 */
export async function bindSdJwt(input: {
  readonly presentation: string;
  readonly audience: string;
  readonly nonce: string;
  readonly at: Date;
  /** The holder's own key, ES256. */
  readonly signer: Signer;
}): Promise<string> {
  if (!input.presentation.endsWith('~')) throw new TypeError('already bound');
  const claims = {
    iat: Math.floor(input.at.getTime() / 1000),
    aud: input.audience,
    nonce: input.nonce,
    sd_hash: await presentationHash(input.presentation),
  };
  return `${input.presentation}${await signCompactJwt({ claims, header: { typ: keyBindingType }, signer: input.signer })}`;
}

/** `sd_hash`: SHA-256 over everything up to and including the last tilde. */
export async function presentationHash(bound: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(bound))));
}
