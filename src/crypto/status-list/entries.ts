import type { CredentialStatus } from './reference.ts';

/** Entries of one of our lists: many, so that a look at one of them tells nobody which credential it was for. */
export const statusListSize = 131_072;

/** draft-ietf-oauth-status-list §7.1; 3 is application-specific, and means superseded here. */
export const statusValues = { valid: 0, revoked: 1, suspended: 2, superseded: 3 } as const satisfies Record<
  CredentialStatus,
  number
>;

/** The bytes of a list with two bits for each entry; whatever is not named is valid. */
export function packStatuses(size: number, statuses: Iterable<readonly [number, CredentialStatus]>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(size / 4));
  for (const [index, status] of statuses) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such entry');
    const at = index >> 2;
    const shift = (index & 3) * 2;
    bytes[at] = ((bytes[at] ?? 0) & ~(3 << shift)) | (statusValues[status] << shift);
  }
  return bytes;
}

/** Entry `index` of a list, lowest bits first (§4.1); null beyond its end. */
export function readStatus(bytes: Uint8Array, bits: 1 | 2 | 4 | 8, index: number): number | null {
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)];
  return byte === undefined ? null : (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
}
