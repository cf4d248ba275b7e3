import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { openSmall, sealSmall } from '../crypto/chunked.ts';
import { type Signer, type SignerAlgorithm, webCryptoSigner } from '../crypto/signer.ts';
import type { Trust } from '../crypto/trust.ts';
import { verifyRawSignature } from '../crypto/x509/algorithms.ts';
import { parseX509Certificate, type X509Certificate } from '../crypto/x509/certificate.ts';
import { verifyPath } from '../crypto/x509/path.ts';
import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import type { KeyService } from '../keys/service.ts';
import { ok, type Result, refuse } from '../result.ts';
import { isSealOfAnother } from './seal-holder.ts';
import { sealPurpose } from './seal-purpose.ts';
import { sealKeys } from './tables.ts';

export type SealKeyRow = typeof sealKeys.$inferSelect;

/** A seal key ready to be stored: checked against the anchors for seals and wrapped by the key service. */
export type WrappedSealKey = Omit<
  SealKeyRow,
  'id' | 'schoolCode' | 'registeredBy' | 'doubtedAt' | 'addedAt' | 'retiredAt'
>;

interface SealChecks {
  readonly trust: Trust;
  readonly now: Date;
}

/**
 * Does this chain lead to an anchor for seals, unrevoked and in time, and name no other school? Gives its leaf.
 * Faults: seal.key-refused
 */
