/**
 * Every UPDATE and DELETE says how many rows it means: one that row level security hides, or that somebody else has
 * changed, is otherwise passed over in silence (docs/adr/0005, defence 2).
 */
export function changedRows(answer: { readonly count: number } | readonly unknown[]): number {
  return 'count' in answer ? answer.count : answer.length;
}

export function expectRows(answer: { readonly count: number } | readonly unknown[], expected: number): void {
  const changed = changedRows(answer);
  if (changed !== expected) throw new Error(`A statement changed ${changed} rows instead of ${expected}`);
}
