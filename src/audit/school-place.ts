import { createHmac } from 'node:crypto';
import { toHex } from './bytes.ts';
import { sha256 } from './hash.ts';

/**
 * The place of an entry among its school's: HMAC-SHA-256 of its number (1, 2, 3 … in decimal digits) under the key of the school's
 * slice. Who has the key reads all the numbers and misses none; to everybody else two entries of one school have nothing in common,
 * and do not tell how busy it is.
 *
 * @param key - 32 random bytes for each school and log
 */
export function schoolPlace(key: Uint8Array, seq: bigint): string {
  return createHmac('sha256', key).update(String(seq)).digest('hex');
}

/** The name of a school's slice: the beginning of its key's SHA-256, so that one name cannot be shown with two keys. */
export function schoolSliceOf(key: Uint8Array): string {
  return toHex(sha256(new TextEncoder().encode('hikitsugi school slice\n'), key)).slice(0, 32);
}
