import type { SealDetail } from '../audit/detail.ts';
import type { Clock } from '../clock.ts';
import type { VerificationKey } from '../crypto/jose-key.ts';
import type { Signer } from '../crypto/signer.ts';
import type { TrustAnchor } from '../crypto/x509/path.ts';
import type { RevocationSource } from '../crypto/x509/revocation.ts';
import type { Database } from '../database/connection.ts';
import type { ClientJwk } from './client-key.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { PersonAccount } from './person-provider.ts';
import type { RateSettings } from './rate-rules.ts';

export interface SessionLimits {
  readonly idleMinutes: number;
  readonly absoluteHours: number;
}

/** Whose personal certificates count, and how they are looked up. Immutable configuration (ASVS 6.7.1). */
export interface PersonTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Key of the hash by which a certificate is recognised; 32 bytes that never change. */
  readonly indexKey: Uint8Array;
}

/** The key that access tokens are signed with, and its public half. */
interface TokenKey {
  readonly signer: Signer;
  readonly verification: VerificationKey;
}

/** What this room is given; the gateway holds one of these. */
export interface IdentityServices {
  readonly database: Database;
  readonly clock: Clock;
  /** The origin that browsers see, without a trailing slash; it is also the issuer of access tokens. */
  readonly publicOrigin: string;
  readonly sessionLimits: SessionLimits;
  readonly rates: RateSettings;
  readonly identityProviders: readonly IdentityProvider[];
  /** デジタル認証アプリ; none where the operator has not registered with it. */
  readonly personProviders: readonly IdentityProvider<PersonAccount>[];
  /** Public halves of the keys with which this gateway shows those providers who it is; the first is in use. */
  readonly clientKeys: readonly ClientJwk[];
  readonly personTrust: PersonTrust;
  readonly tokenKey: TokenKey;
  /** Makes the nonces of DPoP proofs; the same 32 bytes or more in every process. */
  readonly proofNonceKey: Uint8Array;
  /** How the log keeps the detail of an entry. */
  readonly sealDetail: SealDetail;
}
