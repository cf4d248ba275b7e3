import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ciphertextBytes,
  decryptStream,
  encryptStream,
  openChunk,
  openSmall,
  sealSmall,
} from '../../src/crypto/chunked.ts';
import { ChunkedDecryptionError } from '../../src/crypto/chunked-format.ts';
import { referenceOpen, referenceSeal } from './chunked-reference.ts';
import { type InvalidVector, makeVectors, pattern, readVectors, vectorFile } from './chunked-vectors.ts';

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Opened {
  readonly released: Buffer;
  readonly reason: string | null;
}

async function open(key: Uint8Array, context: Uint8Array, ciphertext: Uint8Array, size?: number): Promise<Opened> {
  const released: Uint8Array[] = [];
  try {
    for await (const piece of decryptStream({ key, context, source: pieces(ciphertext, size) })) released.push(piece);
    return { released: Buffer.concat(released), reason: null };
  } catch (error) {
    if (!(error instanceof ChunkedDecryptionError)) throw error;
    return { released: Buffer.concat(released), reason: error.reason };
  }
}

async function seal(key: Uint8Array, context: Uint8Array, plaintext: Uint8Array, size?: number): Promise<Buffer> {
  const output: Uint8Array[] = [];
  for await (const piece of encryptStream({ key, context, source: pieces(plaintext, size) })) output.push(piece);
  return Buffer.concat(output);
}

function changed(ciphertext: Buffer, change: InvalidVector['change']): Buffer {
  const chunks = (): Buffer[] => {
    const all = [ciphertext.subarray(0, 64)];
    for (let at = 64; at < ciphertext.length; at += 16_400) all.push(ciphertext.subarray(at, at + 16_400));
    return all;
  };
  if ('truncateTo' in change) return ciphertext.subarray(0, change.truncateTo);
  if ('append' in change) return Buffer.concat([ciphertext, Buffer.from(change.append, 'hex')]);
  if ('flipBit' in change) {
    const copy = Buffer.from(ciphertext);
    const at = Math.floor(change.flipBit / 8);
    copy[at] = (copy[at] ?? 0) ^ (1 << (change.flipBit % 8));
    return copy;
  }
  const parts = chunks();
  if ('swapChunks' in change) {
    const [a, b] = change.swapChunks;
    [parts[a + 1], parts[b + 1]] = [parts[b + 1] ?? Buffer.alloc(0), parts[a + 1] ?? Buffer.alloc(0)];
  }
  if ('dropChunk' in change) parts.splice(change.dropChunk + 1, 1);
  return Buffer.concat(parts);
}

describe('vectors of the ciphertext format', () => {
  it('are what an independent implementation makes', async () => {
    const made = await makeVectors();
    if (process.env['UPDATE_VECTORS'] !== undefined) {
      mkdirSync(new URL('.', vectorFile), { recursive: true });
      writeFileSync(vectorFile, `${JSON.stringify(made, null, 2)}\n`);
    }
    expect(readVectors()).toEqual(made);
  });

  it.each(readVectors().valid)('valid: $name', async (vector) => {
    const [key, context] = [Buffer.from(vector.key, 'hex'), Buffer.from(vector.context, 'hex')];
    const ciphertext = Buffer.from(vector.ciphertext, 'base64');
    expect(ciphertext.length).toBe(ciphertextBytes(vector.plaintextLength));
    for (const size of [65_536, 1_000, 16_400, 7]) {
      const { released, reason } = await open(key, context, ciphertext, size);
      expect(reason).toBeNull();
      expect(released.equals(pattern(vector.plaintextLength))).toBe(true);
      expect(createHash('sha256').update(released).digest('hex')).toBe(vector.plaintextSha256);
    }
  });

  const valid = new Map(readVectors().valid.map((vector) => [vector.name, vector]));
  it.each(readVectors().invalid)('invalid: $name → $reason', async ({ of, change, reason }) => {
    const vector = valid.get(of);
    if (vector === undefined) throw new Error('no such vector');
    const key = Buffer.from('key' in change ? change.key : vector.key, 'hex');
    const context = Buffer.from('context' in change ? change.context : vector.context, 'hex');
    const opened = await open(key, context, changed(Buffer.from(vector.ciphertext, 'base64'), change));
    expect(opened.reason).toBe(reason);
    expect(opened.released.equals(pattern(opened.released.length))).toBe(true);
  });
});

