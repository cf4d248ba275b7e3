/** A key pair for ECDH-ES: the private JWK says what it is for, since `decryptJwe` takes no key that does not. */
export interface EncryptionKeyPair {
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** @param kid - names the key within what it is published in (RFC 7517 §4.5) */
export async function makeEncryptionKey(kid: string): Promise<EncryptionKeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const { x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, use: 'enc', alg: 'ECDH-ES', kid };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}
