/** What a wallet is told (RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §5, OpenID4VCI 1.0 §6.3, §8.3.1). */
export type WalletError =
  | 'invalid_request'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'invalid_token'
  | 'invalid_credential_request'
  | 'unknown_credential_configuration'
  | 'invalid_proof'
  | 'invalid_nonce'
  | 'credential_request_denied';

/** Our own code beside it, which stays what it is (docs/formats.md, Issuing into a wallet): `error_description`. */
export type WalletCode =
  | 'parameter.missing'
  | 'grant.unknown'
  | 'offer.unknown'
  | 'offer.used'
  | 'pin.missing'
  | 'pin.wrong'
  | 'pin.locked'
  | 'pkce.missing'
  | 'pkce.mismatch'
  | 'redirect.refused'
  | 'redirect.mismatch'
  | 'client.mismatch'
  | 'scope.mismatch'
  | 'code.unknown'
  | 'code.used'
  | 'dpop.refused'
  | 'dpop.nonce'
  | 'dpop.replayed'
  | 'dpop.mismatch'
  | 'token.unknown'
  | 'token.unbound'
  | 'configuration.mismatch'
  | 'proof.missing'
  | 'proof.too-many'
  | 'proof.refused'
  | 'nonce.refused'
  | 'nonce.used'
  | 'certificate.refused';

export interface WalletRefusal {
  readonly error: WalletError;
  readonly code: WalletCode;
}

export function refusal(error: WalletError, code: WalletCode): { readonly ok: false; readonly fault: WalletRefusal } {
  return { ok: false, fault: { error, code } };
}
