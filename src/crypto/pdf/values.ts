import { type Fault, fault } from '../../faults.ts';

/** What the reader knows of a PDF object: names are strings, strings are where they stand. ISO 32000-2 §7.3. */
export type PdfValue = null | boolean | number | string | PdfText | PdfReference | PdfDictionary | readonly PdfValue[];

export interface PdfText {
  readonly kind: 'text';
  readonly empty: boolean;
  /** The file, or an object stream's content, in which it stands from `start` to `end`, delimiters included. */
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface PdfReference {
  readonly kind: 'reference';
  readonly number: number;
  readonly generation: number;
}

/** With `data` it is a stream: where its bytes lie in the file, filters not undone. */
export interface PdfDictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfValue>;
  readonly data: { readonly start: number; readonly end: number } | null;
}

/** Carries a refusal out of the depth of the reader; nothing else is ever thrown on purpose. */
export class PdfRefused extends Error {
  readonly fault: Fault;
  constructor(reason: Fault) {
    super(`the PDF is refused: ${reason.code}`);
    this.name = 'PdfRefused';
    this.fault = reason;
  }
}

/** Not a PDF as the standard has it. Readers repair such files, each in its own way, so what they show is uncertain. */
export function damaged(detail: string): PdfRefused {
  return new PdfRefused(fault('document.damaged', { detail: `pdf:${detail}` }));
}

/** Work that one PDF may cause; what is counted here bounds time and memory, whatever the file says. */
export interface Budget {
  values: number;
  inflatedBytes: number;
  /** Steps since others were let run. */
  steps: number;
}

export const maxDepth = 64;
const maxValues = 1_000_000;
const maxInflatedBytes = 16 * 1024 * 1024;
const stepsBetweenPauses = 20_000;

export function newBudget(): Budget {
  return { values: 0, inflatedBytes: 0, steps: 0 };
}

export function spendValues(budget: Budget, count: number): void {
  budget.values += count;
  budget.steps += count;
  if (budget.values > maxValues) throw tooComplex('values');
}

/** Long strings and long gaps cost time too. */
export function spendLength(budget: Budget, bytes: number): void {
  if (bytes >= 64) spendValues(budget, bytes >> 6);
}

export function spendInflated(budget: Budget, bytes: number): void {
  budget.inflatedBytes += bytes;
  if (budget.inflatedBytes > maxInflatedBytes) throw tooComplex('inflated');
}

/** Lets other requests run now and then: a file that takes long does not hold the process. */
export async function breathe(budget: Budget): Promise<void> {
  if (budget.steps < stepsBetweenPauses) return;
  budget.steps = 0;
  await new Promise((resolve) => setTimeout(resolve, 0));
}

export function tooComplex(detail: string): PdfRefused {
  return new PdfRefused(fault('document.too-complex', { detail: `pdf:${detail}` }));
}

export function isDictionary(value: PdfValue | undefined): value is PdfDictionary {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dictionary';
}

export function isReference(value: PdfValue | undefined): value is PdfReference {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'reference';
}

export function isText(value: PdfValue | undefined): value is PdfText {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'text';
}

export function isArray(value: PdfValue | undefined): value is readonly PdfValue[] {
  return Array.isArray(value);
}

/** A non-negative integer that stands there itself, not by reference. */
export function integerOf(value: PdfValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
