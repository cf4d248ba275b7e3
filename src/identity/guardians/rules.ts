import type { PersonEntitlement, PersonScope } from '../../policy/actor.ts';
import type { Custody, GuardianRow, GuardianSubject } from '../tables.ts';

const majorityYears = 18;
export const maxGuardians = 10;

/** What a guardian's record comes to on a day: its state, its days and the pupil's age together. */
export type Standing = 'pending' | 'notYet' | 'confirmed' | 'granted' | 'disputed' | 'over' | 'ofAge' | 'ended';

type Recorded = Pick<GuardianRow, 'state' | 'validFrom' | 'validUntil' | 'grantedUntil'>;

/**
 * The day on which somebody born on this day comes of age, `YYYY-MM-DD`. 民法4条: at 18. 年齢計算ニ関スル法律 with 民法143条:
 * the day of birth counts, so 18 years are over with the end of the day before the birthday, and the first day of age is
 * the birthday itself. Born on 29 February: without that day in the year the years end with February, so 1 March.
 */
export function ofAgeFrom(birthDate: string): string {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  // A day that the year does not have runs over into the next month, which is what the law says of 29 February.
  return new Date(Date.UTC(year + majorityYears, month - 1, day)).toISOString().slice(0, 10);
}

/**
 * Whoever was born on or before this day is of age on the other. A text to compare with texts: 29 February may be no day
 * of that year, and is still the right bound.
 */
export function bornUntil(day: string): string {
  return `${Number(day.slice(0, 4)) - majorityYears}${day.slice(4)}`;
}

export function isOfAge(birthDate: string, day: string): boolean {
  return day >= ofAgeFrom(birthDate);
}

/**
 * What the record comes to on a day.
 *
 * @param birthDate - the pupil's; null when the school keeps the pupil no longer, and then nobody is known to be a minor
 */
export function standingOf(
  guardian: Recorded,
  { birthDate, day }: { readonly birthDate: string | null; readonly day: string },
): Standing {
  if (guardian.state !== 'confirmed') return guardian.state;
  if (day < guardian.validFrom) return 'notYet';
  if (guardian.validUntil !== null && day > guardian.validUntil) return 'over';
  if (birthDate !== null && !isOfAge(birthDate, day)) return 'confirmed';
  return guardian.grantedUntil !== null && day <= guardian.grantedUntil ? 'granted' : 'ofAge';
}

/** Does a guardian of this standing see anything? */
export function seesNow(standing: Standing): boolean {
  return standing === 'confirmed' || standing === 'granted';
}

export function scopeOfGuardian(
  guardian: Pick<GuardianRow, 'seesRecords' | 'seesHealth' | 'seesLedger'>,
): readonly PersonScope[] {
  return [
    ...(guardian.seesRecords ? (['records'] as const) : []),
    ...(guardian.seesHealth ? (['health'] as const) : []),
    ...(guardian.seesLedger ? (['ledger'] as const) : []),
  ];
}

export interface LinkForEntitlement {
  readonly pupilId: string;
  readonly relation: 'self' | 'guardian';
  readonly isConfirmed: boolean;
  readonly guardian: (Recorded & Pick<GuardianRow, 'seesRecords' | 'seesHealth' | 'seesLedger'>) | null;
  readonly birthDate: string | null;
}

/** What a link lets its person see today; null when nothing. */
export function entitlementOf(link: LinkForEntitlement, day: string): PersonEntitlement | null {
  if (!link.isConfirmed) return null;
  const { pupilId, relation, guardian } = link;
  if (relation === 'self') return { pupilId, relation, scope: ['records', 'health', 'ledger'] };
  if (guardian === null || !seesNow(standingOf(guardian, { birthDate: link.birthDate, day }))) return null;
  return { pupilId, relation, scope: scopeOfGuardian(guardian) };
}

/**
 * Who is told what happens around a pupil: those with custody whose standing is in force; that the pupil comes of age,
 * everybody whose access ends with it.
 */
export function isTold(custody: Custody, standing: Standing, subject: GuardianSubject): boolean {
  if (subject === 'majority-ahead' || subject === 'majority-reached') return seesNow(standing) || standing === 'ofAge';
  return custody !== 'none' && seesNow(standing);
}

/** Two spellings of a name for the eye: blanks and widths do not count. */
export function sameName(one: string, other: string): boolean {
  const fold = (name: string): string => name.normalize('NFKC').replace(/\s/g, '');
  return fold(one) === fold(other);
}

/** Six digits, for telling over the telephone or at the desk. */
export function checkNumberFrom(random: Uint32Array): string {
  return String((random[0] ?? 0) % 1_000_000).padStart(6, '0');
}

/** The day before a calendar day, `YYYY-MM-DD`. */
export function lastDayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
