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

/** Whom a verifier trusts, for what. */
export interface TrustList {
  readonly version: 'hikitsugi-trust/1';
  readonly issuedAt: Date;
  readonly anchors: readonly { readonly purpose: TrustPurpose; readonly anchor: TrustAnchor }[];
  /** Verifier keys of the transparency log, as signed notes write them. */
  readonly logKeys: readonly string[];
}

export type TrustListReason = JoseReason | 'list-malformed' | 'anchor-malformed' | 'older-than-known';

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

const schema = z.strictObject({
  version: z.literal('hikitsugi-trust/1'),
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
});

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
  const { version, issuedAt, logKeys } = parsed.data;
  return ok({ version, issuedAt: new Date(issuedAt), anchors, logKeys });
}

/** Signs a list as a flattened JWS over its canonical JSON. */
export async function signTrustList(list: TrustList, signer: Signer): Promise<FlattenedJws> {
  const anchors = list.anchors.map(({ purpose, anchor }) => ({
    name: anchor.name,
    purpose,
    algorithms: anchor.algorithms,
    certificate: derToPem(anchor.certificate.der, 'CERTIFICATE'),
  }));
  const { version, issuedAt, logKeys } = list;
  const payload = canonicalJson({ version, issuedAt: issuedAt.toISOString(), anchors, logKeys });
  return signJws({ payload, header: { typ: trustListType }, signer });
}

/**
 * Verifies a signed list by the key that was pinned beforehand; the list cannot bring its own.
 *
 * @param input.notOlderThan - issuedAt of the list known so far: an older one is refused, lest a lost key come back
 */
export async function verifyTrustList(input: {
  readonly jws: unknown;
  readonly key: VerificationKey;
  readonly notOlderThan?: Date;
}): Promise<Result<TrustList, TrustListReason>> {
  const { jws, key, notOlderThan } = input;
  const verified = await verifyJws({ jws, algorithms: signerAlgorithms, typ: trustListType, keyFrom: () => key });
  if (!verified.ok) return verified;
  const list = parseTrustList(verified.value.payload);
  if (list.ok && notOlderThan !== undefined && list.value.issuedAt < notOlderThan) return refuse('older-than-known');
  return list;
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
