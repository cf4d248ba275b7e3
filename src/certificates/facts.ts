import { z } from '@hono/zod-openapi';

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}+$/u);
const day = z.iso.date();

/** A subject as it stands on a transcript. */
const subject = z.strictObject({
  schoolYear: z.int().min(1900).max(2200),
  name: line(60),
  credits: z.number().min(0).max(100).nullable().default(null),
  grade: z.int().min(1).max(10).nullable().default(null),
});

export const leavings = ['graduated', 'completed', 'left'] as const;
export type Leaving = (typeof leavings)[number];

/** What a school's register holds of one pupil or graduate, to certify from. Names keep their exact code points. */
export const registerFacts = z
  .strictObject({
    number: line(40).openapi({ description: '学籍番号 or number of the graduation ledger; one entry each' }),
    officialName: line(100),
    nonStandardCharacters: z
      .array(z.strictObject({ codePoint: z.string().regex(/^U\+[0-9A-F]{4,6}$/), glyph: line(40) }))
      .max(64)
      .default([]),
    kana: line(200),
    nameEnglish: line(100).nullable().default(null),
    birthDate: day,
    course: line(60).nullable().default(null),
    grade: line(10).nullable().default(null).openapi({ description: 'While enrolled' }),
    enrolledOn: day.nullable().default(null),
    leftOn: day.nullable().default(null).openapi({ description: 'Null while enrolled' }),
    leaving: z.enum(leavings).nullable().default(null),
    subjects: z.array(subject).max(300).default([]),
  })
  .openapi('RegisterFacts');
export type RegisterFacts = z.infer<typeof registerFacts>;
export type RegisterSubject = RegisterFacts['subjects'][number];

export type FactsReason = 'leaving' | 'order' | 'birth';

/** What no single field can be wrong about: days in order, and a way of leaving exactly where there is a day of it. */
export function checkFacts({ birthDate, enrolledOn, leftOn, leaving }: RegisterFacts): FactsReason | null {
  if ((leftOn === null) !== (leaving === null)) return 'leaving';
  if (enrolledOn !== null && leftOn !== null && enrolledOn > leftOn) return 'order';
  const first = enrolledOn ?? leftOn;
  return first !== null && birthDate >= first ? 'birth' : null;
}
