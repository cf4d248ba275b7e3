import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { questions, words } from '../../src/verification/report.ts';
import { reasonText } from '../../src/verification/words.ts';

const root = join(import.meta.dirname, '../..');

describe('docs/bad-input.md', async () => {
  const page = await readFile(join(root, 'docs/bad-input.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|bad input)/.test(line));

  it('names tests that exist, by file and name, in every row', async () => {
    const named = [...page.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }));
    expect(named.length).toBeGreaterThan(50);
    const missing: string[] = [];
    for (const { file, name } of named) {
      const text = await readFile(join(root, file), 'utf8').catch(() => '');
      const isThere = ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`));
      if (!isThere) missing.push(`${file} “${name}”`);
    }
    expect(missing).toEqual([]);
    expect(rows.filter((row) => !/`test\/[^`]+` “|\| the same/.test(row))).toEqual([]);
  });

  it('tells verdicts and reasons that there are, in words for people too', () => {
    const verdictOf = (row: string) => row.split(' | ')[1] ?? '';
    const codes = rows.flatMap((row) => [...verdictOf(row).matchAll(/`([\w.-]+)`/g)].map(([, code = '']) => code));
    const known = new Set<string>(questions.flatMap((one) => words.map((word) => `${one}.${word}`)));
    const strange = codes.filter((code) => !known.has(code) && reasonText(code, 'en') === code);
    expect(strange).toEqual([]);
  });
});
