import * as oidc from 'openid-client';
import type { ClientKey } from './client-key.ts';
import { type IdentityProvider, openProvider, type ProviderSettings } from './identity-provider.ts';

/** Who logged in at a provider for persons: nothing but a name that is this provider's own for us (pairwise `sub`). */
export interface PersonAccount {
  readonly issuer: string;
  readonly subject: string;
}

export interface PersonProviderSettings extends Omit<ProviderSettings, 'scope' | 'idTokenAlgorithm'> {
  readonly clientKey: ClientKey;
}

/**
 * デジタル認証アプリ: OpenID Connect over the card, with `private_key_jwt` (OIDC Core §9), PKCE and ES256.
 *
 * Only `openid` is asked for: name, address, birth date and sex are never received, so they cannot be kept or leak.
 * Which pupil this person belongs to is what a school says, never what the card says.
 */
export function openPersonProvider(settings: PersonProviderSettings): IdentityProvider<PersonAccount> {
  const { clientKey, ...provider } = settings;
  return openProvider(
    { ...provider, scope: 'openid', idTokenAlgorithm: 'ES256' },
    {
      authentication: oidc.PrivateKeyJwt({ key: clientKey.privateKey, kid: clientKey.kid }),
      accountOf: async ({ issuer, subject }) => (subject.length > 255 ? null : { issuer, subject }),
    },
  );
}
