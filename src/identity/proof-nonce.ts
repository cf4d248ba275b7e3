import { createHmac } from 'node:crypto';

const windowSeconds = 120;

/**
 * The nonce that a DPoP proof has to carry now (RFC 9449 §8). It comes out of the time and a key that all processes
 * share, so none of them has to remember any; a proof made ahead of time is worthless after four minutes at most.
 */
export function proofNonce(key: Uint8Array, at: Date): string {
  return nonceOf(key, windowOf(at));
}

/** Of this window, the one before, or the next: another process may be a little ahead. Nonces are public, no secret. */
export function isProofNonce(key: Uint8Array, { nonce, at }: { readonly nonce: string; readonly at: Date }): boolean {
  const now = windowOf(at);
  return [now, now - 1, now + 1].some((window) => nonceOf(key, window) === nonce);
}

function windowOf(at: Date): number {
  return Math.floor(at.getTime() / 1000 / windowSeconds);
}

function nonceOf(key: Uint8Array, window: number): string {
  return createHmac('sha256', key).update(`hikitsugi/dpop-nonce/v1\0${window}`).digest('base64url');
}
