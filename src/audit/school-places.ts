import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { parseEntry } from './entry.ts';
import type { SlicePlace } from './log-slices.ts';
import { schoolPlace } from './school-place.ts';
import { logSlices } from './tables.ts';

/** Finds whose entry is the next one, of those whose keys the database holds; entries come in the log's order. */
export interface SchoolPlaces {
  /** Null for an entry of version 1, and for a school whose slice was opened after the backup: its key is lost. */
  find(entry: string): SlicePlace | null;
}

export async function openSchoolPlaces(tx: Transaction, origin: string): Promise<SchoolPlaces> {
  const { slice, key, size } = logSlices;
  const rows = await tx
    .select({ slice, key, size })
    .from(logSlices)
    .where(and(eq(logSlices.origin, origin), eq(logSlices.kind, 'school')));
  const expected = new Map<string, SlicePlace & { readonly key: Uint8Array }>();
  const expect = (place: SlicePlace & { readonly key: Uint8Array }): void => {
    expected.set(schoolPlace(place.key, place.seq), place);
  };
  for (const row of rows) if (row.key !== null) expect({ slice: row.slice, key: row.key, seq: row.size + 1n });
  return {
    find(entry) {
      const parsed = parseEntry(new TextEncoder().encode(entry));
      const said = parsed.ok ? parsed.value.schoolPlace : undefined;
      const found = said === undefined ? undefined : expected.get(said);
      if (said === undefined || found === undefined) return null;
      expected.delete(said);
      expect({ ...found, seq: found.seq + 1n });
      return { slice: found.slice, seq: found.seq };
    },
  };
}
