/** What the inspections of all uploads under way share: memory, and one place to work. */
export interface InspectionDesk {
  /** Takes memory for so many more bytes; false when there is none left. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
  /** One after the other, so that many uploads at once do not each hold a whole object graph. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

const defaultMaxBytes = 512 * 1024 * 1024;

export function openInspectionDesk(maxBytes = defaultMaxBytes): InspectionDesk {
  let reserved = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    reserve(bytes) {
      if (reserved + bytes > maxBytes) return false;
      reserved += bytes;
      return true;
    },
    release(bytes) {
      reserved -= bytes;
    },
    inTurn(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
