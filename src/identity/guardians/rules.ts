import type { PersonEntitlement, PersonScope } from '../../policy/actor.ts';
import type {
  Custody,
  GuardianField,
  GuardianRelation,
  GuardianRow,
  GuardianState,
  GuardianSubject,
} from './tables.ts';

const majorityYears = 18;
export const maxGuardians = 10;

/** What a guardian's record comes to on a day: its state, its days and the pupil's age together. */
export type Standing = 'pending' | 'notYet' | 'confirmed' | 'granted' | 'disputed' | 'over' | 'ofAge' | 'ended';

/** What a pupil has given a guardian and not taken back; days in Japan. */
export interface Consent {
  readonly givenOn: string;
  readonly until: string;
  readonly scope: readonly PersonScope[];
}

export type Recorded = Pick<GuardianRow, 'state' | 'validFrom' | 'validUntil'> & {
  readonly consent: Pick<Consent, 'givenOn' | 'until'> | null;
};

type Sight = Pick<GuardianRow, 'seesRecords' | 'seesHealth' | 'seesLedger'>;

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
  return birthDate !== null && countsOn(guardian.consent, { birthDate, day }) ? 'granted' : 'ofAge';
}

/** What somebody gave before they were of age counts for nothing, nor what was given by a wrong birth date. */
function countsOn(consent: Recorded['consent'], on: { readonly birthDate: string; readonly day: string }): boolean {
  return consent !== null && isOfAge(on.birthDate, consent.givenOn) && on.day <= consent.until;
}

/** The last day that a consent given on this day may have: a year, 28 February after a 29th. */
export function consentUntil(day: string): string {
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
  return next.endsWith('-02-29') ? `${next.slice(0, 4)}-02-28` : next;
}

/** Does a guardian of this standing see anything? */
export function seesNow(standing: Standing): boolean {
  return standing === 'confirmed' || standing === 'granted';
}

/** Does the record count, or wait to? In dispute the principal has the word, and what has ended is over. */
export function isInForce(state: GuardianState): state is 'pending' | 'confirmed' {
  return state === 'pending' || state === 'confirmed';
}

/** What may be done with a record, in the order of the page. */
export const guardianDeeds = ['confirm', 'correct', 'suspend', 'settle', 'end', 'restore', 'issueCode'] as const;

/** What a record says, in the parts of its form. */
export const guardianParts = ['name', 'kana', 'relation', 'custody', 'mail', 'scope', 'period'] as const;
export type GuardianPart = (typeof guardianParts)[number];

const parts: Readonly<Record<GuardianField, GuardianPart>> = {
  name: 'name',
  kana: 'kana',
  relation: 'relation',
  custody: 'custody',
  contactMail: 'mail',
  seesRecords: 'scope',
  seesHealth: 'scope',
  seesLedger: 'scope',
  validFrom: 'period',
  validUntil: 'period',
};

/** The parts of the form in which these columns stand, each once. */
export function partsOf(fields: readonly GuardianField[]): readonly GuardianPart[] {
  return guardianParts.filter((part) => fields.some((field) => parts[field] === part));
}

/** The columns for what a guardian may see. */
export function sightOf(scope: readonly PersonScope[]): Sight {
  return {
    seesRecords: scope.includes('records'),
    seesHealth: scope.includes('health'),
    seesLedger: scope.includes('ledger'),
  };
}

/** As the school has set it. */
export function scopeOfGuardian(guardian: Sight): readonly PersonScope[] {
  return [
    ...(guardian.seesRecords ? (['records'] as const) : []),
    ...(guardian.seesHealth ? (['health'] as const) : []),
    ...(guardian.seesLedger ? (['ledger'] as const) : []),
  ];
}

/** What a guardian of this standing sees: of a pupil of age, what the pupil has said. */
export function scopeSeen(
  guardian: Sight & { readonly consent: Pick<Consent, 'scope'> | null },
  standing: Standing,
): readonly PersonScope[] {
  return standing === 'granted' ? (guardian.consent?.scope ?? []) : scopeOfGuardian(guardian);
}

export interface LinkForEntitlement {
  readonly pupilId: string;
  readonly relation: 'self' | 'guardian';
  readonly isConfirmed: boolean;
  readonly guardian: (Recorded & Sight & { readonly consent: Consent | null }) | null;
  readonly birthDate: string | null;
}

/** What a link lets its person see today; null when nothing. */
export function entitlementOf(link: LinkForEntitlement, day: string): PersonEntitlement | null {
  if (!link.isConfirmed) return null;
  const { pupilId, relation, guardian } = link;
  if (relation === 'self') return { pupilId, relation, scope: ['records', 'health', 'ledger'] };
  const standing = guardian === null ? null : standingOf(guardian, { birthDate: link.birthDate, day });
  if (guardian === null || standing === null || !seesNow(standing)) return null;
  return { pupilId, relation, scope: scopeSeen(guardian, standing) };
}

/**
 * Who is told what happens around a pupil: those with custody whose standing is in force; that the pupil comes of age,
 * everybody whose access ends with it; certificates, of a minor alone; what the pupil gives or takes back, nobody but the guardian whom it concerns.
 */
export function isTold(custody: Custody, standing: Standing, subject: GuardianSubject): boolean {
  if (subject === 'majority-ahead' || subject === 'majority-reached') return seesNow(standing) || standing === 'ofAge';
  if (subject === 'access-granted' || subject === 'access-withdrawn') return false;
  // What somebody of age asks for is nobody else's, whatever else they let be seen.
  if (subject.startsWith('certificate-')) return custody !== 'none' && standing === 'confirmed';
  return custody !== 'none' && seesNow(standing);
}

/**
 * Whoever asked for a certificate holds it, whatever the custody is now and also when the pupil has come of age since: they
 * hear what becomes of it. In dispute, or after the school has ended the record, nobody does.
 */
export function isAskerTold(standing: Standing): boolean {
  return seesNow(standing) || standing === 'ofAge';
}

/**
 * 法定代理人: who may ask for something in a minor's name, parents with custody (民法824条) and 未成年後見人 (859条). Whoever only
 * lives with the child, and was given the records to see, needs a power of attorney, like every agent.
 */
export function actsForMinor(
  { custody, relation }: { readonly custody: Custody; readonly relation: GuardianRelation },
  standing: Standing,
): boolean {
  return (custody !== 'none' || relation === 'minorGuardian') && standing === 'confirmed';
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
