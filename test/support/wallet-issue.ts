import type { RequestDpopOptions } from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import type { Holder } from '../crypto/support/credentials.ts';
import { walletCallbacks } from './wallet.ts';

/** What a wallet does otherwise than it should, or leaves to its library. */
export interface IssueChoices {
  readonly pin?: string;
  /** Bound by DPoP, as HAIP wants it; false for a bearer token. */
  readonly dpop?: boolean;
  readonly nonce?: string;
  readonly issuedAt?: Date;
}

/** Takes an offer by the independent library, step by step. */
export async function openWallet(link: string, holder: Holder, { dpop = true }: IssueChoices = {}) {
  const client = new Openid4vciClient({ callbacks: walletCallbacks(holder) });
  const signer = { method: 'jwk' as const, alg: 'ES256', publicJwk: { ...holder.jwk } };
  const credentialOffer = await client.resolveCredentialOffer(link);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const [kind = ''] = credentialOffer.credential_configuration_ids;
  const bound = dpop ? { dpop: { signer } } : {};

  async function proofFor({ nonce, issuedAt }: IssueChoices = {}): Promise<string> {
    const given = nonce ?? (await client.requestNonce({ issuerMetadata })).c_nonce;
    const made = await client.createCredentialRequestJwtProof({
      issuerMetadata,
      credentialConfigurationId: kind,
      nonce: given,
      signer,
      ...(issuedAt === undefined ? {} : { issuedAt }),
    });
    return made.jwt;
  }

  return {
    client,
    credentialOffer,
    issuerMetadata,
    kind,
    signer,
    proofFor,
    async redeem(pin: string) {
      const token = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
        credentialOffer,
        issuerMetadata,
        txCode: pin,
        ...bound,
      });
      return { accessToken: token.accessTokenResponse.access_token, ...token };
    },
    async collect(token: { accessToken: string; dpop?: RequestDpopOptions }, proof?: string) {
      const { credentialResponse } = await client.retrieveCredentials({
        issuerMetadata,
        accessToken: token.accessToken,
        credentialConfigurationId: kind,
        proofs: { jwt: [proof ?? (await proofFor())] },
        ...(token.dpop === undefined ? {} : { dpop: token.dpop }),
      });
      const [first] = credentialResponse.credentials ?? [];
      // Sound: `credentials` of 1.0 holds objects with the credential in them.
      return (first as { credential: string }).credential;
    },
  };
}
