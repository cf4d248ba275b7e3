import type { DemoPupil } from './pupils.ts';
import type { DemoOrganisation } from './schools.ts';

export interface SampleSubject {
  readonly pupil: DemoPupil;
  readonly school: DemoOrganisation;
  readonly principal: string;
  readonly homeroomTeacher: string;
  readonly guardian: string;
  /** Calendar day in Japan, YYYY-MM-DD. */
  readonly madeOn: string;
}

export const subjects = ['国語', '社会', '数学', '理科', '音楽', '美術', '保健体育', '技術・家庭', '外国語'] as const;
export const viewpoints = ['知識・技能', '思考・判断・表現', '主体的に学習に取り組む態度'] as const;
export const conductItems = [
  '基本的な生活習慣',
  '健康・体力の向上',
  '自主・自律',
  '責任感',
  '創意工夫',
  '思いやり・協力',
  '生命尊重・自然愛護',
  '勤労・奉仕',
  '公正・公平',
  '公共心・公徳心',
] as const;

/** Marks that look plausible and are the same each time. */
export function markOf(pupil: DemoPupil, subject: number, viewpoint: number): 'A' | 'B' | 'C' {
  const value = (Number(pupil.id.slice(-2)) * 7 + subject * 5 + viewpoint * 3) % 10;
  return value < 5 ? 'A' : value < 9 ? 'B' : 'C';
}

export function gradeOf(pupil: DemoPupil, subject: number): number {
  const marks = viewpoints.map((_, viewpoint) => markOf(pupil, subject, viewpoint));
  return 2 + marks.filter((mark) => mark === 'A').length - marks.filter((mark) => mark === 'C').length;
}

/** The structured core of a 指導要録: both parts, the exact name, nothing of the layout. */
export function recordCore(of: SampleSubject) {
  const { pupil, school } = of;
  return {
    version: '1',
    type: 'cumulativeRecord',
    form: 'extract',
    madeOn: of.madeOn,
    school: { code: school.code, name: school.name, principal: of.principal },
    pupil: {
      masterIdentifier: pupil.masterIdentifier,
      officialName: pupil.officialName,
      nonStandardCharacters: pupil.nonStandardCharacters,
      displayName: pupil.displayName,
      kana: pupil.kana,
      birthDate: pupil.birthDate,
    },
    enrolmentPart: {
      guardian: { name: of.guardian, address: '同上' },
      address: '埼玉県ひばり野市見本町１－２－３',
      admission: { date: '2024-04-08', grade: 1 },
      years: [1, 2, 3].map((grade) => ({
        schoolYear: 2023 + grade,
        grade,
        homeroom: pupil.homeroom.replace(/^\d/, String(grade)),
        number: Number(pupil.id.slice(-2)),
        principal: of.principal,
        homeroomTeacher: of.homeroomTeacher,
      })),
    },
    guidancePart: {
      subjects: subjects.map((name, subject) => ({
        name,
        viewpoints: viewpoints.map((viewpoint, index) => ({ name: viewpoint, mark: markOf(pupil, subject, index) })),
        grade: gradeOf(pupil, subject),
      })),
      integratedStudy: '地域の川の水質を調べ、結果を市役所で発表した。',
      specialActivities: { 学級活動: true, 生徒会活動: true, 学校行事: true },
      conduct: conductItems.filter((_, index) => (index + Number(pupil.id.slice(-2))) % 3 === 0),
      remarks: '図書委員として読書週間を企画した。英語検定準２級に合格した。',
      attendance: [1, 2, 3].map((grade) => ({
        schoolYear: 2023 + grade,
        schoolDays: 203,
        suspensionAndMourningDays: grade === 2 ? 2 : 0,
        absent: grade,
      })),
    },
  };
}
