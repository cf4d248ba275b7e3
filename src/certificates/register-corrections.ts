import { asc, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../database/connection.ts';
import type { StaffActor } from '../policy/actor.ts';
import type { VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { fileNumber } from './file-number.ts';
import type { EntryRow } from './register-store.ts';
import { correctionGrounds, registerCorrections } from './tables.ts';

/** Why an inherited entry was changed, and where the evidence lies: a word and a number, nothing about the person. */
export const correction = z.strictObject({ ground: z.enum(correctionGrounds), reference: fileNumber });
export type Correction = Readonly<z.infer<typeof correction>>;

export interface CorrectionRecord extends Correction {
  /** Who answered for the closed school then. */
  readonly bySchool: string;
  readonly version: number;
  readonly at: string;
}

/** In the transaction of the change itself. */
export async function recordCorrection(
  tx: Transaction,
  { gateway }: Pick<VerbContext, 'gateway'>,
  of: { readonly row: EntryRow; readonly by: StaffActor; readonly correction: Correction },
): Promise<void> {
  const { row, by, correction: given } = of;
  await tx.insert(registerCorrections).values({
    id: newId(),
    entryId: row.id,
    schoolCode: row.schoolCode,
    bySchool: by.school,
    byStaff: by.staffId,
    ...given,
    version: row.version + 1,
    at: gateway.clock.now(),
  });
}

/** Of these entries, oldest first; at most 500. */
export async function findCorrections(
  tx: Transaction,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CorrectionRecord[]>> {
  if (entryIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(registerCorrections)
    .where(inArray(registerCorrections.entryId, [...entryIds]))
    .orderBy(asc(registerCorrections.at))
    .limit(500);
  const found = new Map<string, CorrectionRecord[]>();
  for (const { entryId, ground, reference, bySchool, version, at } of rows) {
    const view = { ground, reference, bySchool, version, at: at.toISOString() };
    found.set(entryId, [...(found.get(entryId) ?? []), view]);
  }
  return found;
}
