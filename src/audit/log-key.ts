import { type NoteSigner, verifierKey } from './note.ts';

/** The log's Ed25519 key for its checkpoints; `name` is the log's origin. `pkcs8` is the private key's DER. */
export async function openLogKey(name: string, pkcs8: Uint8Array): Promise<NoteSigner> {
  const secret = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', secret);
  if (x === undefined) throw new Error('the log key has no public part');
  return noteSigner(name, secret, bytesOfBase64url(x));
}

/** A fresh key, to be kept wrapped: its PKCS#8 bytes. */
export async function generateLogKey(): Promise<Uint8Array> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  // Sound: for Ed25519, a signature algorithm, generateKey gives a pair; the types of the DOM do not say so.
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', (pair as CryptoKeyPair).privateKey));
}

function noteSigner(name: string, secret: CryptoKey, publicKey: Uint8Array): NoteSigner {
  return {
    key: verifierKey(name, publicKey),
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('Ed25519', secret, new Uint8Array(text))),
  };
}

function bytesOfBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
