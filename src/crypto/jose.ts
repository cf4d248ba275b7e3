import { flattenedVerify } from 'jose';
import { ok, type Result, refuse } from '../result.ts';
import { type ClaimsExpected, claimsReason, type JwtClaims, parseClaims } from './jose-claims.ts';
import { parseBase64url, toBase64url } from './jose-encoding.ts';
import { importVerificationKey, type VerificationKey } from './jose-key.ts';
import type { JoseReason } from './jose-reasons.ts';
import type { Signer, SignerAlgorithm } from './signer.ts';
import { isJsonObject, parseStrictJson } from './strict-json.ts';

/** Flattened JSON serialisation, RFC 7515 §7.2.2. */
export interface FlattenedJws {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
  readonly header?: Readonly<Record<string, unknown>>;
}

export type JwsHeader = Readonly<Record<string, unknown>> & { readonly alg: string };

/** The parts of a JWS, decoded, before anything about it has been verified. */
export interface ParsedJws {
  readonly flattened: FlattenedJws;
  readonly protectedHeader: JwsHeader;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

export interface JwsToVerify {
  /** Compact text, or the flattened JSON object. */
  readonly jws: unknown;
  readonly algorithms: readonly SignerAlgorithm[];
  /** When given, the protected `typ` must be exactly this. */
  readonly typ?: string;
  /** Header parameters, refused by default, that this caller checks itself (`jwk` for a DPoP proof) or does not look at. */
  readonly permit?: readonly ('jwk' | 'x5t')[];
  keyFrom(header: JwsHeader): Promise<VerificationKey | null> | VerificationKey | null;
}

export interface JwtToVerify extends Omit<JwsToVerify, 'jws'>, ClaimsExpected {
  readonly token: string;
}

export interface VerifiedJwt {
  readonly header: JwsHeader;
  readonly claims: JwtClaims;
}

const maxJwsCharacters = 4 * 1024 * 1024;
const maxHeaderDepth = 8;
// RFC 7515 §4.1: parameters by which a sender could choose the key, or that change how the bytes are read.
const refusedParameters = ['jku', 'x5u', 'jwk', 'x5t', 'crit', 'b64', 'zip', 'enc', 'epk'];

/** Signs bytes as a flattened JWS; `alg` is the signer's and cannot be given. */
export async function signJws(input: {
  readonly payload: Uint8Array;
  readonly header: Readonly<Record<string, unknown>> & { readonly alg?: never };
  readonly signer: Signer;
}): Promise<FlattenedJws> {
  const header = new TextEncoder().encode(JSON.stringify({ alg: input.signer.algorithm, ...input.header }));
  const unsigned = { protected: toBase64url(header), payload: toBase64url(input.payload) };
  const signature = await input.signer.sign(new TextEncoder().encode(`${unsigned.protected}.${unsigned.payload}`));
  return { ...unsigned, signature: toBase64url(signature) };
}

/** The compact form of a flattened JWS without unprotected header. */
export function compactJws(jws: FlattenedJws): string {
  return `${jws.protected}.${jws.payload}.${jws.signature}`;
}

/**
 * Reads a JWS strictly: canonical base64url (one signature, one spelling), the header a JSON object, only known members.
 * Nothing is verified; use it to look at a header before choosing what to verify against.
 */
export function parseJws(input: unknown): Result<ParsedJws, JoseReason> {
  const flattened = flattenedFrom(input);
  if (flattened === null) return refuse('malformed');
  const header = parseBase64url(flattened.protected);
  const payload = parseBase64url(flattened.payload);
  const signature = parseBase64url(flattened.signature);
  if (header === null || payload === null || signature === null || signature.length === 0) return refuse('malformed');
  const protectedHeader = parseHeader(header);
  if (protectedHeader === null) return refuse('malformed');
  return ok({ flattened, protectedHeader, payload, signature });
}

/**
 * Verifies a compact or flattened JWS. The algorithm comes from the caller's list, the key from the caller's function;
 * parameters by which a token brings its own key (`jwk`, `jku`, `x5u`) and every `crit` are refused.
 */
export async function verifyJws(input: JwsToVerify): Promise<Result<ParsedJws, JoseReason>> {
  const parsed = parseJws(input.jws);
  return parsed.ok ? verifyParsedJws(parsed.value, input) : parsed;
}

/** The same of one that was parsed before, to look at its header. */
export async function verifyParsedJws(
  parsed: ParsedJws,
  input: Omit<JwsToVerify, 'jws'>,
): Promise<Result<ParsedJws, JoseReason>> {
  const { protectedHeader, flattened } = parsed;
  const refused = refusedParameters.filter((name) => !input.permit?.some((permitted) => permitted === name));
  const unprotected = Object.keys(flattened.header ?? {});
  if (refused.some((name) => name in protectedHeader || unprotected.includes(name)))
    return refuse('header-not-allowed');
  // RFC 7515 §7.2.1: names disjoint; and nothing that steers verification may stand outside the signature.
  if (unprotected.some((name) => name in protectedHeader || name === 'alg' || name === 'typ')) {
    return refuse('header-not-allowed');
  }
  const algorithm = input.algorithms.find((allowed) => allowed === protectedHeader.alg);
  if (algorithm === undefined) return refuse('algorithm-not-allowed');
  if (input.typ !== undefined && protectedHeader['typ'] !== input.typ) return refuse('type-mismatch');
  const given = await input.keyFrom(protectedHeader);
  if (given === null) return refuse('key-unknown');
  const key = await importVerificationKey(given, algorithm);
  if (key === null) return refuse('key-not-usable');
  try {
    const { protected: header, payload, signature } = flattened;
    await flattenedVerify({ protected: header, payload, signature }, key, { algorithms: [algorithm] });
  } catch {
    return refuse('signature-invalid');
  }
  return ok(parsed);
}

/** Signs claims as a compact JWT; times are the caller's (seconds since 1970, RFC 7519 §2). */
export async function signCompactJwt(input: {
  readonly claims: JwtClaims;
  readonly header: Readonly<Record<string, unknown>> & { readonly alg?: never };
  readonly signer: Signer;
}): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(input.claims));
  return compactJws(await signJws({ payload, header: input.header, signer: input.signer }));
}

