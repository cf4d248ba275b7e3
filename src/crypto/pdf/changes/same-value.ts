import { compareBytes } from '../../der.ts';
import { stringBytes } from '../string-bytes.ts';
import {
  type Budget,
  isArray,
  isDictionary,
  isReference,
  isText,
  type PdfDictionary,
  type PdfValue,
  spendLength,
  spendValues,
} from '../values.ts';

/** Two values of one file, and what comparing them may cost. */
export interface Comparison {
  readonly bytes: Uint8Array;
  readonly budget: Budget;
}

/** Whether two values say the same; what a reference leads to is another question. Streams byte by byte. */
export function sameValue(left: PdfValue | undefined, right: PdfValue | undefined, comparison: Comparison): boolean {
  spendValues(comparison.budget, 1);
  if (left === right) return true;
  if (isReference(left))
    return isReference(right) && left.number === right.number && left.generation === right.generation;
  if (isText(left)) return isText(right) && sameText(stringBytes(left), stringBytes(right), comparison);
  if (isDictionary(left)) return isDictionary(right) && sameDictionary(left, right, comparison);
  if (!isArray(left) || !isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => sameValue(item, right[index], comparison));
}

/** The keys in which two dictionaries differ; a key with null is as good as none (ISO 32000-2 §7.3.7). */
export function differentKeys(left: PdfDictionary, right: PdfDictionary, comparison: Comparison): readonly string[] {
  const keys = new Set([...left.entries.keys(), ...right.entries.keys()]);
  return [...keys].filter(
    (key) => !sameValue(left.entries.get(key) ?? null, right.entries.get(key) ?? null, comparison),
  );
}

function sameDictionary(left: PdfDictionary, right: PdfDictionary, comparison: Comparison): boolean {
  return differentKeys(left, right, comparison).length === 0 && sameData(left.data, right.data, comparison);
}

function sameData(left: PdfDictionary['data'], right: PdfDictionary['data'], { bytes, budget }: Comparison): boolean {
  if (left === null || right === null) return left === right;
  spendLength(budget, left.end - left.start);
  return compareBytes(bytes.subarray(left.start, left.end), bytes.subarray(right.start, right.end)) === 0;
}

function sameText(left: Uint8Array | null, right: Uint8Array | null, { budget }: Comparison): boolean {
  if (left === null || right === null) return false;
  spendLength(budget, left.length);
  return compareBytes(left, right) === 0;
}
