import { isJsonObject, type JsonValue } from '../strict-json.ts';

/** Where the status of a credential stands: `status.status_list` of draft-ietf-oauth-status-list. */
export interface StatusReference {
  readonly uri: string;
  readonly index: number;
}

/** What a list says of one credential; `superseded` is the application-specific value 3. */
export type CredentialStatus = 'valid' | 'revoked' | 'suspended' | 'superseded';

export type StatusAnswer =
  | { readonly status: CredentialStatus }
  /** Nobody could say; never to be shown as valid. */
  | { readonly status: 'unknown'; readonly reason: StatusReason };

export type StatusReason =
  | 'list-missing'
  | 'list-uri-mismatch'
  | 'list-issuer-mismatch'
  | 'list-not-yet-valid'
  | 'list-expired'
  | 'list-stale'
  | 'index-out-of-range'
  | 'value-unknown';

/** Answers for the status of a credential of this issuer. */
export type StatusSource = (reference: StatusReference, issuer: string) => Promise<StatusAnswer> | StatusAnswer;

/** The `status` claim; null when it is anything but one reference to a list. */
export function parseStatusClaim(claim: JsonValue): StatusReference | null {
  if (!isJsonObject(claim) || Object.keys(claim).join(' ') !== 'status_list') return null;
  const list = claim['status_list'];
  if (!isJsonObject(list) || Object.keys(list).sort().join(' ') !== 'idx uri') return null;
  const { idx, uri } = list;
  const isIndex = typeof idx === 'number' && Number.isSafeInteger(idx) && idx >= 0;
  return isIndex && typeof uri === 'string' && uri !== '' ? { uri, index: idx } : null;
}
