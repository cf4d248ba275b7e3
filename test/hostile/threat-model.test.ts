import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The scenarios that docs/threat-model.md has to list: how many of each kind. */
const scenarios = { F: 25, L: 12, A: 15, Z: 12, U: 17, D: 12, P: 10, X: 4 };

describe('docs/threat-model.md', async () => {
  const page = await readFile(join(root, 'docs/threat-model.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|id |bad input|an attacker who)/.test(line));
  const named = [...page.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }));

  it('names tests that exist, by file and name', async () => {
    expect(named.length).toBeGreaterThan(100);
    const missing: string[] = [];
    for (const { file, name } of named) {
      const text = existsSync(join(root, file)) ? await readFile(join(root, file), 'utf8') : '';
      const isThere = ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`));
      if (!isThere) missing.push(`${file} “${name}”`);
    }
    expect(missing).toEqual([]);
  });

  it('gives every scenario one row, with a test or the issue that brings it', () => {
    const wanted = Object.entries(scenarios).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, at) => `${letter}-${String(at + 1).padStart(2, '0')}`),
    );
    const listed = rows.flatMap((row) => /^\| ([FLAZUDPX]-\d\d) \|/.exec(row)?.[1] ?? []);
    expect(listed.toSorted(compare)).toEqual(wanted.toSorted(compare));
  });

  it('has no row without a test, but those that say why', () => {
    const bare = rows.filter(
      (row) => !/`test\/[^`]+` “/.test(row) && !/\| later: \S|no test can hold this one/.test(row),
    );
    expect(bare).toEqual([]);
  });

  it('reads each test that bears a scenario’s id as one of this page’s scenarios', () => {
    const known = new Set(rows.flatMap((row) => /^\| ([FLAZUDPX]-\d\d|I\d) \|/.exec(row)?.[1] ?? []));
    const used = named.flatMap(({ name }) => /^([FLAZUDPX]-\d\d|I\d) /.exec(name)?.[1] ?? []);
    expect(used.filter((id) => !known.has(id))).toEqual([]);
  });
});

function compare(one: string, two: string): number {
  return one.localeCompare(two);
}
