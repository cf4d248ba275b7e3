/** Why a JWS or JWT was refused. */
export type JoseReason =
  | 'malformed'
  | 'header-not-allowed'
  | 'algorithm-not-allowed'
  | 'type-mismatch'
  | 'key-unknown'
  | 'key-not-usable'
  | 'signature-invalid'
  | 'claims-invalid'
  | 'expired'
  | 'not-yet-valid'
  | 'issuer-mismatch'
  | 'audience-mismatch'
  | 'lifetime-too-long';
