import { dpopAlgorithms } from '../../crypto/dpop.ts';
import type { Gateway } from '../../gateway.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { typeOf } from '../../records/credential-type.ts';
import { t } from '../../web/text.ts';
import { issuerIdentifier, offeredKinds, preAuthorizedGrant } from './issuer.ts';

type Document = Readonly<Record<string, unknown>>;
type Named = Pick<Gateway, 'settings'>;

const locales = [
  { locale: 'ja', tag: 'ja-JP' },
  { locale: 'en', tag: 'en-US' },
] as const;

/** OpenID4VCI 1.0 §12.2.4. */
export function issuerMetadata(gateway: Named): Document {
  const issuer = issuerIdentifier(gateway);
  return {
    credential_issuer: issuer,
    credential_endpoint: `${issuer}/credential`,
    nonce_endpoint: `${issuer}/nonce`,
    display: locales.map(({ locale, tag }) => ({ name: t(locale, 'layout.service'), locale: tag })),
    credential_configurations_supported: Object.fromEntries(
      offeredKinds.map((kind) => [kind, configuration(gateway, kind)]),
    ),
  };
}

function configuration({ settings }: Named, kind: IssuedKind): Document {
  return {
    format: 'dc+sd-jwt',
    vct: typeOf(settings.PUBLIC_ORIGIN, kind),
    scope: kind,
    cryptographic_binding_methods_supported: ['jwk'],
    credential_signing_alg_values_supported: ['ES256'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    // What its claims are called stands in the type metadata, which goes before this.
    credential_metadata: {
      display: locales.map(({ locale, tag }) => ({ name: t(locale, `certificate.${kind}`), locale: tag })),
    },
  };
}

/** RFC 8414 §2, with OpenID4VCI 1.0 §12.3. */
export function authorizationServerMetadata(gateway: Named): Document {
  const issuer = issuerIdentifier(gateway);
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    require_pushed_authorization_requests: true,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['authorization_code', preAuthorizedGrant],
    'pre-authorized_grant_anonymous_access_supported': true,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: offeredKinds,
    dpop_signing_alg_values_supported: dpopAlgorithms,
    // RFC 9207: a wallet with several issuers cannot be mixed up.
    authorization_response_iss_parameter_supported: true,
  };
}
