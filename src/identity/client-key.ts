import { createHash } from 'node:crypto';

/** RFC 7517: as it is published, for whoever verifies our assertions. */
export type ClientJwk = Readonly<Record<'kty' | 'crv' | 'x' | 'y' | 'kid' | 'alg' | 'use', string>>;

/** The key with which this gateway shows an OpenID provider who it is (`private_key_jwt`). */
export interface ClientKey {
  readonly kid: string;
  /** Signs with ES256 and cannot be exported. */
  readonly privateKey: CryptoKey;
  readonly publicJwk: ClientJwk;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/**
 * Reads a P-256 key in PKCS#8.
 *
 * @throws TypeError when it is none
 */
export async function importClientKey(pkcs8: Uint8Array): Promise<ClientKey> {
  const der = new Uint8Array(pkcs8);
  const exportable = await crypto.subtle.importKey('pkcs8', der, curve, true, ['sign']).catch(() => null);
  if (exportable === null) throw new TypeError('the client key is no P-256 key in PKCS#8');
  // Sound: a P-256 key has both, and its private one knows them (RFC 7518 §6.2).
  const { x, y } = (await crypto.subtle.exportKey('jwk', exportable)) as { readonly x: string; readonly y: string };
  // RFC 7638 §3.2: the required members in lexicographic order.
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url');
  return {
    kid,
    privateKey: await crypto.subtle.importKey('pkcs8', der, curve, false, ['sign']),
    publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
  };
}
