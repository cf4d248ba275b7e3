import { describe, expect, it } from 'vitest';
import { isLastWay, isUsable, turnedAwayBy, unusualIn } from '../../src/identity/log-ins/rules.ts';

const at = new Date('2026-11-29T00:00:00Z');
const days = (count: number) => new Date(at.getTime() + count * 86_400_000);

describe('the ways to log in', () => {
  it('open until the certificate runs out, that moment included; an account always', () => {
    expect([null, days(1), at, days(-0.001)].map((notAfter) => isUsable({ notAfter }, at))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('leave nobody out: an expired one is no other way', () => {
    const own = { id: 'own', notAfter: null };
    expect(isLastWay([own], 'own', at)).toBe(true);
    expect(isLastWay([own, { id: 'old', notAfter: days(-1) }], 'own', at)).toBe(true);
    expect(isLastWay([own, { id: 'new', notAfter: days(1) }], 'own', at)).toBe(false);
    expect(isLastWay([own, { id: 'new', notAfter: days(1) }], 'new', at)).toBe(false);
  });

  it('say of a certificate why it was turned away, and no more than these', () => {
    expect(['path:revoked', 'expired', 'path:expired,revoked', 'algorithm', ''].map(turnedAwayBy)).toEqual([
      'revoked',
      'expired',
      'revoked',
      'other',
      'other',
    ]);
  });

  it('are unusual after more than ninety days, and after three that were refused', () => {
    expect(unusualIn({ lastLogInAt: null, refused: 2, at })).toEqual([]);
    expect(unusualIn({ lastLogInAt: days(-90), refused: 0, at })).toEqual([]);
    expect(unusualIn({ lastLogInAt: days(-90.001), refused: 3, at })).toEqual([
      'log-in-after-absence',
      'log-in-after-refusals',
    ]);
  });
});
