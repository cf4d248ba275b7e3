import type { JsonObject } from '../../crypto/strict-json.ts';
import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { audienceClaim } from '../../records/credential-type.ts';

/**
 * The claims of a credential, exactly what its certificate says; null and empty members are left out. Pure.
 *
 * @param audience - whom alone it is shown to; null for the holder's own
 */
export function claimsOf(
  statement: CertificateStatement,
  audience: string | null,
): { readonly open: JsonObject; readonly fields: JsonObject } {
  const { school, person, kind, asked } = statement;
  const fields: Readonly<Record<string, JsonObject[string] | null>> = {
    school_name: school.name,
    school_name_english: school.nameEnglish,
    certificate_number: statement.number,
    issued_on: statement.issuedOn,
    asked_kind: asked === kind ? null : asked,
    official_name: person.officialName,
    kana: person.kana,
    name_english: person.nameEnglish,
    birthdate: person.birthDate,
    course: statement.course,
    grade: statement.grade,
    enrolled_on: statement.enrolledOn,
    left_on: statement.leftOn,
    assurance: statement.assurance,
    subjects: statement.subjects.length === 0 ? null : statement.subjects.map(subjectOf),
  };
  return {
    open: {
      school_code: school.code,
      document_kind: kind,
      ...(audience === null ? {} : { [audienceClaim]: audience }),
    },
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  };
}

function subjectOf({ schoolYear, name, credits, grade }: CertificateStatement['subjects'][number]): JsonObject {
  return {
    school_year: schoolYear,
    name,
    ...(credits === null ? {} : { credits }),
    ...(grade === null ? {} : { grade }),
  };
}
