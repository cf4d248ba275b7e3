import * as nodeCrypto from 'node:crypto';
import * as nodeZlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Buffer as Bytes, crc32, createHash } from '../../src/verification/browser/node-parts.ts';

const samples = [0, 1, 2, 3, 63, 64, 65, 8191, 8193, 70_001].map((length) =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff),
);
const texts = ['', 'a', '髙﨑 葛󠄀 𠮷', 'é\u0000'];

describe('what stands in for Node in a browser', () => {
  it.each(['sha1', 'sha256'])(
    'hashes by %s as Node does, in one piece and in several, to bytes and to text',
    (name) => {
      for (const bytes of samples) {
        const theirs = nodeCrypto.createHash(name).update(bytes).digest();
        expect(new Uint8Array(createHash(name).update(bytes).digest())).toEqual(new Uint8Array(theirs));
        const pieces = createHash(name).update(bytes.subarray(0, 10)).update(bytes.subarray(10));
        expect(pieces.digest('base64url')).toBe(theirs.toString('base64url'));
      }
      for (const text of texts) {
        const theirs = nodeCrypto.createHash(name).update(text).digest('hex');
        expect(createHash(name).update(text).digest('hex')).toBe(theirs);
      }
    },
  );

  it('knows no other hash', () => {
    expect(() => createHash('md5')).toThrow('no such hash');
  });

  it('counts CRC-32 as Node does, going on from a former piece', () => {
    for (const bytes of samples) {
      expect(crc32(bytes, 0)).toBe(nodeZlib.crc32(bytes, 0));
      expect(crc32(bytes, 12_345)).toBe(nodeZlib.crc32(bytes, 12_345));
    }
  });

  it('writes bytes as text, and reads them again, as Node does', () => {
    for (const bytes of samples) {
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
        const text = Buffer.from(bytes).toString(encoding);
        expect(Bytes.from(bytes).toString(encoding)).toBe(text);
        expect(new Uint8Array(Bytes.from(text, encoding))).toEqual(bytes);
      }
    }
    for (const text of texts) expect(Bytes.from(text).toString()).toBe(text);
  });

  it.each(['a', 'ab==', 'a b', 'ab=cd', '-_-_', '+/+/', 'abcde', ''])('reads the base64 “%s” as Node does', (text) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      expect(new Uint8Array(Bytes.from(text, encoding))).toEqual(new Uint8Array(Buffer.from(text, encoding)));
    }
  });

  it.each(['0', '0a', '0ag1', 'zz', 'AbCd'])('reads the hex “%s” as Node does', (text) => {
    expect(new Uint8Array(Bytes.from(text, 'hex'))).toEqual(new Uint8Array(Buffer.from(text, 'hex')));
  });

  it('joins and looks into bytes without copying what it is given a part of', () => {
    expect(new Uint8Array(Bytes.concat(samples.slice(0, 5)))).toEqual(
      new Uint8Array(Buffer.concat(samples.slice(0, 5))),
    );
    const part = Bytes.from(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2);
    expect([...part]).toEqual([2, 3]);
    expect(Bytes.byteLength('髙')).toBe(3);
  });
});
