import type { Validity } from './authority-profiles.node.ts';

/** A validity that begins a day ago, so that clocks may differ. */
export function years(now: Date, count: number): Validity {
  return { notBefore: days(now, -1), notAfter: days(now, 365 * count) };
}

export function days(now: Date, count: number): Date {
  return new Date(now.getTime() + count * 86_400_000);
}
