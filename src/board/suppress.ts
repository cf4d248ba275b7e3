/** A number of deliveries as it may be shown: null where it is too small, or would give a small one away. */
export type Shown = number | null;

/** Below this a number is not shown (security.md P-07). Nought is: it tells of nobody. */
export const smallest = 10;

/** A table of counts: each cell has one position on every axis. */
export interface Cube {
  /** How many positions each axis has. */
  readonly sizes: readonly number[];
  readonly count: (position: readonly number[]) => number;
}

export interface ShownCube {
  /** A position may be the size of its axis: the total over it. */
  at(position: readonly number[]): Shown;
}

/**
 * Hides what is small, and then as much more as it takes: whoever adds and subtracts what is left, along every line and total
 * of the table, keeps at least ten possible values for every hidden number. The attack itself decides what is enough
 * (docs/adr/0043). Pure, and the same for the same counts.
 */
export function suppress(cube: Cube): ShownCube {
  const table = layOut(cube);
  const { counts, lines, indexOf } = table;
  const hidden = new Set([...counts.keys()].filter((cell) => isSmall(counts[cell])));
  for (;;) {
    const further = partners(table, hidden, attack(counts, lines, hidden));
    if (further.length === 0) break;
    for (const cell of further) hide(table, hidden, cell);
  }
  return {
    at(position) {
      const cell = indexOf(position);
      return hidden.has(cell) ? null : (counts[cell] ?? 0);
    },
  };
}

/** Cells by number; the total of a line is the sum of its parts. */
interface Line {
  readonly total: number;
  readonly parts: readonly number[];
}

interface Layout {
  readonly counts: readonly number[];
  readonly lines: readonly Line[];
  readonly linesOf: ReadonlyMap<number, readonly Line[]>;
  /** Over how many axes a cell is a total. */
  readonly levels: readonly number[];
  readonly indexOf: (position: readonly number[]) => number;
}

function layOut({ sizes, count }: Cube): Layout {
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * (size + 1), 1));
  const indexOf = (position: readonly number[]) =>
    position.reduce((sum, place, axis) => sum + place * (strides[axis] ?? 0), 0);
  const positions = sizes.reduce<number[][]>(
    (all, size) => all.flatMap((begun) => Array.from({ length: size + 1 }, (_, place) => [...begun, place])),
    [[]],
  );
  const counts = positions.map((position) =>
    position.some((place, axis) => place === sizes[axis]) ? 0 : count(position),
  );
  const lines: Line[] = [];
  // Axis by axis: a total over two axes is the sum of totals over the first one.
  for (const [axis, size] of sizes.entries()) {
    for (const position of positions) {
      if (position[axis] !== size) continue;
      const parts = Array.from({ length: size }, (_, place) => indexOf(position.with(axis, place)));
      const total = indexOf(position);
      if (position.slice(axis + 1).every((place, later) => place !== sizes[axis + 1 + later])) {
        counts[total] = parts.reduce((sum, part) => sum + (counts[part] ?? 0), 0);
      }
      lines.push({ total, parts });
    }
  }
  const levels = positions.map((position) => position.filter((place, axis) => place === sizes[axis]).length);
  return { counts, lines, linesOf: byCell(lines), levels, indexOf };
}

function isSmall(count: number | undefined): boolean {
  return count !== undefined && count > 0 && count < smallest;
}

function byCell(lines: readonly Line[]): ReadonlyMap<number, readonly Line[]> {
  const found = new Map<number, Line[]>();
  for (const line of lines) {
    for (const cell of cellsOf(line)) found.set(cell, [...(found.get(cell) ?? []), line]);
  }
  return found;
}

interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What anybody can work out: from each line the least and the most that its hidden cells can be, until nothing moves. */
function attack(counts: readonly number[], lines: readonly Line[], hidden: ReadonlySet<number>): Bounds {
  // What is hidden is not nought, since nought is shown.
  const low = Float64Array.from(counts, (count, cell) => (hidden.has(cell) ? 1 : count));
  const high = Float64Array.from(counts, (count, cell) => (hidden.has(cell) ? Number.POSITIVE_INFINITY : count));
  const useful = lines.filter(({ total, parts }) => hidden.has(total) || parts.some((part) => hidden.has(part)));
  let moved = true;
  const narrow = (cell: number, least: number, most: number) => {
    if (!hidden.has(cell)) return;
    const [from, to] = [low[cell] ?? 0, high[cell] ?? 0];
    if (least > from) low[cell] = least;
    if (most < to) high[cell] = most;
    if (least > from || most < to) moved = true;
  };
  while (moved) {
    moved = false;
    for (const { total, parts } of useful) {
      const least = parts.reduce((sum, part) => sum + (low[part] ?? 0), 0);
      const unbounded = parts.filter((part) => high[part] === Number.POSITIVE_INFINITY);
      const bounded = parts.reduce((sum, part) => sum + (Number.isFinite(high[part]) ? (high[part] ?? 0) : 0), 0);
      narrow(total, least, unbounded.length > 0 ? Number.POSITIVE_INFINITY : bounded);
      for (const part of parts) {
        const others = unbounded.length - (unbounded.includes(part) ? 1 : 0);
        const most = bounded - (Number.isFinite(high[part]) ? (high[part] ?? 0) : 0);
        const atLeast = others > 0 ? 0 : (low[total] ?? 0) - most;
        narrow(part, atLeast, (high[total] ?? 0) - (least - (low[part] ?? 0)));
      }
    }
  }
  return { low, high };
}

function isOpen({ low, high }: Bounds, cell: number): boolean {
  return (high[cell] ?? 0) - (low[cell] ?? 0) >= smallest - 1;
}

/**
 * More to hide, one for each exposed cell, out of the line that gives it away: the smallest that is left there. The innermost
 * cells come first, since what is hidden for them is often enough for the totals around them.
 */
function partners(table: Layout, hidden: ReadonlySet<number>, known: Bounds): readonly number[] {
  const exposed = [...hidden].filter((cell) => !isOpen(known, cell));
  for (const level of new Set(exposed.map((cell) => table.levels[cell] ?? 0).toSorted((a, b) => a - b))) {
    const chosen = new Set<number>();
    for (const cell of exposed.filter((one) => table.levels[one] === level)) {
      const tight = (table.linesOf.get(cell) ?? []).filter((line) => tells(line, cell, known));
      // Whatever was chosen for another cell of the line may already be enough for this one: the next round will tell.
      if (tight.some((line) => cellsOf(line).some((one) => chosen.has(one)))) continue;
      const candidates = tight.flatMap(cellsOf).filter((one) => !hidden.has(one) && (table.counts[one] ?? 0) > 0);
      const [least] = candidates.toSorted((x, y) => (table.counts[x] ?? 0) - (table.counts[y] ?? 0) || x - y);
      if (least !== undefined) chosen.add(least);
    }
    if (chosen.size > 0) return [...chosen];
  }
  return [];
}

/** With a number goes whatever equals it because the rest of a line is nought: hiding one of the two would hide nothing. */
function hide(table: Layout, hidden: Set<number>, cell: number): void {
  const waiting = [cell];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (hidden.has(next)) continue;
    hidden.add(next);
    for (const line of table.linesOf.get(next) ?? []) {
      const some = cellsOf(line).filter((one) => (table.counts[one] ?? 0) > 0);
      if (some.length === 2) waiting.push(...some);
    }
  }
}

/** Does this line alone, with what is known of its other cells, leave the cell fewer values than it should have? */
function tells({ total, parts }: Line, cell: number, { low, high }: Bounds): boolean {
  const sum = (bound: Float64Array, without: number) =>
    parts.reduce((all, part) => all + (part === without ? 0 : (bound[part] ?? 0)), 0);
  const most = cell === total ? sum(high, -1) : (high[total] ?? 0) - sum(low, cell);
  const least = cell === total ? sum(low, -1) : (low[total] ?? 0) - sum(high, cell);
  return most - Math.max(1, least) < smallest - 1;
}

function cellsOf({ total, parts }: Line): readonly number[] {
  return [total, ...parts];
}
