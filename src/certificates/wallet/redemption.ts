import type { Transaction } from '../../database/connection.ts';
import type { Result } from '../../result.ts';
import type { WalletRefusal } from './refusal.ts';
import type { OfferRow } from './store.ts';

/** The parameters of the token request, as they came. */
export type TokenParameters = Readonly<
  Record<
    'grantType' | 'preAuthorizedCode' | 'txCode' | 'code' | 'codeVerifier' | 'redirectUri' | 'clientId',
    string | undefined
  >
>;

export interface WalletToken {
  readonly accessToken: string;
  readonly type: 'DPoP' | 'Bearer';
  readonly scope: string;
}

/** What a code is exchanged by: the key of the DPoP proof, null without one, and whatever gives the token. */
export interface Redemption {
  readonly proofKey: string | null;
  readonly give: GiveToken;
}

/** Gives the token in the transaction in which the code is burnt. */
export type GiveToken = (tx: Transaction, offer: OfferRow) => Promise<Result<WalletToken, WalletRefusal>>;
