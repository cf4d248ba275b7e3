import { timingSafeEqual } from 'node:crypto';
import { parseBase64url, toBase64url } from '../../crypto/jose-encoding.ts';
import { keyedHash } from '../../crypto/keyed-hash.ts';
import { randomBelow, systemRandom } from '../../crypto/random.ts';
import { nonceSeconds, pinDigits } from './rules.ts';

/** What a wallet carries, each of which is another thing: the hash of one is never the hash of another. */
export type Secret = 'pre-authorized-code' | 'issuer-state' | 'request' | 'code' | 'token' | 'nonce' | 'dpop';

/** What the database keeps of a secret. */
export function secretHash(walletKey: Uint8Array, what: Secret, value: string): string {
  return toBase64url(keyedHash(walletKey, `hikitsugi/wallet-${what}/v1`, value));
}

/** What an offer says: made out of its id and the key each time it is asked for, and stored nowhere. */
export function offerSecrets(walletKey: Uint8Array, offerId: string) {
  const derive = (what: string) => toBase64url(keyedHash(walletKey, `hikitsugi/wallet-offer-${what}/v1`, offerId));
  return { preAuthorizedCode: derive('code'), issuerState: derive('state') };
}

export function newPin(): string {
  return String(randomBelow(10 ** pinDigits, systemRandom)).padStart(pinDigits, '0');
}

const nonceBytes = 12;

/**
 * `c_nonce` (OpenID4VCI 1.0 §7): random bytes, the second of its making, and a MAC over both, so that none has to be remembered until it is
 * used.
 */
export function newNonce(walletKey: Uint8Array, at: Date): string {
  const body = new Uint8Array(nonceBytes + 8);
  body.set(systemRandom(nonceBytes));
  new DataView(body.buffer).setBigUint64(nonceBytes, BigInt(Math.floor(at.getTime() / 1000)));
  const text = toBase64url(body);
  return `${text}.${macOf(walletKey, text)}`;
}

/** Ours, and not too old. Whether it was used before is for the table to say. */
export function isFreshNonce(walletKey: Uint8Array, nonce: string, now: Date): boolean {
  const [text = '', mac = '', ...rest] = nonce.split('.');
  if (rest.length > 0 || !isSame(mac, macOf(walletKey, text))) return false;
  const body = parseBase64url(text);
  if (body?.length !== nonceBytes + 8) return false;
  const madeAt = Number(new DataView(body.buffer, body.byteOffset).getBigUint64(nonceBytes));
  const age = Math.floor(now.getTime() / 1000) - madeAt;
  return age >= -5 && age < nonceSeconds;
}

function macOf(walletKey: Uint8Array, text: string): string {
  return toBase64url(keyedHash(walletKey, 'hikitsugi/wallet-c-nonce/v1', text));
}

export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
