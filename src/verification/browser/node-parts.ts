import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * What the verification code takes from Node, for a browser: the build puts this file in the place of `node:crypto` and
 * `node:zlib`, and `Buffer` into every file that names it. Nothing more of them is here than that code uses; a part that
 * is missing stops the build or the test of the bundle (test/verification/node-parts.test.ts).
 */

type Encoding = 'hex' | 'base64' | 'base64url' | 'latin1' | 'ascii' | 'utf8';

interface Hashing {
  update(piece: Uint8Array | string): Hashing;
  digest(): Bytes;
  digest(encoding: Encoding): string;
}

export function createHash(name: string): Hashing {
  const hash = name === 'sha1' ? sha1.create() : sha256.create();
  if (name !== 'sha1' && name !== 'sha256') throw new Error(`no such hash here: ${name}`);
  const hashing = {
    update(piece: Uint8Array | string) {
      hash.update(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      return hashing;
    },
    digest(encoding?: Encoding) {
      const bytes = new Bytes(hash.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    },
    // Sound: the two forms of `digest` differ by the argument alone.
  } as Hashing;
  return hashing;
}

/** CRC-32 as ZIP has it. */
export function crc32(chunk: Uint8Array, previous: number): number {
  let crc = ~previous;
  for (const byte of chunk) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The few methods of Node's `Buffer` in use. A class because code asks the bytes themselves for their text. */
class Bytes extends Uint8Array {
  override toString(encoding: Encoding = 'utf8'): string {
    switch (encoding) {
      case 'hex':
        return Array.from(this, (byte) => byte.toString(16).padStart(2, '0')).join('');
      case 'base64':
        return btoa(binary(this));
      case 'base64url':
        return btoa(binary(this)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      case 'latin1':
      case 'ascii':
        return binary(this);
      case 'utf8':
        return new TextDecoder().decode(this);
    }
  }
}

export const Buffer = {
  from(source: string | ArrayBufferLike | ArrayLike<number>, second?: Encoding | number, length?: number): Bytes {
    if (typeof source === 'string') return decoded(source, typeof second === 'string' ? second : 'utf8');
    if (source instanceof ArrayBuffer) return new Bytes(source, typeof second === 'number' ? second : 0, length);
    // Sound: what is no text and no buffer of its own is a list of bytes.
    return new Bytes(source as ArrayLike<number>);
  },
  concat(pieces: readonly Uint8Array[]): Bytes {
    const joined = new Bytes(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  },
  byteLength: (text: string): number => new TextEncoder().encode(text).length,
};

function decoded(text: string, encoding: Encoding): Bytes {
  switch (encoding) {
    case 'hex': {
      const pairs = /^(?:[0-9a-f]{2})*/i.exec(text)?.[0].match(/../g) ?? [];
      return Bytes.from(pairs, (pair) => Number.parseInt(pair, 16));
    }
    case 'base64':
    case 'base64url':
      return ofBase64(text);
    case 'latin1':
    case 'ascii':
      return Bytes.from(text, (character) => character.charCodeAt(0));
    case 'utf8':
      return new Bytes(new TextEncoder().encode(text));
  }
}

/** As Node reads it: either alphabet, up to the first `=`; what is of neither is passed over. */
function ofBase64(text: string): Bytes {
  const plain = text
    .replace(/=.*$/s, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  const usable = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  return Bytes.from(atob(usable), (character) => character.charCodeAt(0));
}

/** In pieces, since a call takes only so many arguments. */
function binary(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
