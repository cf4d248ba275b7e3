/** What a .p12 file holds, ready to sign; the key stays inside WebCrypto and cannot be taken out again. */
export interface OpenedCertificateFile {
  /** DER, leaf first. */
  readonly certificates: readonly Uint8Array[];
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** Why a file could not be used; the page has a sentence for each. */
export type CertificateFileReason = 'password' | 'file' | 'unsupported';

export class CertificateFileError extends Error {
  readonly reason: CertificateFileReason;
  constructor(reason: CertificateFileReason, options?: ErrorOptions) {
    super(`The certificate file cannot be used: ${reason}`, options);
    this.name = 'CertificateFileError';
    this.reason = reason;
  }
}

export const signatureParameters = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  p256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  p384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
} as const;

/** The private key as PKCS#8, locked into WebCrypto. */
export async function signWith(
  kind: keyof typeof signatureParameters,
  pkcs8: Uint8Array,
): Promise<(text: Uint8Array) => Promise<Uint8Array>> {
  const parameters = signatureParameters[kind];
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), parameters, false, ['sign']);
  return async (text) => new Uint8Array(await crypto.subtle.sign(parameters, key, new Uint8Array(text)));
}
