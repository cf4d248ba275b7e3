import { z } from 'zod';
import { parseSchoolCode } from '../directory/codes.ts';

/*
 * The structured core of a 指導要録 (docs/formats.md "JSON core"): what every founder's form has, under one name each.
 * 学校教育法施行規則 第24条; 「小学校、中学校、高等学校及び特別支援学校等における児童生徒の学習評価及び指導要録の改善等について」
 * Unknown members are refused, so that a mistyped one does not get lost; almost every part may be left out.
 */
const maxText = 4_000;
const text = z.string().min(1).max(maxText);
const short = z.string().min(1).max(200);
/** Exact code points; never normalised. */
const name = z.string().min(1).max(200);
const day = z.iso.date();
const schoolYear = z.int().min(1900).max(2200);
const grade = z.int().min(1).max(9);
const days = z.int().min(0).max(366);

const schoolCode = z.string().refine((code) => parseSchoolCode(code) === code);

const school = z.strictObject({
  code: schoolCode,
  name: short,
  address: short.optional(),
  principal: name.optional(),
});

const nonStandardCharacter = z.strictObject({
  codePoint: z.string().regex(/^U\+[0-9A-F]{4,6}$/),
  glyph: short,
});

const pupil = z.strictObject({
  /** userMasterIdentifier of the OneRoster Japan Profile. */
  masterIdentifier: z.uuid().optional(),
  officialName: name,
  nonStandardCharacters: z.array(nonStandardCharacter).max(64).optional(),
  displayName: name,
  kana: name,
  sex: short.optional(),
  birthDate: day,
});

/** Another school, as it is written in the record: it may have no code. */
const otherSchool = z.strictObject({
  code: schoolCode.optional(),
  name: short,
  address: short.optional(),
});

const guardian = z.strictObject({ name, address: short.optional() });

const move = z.strictObject({ date: day, grade, school: otherSchool.optional(), reason: short.optional() });

/** 学籍に関する記録; kept for 20 years (学校教育法施行規則 第28条). */
const enrolmentPart = z.strictObject({
  address: short.optional(),
  guardian: guardian.optional(),
  guardians: z.array(guardian).max(8).optional(),
  earlierHistory: text.optional(),
  admission: move.optional(),
  transferIn: move.optional(),
  /** 転学の日: the day before the new school accepted the pupil. */
  transferOut: move.optional(),
  graduation: z.strictObject({ date: day }).optional(),
  nextSchool: otherSchool.optional(),
  course: short.optional(),
  years: z
    .array(
      z.strictObject({
        schoolYear,
        grade,
        homeroom: short.optional(),
        number: z.int().min(1).max(999).optional(),
        principal: name.optional(),
        homeroomTeacher: name.optional(),
      }),
    )
    .max(12)
    .optional(),
});

const subject = z.strictObject({
  schoolYear: schoolYear.optional(),
  grade: z.int().min(1).max(5).optional(),
  name: short,
  /** 観点別学習状況 */
  viewpoints: z
    .array(z.strictObject({ name: short, mark: z.enum(['A', 'B', 'C']) }))
    .max(8)
    .optional(),
  credits: z.number().min(0).max(100).optional(),
});

const attendance = z.strictObject({
  schoolYear,
  schoolDays: days,
  suspensionAndMourningDays: days.optional(),
  daysToAttend: days.optional(),
  absent: days,
  present: days.optional(),
  remarks: short.optional(),
});

/** 指導に関する記録; kept for 5 years. Parts that a form has per year carry `schoolYear`. */
const guidancePart = z.strictObject({
  subjects: z.array(subject).max(400).optional(),
  morals: text.optional(),
  foreignLanguageActivities: text.optional(),
  integratedStudy: text.optional(),
  specialActivities: z.record(short, z.boolean()).optional(),
  /** 行動の記録: the items marked with ○. */
  conduct: z.array(short).max(32).optional(),
  remarks: text.optional(),
  attendance: z.array(attendance).max(12).optional(),
});

export const recordCoreSchema = z.strictObject({
  version: z.literal('1'),
  type: z.literal('cumulativeRecord'),
  form: z.enum(['original', 'copy', 'extract']),
  madeOn: day,
  school,
  pupil,
  enrolmentPart: enrolmentPart.optional(),
  guidancePart: guidancePart.optional(),
});