describe('chunked encryption', () => {
  const context = Buffer.from('context');

  it('writes what an independent implementation reads, and reads what it writes', async () => {
    const sizes = fc.oneof(fc.nat(100_000), fc.constantFrom(0, 1, 16_383, 16_384, 16_385, 262_143, 262_144, 262_145));
    const property = fc.asyncProperty(sizes, fc.integer({ min: 1, max: 70_000 }), async (size, piece) => {
      const [key, plaintext, salt] = [randomBytes(32), randomBytes(size), randomBytes(24)];
      const step = Math.max(piece, Math.ceil(size / 50));
      const ciphertext = await seal(key, context, plaintext, step);
      expect(ciphertext.length).toBe(ciphertextBytes(size));
      expect(plaintext.equals(await referenceOpen({ key, context }, ciphertext))).toBe(true);
      const theirs = await referenceSeal({ key, context, salt, plaintext });
      expect(plaintext.equals((await open(key, context, theirs, step)).released)).toBe(true);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('tells plaintext and ciphertext digests of what passes', async () => {
    const [key, bytes] = [randomBytes(32), randomBytes(700_000)];
    const tallies = { plaintext: createHash('sha256'), ciphertext: createHash('sha256') };
    const output: Uint8Array[] = [];
    for await (const piece of encryptStream({ key, context, source: pieces(bytes), ...tallies })) output.push(piece);
    expect(tallies.plaintext.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(tallies.ciphertext.digest('hex')).toBe(createHash('sha256').update(Buffer.concat(output)).digest('hex'));
    const opened = createHash('sha256');
    const source = pieces(Buffer.concat(output));
    for await (const piece of decryptStream({ key, context, source, plaintext: opened }))
      expect(piece.length).toBeGreaterThan(0);
    expect(opened.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('never writes the same ciphertext twice', async () => {
    const [key, bytes] = [randomBytes(32), randomBytes(100)];
    const first = await seal(key, context, bytes);
    expect(first.equals(await seal(key, context, bytes))).toBe(false);
  });

  it('F-07 refuses 3,000 random changes and releases nothing but a true beginning', async () => {
    const key = randomBytes(32);
    const plaintext = randomBytes(100_000);
    const ciphertext = await seal(key, context, plaintext);
    const last = Math.floor((ciphertext.length - 64) / 16_400);
    const at = fc.nat(ciphertext.length - 1);
    const chunk = fc.nat(last - 1);
    const change = fc.oneof(
      fc.nat(ciphertext.length * 8 - 1).map((flipBit) => ({ flipBit })),
      at.map((truncateTo) => ({ truncateTo })),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => ({ append: Buffer.from(more).toString('hex') })),
      fc
        .tuple(chunk, chunk)
        .filter(([a, b]) => a !== b)
        .map((swapChunks) => ({ swapChunks })),
      chunk.map((dropChunk) => ({ dropChunk })),
    );
    let refused = 0;
    const property = fc.asyncProperty(change, async (one) => {
      const opened = await open(key, context, changed(ciphertext, one));
      expect(opened.reason).not.toBeNull();
      expect(opened.released.equals(plaintext.subarray(0, opened.released.length))).toBe(true);
      refused++;
    });
    await fc.assert(property, { numRuns: 3_000 });
    expect(refused).toBe(3_000);
  }, 120_000);

  it('refuses a cut at every single place of a short message', async () => {
    const key = randomBytes(32);
    const ciphertext = await seal(key, context, randomBytes(100));
    for (let length = 0; length < ciphertext.length; length++) {
      const opened = await open(key, context, ciphertext.subarray(0, length));
      expect(opened.reason).not.toBeNull();
      expect(opened.released.length).toBe(0);
    }
  });

  it('refuses a cut at every boundary of a chunk, and around it', async () => {
    const key = randomBytes(32);
    const ciphertext = await seal(key, context, randomBytes(40 * 16_384));
    for (let k = 0; k <= 40; k++) {
      for (const around of [-17, -16, -1, 0, 1, 15, 16, 17]) {
        const length = 64 + k * 16_400 + around;
        if (length >= ciphertext.length) continue;
        expect((await open(key, context, ciphertext.subarray(0, length))).reason).not.toBeNull();
      }
    }
  });

  it('F-08 opens under no other key and no other context', async () => {
    const key = randomBytes(32);
    const ciphertext = await seal(key, context, randomBytes(1000));
    for (let bit = 0; bit < 256; bit++) {
      const other = Buffer.from(key);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await open(other, context, ciphertext)).toMatchObject({ reason: 'wrong-key-or-context' });
    }
    for (const other of ['', 'contex', 'context\0', 'Context']) {
      expect((await open(key, Buffer.from(other), ciphertext)).reason).toBe('wrong-key-or-context');
    }
  });

  it('passes an error of its source on, both ways', async () => {
    const failure = new Error('the line is cut');
    async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
      yield randomBytes(10);
      throw failure;
    }
    const key = randomBytes(32);
    const drain = async (stream: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const piece of stream) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(drain(encryptStream({ key, context, source: failing() }))).rejects.toBe(failure);
    await expect(drain(decryptStream({ key, context, source: failing() }))).rejects.toBe(failure);
  });

  it('takes 32-byte keys only', () => {
    expect(() => sealSmall({ key: randomBytes(31), context, message: randomBytes(32) })).toThrow(RangeError);
  });

  it('opens single chunks, and none in the place of another', async () => {
    const [key, plaintext] = [randomBytes(32), randomBytes(40_000)];
    const ciphertext = await seal(key, context, plaintext);
    const head = ciphertext.subarray(0, 64);
    const chunkAt = (k: number): Uint8Array => ciphertext.subarray(64 + k * 16_400, 64 + (k + 1) * 16_400);
    for (const k of [0, 1, 2]) {
      const opened = openChunk({ key, context, head, index: k, chunk: chunkAt(k) });
      expect(Buffer.compare(opened, plaintext.subarray(k * 16_384, (k + 1) * 16_384))).toBe(0);
    }
    expect(() => openChunk({ key, context, head, index: 1, chunk: chunkAt(0) })).toThrow('corrupt-chunk');
  });
});

describe('wrapping a key', () => {
  const context = Buffer.from('case-key');

  it('is the same format with one chunk, and opens again', async () => {
    const [key, message] = [randomBytes(32), randomBytes(32)];
    const sealed = sealSmall({ key, context, message });
    expect(sealed.length).toBe(112);
    expect(message.equals(openSmall({ key, context, sealed }))).toBe(true);
    expect(message.equals(await referenceOpen({ key, context }, sealed))).toBe(true);
  });

  it('F-18 says that the key is wrong, not that the wrap is damaged', () => {
    const sealed = sealSmall({ key: randomBytes(32), context, message: randomBytes(32) });
    expect(() => openSmall({ key: randomBytes(32), context, sealed })).toThrow('wrong-key-or-context');
  });

  it('refuses each flipped bit and each cut', () => {
    const key = randomBytes(32);
    const sealed = sealSmall({ key, context, message: randomBytes(32) });
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const wrong = changed(Buffer.from(sealed), { flipBit: bit });
      expect(() => openSmall({ key, context, sealed: wrong })).toThrow(ChunkedDecryptionError);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openSmall({ key, context, sealed: sealed.subarray(0, length) })).toThrow(ChunkedDecryptionError);
    }
  });
});
