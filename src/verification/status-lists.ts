import type { CredentialStatus, StatusReference } from '../crypto/status-list/reference.ts';
import { statusOf, verifyStatusList } from '../crypto/status-list/verify.ts';
import type { TrustMaterial } from './trust-material.ts';

/** `reason` is finer than the verifier of credentials needs: also why a list itself is not believed. */
export type ListAnswer =
  | { readonly status: CredentialStatus }
  | { readonly status: 'unknown'; readonly reason: string };

/** What a list at hand says of a credential, or why it says nothing; a list that is not believed says nothing. */
export async function askLists(
  tokens: readonly string[],
  asked: { readonly reference: StatusReference; readonly issuer: string },
  { seal, revocation, at, cache }: TrustMaterial,
): Promise<ListAnswer> {
  let reason = 'list-missing';
  for (const token of tokens) {
    const verified = await verifyStatusList({ token, anchors: seal, revocation, at, cache });
    if (!verified.ok) {
      reason = prefixed(verified.fault);
      continue;
    }
    const answer = statusOf(verified.value, { ...asked, at });
    // Lists of other credentials may lie beside it.
    if (answer.status !== 'unknown') return answer;
    if (answer.reason !== 'list-uri-mismatch' || reason === 'list-missing') reason = answer.reason;
  }
  return { status: 'unknown', reason };
}

/** `issuer-revoked` of a list is no word about the issuer of the credential. */
function prefixed(fault: string): string {
  return fault.startsWith('list-') ? fault : `list-${fault}`;
}
