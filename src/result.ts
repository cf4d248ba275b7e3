import type { Fault } from './faults.ts';

/** What an operation that may be refused gives back: a value, or the fault that says why not. */
export type Result<T, F = Fault> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse<F>(reason: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault: reason };
}
