import type { Purpose } from '../crypto/x509/path.ts';

/** What a seal certificate must be for: signatures that commit, and documents (RFC 9336) where it names a purpose. */
export const sealPurpose: Purpose = {
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  extendedKeyUsage: '1.3.6.1.5.5.7.3.36',
};
