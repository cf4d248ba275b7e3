import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { formatDay, formatEraDay } from '../../web/format.ts';
import { t } from '../../web/text.ts';

/** All that a certificate says in words, in the order of reading. */
export interface Composition {
  readonly number: string;
  readonly title: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly subjects: readonly (readonly string[])[];
  readonly body: string;
  /** Day, school and who certifies. */
  readonly signature: readonly string[];
  readonly notes: readonly string[];
  readonly captions: { readonly state: string; readonly offline: string };
}

/** The statement in words. Pure. */
export function composeCertificate(of: CertificateStatement): Composition {
  const { language: locale, number, copy, wording, school } = of;
  return {
    number: t(locale, 'drawn.number', { number, copy: copy.number, of: copy.of }),
    title: wording.title,
    rows: rowsOf(of),
    subjects: subjectsOf(of),
    body: of.successorOf === undefined ? wording.body : `${wording.body}\n${successorText(of, of.successorOf)}`,
    signature: [dayText(of, of.issuedOn), schoolName(of, school), wording.principal],
    notes: [t(locale, 'drawn.electronic'), t(locale, 'drawn.level', { level: t(locale, `level.${of.assurance}`) })],
    captions: { state: t(locale, 'drawn.state', { url: of.verifyAt }), offline: t(locale, 'drawn.offline') },
  };
}

function rowsOf(of: CertificateStatement): Composition['rows'] {
  const { language: locale, person } = of;
  const rows: (readonly [string, string | null])[] = [
    ...(of.successorOf === undefined
      ? []
      : [[t(locale, 'drawn.former-school'), schoolName(of, of.successorOf)] as const]),
    ...nameRows(of),
    [t(locale, 'drawn.birth'), dayText(of, person.birthDate)],
    [t(locale, 'drawn.course'), of.course],
    [t(locale, 'drawn.grade'), of.grade],
    [t(locale, 'drawn.enrolled'), of.enrolledOn && dayText(of, of.enrolledOn)],
    [t(locale, leftLabel(of)), of.leftOn && dayText(of, of.leftOn)],
    [t(locale, 'drawn.asked'), of.kind === of.asked ? null : t(locale, `certificate.${of.asked}`)],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** Whom “this school” means, and by what right another one signs. */
function successorText(of: CertificateStatement, former: CertificateStatement['school']): string {
  const names = { former: schoolName(of, former), school: schoolName(of, of.school) };
  return t(of.language, 'drawn.successor', names);
}

function schoolName({ language }: CertificateStatement, { name, nameEnglish }: CertificateStatement['school']): string {
  return language === 'ja' ? name : nameEnglish;
}

/** In English both: who reads it compares the one with the passport, the other with the register. */
function nameRows({ language: locale, person }: CertificateStatement): (readonly [string, string | null])[] {
  const japanese = [
    [t(locale, locale === 'ja' ? 'drawn.name' : 'drawn.name-japanese'), person.officialName],
    [t(locale, 'drawn.kana'), locale === 'ja' ? person.kana : null],
  ] as const;
  return locale === 'ja' ? [...japanese] : [[t(locale, 'drawn.name'), person.nameEnglish], ...japanese];
}

export function leftLabel({ kind }: Pick<CertificateStatement, 'kind'>) {
  if (kind === 'graduationCertificate') return 'drawn.graduated';
  return kind === 'completionCertificate' ? 'drawn.completed' : 'drawn.left';
}

function subjectsOf({ language: locale, kind, subjects }: CertificateStatement): Composition['subjects'] {
  if (subjects.length === 0) return [];
  const graded = kind === 'transcript';
  const head = [t(locale, 'drawn.year'), t(locale, 'drawn.subject'), t(locale, 'drawn.credits')];
  const rows = subjects.map(({ schoolYear, name, credits, grade }) => [
    String(schoolYear),
    name,
    numberText(credits),
    ...(graded ? [numberText(grade)] : []),
  ]);
  return [graded ? [...head, t(locale, 'drawn.mark')] : head, ...rows];
}

function numberText(value: number | null): string {
  return value === null ? '—' : String(value);
}

/** Printed forms of schools count by era; readers abroad do not. */
function dayText({ language }: CertificateStatement, day: string): string {
  const shown = formatDay(language, day);
  return language === 'ja' ? `${shown}（${formatEraDay(day).replace(/年.*$/u, '年')}）` : shown;
}
