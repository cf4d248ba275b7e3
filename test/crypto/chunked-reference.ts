/**
 * The format of docs/formats.md written down a second time, from the C2SP page and not from src/crypto: WebCrypto
 * only, whole messages in memory. It makes the vectors and reads what our own code wrote.
 */
const chunkBytes = 16_384;
const header = Uint8Array.from([0x48, 0x4b, 0x43, 0x45, 0x01, 0x01, 0x00, 0x00]);
const label = new TextEncoder().encode('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM');

export interface ReferenceInput {
  readonly key: Uint8Array;
  readonly context: Uint8Array;
}

export async function referenceSeal(
  input: ReferenceInput & { readonly salt: Uint8Array; readonly plaintext: Uint8Array },
): Promise<Uint8Array> {
  const { aead, baseNonce, commitment } = await expand(input, input.salt);
  const output: Uint8Array[] = [header, input.salt, commitment];
  for (let index = 0; index <= Math.floor(input.plaintext.length / chunkBytes); index++) {
    const chunk = Uint8Array.from(input.plaintext.subarray(index * chunkBytes, (index + 1) * chunkBytes));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce(baseNonce, index) }, aead, chunk);
    output.push(new Uint8Array(sealed));
  }
  return Uint8Array.from(Buffer.concat(output));
}

export async function referenceOpen(input: ReferenceInput, ciphertext: Uint8Array): Promise<Uint8Array> {
  const { aead, baseNonce, commitment } = await expand(input, ciphertext.subarray(8, 32));
  if (!Buffer.from(header).equals(ciphertext.subarray(0, 8))) throw new Error('header');
  if (!Buffer.from(commitment).equals(ciphertext.subarray(32, 64))) throw new Error('commitment');
  const output: Uint8Array[] = [];
  for (let at = 64, index = 0; ; at += chunkBytes + 16, index++) {
    const chunk = Uint8Array.from(ciphertext.subarray(at, at + chunkBytes + 16));
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce(baseNonce, index) }, aead, chunk);
    output.push(new Uint8Array(opened));
    if (chunk.length < chunkBytes + 16) return Uint8Array.from(Buffer.concat(output));
  }
}

/** HKDF-Expand by hand: T(1) = HMAC(prk, info ‖ 1), T(2) = HMAC(prk, T(1) ‖ info ‖ 2). */
async function expand({ key, context }: ReferenceInput, salt: Uint8Array) {
  const info = Buffer.concat([label, Uint8Array.of(0), salt, context]);
  const hmac = await crypto.subtle.importKey('raw', Uint8Array.from(key), { name: 'HMAC', hash: 'SHA-512' }, false, [
    'sign',
  ]);
  const first = Buffer.from(
    await crypto.subtle.sign('HMAC', hmac, Uint8Array.from(Buffer.concat([info, Uint8Array.of(1)]))),
  );
  const second = Buffer.from(
    await crypto.subtle.sign('HMAC', hmac, Uint8Array.from(Buffer.concat([first, info, Uint8Array.of(2)]))),
  );
  const all = Uint8Array.from(Buffer.concat([first, second]));
  const aead = await crypto.subtle.importKey('raw', all.slice(0, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { aead, baseNonce: all.slice(32, 44), commitment: all.slice(44, 76) };
}

function nonce(base: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  let value = BigInt(`0x${Buffer.from(base).toString('hex')}`) ^ BigInt(index);
  const bytes = new Uint8Array(12);
  for (let at = 11; at >= 0; at--) {
    bytes[at] = Number(value & 0xffn);
    value >>= 8n;
  }
  return bytes;
}
