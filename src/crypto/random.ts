/** Where random bytes come from: an argument, so that vectors can be made twice. */
export type RandomBytes = (count: number) => Uint8Array;

export function systemRandom(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** A whole number from 0 up to but not including `limit`, every one equally likely. */
export function randomBelow(limit: number, random: RandomBytes): number {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 2 ** 32) throw new RangeError('no such range');
  // The last, incomplete run of numbers would make the small ones likelier.
  const usable = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const drawn = new DataView(new Uint8Array(random(4)).buffer).getUint32(0);
    if (drawn < usable) return drawn % limit;
  }
}
