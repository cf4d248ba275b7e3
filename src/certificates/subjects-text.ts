import type { RegisterSubject } from './facts.ts';

/**
 * `2024:国語:4:5`, one after the other by line or semicolon: school year, name, credits, grade; credits and grade may be
 * empty. Null when one is not so.
 */
export function parseSubjects(text: string): readonly RegisterSubject[] | null {
  const found = text
    .split(/[;；\n]/)
    .filter((one) => one.trim() !== '')
    .map(parseSubject);
  const whole = found.filter((one) => one !== null);
  return whole.length === found.length ? whole : null;
}

export function subjectsText(subjects: readonly RegisterSubject[]): string {
  return subjects
    .map(({ schoolYear, name, credits, grade }) => [schoolYear, name, credits ?? '', grade ?? ''].join(':'))
    .join('\n');
}

function parseSubject(text: string): RegisterSubject | null {
  const [year = '', name = '', credits = '', grade = '', ...more] = text.split(/[:：]/).map((part) => part.trim());
  const areNumbers = [year, credits, grade].every((part) => /^(\d{1,4}(\.\d)?)?$/.test(part.normalize('NFKC')));
  if (!areNumbers || year === '' || name === '' || more.length > 0) return null;
  return { schoolYear: Number(year.normalize('NFKC')), name, credits: numberOf(credits), grade: numberOf(grade) };
}

function numberOf(text: string): number | null {
  return text === '' ? null : Number(text.normalize('NFKC'));
}
