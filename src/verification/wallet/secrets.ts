import { openSmall, sealSmall } from '../../crypto/chunked.ts';
import { hkdfExpandSha512 } from '../../crypto/hkdf.ts';
import { toBase64url } from '../../crypto/jose-encoding.ts';
import { keyedHash } from '../../crypto/keyed-hash.ts';
import { numberDigits } from './rules.ts';

/** What belongs to one request and can be made again from its id and the gateway's key: none of it is stored. */
export interface RequestSecrets {
  /** In the holder's proof. */
  readonly nonce: string;
  /** In the answer (RFC 6749 §4.1.1). */
  readonly state: string;
  /** What the holder tells whoever asked. */
  readonly number: string;
}

export function secretsOf(walletKey: Uint8Array, id: string): RequestSecrets {
  const derive = (what: string) => keyedHash(walletKey, `hikitsugi/presentation-${what}/v1`, id);
  return {
    nonce: toBase64url(derive('nonce')),
    state: toBase64url(derive('state')),
    number: numberFrom(derive('number')),
  };
}

/** What is stored of the code that the wallet sends its owner on with. */
export function responseCodeHash(walletKey: Uint8Array, code: string): string {
  return toBase64url(keyedHash(walletKey, 'hikitsugi/presentation-response/v1', code));
}

type Content = 'key' | 'report';

export function sealFor(walletKey: Uint8Array, of: { readonly id: string; readonly content: Content }, value: unknown) {
  return sealSmall({ ...keyFor(walletKey, of), message: new TextEncoder().encode(JSON.stringify(value)) });
}

/** @throws {ChunkedDecryptionError} when it was sealed under another key, or for another request */
export function openFor(
  walletKey: Uint8Array,
  of: { readonly id: string; readonly content: Content },
  sealed: Uint8Array,
): unknown {
  return JSON.parse(new TextDecoder().decode(openSmall({ ...keyFor(walletKey, of), sealed })));
}

function keyFor(walletKey: Uint8Array, { id, content }: { readonly id: string; readonly content: Content }) {
  const label = new TextEncoder().encode(`hikitsugi/presentation-${content}/v1`);
  return { key: hkdfExpandSha512(walletKey, label, 32), context: new TextEncoder().encode(id) };
}

/** 48 bits modulo a million: the small numbers are likelier by less than one in two hundred million. */
function numberFrom(bytes: Uint8Array): string {
  const drawn = bytes.subarray(0, 6).reduce((sum, octet) => sum * 256 + octet, 0);
  return String(drawn % 10 ** numberDigits).padStart(numberDigits, '0');
}
