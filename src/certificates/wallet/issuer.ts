import type { Gateway } from '../../gateway.ts';
import { type IssuedKind, templateKinds } from '../../records/certificate-kinds.ts';

/**
 * Everything that wallets call. The Credential Issuer and its authorization server are one (OpenID4VCI 1.0 §12.2.4), apart from the one
 * that school-affairs systems ask for tokens.
 */
export const walletPath = '/wallet';

export function issuerIdentifier({ settings }: Pick<Gateway, 'settings'>): string {
  return `${settings.PUBLIC_ORIGIN}${walletPath}`;
}

/** RFC 8414 §3.1, OpenID4VCI 1.0 §12.2.2: the well-known part stands between host and path. */
export function wellKnown(name: 'openid-credential-issuer' | 'oauth-authorization-server') {
  return `/.well-known/${name}${walletPath}` as const;
}

/** `credential_configuration_id` and `scope`: the kind. */
export const offeredKinds: readonly IssuedKind[] = templateKinds;

export const preAuthorizedGrant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
