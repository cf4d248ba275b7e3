import { ok, type Result, refuse } from '../result.ts';
import { checkFacts, type Leaving, type RegisterFacts, registerFacts } from './facts.ts';
import { parseSubjects } from './subjects-text.ts';

const maxImportLines = 500;

export const registerColumns = [
  'number',
  'name',
  'kana',
  'nameEnglish',
  'birthDate',
  'course',
  'grade',
  'enrolledOn',
  'leftOn',
  'leaving',
  'subjects',
] as const;
export type RegisterColumn = (typeof registerColumns)[number];
const registerHeader = [
  '番号',
  '氏名',
  'ふりがな',
  '英字氏名',
  '生年月日',
  '課程・学科',
  '学年',
  '入学日',
  '卒業・修了・退学日',
  '区分',
  '科目',
] as const;
const required: readonly RegisterColumn[] = ['number', 'name', 'kana', 'birthDate'];

/** The column that is wrong, or what of the line as a whole. */
export type RegisterLineFault = RegisterColumn | 'columns' | 'twice' | 'order' | 'birth';

export interface PlannedEntry {
  readonly line: number;
  readonly number: string;
  readonly name: string;
  readonly facts: RegisterFacts | null;
  readonly faults: readonly RegisterLineFault[];
}

type Line = { readonly line: number; readonly fields: readonly string[] };

/**
 * What a CSV says, line by line. Pure. Columns in any order, by either name; those that may be empty may be missing.
 *
 * @returns `header` when a column that is needed is missing, `long` when there are too many lines
 */
export function planRegisterImport(records: readonly Line[]): Result<readonly PlannedEntry[], 'header' | 'long'> {
  const [header, ...lines] = records;
  const places = placesOf(header?.fields ?? []);
  if (required.some((column) => !places.has(column))) return refuse('header');
  if (lines.length > maxImportLines) return refuse('long');
  const seen = new Set<string>();
  const width = header?.fields.length ?? 0;
  return ok(
    lines.map(({ line, fields }) => {
      const cell = (column: RegisterColumn) => (fields[places.get(column) ?? -1] ?? '').trim();
      const shown = { line, number: cell('number'), name: cell('name') };
      if (fields.length !== width) return { ...shown, facts: null, faults: ['columns'] as const };
      if (seen.has(shown.number)) return { ...shown, facts: null, faults: ['twice'] as const };
      seen.add(shown.number);
      const parsed = parseLine(cell);
      return parsed.ok
        ? { ...shown, facts: parsed.value, faults: [] }
        : { ...shown, facts: null, faults: parsed.fault };
    }),
  );
}

function placesOf(fields: readonly string[]): ReadonlyMap<RegisterColumn, number> {
  const names = fields.map((field) => field.normalize('NFKC').trim().toLowerCase());
  const places = registerColumns.flatMap((column, index) => {
    const at = names.findIndex((name) => name === column.toLowerCase() || name === registerHeader[index]);
    return at < 0 ? [] : [[column, at] as const];
  });
  return new Map(places);
}

function parseLine(cell: (column: RegisterColumn) => string): Result<RegisterFacts, readonly RegisterLineFault[]> {
  const subjects = parseSubjects(cell('subjects'));
  const leaving = cell('leaving') === '' ? null : leavingOf(cell('leaving'));
  const days = (['birthDate', 'enrolledOn', 'leftOn'] as const).map((column) => [column, dayOf(cell(column))] as const);
  const faults: RegisterLineFault[] = [
    ...days.flatMap(([column, day]) => (day === undefined ? [column] : [])),
    ...(leaving === undefined ? ['leaving' as const] : []),
    ...(subjects === null ? ['subjects' as const] : []),
  ];
  if (faults.length > 0) return refuse(faults);
  const { birthDate, enrolledOn, leftOn } = Object.fromEntries(days);
  const text = (column: RegisterColumn) => (cell(column) === '' ? null : cell(column));
  const parsed = registerFacts.safeParse({
    number: cell('number'),
    officialName: cell('name'),
    kana: cell('kana'),
    nameEnglish: text('nameEnglish'),
    birthDate,
    course: text('course'),
    grade: text('grade'),
    enrolledOn,
    leftOn,
    leaving,
    subjects: subjects ?? [],
  });
  if (!parsed.success) return refuse([...new Set(parsed.error.issues.map(({ path }) => columnOf(String(path[0]))))]);
  const wrong = checkFacts(parsed.data);
  return wrong === null ? ok(parsed.data) : refuse([wrong]);
}

function columnOf(field: string): RegisterColumn {
  return registerColumns.find((column) => column === field) ?? 'name';
}

/** 2027-04-01, 2027/4/1 or 2027年4月1日; null when empty, undefined when there is no such day. */
function dayOf(text: string): string | null | undefined {
  if (text === '') return null;
  const parts = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text.normalize('NFKC'));
  if (parts === null) return undefined;
  const day = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}

const leavingWords: Readonly<Record<string, Leaving>> = {
  卒業: 'graduated',
  graduated: 'graduated',
  修了: 'completed',
  completed: 'completed',
  退学: 'left',
  転学: 'left',
  left: 'left',
};

function leavingOf(text: string): Leaving | undefined {
  return leavingWords[text];
}
