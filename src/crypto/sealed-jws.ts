import { ok, type Result, refuse } from '../result.ts';
import { type FlattenedJws, type JwsHeader, type ParsedJws, parseJws, signJws, verifyJws } from './jose.ts';
import { parseBase64, toBase64, toBase64url } from './jose-encoding.ts';
import type { JoseReason } from './jose-reasons.ts';
import { type Signer, type SignerAlgorithm, signerAlgorithms } from './signer.ts';
import { type SignerVerdict, verifySigner } from './signer-verdict.ts';
import type { TimestampReason, TimestampService } from './timestamp.ts';
import { absentTimestamp, standingAt, type TimestampVerdict, verifyToken } from './timestamp-token.ts';
import { readX5c, sealing, x509Names } from './x5c.ts';
import type { SignatureAlgorithm } from './x509/algorithms.ts';
import type { X509Certificate } from './x509/certificate.ts';
import type { Purpose, TrustAnchor } from './x509/path.ts';
import type { RevocationSource } from './x509/revocation.ts';

export type SealReason =
  | JoseReason
  | 'certificate-malformed'
  | 'thumbprint-mismatch'
  | `issuer-${Exclude<SignerVerdict['status'], 'trusted'>}`
  | `time-${Exclude<TimestampVerdict['status'], 'valid' | 'absent'>}`;

/** Separate answers; `reasons` is empty when the seal is whole, its issuer trusted and its time, if it has one, proved. */
export interface SealVerdict {
  readonly signature: 'valid' | 'invalid';
  /** Null when there is no certificate to judge. */
  readonly issuer: SignerVerdict | null;
  readonly time: TimestampVerdict;
  /** The moment the issuer was judged at: the proved time, else `at`. */
  readonly judgedAt: Date;
  /** The issuer's own word (`iat`); never evidence. */
  readonly claimedAt: Date | null;
  /** The sealed bytes; null when the signature is invalid. */
  readonly payload: Uint8Array | null;
  readonly reasons: readonly SealReason[];
}

/**
 * Seals bytes as a flattened JWS: protected `{alg, x5c, x5t#S256, iat, typ}`, and the RFC 3161 token over the signature
 * value in the unprotected `sigTst` (base64).
 *
 * @param input.typ - what is sealed; a verifier demands exactly this
 * @param input.timestamps - null for a seal without proved time
 */
export async function sealJws(input: {
  readonly payload: Uint8Array;
  readonly typ: string;
  readonly signer: Signer;
  readonly timestamps: TimestampService | null;
  readonly iat: Date;
}): Promise<Result<FlattenedJws, TimestampReason>> {
  const [leaf] = input.signer.chain;
  if (leaf === undefined) throw new Error('a seal needs a certificate');
  const header = {
    x5c: input.signer.chain.map(toBase64),
    'x5t#S256': toBase64url(await sha256(leaf)),
    iat: Math.floor(input.iat.getTime() / 1000),
    typ: input.typ,
  };
  const jws = await signJws({ payload: input.payload, header, signer: input.signer });
  if (input.timestamps === null) return ok(jws);
  const token = await input.timestamps.stamp(new Uint8Array(Buffer.from(jws.signature, 'base64url')));
  return token.ok ? ok({ ...jws, header: { sigTst: toBase64(token.value) } }) : refuse(token.fault);
}

/**
 * Verifies a sealed JWS offline. The issuer's path is verified at the proved time when there is one, else at `at`.
 *
 * @param input.at - now
 */
export async function verifySealedJws(input: {
  readonly jws: unknown;
  readonly typ: string;
  readonly anchors: readonly TrustAnchor[];
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  readonly at: Date;
  readonly purpose?: Purpose;
}): Promise<SealVerdict> {
  const parsed = parseJws(input.jws);
  if (!parsed.ok) return refused(parsed.fault, input.at);
  const [leaf, ...pool] = readX5c(parsed.value.protectedHeader) ?? [];
  if (leaf === undefined) return refused('certificate-malformed', input.at);
  const verified = await verifyJws({
    jws: input.jws,
    algorithms: signerAlgorithms,
    typ: input.typ,
    keyFrom: () => ({ spki: leaf.publicKey.spki }),
  });
  if (!verified.ok) return refused(verified.fault, input.at);
  const form = await formReason(verified.value, leaf);
  if (form !== null) return refused(form, input.at);
  const time = await verifyTime(verified.value, input);
  const judgedAt = time.status === 'valid' && time.genTime !== null ? time.genTime : input.at;
  const issuer = await verifySigner({
    certificate: leaf,
    algorithm: jwsToX509(verified.value.protectedHeader),
    pool,
    anchors: input.anchors,
    at: judgedAt,
    purpose: input.purpose ?? sealing,
    revocation: input.revocation,
  });
  return {
    signature: 'valid',
    issuer,
    time,
    judgedAt,
    claimedAt: new Date(Number(verified.value.protectedHeader['iat']) * 1000),
    payload: verified.value.payload,
    reasons: [...(issuer.status === 'trusted' ? [] : [`issuer-${issuer.status}` as const]), ...timeReasons(time)],
  };
}

function timeReasons(time: TimestampVerdict): readonly SealReason[] {
  return time.status === 'valid' || time.status === 'absent' ? [] : [`time-${time.status}`];
}

function refused(reason: SealReason, at: Date): SealVerdict {
  const nothing = { issuer: null, claimedAt: null, payload: null };
  return { ...nothing, signature: 'invalid', time: absentTimestamp, judgedAt: at, reasons: [reason] };
}

/** Exactly the agreed header, so that nothing in it goes unread. */
async function formReason(
  { protectedHeader, flattened }: ParsedJws,
  leaf: X509Certificate,
): Promise<SealReason | null> {
  const names = Object.keys(protectedHeader).sort().join(' ');
  if (names !== 'alg iat typ x5c x5t#S256') return 'header-not-allowed';
  if (Object.keys(flattened.header ?? {}).some((name) => name !== 'sigTst')) return 'header-not-allowed';
  const { iat } = protectedHeader;
  if (!Number.isSafeInteger(iat) || Number(iat) < 0) return 'malformed';
  const thumbprint = toBase64url(await sha256(leaf.der));
  return protectedHeader['x5t#S256'] === thumbprint ? null : 'thumbprint-mismatch';
}

async function verifyTime(
  jws: ParsedJws,
  input: {
    readonly timestampAnchors: readonly TrustAnchor[];
    readonly revocation: RevocationSource;
    readonly at: Date;
  },
): Promise<TimestampVerdict> {
  const encoded = jws.flattened.header?.['sigTst'];
  if (encoded === undefined) return absentTimestamp;
  const token = typeof encoded === 'string' ? parseBase64(encoded) : null;
  if (token === null) return { ...absentTimestamp, status: 'invalid', reasons: ['token-malformed'] };
  const verdict = await verifyToken({
    token,
    stamped: { data: jws.signature },
    anchors: input.timestampAnchors,
    revocation: input.revocation,
    at: input.at,
  });
  return standingAt(verdict, input.at);
}

function jwsToX509({ alg }: JwsHeader): SignatureAlgorithm {
  // Sound: verifyJws has matched `alg` against the list of the four.
  return x509Names[alg as SignerAlgorithm];
}

async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)));
}