/** Verifies a compact JWT: the JWS by {@link verifyJws}, then time, issuer, audience and lifetime. */
export async function verifyCompactJwt(input: JwtToVerify): Promise<Result<VerifiedJwt, JoseReason>> {
  if (typeof input.token !== 'string') return refuse('malformed');
  const verified = await verifyJws({ ...input, jws: input.token, keyFrom: (header) => input.keyFrom(header) });
  if (!verified.ok) return verified;
  const claims = parseClaims(verified.value.payload);
  if (claims === null) return refuse('claims-invalid');
  const reason = claimsReason(claims, input);
  return reason === null ? ok({ header: verified.value.protectedHeader, claims }) : refuse(reason);
}

function flattenedFrom(input: unknown): FlattenedJws | null {
  if (typeof input === 'string') {
    if (input.length > maxJwsCharacters) return null;
    const [header, payload, signature, ...rest] = input.split('.');
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
    return { protected: header, payload, signature };
  }
  if (!isRecord(input)) return null;
  const { protected: header, payload, signature, header: unprotected, ...rest } = input;
  if (Object.keys(rest).length > 0) return null;
  if (typeof header !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') return null;
  if (header.length + payload.length + signature.length > maxJwsCharacters) return null;
  if (unprotected === undefined) return { protected: header, payload, signature };
  return isRecord(unprotected) ? { protected: header, payload, signature, header: unprotected } : null;
}

function parseHeader(bytes: Uint8Array): JwsHeader | null {
  // RFC 7515 §4: names are unique.
  const header = parseStrictJson(bytes, maxHeaderDepth);
  if (!header.ok || !isJsonObject(header.value)) return null;
  const { alg } = header.value;
  return typeof alg === 'string' ? { ...header.value, alg } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
