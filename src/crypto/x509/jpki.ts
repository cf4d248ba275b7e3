import type { X509Certificate } from './certificate.ts';

/** JPKI certificate profiles (J-LIS): which of the two certificates of the My Number Card this one says it is. */
export type JpkiKind = 'authentication' | 'signature';

export const JPKI_AUTHENTICATION_POLICY = '1.2.392.200149.8.5.1.3.30';
export const JPKI_SIGNATURE_POLICY = '1.2.392.200149.8.5.1.1.20';

/**
 * The kind by policy OID, or null for neither or both. It is the certificate's own claim: believe it only of a certificate that
 * `verifyPath` accepted under a JPKI anchor with that policy as its purpose.
 */
export function jpkiKind(certificate: X509Certificate): JpkiKind | null {
  const policies = certificate.extensions.policies?.oids ?? [];
  const authentication = policies.includes(JPKI_AUTHENTICATION_POLICY);
  const signature = policies.includes(JPKI_SIGNATURE_POLICY);
  if (authentication === signature) return null;
  return authentication ? 'authentication' : 'signature';
}
