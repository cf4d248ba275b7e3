import type { Gateway } from '../../gateway.ts';
import { randomToken } from '../../identity/secrets.ts';
import { ok, type Result } from '../../result.ts';
import { checkProof, spendProof } from './check-proof.ts';
import { issuerIdentifier } from './issuer.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { authorizationMinutes, isWalletAddress, secondsAfter } from './rules.ts';
import { secretHash } from './secrets.ts';
import { findOffer, insertAuthorization, walletJob } from './store.ts';

export const requestPrefix = 'urn:ietf:params:oauth:request_uri:';

/** The parameters of a pushed authorization request (RFC 9126 §2.1), as they came. */
export type PushedParameters = Readonly<
  Record<
    | 'responseType'
    | 'clientId'
    | 'redirectUri'
    | 'codeChallenge'
    | 'codeChallengeMethod'
    | 'scope'
    | 'issuerState'
    | 'state',
    string | undefined
  >
>;

/**
 * Takes a wallet's request before its owner is asked. Wallets are not registered, so nobody knows whose they are; therefore a request has to
 * come out of an offer (`issuer_state`), and only whoever made that offer can agree to it.
 *
 * @returns the `request_uri`
 */
export async function pushAuthorization(
  gateway: Gateway,
  parameters: PushedParameters,
  dpop: string | undefined,
): Promise<Result<string, WalletRefusal>> {
  const asked = parse(parameters);
  if (!asked.ok) return asked;
  const url = `${issuerIdentifier(gateway)}/par`;
  const proof =
    dpop === undefined ? ok(null) : await checkProof(gateway, { proof: dpop, method: 'POST', url, accessToken: null });
  if (!proof.ok) return proof;
  const { issuerState, scope, ...request } = asked.value;
  const now = gateway.clock.now();
  const value = secretHash(gateway.walletKey, 'issuer-state', issuerState);
  const handle = randomToken();
  return gateway.database.transaction(walletJob, async (tx) => {
    const isFirst = await spendProof(tx, proof.value);
    if (!isFirst.ok) return isFirst;
    const offer = await findOffer(tx, { key: 'stateHash', value }, now);
    if (offer?.state !== 'open') return refusal('invalid_request', offer === null ? 'offer.unknown' : 'offer.used');
    // §5.1.2: unknown scopes are ignored.
    if (!scope.split(' ').includes(offer.kind)) return refusal('invalid_scope', 'scope.mismatch');
    await insertAuthorization(tx, {
      ...request,
      requestHash: secretHash(gateway.walletKey, 'request', handle),
      offerId: offer.id,
      proofKey: proof.value?.thumbprint ?? null,
      state: 'pushed',
      expiresAt: secondsAfter(now, authorizationMinutes * 60),
    });
    return ok(`${requestPrefix}${handle}`);
  });
}

interface Asked {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly walletState: string | null;
  readonly issuerState: string;
  readonly scope: string;
}

function parse(parameters: PushedParameters): Result<Asked, WalletRefusal> {
  const { responseType, clientId, redirectUri, codeChallenge, codeChallengeMethod, scope, issuerState, state } =
    parameters;
  if (responseType !== 'code') return refusal('unsupported_response_type', 'parameter.missing');
  if (clientId === undefined || issuerState === undefined || scope === undefined) {
    return refusal('invalid_request', 'parameter.missing');
  }
  if (redirectUri === undefined || !isWalletAddress(redirectUri)) return refusal('invalid_request', 'redirect.refused');
  const isChallenge = codeChallengeMethod === 'S256' && /^[\w-]{43}$/.test(codeChallenge ?? '');
  if (codeChallenge === undefined || !isChallenge) return refusal('invalid_request', 'pkce.missing');
  if (clientId.length > 500 || (state?.length ?? 0) > 1000) return refusal('invalid_request', 'parameter.missing');
  return ok({ clientId, redirectUri, codeChallenge, walletState: state ?? null, issuerState, scope });
}
