import { z } from 'zod';
import { assuranceLevels } from '../policy/actor.ts';
import { issuedKinds } from './certificate-kinds.ts';

/** docs/formats.md, Certificate: the name of the file inside the PDF. */
export const statementFile = 'certificate.json';
export const statementVersion = 'hikitsugi-certificate/1';

const day = z.iso.date();
const text = z.string().min(1).max(300);

/** What a certificate certifies, for machines: the attachment of its PDF, canonical JSON (RFC 8785). */
export const certificateStatement = z.strictObject({
  version: z.literal(statementVersion),
  /** Of the school's book of certificates. */
  number: text,
  copy: z.strictObject({ number: z.int().min(1), of: z.int().min(1) }),
  kind: z.enum(issuedKinds),
  /** What had been asked for; another kind only where that can no longer be certified. */
  asked: z.enum(issuedKinds),
  language: z.enum(['ja', 'en']),
  issuedOn: day,
  /** How strongly whoever asked for it had been authenticated. */
  assurance: z.enum(assuranceLevels),
  school: z.strictObject({ code: z.string(), name: text, nameEnglish: text }),
  /** The closed school that was attended, where the school above certifies as its successor. */
  successorOf: z.strictObject({ code: z.string(), name: text, nameEnglish: text }).optional(),
  person: z.strictObject({
    officialName: text,
    kana: text,
    nameEnglish: text.nullable(),
    birthDate: day,
  }),
  course: text.nullable(),
  grade: text.nullable(),
  enrolledOn: day.nullable(),
  leftOn: day.nullable(),
  subjects: z.array(
    z.strictObject({ schoolYear: z.int(), name: text, credits: z.number().nullable(), grade: z.number().nullable() }),
  ),
  wording: z.strictObject({ title: text, body: z.string().max(2000), principal: text }),
  /** Where its state can be looked up. */
  verifyAt: z.url(),
});
export type CertificateStatement = z.infer<typeof certificateStatement>;
