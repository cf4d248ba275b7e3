const units = ['B', 'kB', 'MB', 'GB'] as const;

export function bytesText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}

/** Columns of equal width; full-width characters count as two cells. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cellWidth(cell))),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - cellWidth(cell))))
      .join('  ')
      .trimEnd(),
  );
}

function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|[\u{E0100}-\u{E01EF}]/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
