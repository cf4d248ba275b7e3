import { createHmac } from 'node:crypto';

/** HMAC-SHA-256 over a value, for one purpose: what comes out for another purpose is another thing. */
export function keyedHash(key: Uint8Array, purpose: string, value: string): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(`${purpose}\0${value}`).digest());
}
