const day = 86_400_000;

/** So long before the evidence ends it is renewed: time enough for an authority that has not renewed itself yet. */
const leadDays = 180;

/** When a file whose evidence stands until then is looked at again. */
export function renewalDue(countsUntil: Date): Date {
  return new Date(countsUntil.getTime() - leadDays * day);
}

/** After something went wrong: in a tenth of the time that is left, between a day and a fortnight. */
export function nextTry(countsUntil: Date | null, now: Date): Date {
  const left = countsUntil === null ? 0 : (countsUntil.getTime() - now.getTime()) / 10;
  return new Date(now.getTime() + Math.min(Math.max(left, day), 14 * day));
}