export async function checkSealChain(
  key: { readonly chain: readonly Uint8Array[]; readonly school: string },
  by: SealChecks,
): Promise<Result<X509Certificate>> {
  const certificates = key.chain.flatMap((der) => {
    const parsed = parseX509Certificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
  const leaf = certificates[0];
  if (leaf === undefined) return refuse(fault('seal.key-refused', { detail: 'certificate-malformed' }));
  const path = await verifyPath({
    leaf,
    pool: certificates.slice(1),
    anchors: by.trust.seal,
    at: by.now,
    purpose: sealPurpose,
    revocation: by.trust.revocation,
  });
  if (!path.valid) return refuse(fault('seal.key-refused', { detail: path.reasons[0]?.code ?? 'path' }));
  if (isSealOfAnother(leaf, key.school)) return refuse(fault('seal.key-refused', { detail: 'other-school' }));
  return ok(leaf);
}

/**
 * Checks and wraps a school's seal key. Faults: seal.key-refused when key and certificate do not belong together, or the
 * certificate does not lead to an anchor for seals, is revoked or expired, or names another school.
 */
export async function wrapSealKey(
  key: { readonly privateKey: Uint8Array; readonly chain: readonly Uint8Array[]; readonly school: string },
  by: SealChecks & { readonly keys: KeyService },
): Promise<Result<WrappedSealKey>> {
  const checked = await checkSealChain(key, by);
  if (!checked.ok) return checked;
  const leaf = checked.value;
  const algorithm = algorithmOf(leaf);
  if (algorithm === null || !(await belongTogether(key.privateKey, leaf, algorithm))) {
    return refuse(fault('seal.key-refused', { detail: 'key-does-not-fit' }));
  }
  const root = (await by.keys.describe()).root;
  if (root === null) return refuse(fault('gateway.unavailable', { detail: 'key-service' }));
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return ok({
    algorithm,
    chain: key.chain.map((der) => Buffer.from(der).toString('base64')),
    fingerprint: leaf.sha256,
    rootRef: root,
    wrappedKey: await by.keys.wrap(root, secret, wrapLabel(leaf.sha256)),
    sealedPrivateKey: sealSmall({ key: secret, context: context(leaf.sha256), message: key.privateKey }),
    notAfter: leaf.notAfter,
  });
}

/**
 * A seal key that stays with the school's own system: its certificate alone is registered, checked like any other.
 * Faults: seal.key-refused
 */
export async function sealCertificate(
  key: { readonly chain: readonly Uint8Array[]; readonly school: string },
  by: SealChecks,
): Promise<Result<WrappedSealKey>> {
  const checked = await checkSealChain(key, by);
  if (!checked.ok) return checked;
  const leaf = checked.value;
  const algorithm = algorithmOf(leaf);
  if (algorithm === null) return refuse(fault('seal.key-refused', { detail: 'algorithm' }));
  return ok({
    algorithm,
    chain: key.chain.map((der) => Buffer.from(der).toString('base64')),
    fingerprint: leaf.sha256,
    rootRef: null,
    wrappedKey: null,
    sealedPrivateKey: null,
    notAfter: leaf.notAfter,
  });
}

/** Puts a school's new seal key in force; the former one is kept, retired. */
export async function storeSealKey(
  tx: Transaction,
  stored: {
    readonly id: string;
    readonly schoolCode: string;
    readonly key: WrappedSealKey;
    /** The event that says so in the log. */
    readonly registeredBy: string;
    readonly at: Date;
  },
): Promise<void> {
  await retireSealKey(tx, stored);
  const { key, id, schoolCode, registeredBy, at } = stored;
  await tx.insert(sealKeys).values({ ...key, id, schoolCode, registeredBy, addedAt: at });
}

/** Takes the school's key out of force, if there is one; what it has sealed stays verifiable. */
export async function retireSealKey(
  tx: Transaction,
  { schoolCode, at }: { readonly schoolCode: string; readonly at: Date },
): Promise<void> {
  await tx
    .update(sealKeys)
    .set({ retiredAt: at })
    .where(and(eq(sealKeys.schoolCode, schoolCode), isNull(sealKeys.retiredAt)));
}

export async function findSealKey(tx: Transaction, schoolCode: string): Promise<SealKeyRow | null> {
  const [row] = await tx
    .select()
    .from(sealKeys)
    .where(and(eq(sealKeys.schoolCode, schoolCode), isNull(sealKeys.retiredAt)));
  return row ?? null;
}

/** All keys that the school has had, the newest first. */
export async function listSealKeys(tx: Transaction, schoolCode: string, limit: number): Promise<SealKeyRow[]> {
  return tx
    .select()
    .from(sealKeys)
    .where(eq(sealKeys.schoolCode, schoolCode))
    .orderBy(desc(sealKeys.addedAt), desc(sealKeys.id))
    .limit(limit);
}

/** The key as the school registered it last; null when it never did. */
export async function findSealKeyByFingerprint(
  tx: Transaction,
  schoolCode: string,
  fingerprint: string,
): Promise<SealKeyRow | null> {
  const [row] = await tx
    .select()
    .from(sealKeys)
    .where(and(eq(sealKeys.schoolCode, schoolCode), eq(sealKeys.fingerprint, fingerprint)))
    .orderBy(desc(sealKeys.addedAt))
    .limit(1);
  return row ?? null;
}

/**
 * The chain of a seal that some school has or had, by the SHA-256 of its certificate, hexadecimal; null for one in doubt. It is public:
 * it stands in every signature of that seal.
 */
export async function findPublishedSeal(tx: Transaction, fingerprint: string): Promise<readonly Uint8Array[] | null> {
  const [row] = await tx
    .select({ chain: sealKeys.chain })
    .from(sealKeys)
    .where(and(eq(sealKeys.fingerprint, fingerprint), isNull(sealKeys.doubtedAt)))
    .orderBy(desc(sealKeys.addedAt))
    .limit(1);
  return row === undefined ? null : chainOf(row);
}

/** The keys in force of all schools, for the watch over them. */
export async function listKeysInForce(tx: Transaction): Promise<SealKeyRow[]> {
  return tx.select().from(sealKeys).where(isNull(sealKeys.retiredAt)).orderBy(asc(sealKeys.schoolCode));
}

/** False when it was in doubt already. */
export async function markDoubted(tx: Transaction, id: string, at: Date): Promise<boolean> {
  const marked = await tx
    .update(sealKeys)
    .set({ doubtedAt: at })
    .where(and(eq(sealKeys.id, id), isNull(sealKeys.doubtedAt)))
    .returning({ id: sealKeys.id });
  return marked.length === 1;
}

/**
 * The signer behind a stored key; the private key is in memory only while it is imported. Null when it is not here: the
 * school seals by its own system.
 */
export async function openSealKey(row: SealKeyRow, keys: KeyService): Promise<Signer | null> {
  const { rootRef, wrappedKey, sealedPrivateKey } = row;
  if (rootRef === null || wrappedKey === null || sealedPrivateKey === null) return null;
  const secret = await keys.unwrap(rootRef, wrappedKey, wrapLabel(row.fingerprint));
  const pkcs8 = openSmall({ key: secret, context: context(row.fingerprint), sealed: sealedPrivateKey });
  return webCryptoSigner(pkcs8, chainOf(row), row.algorithm);
}

export function chainOf(row: Pick<SealKeyRow, 'chain'>): readonly Uint8Array[] {
  return row.chain.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
}

function algorithmOf(leaf: X509Certificate): SignerAlgorithm | null {
  switch (leaf.publicKey.kind) {
    case 'rsa':
      return 'RS256';
    case 'p256':
      return 'ES256';
    case 'p384':
      return 'ES384';
    case 'ed25519':
      return null;
  }
}

async function belongTogether(pkcs8: Uint8Array, leaf: X509Certificate, algorithm: SignerAlgorithm): Promise<boolean> {
  try {
    const probe = crypto.getRandomValues(new Uint8Array(32));
    const signature = await (await webCryptoSigner(pkcs8, [leaf.der], algorithm)).sign(probe);
    return await verifyProbe({ leaf, algorithm, probe, signature });
  } catch {
    return false;
  }
}

async function verifyProbe(input: {
  readonly leaf: X509Certificate;
  readonly algorithm: SignerAlgorithm;
  readonly probe: Uint8Array;
  readonly signature: Uint8Array;
}): Promise<boolean> {
  const names = {
    RS256: 'rsa-pkcs1-sha256',
    PS256: 'rsa-pss-sha256',
    ES256: 'ecdsa-p256-sha256',
    ES384: 'ecdsa-p384-sha384',
  } as const;
  return verifyRawSignature({
    algorithm: names[input.algorithm],
    spki: input.leaf.publicKey.spki,
    data: input.probe,
    signature: input.signature,
  });
}

function wrapLabel(fingerprint: string): string {
  return `hikitsugi/seal-key/v1/${fingerprint}`;
}

function context(fingerprint: string): Uint8Array {
  return new TextEncoder().encode(`hikitsugi/seal-key/v1/${fingerprint}/private-key`);
}
