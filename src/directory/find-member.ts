import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import {
  type MembershipRow,
  markLogIn,
  type PupilRow,
  type StaffRow,
  selectMemberships,
  selectPupil,
  selectPupils,
  selectStaff,
  selectStaffBySubject,
} from './store.ts';

/** The account of a member of staff, by issuer and subject alone (never by mail address). */
export async function findStaffBySubject(tx: Transaction, issuer: string, subject: string): Promise<StaffRow | null> {
  return selectStaffBySubject(tx, issuer, subject);
}

export async function findStaff(tx: Transaction, staffId: string): Promise<StaffRow | null> {
  return selectStaff(tx, staffId);
}

/** For so long a changed address does not silence the one before: an account that was taken over tells a new one. */
const formerMailDays = 30;

/**
 * For the school's list of its people, who has not come for long is looked at; and where notices to them go. A provider
 * that tells no address this time does not take the former one away.
 *
 * @returns whether the address is another one now
 */
export async function rememberLogIn(
  tx: Transaction,
  staffId: string,
  seen: { readonly at: Date; readonly contactMail: string | null },
): Promise<{ readonly mailChanged: boolean }> {
  const { at, contactMail } = seen;
  const known = await selectStaff(tx, staffId);
  const before = known?.contactMail ?? null;
  const mailChanged = contactMail !== null && before !== null && before !== contactMail;
  const told = contactMail === null ? {} : { contactMail };
  expectRows(await markLogIn(tx, staffId, { lastLoginAt: at, ...told, ...formerMailAfter(known, mailChanged, at) }), 1);
  return { mailChanged };
}

/** Changed twice within that time, the first address stays the former one; after it, it is forgotten. */
function formerMailAfter(known: StaffRow | null, mailChanged: boolean, at: Date) {
  if (known === null || isFormerMailInForce(known, at)) return {};
  const until = new Date(at.getTime() + formerMailDays * 86_400_000);
  return mailChanged
    ? { formerMail: known.contactMail, formerMailUntil: until }
    : { formerMail: null, formerMailUntil: null };
}

/** Where notices to this account go; null when its provider has told no address, or row security does not show it. */
export async function findStaffContact(tx: Transaction, staffId: string): Promise<string | null> {
  return (await selectStaff(tx, staffId))?.contactMail ?? null;
}

/** Where they went before a log-in that told another address; null when that is longer ago than thirty days. */
export async function findFormerContact(tx: Transaction, staffId: string, at: Date): Promise<string | null> {
  const known = await selectStaff(tx, staffId);
  return known !== null && isFormerMailInForce(known, at) ? known.formerMail : null;
}

function isFormerMailInForce({ formerMailUntil }: StaffRow, at: Date): boolean {
  return formerMailUntil !== null && at < formerMailUntil;
}

/** What somebody may be on a calendar day in Japan (`YYYY-MM-DD`). */
export async function findMemberships(
  tx: Transaction,
  staffId: string,
  day: string,
): Promise<readonly MembershipRow[]> {
  return selectMemberships(tx, staffId, day);
}

/** A pupil of a school's roll. */
export type Pupil = PupilRow;

export async function findPupil(tx: Transaction, pupilId: string): Promise<Pupil | null> {
  return selectPupil(tx, pupilId);
}

export async function listPupils(
  tx: Transaction,
  filter: {
    readonly school: string;
    readonly homeroom: string | null;
    readonly after: string | null;
    readonly limit: number;
  },
): Promise<readonly PupilRow[]> {
  return selectPupils(tx, filter);
}
