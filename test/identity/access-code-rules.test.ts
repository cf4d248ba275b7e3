import { createHmac, scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashNumber, numberMatches } from '../../src/identity/access-codes/number-hash.ts';
import {
  accessCodeHash,
  accessNumberFrom,
  hasEnded,
  plainNumber,
  stateOfAccessCode,
} from '../../src/identity/access-codes/rules.ts';
import { hashToken } from '../../src/identity/secrets.ts';

const expiresAt = new Date('2026-04-15T00:00:00Z');
const before = new Date('2026-04-14T23:59:59Z');
const open = { usedAt: null, withdrawnAt: null, expiresAt, tries: 4, numbersSent: 5 };

describe('the state of a paper', () => {
  it.each([
    ['open', {}, before],
    ['expired', {}, expiresAt],
    ['locked', { tries: 5 }, before],
    ['locked', { numbersSent: 6 }, before],
    ['expired', { tries: 5 }, expiresAt],
    ['used', { usedAt: before, tries: 5 }, expiresAt],
    ['withdrawn', { withdrawnAt: before, usedAt: before }, expiresAt],
  ] as const)('is %s with %j', (state, change, at) => {
    const code = { ...open, ...change };
    expect(stateOfAccessCode(code, at)).toBe(state);
    expect(hasEnded(code, at)).toBe(['expired', 'used', 'withdrawn'].includes(state));
  });
});

describe('the code and the number', () => {
  it('are read as people type them', () => {
    const code = '00G40-R40M3-0E209-185GR-38E1W-8';
    const hash = hashToken('hikitsugi/access-code/00G40R40M30E209185GR38E1W8');
    expect(accessCodeHash(code)).toBe(hash);
    expect(accessCodeHash(' 00g4o r40m3 0e209 185gr 38e1w 8 ')).toBe(hash);
    expect(accessCodeHash('no code')).toBe(hashToken('hikitsugi/access-code/'));
    expect(plainNumber('１２３　４５６')).toBe('123456');
    expect(plainNumber(' 12-34‐5ー6 ')).toBe('123456');
  });

  it('has six digits, whatever was drawn', () => {
    expect(accessNumberFrom(Uint32Array.of(42))).toBe('000042');
    expect(accessNumberFrom(Uint32Array.of(4_294_967_295))).toBe('967295');
    expect(accessNumberFrom(new Uint32Array())).toBe('000000');
  });
});

describe('what is stored of a number', () => {
  const key = new Uint8Array(32).fill(7);

  it('fits that number under that key, and nothing else', async () => {
    const stored = await hashNumber(key, '123456');
    const fits = (number: string, of: string | null = stored, by = key) => numberMatches(by, number, of);
    expect(await fits('123456')).toBe(true);
    expect(await fits('123457')).toBe(false);
    expect(await fits('')).toBe(false);
    expect(await fits('123456', null)).toBe(false);
    expect(await fits('123456', stored, new Uint8Array(32))).toBe(false);
  });

  it('is salted, peppered with the key, and dear to search (scrypt, 32 MiB)', async () => {
    const stored = await hashNumber(key, '123456');
    const [salt = '', hash] = stored.split('.');
    expect(await hashNumber(key, '123456')).not.toBe(stored);
    expect(Buffer.from(salt, 'base64url')).toHaveLength(16);
    const peppered = createHmac('sha256', key).update('hikitsugi/access-number/v1\0').update('123456').digest();
    const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
    expect(hash).toBe(scryptSync(peppered, Buffer.from(salt, 'base64url'), 32, cost).toString('base64url'));
  });
});
