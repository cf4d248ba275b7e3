import { z } from '@hono/zod-openapi';
import { ok, type Result, refuse } from '../../result.ts';
import type { FormValues } from '../../transfers/form-values.ts';
import type { Wish } from './ask-certificate.ts';
import { agentReference, wish } from './schemas.ts';

type Errors = Readonly<Record<string, string>>;

const fields = { ...wish, copies: z.coerce.number().pipe(z.int().min(1).max(5)) };
const personForm = z.object({
  ...fields,
  pupilId: z.string().min(1).max(100),
  consent: z.literal('yes'),
  consentText: z.string().max(64).default(''),
});
const officeForm = z.object({ ...fields, entryId: z.string().min(1).max(100), agentReference });

/** What a person's form asks for, or the fields that are wrong with the key of their message. */
export function parseAskForm(
  values: FormValues,
): Result<Wish & { readonly pupilId: string; readonly consentText: string | null }, Errors> {
  const parsed = personForm.safeParse(halfWidth(values));
  if (!parsed.success) return refuse(errorsOf(parsed.error));
  const { consent: _given, consentText, ...asked } = parsed.data;
  return ok({ ...asked, consentText: consentText === '' ? null : consentText });
}

export function parseEnterForm(
  values: FormValues,
): Result<Wish & { readonly entryId: string; readonly agentReference: string }, Errors> {
  const parsed = officeForm.safeParse(halfWidth(values));
  return parsed.success ? ok(parsed.data) : refuse(errorsOf(parsed.error));
}

function halfWidth(values: FormValues): FormValues {
  return { ...values, copies: (values['copies'] ?? '').normalize('NFKC').trim() };
}

const messages: Errors = {
  kind: 'own-certificate.wrong-kind',
  language: 'own-certificate.wrong-language',
  copies: 'own-certificate.wrong-copies',
  purpose: 'own-certificate.wrong-purpose',
  consent: 'own-certificate.wrong-consent',
  pupilId: 'own-certificate.wrong-pupil',
  agentReference: 'request.wrong-reference',
};

function errorsOf({ issues }: z.ZodError): Errors {
  const names = new Set(issues.map(({ path }) => String(path[0])));
  return Object.fromEntries([...names].map((name) => [name, messages[name] ?? 'component.choose']));
}
