import { ok, type Result, refuse } from '../../result.ts';
import { textOf } from '../forms.ts';
import type { NewGuardian } from './enter-guardian.ts';
import type { GuardianForm } from './new-guardian-page.tsx';
import { guardianRequest } from './schemas.ts';

type Entered = Omit<NewGuardian, 'pupilId'>;

interface Wrong {
  readonly values: GuardianForm;
  readonly errors: Readonly<Record<string, string>>;
}

/** The form of a new guardian by the schema of the API, with a text for each field that is wrong. */
export function parseGuardianForm(
  form: Readonly<Record<string, unknown>>,
): Result<{ readonly value: Entered; readonly values: GuardianForm }, Wrong> {
  const values = valuesOf(form);
  const parsed = guardianRequest.safeParse({
    ...values,
    contactMail: orNull(values.contactMail),
    validFrom: null,
    validUntil: orNull(values.validUntil),
  });
  if (parsed.success) return ok({ value: parsed.data, values });
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
  return refuse({ values, errors: Object.fromEntries([...names].map((name) => [name, errorOf(name)])) });
}

function valuesOf(form: Readonly<Record<string, unknown>>): GuardianForm {
  const scope = form['scope'];
  const given: readonly unknown[] = Array.isArray(scope) ? scope : [scope];
  return {
    name: textOf(form, 'name'),
    kana: textOf(form, 'kana'),
    relation: textOf(form, 'relation'),
    custody: textOf(form, 'custody'),
    contactMail: textOf(form, 'contactMail'),
    validUntil: textOf(form, 'validUntil'),
    scope: given.filter((one) => typeof one === 'string'),
  };
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function errorOf(name: string): string {
  if (name === 'scope') return 'guardian.scope-missing';
  if (name === 'contactMail') return 'guardian.mail-wrong';
  return name === 'relation' || name === 'custody' ? 'component.choose' : 'guardian.field-missing';
}
