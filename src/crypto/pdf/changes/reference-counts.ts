import { type Budget, isArray, isDictionary, isReference, type PdfValue, spendValues } from '../values.ts';
import { objectIn, type PdfView } from '../view.ts';

/** How many references to each number the objects and the trailer of a view hold, whether or not that number is an object. */
export type ReferenceCounts = Map<number, number>;

export function countReferences(view: PdfView, budget: Budget): ReferenceCounts {
  const counts: ReferenceCounts = new Map();
  for (const number of view.places.keys()) addReferences(counts, objectIn(view, number) ?? null, budget);
  addReferences(counts, view.trailer, budget);
  return counts;
}

export function addReferences(counts: ReferenceCounts, value: PdfValue, budget: Budget): void {
  forEachReference(value, budget, (number) => counts.set(number, (counts.get(number) ?? 0) + 1));
}

export function takeReferences(counts: ReferenceCounts, value: PdfValue, budget: Budget): void {
  forEachReference(value, budget, (number) => counts.set(number, (counts.get(number) ?? 0) - 1));
}

function forEachReference(value: PdfValue, budget: Budget, visit: (number: number) => void): void {
  spendValues(budget, 1);
  if (isReference(value)) visit(value.number);
  else if (isArray(value)) for (const item of value) forEachReference(item, budget, visit);
  else if (isDictionary(value)) for (const item of value.entries.values()) forEachReference(item, budget, visit);
}
