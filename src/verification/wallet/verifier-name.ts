import { createHash } from 'node:crypto';
import { toBase64url } from '../../crypto/jose-encoding.ts';
import type { Gateway } from '../../gateway.ts';

export const walletVerifierPath = '/verify/wallet';

/**
 * Client identifier by the hash of the certificate that signs the requests (OpenID4VP 1.0 §5.9.3): no registry is asked, and it is what
 * HAIP 1.0 wants. The audience of every holder's proof.
 */
export function verifierName({ evidence }: Pick<Gateway, 'evidence'>): string {
  const [leaf] = evidence.chain;
  if (leaf === undefined) throw new Error('the evidence key has no certificate');
  return `x509_hash:${toBase64url(new Uint8Array(createHash('sha256').update(leaf).digest()))}`;
}

function requestUri({ settings }: Pick<Gateway, 'settings'>, id: string): string {
  return `${settings.PUBLIC_ORIGIN}${walletVerifierPath}/requests/${id}`;
}

export function responseUri({ settings }: Pick<Gateway, 'settings'>, id: string): string {
  return `${settings.PUBLIC_ORIGIN}${walletVerifierPath}/responses/${id}`;
}

/** What the QR code and the link say: where the signed request lies. */
export function walletLink(gateway: Pick<Gateway, 'settings' | 'evidence'>, id: string): string {
  const query = new URLSearchParams({
    client_id: verifierName(gateway),
    request_uri: requestUri(gateway, id),
    request_uri_method: 'post',
  });
  return `openid4vp://?${query.toString()}`;
}
