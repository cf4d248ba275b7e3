import { type CertificateKind, type IssuedKind, inabilityKind } from '../records/certificate-kinds.ts';
import type { RegisterFacts } from './facts.ts';

/**
 * How long a school can certify: for ever, while enrolled, or as many years as it has to keep the record.
 * 学校教育法施行規則 第28条第2項: 学籍に関する記録 20 years, the rest 5.
 */
export type Term = 'permanent' | 'whileEnrolled' | { readonly years: number };

const terms: Readonly<Record<CertificateKind, Term>> = {
  graduationCertificate: 'permanent',
  completionCertificate: 'permanent',
  enrolmentPeriodCertificate: 'permanent',
  creditCertificate: { years: 20 },
  transcript: { years: 5 },
  admissionReport: { years: 5 },
  enrolmentCertificate: 'whileEnrolled',
  studentFareCertificate: 'whileEnrolled',
};

export function termOf(kind: CertificateKind): Term {
  return terms[kind];
}

/** 年度 of a calendar day: from 1 April (学校教育法施行規則 第59条). */
export function schoolYearOf(day: string): number {
  const year = Number(day.slice(0, 4));
  return day.slice(5) < '04-01' ? year - 1 : year;
}

/** The last day of so many years of keeping, counted from the end of the school year in which the pupil left. */
export function lastDayOf(leftOn: string, years: number): string {
  return `${schoolYearOf(leftOn) + 1 + years}-03-31`;
}

export type Certifiable =
  /** It can be made, or in its place the document that says it no longer can; `until` is the last day, null without one. */
  | { readonly can: true; readonly kind: IssuedKind; readonly until: string | null }
  | { readonly can: false; readonly reason: 'school-only' | 'not-fulfilled' | 'future' };

/** What a school can certify today from its register. Pure. */
export function certifiable(kind: CertificateKind, facts: RegisterFacts, today: string): Certifiable {
  if (kind === 'admissionReport') return { can: false, reason: 'school-only' };
  // An entry made ahead of the ceremony certifies nothing before it.
  if (facts.leftOn !== null && facts.leftOn > today) return certifiable(kind, stillEnrolled(facts), today);
  if (facts.enrolledOn !== null && facts.enrolledOn > today) return { can: false, reason: 'future' };
  if (!isFulfilled(kind, facts)) return { can: false, reason: 'not-fulfilled' };
  const term = terms[kind];
  if (typeof term === 'string' || facts.leftOn === null) return { can: true, kind, until: null };
  const until = lastDayOf(facts.leftOn, term.years);
  return today > until ? { can: true, kind: inabilityKind, until: null } : { can: true, kind, until };
}

function stillEnrolled(facts: RegisterFacts): RegisterFacts {
  return { ...facts, leftOn: null, leaving: null };
}

function isFulfilled(kind: CertificateKind, { leftOn, leaving, enrolledOn, subjects }: RegisterFacts): boolean {
  switch (kind) {
    case 'graduationCertificate':
      return leaving === 'graduated';
    case 'completionCertificate':
      return leaving === 'completed';
    case 'enrolmentPeriodCertificate':
      return enrolledOn !== null;
    case 'enrolmentCertificate':
    case 'studentFareCertificate':
      return leftOn === null;
    case 'transcript':
    case 'admissionReport':
      // After the term nothing is kept any more, and the inability has to be certified all the same.
      return subjects.length > 0 || leftOn !== null;
    case 'creditCertificate':
      return subjects.some(({ credits }) => credits !== null) || leftOn !== null;
  }
}
