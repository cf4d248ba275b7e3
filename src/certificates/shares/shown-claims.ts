import type { ClaimPath } from '../../crypto/sd-jwt/unpack.ts';
import type { JsonObject } from '../../crypto/strict-json.ts';
import type { PlainField, ShareField } from './rules.ts';

/** What belongs to the certificate and not to the person; the share's page shows it, too. */
const ofCertificate: readonly string[] = [
  'school_name',
  'school_name_english',
  'certificate_number',
  'issued_on',
  'asked_kind',
];

const claims: Readonly<Record<PlainField, string>> = {
  officialName: 'official_name',
  kana: 'kana',
  nameEnglish: 'name_english',
  birthDate: 'birthdate',
  course: 'course',
  grade: 'grade',
  enrolledOn: 'enrolled_on',
  leftOn: 'left_on',
};

/**
 * Which disclosures of a credential (`credentials/claims.ts`) show exactly the fields of a share. Pure.
 *
 * @param full - the claims with everything disclosed
 */
export function shownClaims(fields: readonly ShareField[], full: JsonObject): (path: ClaimPath) => boolean {
  const names = new Set<string>(ofCertificate);
  const years = new Set<number>();
  for (const field of fields) {
    const [plain = '', year] = field.split('/');
    // Sound: a field without a year is a plain one.
    if (year === undefined) names.add(claims[plain as PlainField]);
    else years.add(Number(year));
  }
  const subjects = Array.isArray(full['subjects']) ? full['subjects'] : [];
  return ([name, index]) => {
    if (name !== 'subjects') return names.has(String(name));
    // The list goes along with the subjects in it.
    const subject: unknown = typeof index === 'number' ? subjects[index] : undefined;
    return isOfYear(subject, years);
  };
}

function isOfYear(subject: unknown, years: ReadonlySet<number>): boolean {
  if (typeof subject !== 'object' || subject === null || !('school_year' in subject)) return false;
  return years.has(Number(subject.school_year));
}
