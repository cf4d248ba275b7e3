/** Why a JWS, JWT or JWE was refused. */
export type JoseReason =
  | 'malformed'
  | 'header-not-allowed'
  | 'algorithm-not-allowed'
  | 'type-mismatch'
  | 'key-unknown'
  | 'key-not-usable'
  | 'signature-invalid'
  | 'decryption-failed'
  | 'claims-invalid'
  | 'expired'
  | 'not-yet-valid'
  | 'issuer-mismatch'
  | 'audience-mismatch'
  | 'lifetime-too-long';
