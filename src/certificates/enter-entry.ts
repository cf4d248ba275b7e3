import { staffFor } from '../administration/manager.ts';
import type { Transaction } from '../database/connection.ts';
import { sqlState } from '../database/errors.ts';
import { findPupil } from '../directory/find-member.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, look, perform, refuseLogged, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { checkFacts, type RegisterFacts } from './facts.ts';
import { type Correction, recordCorrection } from './register-corrections.ts';
import { type SealedEntry, sealEntry } from './sealed-entries.ts';
import { readableEntry } from './show-register.ts';

const uniqueViolation = '23505';
const event = { event: 'certificate-register.changed', caseId: null } as const;

export interface EntryInput {
  /** Null for a new entry. */
  readonly entryId: string | null;
  /** The version that was looked at; null when it was not said. */
  readonly version: number | null;
  readonly pupilId: string | null;
  readonly facts: RegisterFacts;
  /** For an entry that a closed school has left: why, and where the evidence lies. */
  readonly correction: Correction | null;
}

/**
 * Enters or changes what the school certifies from, or corrects what a closed school has left for which it answers. Nothing
 * becomes a certificate by it: each one is approved.
 * Faults: certificate.facts, certificate.entry-not-found, certificate.number-taken, certificate.ground-missing, pupil.not-found,
 * request.precondition-failed
 */
export async function saveEntry(context: VerbContext, input: EntryInput): Promise<Result<{ readonly id: string }>> {
  const before = await answeredBefore<{ readonly id: string }>(context, null);
  if (before !== null) return before;
  const wrong = checkFacts(input.facts);
  const prepared = await look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.register');
    if (!staff.ok) return staff;
    const { school } = staff.value;
    if (wrong !== null) return refuse(fault('certificate.facts', { fields: { [wrong]: `register.wrong-${wrong}` } }));
    const of = input.entryId === null ? ok(null) : await readableEntry(tx, context, input.entryId);
    if (!of.ok) return of;
    // Whoever has left the roll meanwhile stays the one whom the entry is about.
    const isSame = of.value !== null && of.value.row.pupilId === input.pupilId;
    const keeper = of.value?.row.schoolCode ?? school;
    const isInherited = keeper !== school;
    if (isInherited && input.correction === null) return refuse(fault('certificate.ground-missing'));
    // Whom an inherited entry is about stays as the closed school knew it.
    if (isInherited && !isSame) return refuse(fault('pupil.not-found'));
    if (input.pupilId !== null && !isSame && (await findPupil(tx, input.pupilId))?.schoolCode !== school) {
      return refuse(fault('pupil.not-found'));
    }
    const isStale = of.value !== null && input.version !== null && of.value.row.version !== input.version;
    return isStale ? refuse(fault('request.precondition-failed')) : ok({ keeper, isInherited, of: of.value });
  });
  if (!prepared.ok) return refuseLogged(context, event, prepared.fault);
  const { keeper, isInherited, of } = prepared.value;
  const sealed = await sealEntry(context.gateway, keeper, { ...input, of });
  const correction = isInherited ? input.correction : null;
  try {
    return await perform(context, event, async (tx) => {
      const staff = staffFor(context, 'certificate.register');
      if (!staff.ok) return staff;
      const stored = await storeEntry(tx, context, sealed, correction === null ? null : { of: keeper, ...correction });
      if (!stored.ok) return stored;
      if (correction !== null && of !== null) {
        await recordCorrection(tx, context, { row: of.row, by: staff.value, correction });
      }
      return ok({ id: sealed.id });
    });
  } catch (error) {
    // An entry takes another one's number or pupil: the index knows it, also of one that this reader may not see.
    if (sqlState(error) !== uniqueViolation) throw error;
    return refuseLogged(context, event, fault('certificate.number-taken'));
  }
}

/** Of an entry that a closed school has left: whose it is, and why it is changed. */
interface Inherited extends Correction {
  readonly of: string;
}

/** One entry with its line in the log: the id, and nothing of what it says. */
export async function storeEntry(
  tx: Transaction,
  context: VerbContext,
  sealed: SealedEntry,
  inherited: Inherited | null = null,
): Promise<Result<true>> {
  const stored = await sealed.store(tx);
  if (!stored.ok) return stored;
  await logPlainEvent(tx, context, 'certificate-register.changed', {
    entry: sealed.id,
    change: sealed.isNew ? 'new' : inherited === null ? 'changed' : 'corrected',
    ...(inherited === null ? {} : { formerSchool: inherited.of, reason: inherited.ground }),
  });
  return stored;
}
