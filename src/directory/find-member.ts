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

/** For the school's list of its people, who has not come for long is looked at; and where notices to them go. */
export async function rememberLogIn(
  tx: Transaction,
  staffId: string,
  seen: { readonly at: Date; readonly contactMail: string | null },
): Promise<void> {
  expectRows(await markLogIn(tx, staffId, seen), 1);
}

/** Where notices to this account go; null when its provider has told no address, or row security does not show it. */
export async function findStaffContact(tx: Transaction, staffId: string): Promise<string | null> {
  return (await selectStaff(tx, staffId))?.contactMail ?? null;
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
