import { describe, expect, it } from 'vitest';
import { type Cube, type Shown, smallest, suppress } from '../../src/board/suppress.ts';

/** Rows and columns, shown with the totals at their ends. */
function shown(rows: readonly (readonly number[])[]): Shown[][] {
  const sizes = [rows.length, rows[0]?.length ?? 0] as const;
  const cube = suppress({ sizes, count: ([row = 0, column = 0]) => rows[row]?.[column] ?? 0 });
  return Array.from({ length: sizes[0] + 1 }, (_, row) =>
    Array.from({ length: sizes[1] + 1 }, (_unused, column) => cube.at([row, column])),
  );
}

describe('suppression of small numbers', () => {
  it('shows what is large, and nought', () => {
    expect(
      shown([
        [12, 0],
        [30, 40],
      ]),
    ).toEqual([
      [12, 0, 12],
      [30, 40, 70],
      [42, 40, 82],
    ]);
  });

  it('hides a small number and, since its line would give it away, another one with it', () => {
    const [first, second, total] = shown([
      [3, 100],
      [50, 60],
      [20, 30],
    ]).map((row) => row.map((cell) => cell === null));
    expect(first).toEqual([true, true, false]);
    expect(second?.slice(0, 2).includes(true) || total?.includes(true)).toBe(true);
  });

  it('hides no more than it needs for one small number among large ones', () => {
    const counts = new Map([
      ['0,0,0', 40],
      ['0,0,1', 12],
      ['0,0,2', 3],
      ['1,0,0', 30],
      ['0,1,3', 11],
    ]);
    const cube = suppress({ sizes: [3, 2, 4], count: (position) => counts.get(position.join()) ?? 0 });
    expect([0, 1, 2, 3, 4].map((place) => cube.at([0, 0, place]))).toEqual([40, null, null, 0, 55]);
    expect([0, 1, 2, 3, 4].map((place) => cube.at([3, 2, place]))).toEqual([70, null, null, 11, 96]);
    expect(cube.at([1, 0, 0])).toBe(30);
  });

  it('does not stop at two small ones whose sum tells them', () => {
    // 1 + 1 = 2 would tell both; 4 + 5 = 9 would tell each of them to within seven.
    for (const row of [
      [1, 1, 40, 90],
      [4, 5, 40, 90],
    ]) {
      expect(shown([row])[0]?.filter((cell) => cell === null).length).toBeGreaterThan(2);
    }
  });

  it('hides everything of a table that is small altogether', () => {
    expect(
      shown([
        [1, 2],
        [0, 3],
      ]),
    ).toEqual([
      [null, null, null],
      [0, null, null],
      [null, null, null],
    ]);
  });

  it('leaves nobody who knows every sum able to tell a hidden number, by trying every table that fits', () => {
    const random = sequence(7);
    let seen = 0;
    for (let round = 0; round < 100; round++) {
      const rows = Array.from({ length: 2 }, () =>
        Array.from({ length: 3 }, () => (random() < 0.6 ? Math.floor(random() * 9) : 10 + Math.floor(random() * 6))),
      );
      const table = shown(rows);
      for (const [row, cells] of rows.entries()) {
        for (const [column, count] of cells.entries()) {
          if (table[row]?.[column] !== null) {
            expect(count === 0 || count >= smallest).toBe(true);
            continue;
          }
          seen += 1;
          expect(valuesOf(table, row, column).size).toBeGreaterThan(1);
        }
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it('keeps ten values open for each hidden number of three axes, and ends soon', () => {
    const random = sequence(11);
    const sizes = [40, 12, 6] as const;
    const counts = new Map<string, number>();
    const count: Cube['count'] = (position) => {
      const key = position.join();
      const known = counts.get(key) ?? (random() < 0.5 ? 0 : Math.floor(random() ** 3 * 60));
      counts.set(key, known);
      return known;
    };
    const cube = suppress({ sizes, count });
    for (const [key, value] of counts) {
      const seen = cube.at(key.split(',').map(Number));
      expect(seen === null || seen === value).toBe(true);
      if (value > 0 && value < smallest) expect(seen).toBeNull();
    }
    expect(cube.at([...sizes])).toBeGreaterThan(smallest);
  });
});

/** Two values, where there are as many, that the cell has in some table of whole numbers with the shown sums, none hidden below 1. */
function valuesOf(table: readonly (readonly Shown[])[], row: number, column: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let value = 1; value <= 60 && found.size < 2; value++) {
    const tried = table.map((cells) => [...cells]);
    const cells = tried[row];
    if (cells !== undefined) cells[column] = value;
    if (isPossible(tried, 0, [])) found.add(value);
  }
  return found;
}

/** Is there any table like this one? Two rows; cell by cell, each bound by the sums that are shown. */
function isPossible(table: readonly (readonly Shown[])[], at: number, begun: readonly number[]): boolean {
  const width = (table[0]?.length ?? 1) - 1;
  const [row, column] = [Math.floor(at / width), at % width];
  const rowTotal = table[row]?.[width] ?? null;
  const total = table[2]?.[width] ?? null;
  const sum = (cells: readonly number[]) => cells.reduce((all, cell) => all + cell, 0);
  if (at === 2 * width) return total === null || sum(begun) === total;
  const inRow = sum(begun.slice(row * width));
  const bounds = [
    ...(rowTotal === null ? [] : [{ left: rowTotal - inRow, isLast: column === width - 1 }]),
    ...[table[2]?.[column] ?? null].flatMap((shownTotal) =>
      shownTotal === null ? [] : [{ left: shownTotal - (row === 0 ? 0 : (begun[column] ?? 0)), isLast: row === 1 }],
    ),
    ...(total === null ? [] : [{ left: total - sum(begun), isLast: at === 2 * width - 1 }]),
  ];
  const fits = (value: number) => bounds.every(({ left, isLast }) => (isLast ? value === left : value <= left));
  const cell = table[row]?.[column] ?? null;
  const least = cell ?? 1;
  // Above this nothing new happens: only what no shown sum binds may be larger, and that is possible already.
  const most = cell ?? Math.min(60, ...bounds.map(({ left }) => left));
  for (let value = least; value <= most; value++) {
    if (fits(value) && isPossible(table, at + 1, [...begun, value])) return true;
  }
  return false;
}

/** Numbers from 0 to 1 that are the same at every run (a linear congruential generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
