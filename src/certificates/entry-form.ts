import { ok, type Result, refuse } from '../result.ts';
import { type FormValues, textOrNull } from '../transfers/form-values.ts';
import { checkFacts, type RegisterFacts, registerFacts } from './facts.ts';
import { type Correction, correction } from './register-corrections.ts';
import { parseSubjects, subjectsText } from './subjects-text.ts';

/** What a form of an entry says, or the fields that are wrong with the key of their message. */
export function parseEntryForm(values: FormValues): Result<RegisterFacts, Readonly<Record<string, string>>> {
  const subjects = parseSubjects(values['subjects'] ?? '');
  const glyphs = parseGlyphs(values['glyphs'] ?? '');
  const text = (name: string) => values[name]?.trim() ?? '';
  const parsed = registerFacts.safeParse({
    number: text('number'),
    officialName: text('officialName'),
    nonStandardCharacters: glyphs ?? [],
    kana: text('kana'),
    nameEnglish: textOrNull(values['nameEnglish']),
    birthDate: text('birthDate'),
    course: textOrNull(values['course']),
    grade: textOrNull(values['grade']),
    enrolledOn: textOrNull(values['enrolledOn']),
    leftOn: textOrNull(values['leftOn']),
    leaving: textOrNull(values['leaving']),
    subjects: subjects ?? [],
  });
  const errors: Record<string, string> = {
    ...(subjects === null && { subjects: 'register.wrong-subjects' }),
    ...(glyphs === null && { glyphs: 'register.wrong-glyphs' }),
  };
  if (!parsed.success) {
    for (const { path } of parsed.error.issues) errors[String(path[0])] = messageOf(String(path[0]));
    return refuse(errors);
  }
  const wrong = checkFacts(parsed.data);
  if (wrong !== null) errors[fieldOf[wrong]] = `register.wrong-${wrong}`;
  return Object.keys(errors).length > 0 ? refuse(errors) : ok(parsed.data);
}

/** Why an inherited entry is changed, as its form says; both are needed. */
export function parseCorrection(values: FormValues): Result<Correction, Readonly<Record<string, string>>> {
  const parsed = correction.safeParse({ ground: values['ground'], reference: values['reference']?.trim() });
  if (parsed.success) return ok(parsed.data);
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  return refuse(Object.fromEntries([...names].map((name) => [name, `register.wrong-${name}`])));
}

const fieldOf = { leaving: 'leaving', order: 'leftOn', birth: 'birthDate' } as const;

function messageOf(field: string): string {
  const days = ['birthDate', 'enrolledOn', 'leftOn'];
  if (days.includes(field)) return 'register.wrong-day';
  return field === 'subjects' ? 'register.wrong-subjects' : 'register.wrong-text';
}

/** An entry as its form shows it. */
export function valuesOf(entry: {
  readonly facts: RegisterFacts;
  readonly pupilId?: string | null;
  readonly version?: number;
}): FormValues {
  const { subjects, nonStandardCharacters, ...facts } = entry.facts;
  const texts = Object.entries(facts).map(([name, value]) => [name, value ?? ''] as const);
  return {
    ...Object.fromEntries(texts),
    subjects: subjectsText(subjects),
    glyphs: nonStandardCharacters.map(({ codePoint, glyph }) => `${codePoint}=${glyph}`).join(' '),
    pupilId: entry.pupilId ?? '',
    ...(entry.version === undefined ? {} : { version: String(entry.version) }),
  };
}

/** What the roll knows already. */
export function valuesOfPupil(pupil: {
  readonly id: string;
  readonly officialName: string;
  readonly kana: string;
  readonly birthDate: string;
  readonly grade: string;
}): FormValues {
  const { id, officialName, kana, birthDate, grade } = pupil;
  return { pupilId: id, officialName, kana, birthDate, grade };
}

/** `U+E001=MJ030196`, one after the other. */
function parseGlyphs(text: string): RegisterFacts['nonStandardCharacters'] | null {
  const pairs = text.split(/\s+/).filter((one) => one !== '');
  const found = pairs.map((pair) => /^(U\+[0-9A-F]{4,6})=([A-Za-z0-9-]{1,40})$/.exec(pair));
  const whole = found.flatMap((one) => (one === null ? [] : [{ codePoint: one[1] ?? '', glyph: one[2] ?? '' }]));
  return whole.length === pairs.length ? whole : null;
}
