import { describe, expect, it } from 'vitest';
import { isBoardCode, parseCorporateNumber, parseSchoolCode } from '../../src/directory/codes.ts';

describe('school codes', () => {
  const published = [
    'F112310102342',
    'B101210000018',
    'C139290001200',
    'D139290000389',
    'E139290000162',
    'F101110100010',
    'C239290000059',
  ];

  it.each(published)('accepts the published code %s', (code) => {
    expect(parseSchoolCode(code)).toBe(code);
  });

  it.each(published)('refuses %s with any one digit mistyped', (code) => {
    for (let at = 1; at < code.length; at++) {
      const wrong = code.slice(0, at) + ((Number(code[at]) + 1) % 10) + code.slice(at + 1);
      expect(parseSchoolCode(wrong)).toBeNull();
    }
  });

  it('reads full-width and spaced input as people type it', () => {
    expect(parseSchoolCode('ｃ１３９ 2900 01200')).toBe('C139290001200');
  });

  it('refuses a kind or prefecture that does not exist', () => {
    expect(parseSchoolCode('Z101210000018')).toBeNull();
    expect(parseSchoolCode('B148210000018')).toBeNull();
  });
});

describe('corporate numbers', () => {
  it.each(['7000012050002', '8000020130001', '7123456789012'])('accepts %s', (number) => {
    expect(parseCorporateNumber(number)).toBe(number);
  });

  it('refuses a wrong check digit and a wrong length', () => {
    expect(parseCorporateNumber('8000012050002')).toBeNull();
    expect(parseCorporateNumber('700001205000')).toBeNull();
  });
});

describe('board codes', () => {
  it('wants a prefecture and four digits', () => {
    expect(isBoardCode('131130')).toBe(true);
    expect(isBoardCode('481130')).toBe(false);
  });
});
