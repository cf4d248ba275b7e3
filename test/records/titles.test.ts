import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanTitle } from '../../src/records/titles.ts';

describe('titles of documents (U-08)', () => {
  const cases: readonly (readonly [name: string, given: string, shown: string])[] = [
    ['a path with a character that turns the reading direction', '..\\\u202Efdp.exe', '.. fdp.exe'],
    ['NUL', 'a\0b', 'a b'],
    ['NFD 濁点', 'が', 'が'],
    ['line breaks and tabs', '指導\r\n要録\t', '指導 要録'],
    ['zero-width characters and a BOM', '\uFEFFa\u200Bb\u2060c', 'a b c'],
    ['bidirectional isolates', '\u2066a\u2069', 'a'],
    ['markup and separators', '<b>1/2:3|4*"?</b>', 'b 1 2 3 4 b'],
    ['a name reserved on Windows', 'CON', 'CON_'],
    ['a reserved name with an ending', 'lpt1.pdf', 'lpt1_.pdf'],
    ['dots and spaces at the ends', ' . ', '—'],
    ['nothing', '', '—'],
  ];
  it.each(cases)('shows %s safely', (_name, given, shown) => {
    expect(cleanTitle(given)).toBe(shown);
  });

  it('cuts 300 characters at 255 bytes, between characters', () => {
    expect(Buffer.byteLength(cleanTitle('あ'.repeat(300)))).toBe(255);
    expect(cleanTitle(`${'a'.repeat(253)}𠮷`)).toBe('a'.repeat(253));
    expect(cleanTitle('\u{20BB7}'.repeat(300))).toBe('𠮷'.repeat(63));
  });

  it('keeps 外字, variation selectors and letters outside the basic plane', () => {
    for (const title of ['\uE001藤 指導要録', '葛\u{E0100}城', '𠮷田', '髙﨑']) expect(cleanTitle(title)).toBe(title);
  });

  it('is safe, short and stable for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 400 })), (text) => {
        const title = cleanTitle(text);
        expect(title).not.toBe('');
        expect(title).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B-\u200F/\\]/u);
        expect(Buffer.byteLength(title)).toBeLessThanOrEqual(255);
        expect(title.isWellFormed()).toBe(true);
        expect(cleanTitle(title)).toBe(title);
      }),
      { numRuns: 2_000 },
    );
  });
});
