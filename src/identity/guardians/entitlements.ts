import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import type { PersonEntitlement } from '../../policy/actor.ts';
import { actsForMinor, entitlementOf, standingOf } from './rules.ts';
import { findOwnLinks } from './store.ts';

/**
 * Which pupils a person may see now, and what of them. Read anew at every request, like the memberships of staff: what
 * a school ends or suspends is gone at once, in open sessions too. The transaction is the person's own.
 *
 * @param day - the calendar day in Japan
 */
export async function findEntitlements(
  tx: Transaction,
  personId: string,
  day: string,
): Promise<readonly PersonEntitlement[]> {
  const rows = await findOwnLinks(tx, personId);
  const found = await Promise.all(
    rows.map(async ({ link: { pupilId, relation, confirmedAt }, guardian }) => {
      // Row level security hides the pupil from whoever is not linked today: then there is no birth date either.
      const birthDate = (await findPupil(tx, pupilId))?.birthDate ?? null;
      return entitlementOf({ pupilId, relation, isConfirmed: confirmedAt !== null, guardian, birthDate }, day);
    }),
  );
  return found.filter((one) => one !== null);
}

/** Whether the person is guardian of this minor with custody, as the school has confirmed, today. The transaction is the person's own. */
export async function mayActFor(
  tx: Transaction,
  { personId, pupilId, day }: { readonly personId: string; readonly pupilId: string; readonly day: string },
): Promise<boolean> {
  const birthDate = (await findPupil(tx, pupilId))?.birthDate ?? null;
  const rows = await findOwnLinks(tx, personId);
  return rows.some(
    ({ link, guardian }) =>
      link.pupilId === pupilId &&
      link.confirmedAt !== null &&
      guardian !== null &&
      actsForMinor(guardian, standingOf(guardian, { birthDate, day })),
  );
}
