import type { CertificateStatement } from '../../records/certificate-statement.ts';
import type { certificateShares } from './tables.ts';

type ShareRow = typeof certificateShares.$inferSelect;

export const defaultShareDays = 30;
export const maxShareDays = 90;
/** Of one certificate at a time: links that nobody remembers are links that nobody ends. */
export const maxOpenShares = 20;
/** With those that have ended and are still kept. */
export const maxKeptShares = 100;
/** Wrong PINs over all of a share's life; then it never opens again. */
export const pinTries = 10;
/** How long what has been opened can be read on: the file, the other language. */
export const ticketMinutes = 30;
/** Viewers of one share who can be told of a change. */
export const maxWatchers = 5;
/** For a viewer to confirm the address. */
export const watchConfirmHours = 48;
/** After its end, a share is kept so long with its history and with whoever is to be told. */
export const keptDays = 180;

/** A PIN as it is compared: digits that can be told by telephone. */
export const pinPattern = /^\d{6,12}$/;

export const plainFields = [
  'officialName',
  'kana',
  'nameEnglish',
  'birthDate',
  'course',
  'grade',
  'enrolledOn',
  'leftOn',
] as const;
export type PlainField = (typeof plainFields)[number];
/** One fact of a statement, or the subjects of one school year. */
export type ShareField = PlainField | `subjects/${number}`;

/**
 * What a share shows of a statement; what was not chosen is not in it. How strongly whoever asked for the certificate had
 * been authenticated, and what they had asked for, belong to the certificate and are not chosen.
 */
export type SharedFacts = { readonly [Field in PlainField]?: string | undefined } & Pick<
  CertificateStatement,
  'subjects' | 'assurance' | 'asked'
>;

/** What can be chosen from this statement: all of it that says something about the person. */
export function fieldsOf(statement: CertificateStatement): readonly ShareField[] {
  const years = [...new Set(statement.subjects.map(({ schoolYear }) => schoolYear))].toSorted((a, b) => a - b);
  return [
    ...plainFields.filter((field) => factOf(statement, field) !== null),
    ...years.map((year): ShareField => `subjects/${year}`),
  ];
}

export function pickFacts(statement: CertificateStatement, fields: readonly ShareField[]): SharedFacts {
  const chosen = plainFields.filter((field) => fields.includes(field));
  return {
    assurance: statement.assurance,
    asked: statement.asked,
    ...Object.fromEntries(chosen.map((field) => [field, factOf(statement, field)])),
    subjects: statement.subjects.filter(({ schoolYear }) => fields.includes(`subjects/${schoolYear}`)),
  };
}

function factOf({ person, ...statement }: CertificateStatement, field: PlainField): string | null {
  switch (field) {
    case 'officialName':
    case 'kana':
    case 'nameEnglish':
    case 'birthDate':
      return person[field];
    case 'course':
    case 'grade':
    case 'enrolledOn':
    case 'leftOn':
      return statement[field];
  }
}

export const shareStates = ['open', 'locked', 'used', 'expired', 'withdrawn'] as const;
export type ShareState = (typeof shareStates)[number];

export function stateOfShare(
  row: Pick<ShareRow, 'tries' | 'usedAt' | 'expiresAt' | 'withdrawnAt'>,
  at: Date,
): ShareState {
  if (row.withdrawnAt !== null) return 'withdrawn';
  if (row.usedAt !== null) return 'used';
  if (at >= row.expiresAt) return 'expired';
  return row.tries >= pinTries ? 'locked' : 'open';
}

/** The hour that a view is counted in: when exactly somebody looked is nobody's business. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
}
