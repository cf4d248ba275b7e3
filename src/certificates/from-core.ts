import { fault } from '../faults.ts';
import { recordCoreSchema } from '../records/core.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { RegisterFacts, RegisterSubject } from './facts.ts';

/** A beginning for an entry; the number is the school's to give. */
export type FactsDraft = Omit<RegisterFacts, 'number'>;

/**
 * Begins an entry from the JSON core of a received 指導要録. Pure; nothing is stored. What the core does not say is empty.
 * Faults: document.core-invalid with the place
 */
export function draftFromCore(core: unknown): Result<FactsDraft> {
  const parsed = recordCoreSchema.safeParse(core);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    return refuse(fault('document.core-invalid', { params: { where: where === '' ? 'JSON' : where } }));
  }
  const { pupil, enrolmentPart: enrolment, guidancePart: guidance } = parsed.data;
  const graduated = enrolment?.graduation?.date ?? null;
  const left = graduated ?? enrolment?.transferOut?.date ?? null;
  return ok({
    officialName: pupil.officialName,
    nonStandardCharacters: pupil.nonStandardCharacters ?? [],
    kana: pupil.kana,
    nameEnglish: null,
    birthDate: pupil.birthDate,
    course: enrolment?.course?.slice(0, 60) ?? null,
    grade: null,
    enrolledOn: enrolment?.admission?.date ?? enrolment?.transferIn?.date ?? null,
    leftOn: left,
    leaving: left === null ? null : graduated === null ? 'left' : 'graduated',
    subjects: (guidance?.subjects ?? []).flatMap(subjectOf).slice(0, 300),
  });
}

/** A subject without its year cannot be certified for one. */
function subjectOf(of: {
  readonly schoolYear?: number | undefined;
  readonly name: string;
  readonly credits?: number | undefined;
  readonly grade?: number | undefined;
}): RegisterSubject[] {
  if (of.schoolYear === undefined || of.name.length > 60) return [];
  return [{ schoolYear: of.schoolYear, name: of.name, credits: of.credits ?? null, grade: of.grade ?? null }];
}
