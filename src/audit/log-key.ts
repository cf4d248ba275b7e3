import type { Clock } from '../clock.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { cosignedMessage, keyTypes, type NoteSigner, verifierKey } from './note.ts';

/**
 * The log's Ed25519 key for its checkpoints.
 *
 * @param name - the log's origin
 * @param seed - 32 random bytes, the private key of RFC 8032 §5.1.5
 */
export async function openLogKey(name: string, seed: Uint8Array): Promise<NoteSigner> {
  const { publicKey, sign } = await openSeed(seed);
  return { key: verifierKey(name, publicKey), sign };
}

/**
 * A witness's Ed25519 key. One key has one name: what is signed does not tell the name (C2SP tlog-cosignature).
 *
 * @param seed - 32 random bytes, the private key of RFC 8032 §5.1.5
 */
export async function openWitnessKey(name: string, seed: Uint8Array, clock: Clock): Promise<NoteSigner> {
  const { publicKey, sign } = await openSeed(seed);
  return {
    key: verifierKey(name, publicKey, keyTypes.witness),
    async sign(text) {
      const seconds = BigInt(Math.floor(clock.now().getTime() / 1000));
      const time = new Uint8Array(8);
      new DataView(time.buffer).setBigUint64(0, seconds);
      return concatBytes([time, await sign(cosignedMessage(seconds, text))]);
    },
  };
}

async function openSeed(seed: Uint8Array): Promise<{
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}> {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes');
  const pkcs8 = concatBytes([pkcs8Prefix, seed]);
  const secret = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', secret);
  if (x === undefined) throw new Error('the log key has no public part');
  return {
    publicKey: bytesOfBase64url(x),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', secret, new Uint8Array(bytes))),
  };
}

/** The seed inside a PKCS#8 private key (DER) of Ed25519, as `openssl genpkey -algorithm ed25519` writes it. */
export function seedOfPkcs8(pkcs8: Uint8Array): Uint8Array {
  const isEd25519 = pkcs8.length === 48 && equalBytes(pkcs8.subarray(0, 16), pkcs8Prefix);
  if (!isEd25519) throw new RangeError('not the PKCS#8 of an Ed25519 key');
  return pkcs8.slice(16);
}

// RFC 8410 §7: version 0, algorithm 1.3.101.112, and the seed as an OCTET STRING inside an OCTET STRING.
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

function bytesOfBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
