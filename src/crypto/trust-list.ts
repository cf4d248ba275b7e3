import { z } from 'zod';
import { ok, type Result, refuse } from '../result.ts';
import { canonicalJson, isCanonicalJson } from './jcs.ts';
import { type FlattenedJws, signJws, verifyJws } from './jose.ts';
import type { VerificationKey } from './jose-key.ts';
import type { JoseReason } from './jose-reasons.ts';
import { type Signer, signerAlgorithms } from './signer.ts';
import { parseX509Certificate } from './x509/certificate.ts';
import type { TrustAnchor } from './x509/path.ts';
import { derToPem, pemToDer } from './x509/pem.ts';

export type TrustPurpose = 'seal' | 'person' | 'time' | 'evidence';

interface TrustListContent {
  readonly issuedAt: Date;
  readonly anchors: readonly { readonly purpose: TrustPurpose; readonly anchor: TrustAnchor }[];
  /** Verifier keys of the transparency log, as signed notes write them. */
  readonly logKeys: readonly string[];
  /** Who has to have seen the log before a proof from it counts, as C2SP tlog-policy writes it. */
  readonly witnessPolicy?: string | undefined;
}

/** A list as it is signed today. */
export interface DatedTrustList extends TrustListContent {
  readonly version: 'hikitsugi-trust/2';
  /** Rises with every list of the same signer. */
  readonly serial: number;
  /** From then on the list says nothing. */
  readonly expiresAt: Date;
}

/** The first format had neither number nor end; it is still read. */
interface UndatedTrustList extends TrustListContent {
  readonly version: 'hikitsugi-trust/1';
  readonly serial: 0;
  readonly expiresAt: null;
}

/** Whom a verifier trusts, for what. */
export type TrustList = DatedTrustList | UndatedTrustList;

export type TrustListReason =
  | JoseReason
  | 'list-malformed'
  | 'anchor-malformed'
  | 'older-than-known'
  | 'trust-list-expired';

export const trustListType = 'hikitsugi-trust+jws';

const signatureAlgorithms = [
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha384',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
  'ed25519',
] as const;

const content = {
  issuedAt: z.iso.datetime(),
  anchors: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        purpose: z.enum(['seal', 'person', 'time', 'evidence']),
        algorithms: z.array(z.enum(signatureAlgorithms)).min(1),
        certificate: z.string().max(16_384),
      }),
    )
    .max(256),
  logKeys: z.array(z.string().min(1).max(1024)).max(64),
};

const schema = z.discriminatedUnion('version', [
  z.strictObject({
    version: z.literal('hikitsugi-trust/2'),
    ...content,
    serial: z.int().positive(),
    expiresAt: z.iso.datetime(),
    witnessPolicy: z.string().min(1).max(65_536).optional(),
  }),
  z.strictObject({ version: z.literal('hikitsugi-trust/1'), ...content }),
]);

/** The anchors for one purpose, as {@link verifyPath} takes them. */
export function anchorsFor(list: TrustList, purpose: TrustPurpose): readonly TrustAnchor[] {
  return list.anchors.flatMap((entry) => (entry.purpose === purpose ? [entry.anchor] : []));
}

/** Reads a list from the bytes that were signed: canonical JSON, nothing unknown in it. Whether to believe it is another question. */
export function parseTrustList(bytes: Uint8Array): Result<TrustList, TrustListReason> {
  if (!isCanonicalJson(bytes)) return refuse('list-malformed');
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) return refuse('list-malformed');
  const anchors: { readonly purpose: TrustPurpose; readonly anchor: TrustAnchor }[] = [];
  for (const { name, purpose, algorithms, certificate: pem } of parsed.data.anchors) {
    const certificate = onlyCertificate(pem);
    if (certificate === null) return refuse('anchor-malformed');
    anchors.push({ purpose, anchor: { name, algorithms, certificate } });
  }
  const { issuedAt, logKeys } = parsed.data;
  const list = { issuedAt: new Date(issuedAt), anchors, logKeys };
  if (parsed.data.version === 'hikitsugi-trust/1') {
    return ok({ ...list, version: parsed.data.version, serial: 0, expiresAt: null });
  }
  const { version, serial, expiresAt, witnessPolicy } = parsed.data;
  return ok({ ...list, version, serial, expiresAt: new Date(expiresAt), witnessPolicy });
}

/** Signs a list as a flattened JWS over its canonical JSON. */
export async function signTrustList(list: DatedTrustList, signer: Signer): Promise<FlattenedJws> {
  const anchors = list.anchors.map(({ purpose, anchor }) => ({
    name: anchor.name,
    purpose,
    algorithms: anchor.algorithms,
    certificate: derToPem(anchor.certificate.der, 'CERTIFICATE'),
  }));
  const { version, serial, issuedAt, expiresAt, logKeys, witnessPolicy } = list;
  const dates = { issuedAt: issuedAt.toISOString(), expiresAt: expiresAt.toISOString() };
  const witnessed = witnessPolicy === undefined ? {} : { witnessPolicy };
  const payload = canonicalJson({ version, serial, ...dates, anchors, logKeys, ...witnessed });
  return signJws({ payload, header: { typ: trustListType }, signer });
}

/** What a verifier has already seen of the same signer. */
export interface KnownTrustList {
  readonly serial: number;
  readonly issuedAt: Date;
}

/**
 * Verifies a signed list by the key that was pinned beforehand; the list cannot bring its own.
 *
 * @param input.at - now, for the list's own end; left out by whoever has the list as configuration and not as evidence
 * @param input.known - the newest list known so far: an older one is refused, lest a lost key come back
 */
export async function verifyTrustList(input: {
  readonly jws: unknown;
  readonly key: VerificationKey;
  readonly at?: Date;
  readonly known?: KnownTrustList;
}): Promise<Result<TrustList, TrustListReason>> {
  const { jws, key, at, known } = input;
  const verified = await verifyJws({ jws, algorithms: signerAlgorithms, typ: trustListType, keyFrom: () => key });
  if (!verified.ok) return verified;
  const list = parseTrustList(verified.value.payload);
  if (!list.ok) return list;
  const { serial, issuedAt, expiresAt } = list.value;
  if (known !== undefined && (serial < known.serial || issuedAt < known.issuedAt)) return refuse('older-than-known');
  return at !== undefined && expiresAt !== null && at >= expiresAt ? refuse('trust-list-expired') : list;
}

function onlyCertificate(pem: string) {
  try {
    const [der, ...others] = pemToDer(pem, 'CERTIFICATE');
    const parsed = der === undefined || others.length > 0 ? null : parseX509Certificate(der);
    return parsed?.ok ? parsed.value : null;
  } catch {
    // pemToDer throws for what is no base64.
    return null;
  }
}
