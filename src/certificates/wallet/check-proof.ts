import { verifyDpopProof } from '../../crypto/dpop.ts';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { isProofNonce } from '../../identity/proof-nonce.ts';
import { ok, type Result } from '../../result.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { secondsAfter } from './rules.ts';
import { secretHash } from './secrets.ts';
import { spend } from './store.ts';

/** A DPoP proof that fits the request it came with; `spendHash` makes it count once. */
export interface CheckedProof {
  readonly thumbprint: string;
  readonly spendHash: string;
  readonly expiresAt: Date;
}

/** @param of.proof - the header; null without one, which is for the caller to judge */
export async function checkProof(
  { identity, walletKey, clock }: Pick<Gateway, 'identity' | 'walletKey' | 'clock'>,
  of: { readonly proof: string; readonly method: string; readonly url: string; readonly accessToken: string | null },
): Promise<Result<CheckedProof, WalletRefusal>> {
  const now = clock.now();
  const isNonce = (nonce: string) => isProofNonce(identity.proofNonceKey, { nonce, at: now });
  const verified = await verifyDpopProof({ ...of, isNonce, now });
  if (!verified.ok) {
    return verified.fault === 'nonce-needed'
      ? refusal('use_dpop_nonce', 'dpop.nonce')
      : refusal('invalid_dpop_proof', 'dpop.refused');
  }
  const { thumbprint, jti, issuedAt } = verified.value;
  const spendHash = secretHash(walletKey, 'dpop', JSON.stringify([thumbprint, jti]));
  return ok({ thumbprint, spendHash, expiresAt: secondsAfter(issuedAt, 120) });
}

/** RFC 9449 §11.1 */
export async function spendProof(tx: Transaction, proof: CheckedProof | null): Promise<Result<true, WalletRefusal>> {
  if (proof === null || (await spend(tx, proof.spendHash, proof.expiresAt))) return ok(true);
  return refusal('invalid_dpop_proof', 'dpop.replayed');
}
