export type SignerAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'ES384';

export const signerAlgorithms: readonly SignerAlgorithm[] = ['RS256', 'PS256', 'ES256', 'ES384'];

/** Something that can sign: a key in memory, behind an HSM or at a remote seal service. */
export interface Signer {
  readonly algorithm: SignerAlgorithm;
  /** DER certificates, leaf first, then the intermediates; never the root. Empty for a bare key. */
  readonly chain: readonly Uint8Array[];
  /** Signature in the form of JWS: r‖s for ECDSA (RFC 7518 §3.4), the plain octets for RSA. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** The hash that belongs to a signature algorithm. */
export function digestOf(algorithm: SignerAlgorithm): 'SHA-256' | 'SHA-384' {
  return algorithm === 'ES384' ? 'SHA-384' : 'SHA-256';
}

/** WebCrypto's name and parameters for importing a key of this algorithm. */
export function importParameters(algorithm: SignerAlgorithm): RsaHashedImportParams | EcKeyImportParams {
  switch (algorithm) {
    case 'RS256':
      return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    case 'PS256':
      return { name: 'RSA-PSS', hash: 'SHA-256' };
    case 'ES256':
      return { name: 'ECDSA', namedCurve: 'P-256' };
    case 'ES384':
      return { name: 'ECDSA', namedCurve: 'P-384' };
  }
}

/** A signer over a key that WebCrypto holds; the key may be non-extractable. */
export function cryptoKeySigner(key: CryptoKey, chain: readonly Uint8Array[], algorithm: SignerAlgorithm): Signer {
  return {
    algorithm,
    chain,
    async sign(data) {
      const signature = await crypto.subtle.sign(signParameters(algorithm), key, new Uint8Array(data));
      return new Uint8Array(signature);
    },
  };
}

/**
 * A signer over a PKCS#8 private key, imported once and kept as a non-extractable CryptoKey.
 *
 * @param pkcs8 - the private key as DER
 * @param chain - DER certificates, leaf first, without the root
 * @throws when the key is malformed or does not fit the algorithm
 */
export async function webCryptoSigner(
  pkcs8: Uint8Array,
  chain: readonly Uint8Array[],
  algorithm: SignerAlgorithm,
): Promise<Signer> {
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), importParameters(algorithm), false, [
    'sign',
  ]);
  return cryptoKeySigner(key, chain, algorithm);
}

function signParameters(algorithm: SignerAlgorithm): Algorithm | RsaPssParams | EcdsaParams {
  switch (algorithm) {
    case 'RS256':
      return { name: 'RSASSA-PKCS1-v1_5' };
    case 'PS256':
      return { name: 'RSA-PSS', saltLength: 32 };
    case 'ES256':
    case 'ES384':
      return { name: 'ECDSA', hash: digestOf(algorithm) };
  }
}
