import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import { seesNow, standingOf } from '../guardians/rules.ts';
import { findGuardians } from '../guardians/store.ts';
import type { AccessCodeRow } from './tables.ts';

/**
 * The addresses that a code's number goes to: the guardian's own; for a pupil those of every guardian with custody. Two
 * members of staff stand behind each, since a guardian who is not confirmed, in dispute, over or past the pupil's
 * majority gets nothing.
 *
 * @param day - the calendar day in Japan
 */
export async function findReceivers(
  tx: Transaction,
  holder: Pick<AccessCodeRow, 'pupilId' | 'guardianId'>,
  day: string,
): Promise<readonly string[]> {
  const [pupil, all] = await Promise.all([findPupil(tx, holder.pupilId), findGuardians(tx, holder.pupilId)]);
  const on = { birthDate: pupil?.birthDate ?? null, day };
  const reached = all.filter((guardian) => {
    const standing = standingOf(guardian, on);
    if (!seesNow(standing)) return false;
    return holder.guardianId === null ? guardian.custody !== 'none' : guardian.id === holder.guardianId;
  });
  return [...new Set(reached.flatMap(({ contactMail }) => (contactMail === null ? [] : [contactMail])))];
}
