import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Chapters 6 to 10 of ASVS 5.0.0: how far the L1 and L2 requirements of a section count, where L3 ones stand between. */
const sections: Readonly<Record<string, readonly number[]>> = {
  '6.1': upTo(3),
  '6.2': upTo(12),
  '6.3': upTo(4),
  '6.4': upTo(4),
  '6.5': upTo(5),
  '6.6': upTo(3),
  '6.8': upTo(4),
  '7.1': upTo(3),
  '7.2': upTo(4),
  '7.3': upTo(2),
  '7.4': upTo(5),
  '7.5': upTo(2),
  '7.6': upTo(2),
  '8.1': upTo(2),
  '8.2': upTo(3),
  '8.3': upTo(1),
  '8.4': upTo(1),
  '9.1': upTo(3),
  '9.2': upTo(4),
  '10.1': upTo(2),
  '10.2': upTo(2),
  '10.3': upTo(4),
  '10.4': upTo(11),
  '10.5': upTo(5),
  '10.6': upTo(2),
  '10.7': upTo(3),
};

/** The L3 requirements that this project has taken on. */
const takenOn = [
  '6.3.5',
  '6.3.6',
  '6.3.7',
  '6.3.8',
  '6.5.6',
  '6.7.1',
  '6.7.2',
  '7.5.3',
  '8.1.3',
  '8.1.4',
  '8.2.4',
  '8.3.2',
  '8.3.3',
  '8.4.2',
  '10.2.3',
  '10.3.5',
  '10.4.12',
  '10.4.13',
  '10.4.14',
  '10.4.15',
  '10.4.16',
];

describe('docs/asvs.md', async () => {
  const page = await readFile(join(root, 'docs/asvs.md'), 'utf8');
  const rows = page.split('\n').flatMap((line) => {
    const [, id, level, , held] = /^\| (\d+\.\d+\.\d+) \| (L[123]) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    return id === undefined || level === undefined || held === undefined ? [] : [{ id, level, held }];
  });

  it('has a row for every requirement of L1 and L2 in chapters 6 to 10, and for those of L3 that were taken on', () => {
    const required = Object.entries(sections).flatMap(([section, numbers]) => numbers.map((n) => `${section}.${n}`));
    expect(rows.filter(({ level }) => level !== 'L3').map(({ id }) => id)).toEqual(required);
    expect(rows.filter(({ level }) => level === 'L3').map(({ id }) => id)).toEqual(takenOn);
  });

  it('says of each which test holds it, where it is written down, why it does not apply, or that it is missing', () => {
    const bare = rows.filter(
      ({ held }) => !/`test\/[^`]+` “[^”]+”/.test(held) && !/^(not applicable|written down|missing): \S/.test(held),
    );
    expect(bare).toEqual([]);
  });

  it('names tests that exist, by file and name', async () => {
    const missing: string[] = [];
    const named = [...page.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)];
    expect(named.length).toBeGreaterThan(80);
    for (const [, file = '', name = ''] of named) {
      const text = existsSync(join(root, file)) ? await readFile(join(root, file), 'utf8') : '';
      const isThere = ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`));
      if (!isThere) missing.push(`${file} “${name}”`);
    }
    expect(missing).toEqual([]);
  });
});

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
