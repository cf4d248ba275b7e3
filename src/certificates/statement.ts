import type { IssuedKind } from '../records/certificate-kinds.ts';
import { type CertificateStatement, statementVersion } from '../records/certificate-statement.ts';
import type { RegisterFacts } from './facts.ts';
import type { Certifiable } from './rules.ts';
import type { TemplateWording } from './tables.ts';

export type CertificateLanguage = CertificateStatement['language'];

export interface StatementParts {
  readonly number: string;
  readonly copy: CertificateStatement['copy'];
  readonly asked: IssuedKind;
  readonly language: CertificateLanguage;
  readonly issuedOn: string;
  readonly assurance: CertificateStatement['assurance'];
  readonly school: CertificateStatement['school'];
  readonly successorOf?: CertificateStatement['school'];
  readonly facts: RegisterFacts;
  readonly wording: TemplateWording;
  readonly verifyAt: string;
}

type Stated = Pick<CertificateStatement, 'course' | 'grade' | 'enrolledOn' | 'leftOn' | 'subjects'>;

/** What a certificate of this kind says, and nothing else of the register. Pure. */
export function statementOf(
  { kind }: Extract<Certifiable, { readonly can: true }>,
  parts: StatementParts,
): CertificateStatement {
  const { facts, wording, language, ...rest } = parts;
  const { officialName, kana, nameEnglish, birthDate } = facts;
  const isJapanese = language === 'ja';
  return {
    version: statementVersion,
    ...rest,
    kind,
    language,
    person: { officialName, kana, nameEnglish, birthDate },
    ...statedFacts(kind, facts, parts.issuedOn),
    wording: {
      title: isJapanese ? wording.titleJa : wording.titleEn,
      body: isJapanese ? wording.bodyJa : wording.bodyEn,
      principal: isJapanese ? wording.principalJa : wording.principalEn,
    },
  };
}

/** What a certificate of this kind says of somebody, for consent; an English name only where the register has one. */
export function certifiedFields(kind: IssuedKind): readonly CertifiedField[] {
  return [...ofPerson, ...moreFields[kind]];
}

export const certifiedFieldNames = [
  'officialName',
  'kana',
  'nameEnglish',
  'birthDate',
  'course',
  'grade',
  'enrolledOn',
  'leftOn',
  'subjects',
  'credits',
  'grades',
] as const;
export type CertifiedField = (typeof certifiedFieldNames)[number];

const ofPerson: readonly CertifiedField[] = ['officialName', 'kana', 'nameEnglish', 'birthDate'];
const moreFields: Readonly<Record<IssuedKind, readonly CertifiedField[]>> = {
  graduationCertificate: ['course', 'leftOn'],
  completionCertificate: ['course', 'leftOn'],
  enrolmentCertificate: ['course', 'grade', 'enrolledOn'],
  studentFareCertificate: ['course', 'grade', 'enrolledOn'],
  enrolmentPeriodCertificate: ['course', 'enrolledOn', 'leftOn'],
  transcript: ['course', 'enrolledOn', 'leftOn', 'subjects', 'credits', 'grades'],
  creditCertificate: ['course', 'enrolledOn', 'leftOn', 'subjects', 'credits'],
  admissionReport: [],
  inabilityCertificate: [],
};

const nothing: Stated = { course: null, grade: null, enrolledOn: null, leftOn: null, subjects: [] };

function statedFacts(kind: IssuedKind, facts: RegisterFacts, today: string): Stated {
  const { course, grade, enrolledOn, subjects } = facts;
  // A day of leaving that has not come is not certified yet.
  const leftOn = facts.leftOn !== null && facts.leftOn > today ? null : facts.leftOn;
  switch (kind) {
    case 'graduationCertificate':
    case 'completionCertificate':
      return { ...nothing, course, leftOn };
    case 'enrolmentCertificate':
    case 'studentFareCertificate':
      return { ...nothing, course, grade, enrolledOn };
    case 'enrolmentPeriodCertificate':
      return { ...nothing, course, enrolledOn, leftOn };
    case 'transcript':
      return { ...nothing, course, enrolledOn, leftOn, subjects };
    case 'creditCertificate':
      return { ...nothing, course, enrolledOn, leftOn, subjects: creditsOf(subjects) };
    // 調査書 is no certificate of a person's, and whoever cannot certify says no more than that.
    case 'admissionReport':
    case 'inabilityCertificate':
      return nothing;
  }
}

/** 単位修得証明書 says what was earned, not how well. */
function creditsOf(subjects: RegisterFacts['subjects']): CertificateStatement['subjects'] {
  return subjects.filter(({ credits }) => credits !== null).map((subject) => ({ ...subject, grade: null }));
}
