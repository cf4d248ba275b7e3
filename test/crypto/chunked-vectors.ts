import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { referenceSeal } from './chunked-reference.ts';

export interface ChunkedVector {
  readonly name: string;
  readonly key: string;
  readonly context: string;
  readonly salt: string;
  /** Byte i of the plaintext is (i + ⌊i / 256⌋) mod 256. */
  readonly plaintextLength: number;
  readonly plaintextSha256: string;
  readonly ciphertext: string;
}

export interface InvalidVector {
  readonly name: string;
  /** The valid vector that is changed. */
  readonly of: string;
  readonly change:
    | { readonly truncateTo: number }
    | { readonly append: string }
    | { readonly flipBit: number }
    | { readonly swapChunks: readonly [number, number] }
    | { readonly dropChunk: number }
    | { readonly key: string }
    | { readonly context: string };
  readonly reason: string;
}

export interface VectorFile {
  readonly format: string;
  readonly valid: readonly ChunkedVector[];
  readonly invalid: readonly InvalidVector[];
}

export const vectorFile = new URL('../vectors/chunked/cobblestone-256.json', import.meta.url);

export function readVectors(): VectorFile {
  // Sound: our own file, compared with what `makeVectors` says by a test.
  return JSON.parse(readFileSync(vectorFile, 'utf8')) as VectorFile;
}

const lengths = [0, 1, 32, 16_383, 16_384, 16_385, 49_152];

/** The same file every time: keys, contexts and salts come from hashes of the names. */
export async function makeVectors(): Promise<VectorFile> {
  const valid: ChunkedVector[] = [];
  for (const length of lengths) {
    const name = `${length} bytes`;
    const key = digest(`key ${name}`);
    const context = Buffer.from(length === 1 ? '' : `context of ${name}`);
    const salt = digest(`salt ${name}`).subarray(0, 24);
    const plaintext = pattern(length);
    const ciphertext = await referenceSeal({ key, context, salt, plaintext });
    valid.push({
      name,
      key: key.toString('hex'),
      context: context.toString('hex'),
      salt: salt.toString('hex'),
      plaintextLength: length,
      plaintextSha256: createHash('sha256').update(plaintext).digest('hex'),
      ciphertext: Buffer.from(ciphertext).toString('base64'),
    });
  }
  const format = 'C2SP chunked-encryption, SHA-512 + AES-256-GCM, behind the header 484b434501010000 (docs/formats.md)';
  return { format, valid, invalid: makeInvalid() };
}

export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i + Math.floor(i / 256));
}

function makeInvalid(): InvalidVector[] {
  const of = '49152 bytes';
  const end = 64 + 3 * 16_400 + 16;
  const cuts = [0, 7, 8, 31, 32, 63, 64, 65, 79, 64 + 16_384, end - 1];
  const boundaries = [0, 1, 2, 3].map((k) => 64 + k * 16_400);
  return [
    ...[...new Set([...cuts, ...boundaries])].map((at) => ({
      name: `cut after ${at} bytes`,
      of,
      change: { truncateTo: at },
      reason: cutReason(at),
    })),
    { name: 'one byte more', of, change: { append: '00' }, reason: 'corrupt-chunk' },
    { name: 'an empty chunk more', of, change: { append: '00'.repeat(16) }, reason: 'corrupt-chunk' },
    { name: 'two chunks swapped', of, change: { swapChunks: [0, 1] }, reason: 'corrupt-chunk' },
    { name: 'a chunk left out', of, change: { dropChunk: 1 }, reason: 'corrupt-chunk' },
    { name: 'another magic', of, change: { flipBit: 0 }, reason: 'malformed' },
    { name: 'another version', of, change: { flipBit: 4 * 8 }, reason: 'malformed' },
    { name: 'another suite', of, change: { flipBit: 5 * 8 }, reason: 'malformed' },
    { name: 'a zero that is not', of, change: { flipBit: 7 * 8 }, reason: 'malformed' },
    { name: 'another salt', of, change: { flipBit: 8 * 8 }, reason: 'wrong-key-or-context' },
    { name: 'another commitment', of, change: { flipBit: 63 * 8 }, reason: 'wrong-key-or-context' },
    { name: 'a bit of the first chunk', of, change: { flipBit: 64 * 8 }, reason: 'corrupt-chunk' },
    { name: 'a bit of a tag', of, change: { flipBit: (64 + 16_384) * 8 }, reason: 'corrupt-chunk' },
    { name: 'a bit of the last tag', of, change: { flipBit: (end - 1) * 8 }, reason: 'corrupt-chunk' },
    { name: 'another key', of, change: { key: '11'.repeat(32) }, reason: 'wrong-key-or-context' },
    { name: 'another context', of, change: { context: '00' }, reason: 'wrong-key-or-context' },
    { name: 'an empty context', of, change: { context: '' }, reason: 'wrong-key-or-context' },
  ];
}

/** A cut leaves a whole number of chunks, or less than a tag, or a chunk whose tag does not fit. */
function cutReason(at: number): string {
  return at < 64 || (at - 64) % 16_400 < 16 ? 'truncated' : 'corrupt-chunk';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
