import type { JsonObject, JsonValue } from '../../crypto/strict-json.ts';
import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { t } from '../../web/text.ts';

/** What is not of the certificate: who issues, when, and names for what has none. */
export interface BadgeParts {
  /** Of the credential, and of whom it is about: `urn:uuid:`. */
  readonly id: string;
  readonly subject: string;
  readonly issuer: JsonObject;
  /** Whole seconds. */
  readonly validFrom: Date;
  readonly validUntil: Date;
  /** `credentialStatus`, also of each credential inside: they stand and fall together. */
  readonly status: JsonObject;
  /** A new `urn:uuid:` each time. */
  readonly newUrn: () => string;
}

const vcContext = 'https://www.w3.org/ns/credentials/v2';
const badgeContext = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const clrContext = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json';
const badgeSchema = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
const clrSchema = 'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json';

/** A transcript as one Open Badge (1EdTech Open Badges 3.0): the grades are results of one achievement. Pure. */
export function openBadgeOf(statement: CertificateStatement, parts: BadgeParts): JsonObject {
  return {
    '@context': [vcContext, badgeContext],
    ...headOf(statement.wording.title, 'OpenBadgeCredential', parts),
    credentialSubject: {
      ...subjectOf(statement, 'AchievementSubject', parts),
      ...achievedOf(statement, { name: statement.wording.title, type: 'ext:Transcript' }, parts),
    },
    credentialSchema: schemaOf(badgeSchema),
  };
}

/** The same as a Comprehensive Learner Record (CLR 2.0): one achievement for each subject. Pure. */
export function learnerRecordOf(statement: CertificateStatement, parts: BadgeParts): JsonObject {
  const inner = () => ({ ...parts, id: parts.newUrn() });
  const courses = statement.subjects.map((course) => courseOf(statement, course, inner()));
  return {
    '@context': [vcContext, clrContext, badgeContext],
    ...headOf(statement.wording.title, 'ClrCredential', parts),
    credentialSubject: {
      ...subjectOf(statement, 'ClrSubject', parts),
      verifiableCredential: courses.length === 0 ? [openBadgeOf(statement, inner())] : courses,
    },
    credentialSchema: schemaOf(clrSchema),
  };
}

type Course = CertificateStatement['subjects'][number];

function courseOf(statement: CertificateStatement, course: Course, parts: BadgeParts): JsonObject {
  const one = { ...statement, subjects: [course] };
  return {
    '@context': [vcContext, badgeContext],
    ...headOf(course.name, 'AchievementCredential', parts),
    credentialSubject: {
      ...subjectOf(statement, 'AchievementSubject', parts),
      term: String(course.schoolYear),
      ...(course.credits === null ? {} : { creditsEarned: course.credits }),
      ...achievedOf(one, { name: course.name, type: 'Course' }, parts),
    },
    credentialSchema: schemaOf(badgeSchema),
  };
}

function headOf(name: string, type: string, { id, issuer, validFrom, validUntil, status }: BadgeParts): JsonObject {
  return {
    id,
    type: ['VerifiableCredential', type],
    name,
    issuer,
    validFrom: instant(validFrom),
    validUntil: instant(validUntil),
    credentialStatus: status,
  };
}

/** Whose it is: by name and birthday, since there is no key and no address of theirs. */
function subjectOf({ person }: CertificateStatement, type: string, { subject }: BadgeParts): JsonObject {
  return {
    id: subject,
    type: [type],
    identifier: [
      identityOf('name', person.officialName),
      ...(person.nameEnglish === null ? [] : [identityOf('name', person.nameEnglish)]),
      identityOf('ext:birthdate', person.birthDate),
    ],
  };
}

function identityOf(identityType: string, identityHash: string): JsonObject {
  return { type: 'IdentityObject', hashed: false, identityHash, identityType };
}

function achievedOf(
  { subjects, language }: CertificateStatement,
  of: { readonly name: string; readonly type: string },
  { newUrn }: BadgeParts,
): JsonObject {
  const graded = subjects.flatMap(({ name, schoolYear, grade }) =>
    grade === null ? [] : [{ id: newUrn(), name: `${name} ${schoolYear}`, value: String(grade) }],
  );
  const achievement: Readonly<Record<string, JsonValue>> = {
    id: newUrn(),
    type: ['Achievement'],
    achievementType: of.type,
    name: of.name,
    description: of.name,
    criteria: { narrative: t(language, 'credential.badge-criteria') },
  };
  if (graded.length === 0) return { achievement };
  return {
    achievement: {
      ...achievement,
      resultDescription: graded.map(({ id, name }) => ({
        id,
        type: ['ResultDescription'],
        name,
        resultType: 'Result',
      })),
    },
    result: graded.map(({ id, value }) => ({ type: ['Result'], resultDescription: id, value })),
  };
}

function schemaOf(id: string): JsonValue {
  return [{ id, type: '1EdTechJsonSchemaValidator2019' }];
}

function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
