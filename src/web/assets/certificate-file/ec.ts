import { CertBag, Certificate, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo, type SafeBag } from 'pkijs';
import { CertificateFileError, type OpenedCertificateFile, signatureParameters, signWith } from './opened.ts';

/**
 * Opens a .p12 with an elliptic curve key, which node-forge cannot hold: pkijs reads the container, WebCrypto decrypts.
 *
 * @throws CertificateFileError
 */
export async function openEcFile(file: Uint8Array, password: string): Promise<OpenedCertificateFile> {
  const bags = await readBags(file, new TextEncoder().encode(password).buffer);
  const pkcs8 = bags.flatMap(keyOf)[0];
  const certificates = bags.flatMap(certificateOf);
  if (pkcs8 === undefined || certificates.length === 0) throw new CertificateFileError('file');
  const { curve, sign } = await signerOf(pkcs8);
  const leaf = await certificateFor(certificates, { curve, sign });
  const ders = [leaf, ...certificates.filter((certificate) => certificate !== leaf)];
  return { certificates: ders.map((certificate) => new Uint8Array(certificate.toSchema(false).toBER())), sign };
}

type Curve = 'p256' | 'p384';

interface CurveSigner {
  readonly curve: Curve;
  readonly sign: (text: Uint8Array) => Promise<Uint8Array>;
}

/** P-256 today, P-384 on the next card; WebCrypto takes a key for its own curve alone. */
async function signerOf(pkcs8: Uint8Array): Promise<CurveSigner> {
  for (const curve of ['p256', 'p384'] as const) {
    const sign = await signWith(curve, pkcs8).catch(() => null);
    if (sign !== null) return { curve, sign };
  }
  throw new CertificateFileError('unsupported');
}

async function readBags(file: Uint8Array, password: ArrayBuffer): Promise<readonly SafeBag[]> {
  const pfx = parsePfx(file);
  try {
    await pfx.parseInternalValues({ password, checkIntegrity: true });
  } catch (cause) {
    throw new CertificateFileError('password', { cause });
  }
  const safe = pfx.parsedValue?.authenticatedSafe;
  if (safe === undefined) throw new CertificateFileError('file');
  try {
    const parts = safe.safeContents.map((part) => (part.contentType === encryptedData ? { password } : {}));
    await safe.parseInternalValues({ safeContents: parts });
    // Sound: pkijs fills in one parsed SafeContents per part, but types them as any.
    const { safeContents } = safe.parsedValue as { safeContents: { value: { safeBags: SafeBag[] } }[] };
    const bags = safeContents.flatMap(({ value }) => value.safeBags);
    for (const bag of bags) await decryptKey(bag, password);
    return bags;
  } catch (cause) {
    throw new CertificateFileError('unsupported', { cause });
  }
}

const encryptedData = '1.2.840.113549.1.7.6';

function parsePfx(file: Uint8Array): PFX {
  try {
    return PFX.fromBER(new Uint8Array(file));
  } catch (cause) {
    throw new CertificateFileError('file', { cause });
  }
}

async function decryptKey(bag: SafeBag, password: ArrayBuffer): Promise<void> {
  const { bagValue } = bag;
  // `parseInternalValues` is protected in the types of pkijs though its own example calls it.
  if (bagValue instanceof PKCS8ShroudedKeyBag) {
    await (
      bagValue as unknown as { parseInternalValues(p: { password: ArrayBuffer }): Promise<void> }
    ).parseInternalValues({ password });
  }
}

function keyOf(bag: SafeBag): Uint8Array[] {
  const { bagValue } = bag;
  const info = bagValue instanceof PKCS8ShroudedKeyBag ? bagValue.parsedValue : bagValue;
  return info instanceof PrivateKeyInfo ? [new Uint8Array(info.toSchema().toBER())] : [];
}

function certificateOf(bag: SafeBag): Certificate[] {
  const { bagValue } = bag;
  return bagValue instanceof CertBag && bagValue.parsedValue instanceof Certificate ? [bagValue.parsedValue] : [];
}

/** The certificate of the key: the one whose public key accepts what the key signs. */
async function certificateFor(
  certificates: readonly Certificate[],
  { curve, sign }: CurveSigner,
): Promise<Certificate> {
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const signature = await sign(probe);
  for (const certificate of certificates) {
    const spki = new Uint8Array(certificate.subjectPublicKeyInfo.toSchema().toBER());
    const key = await crypto.subtle
      .importKey('spki', spki, signatureParameters[curve], false, ['verify'])
      .catch(() => null);
    if (key === null) continue;
    if (await crypto.subtle.verify(signatureParameters[curve], key, new Uint8Array(signature), probe))
      return certificate;
  }
  throw new CertificateFileError('file');
}
