import type { Context } from 'hono';

/** The text fields of a posted form. */
export type FormValues = Readonly<Record<string, string | undefined>>;

const maxFormBytes = 64 * 1024;

/** Fields of an urlencoded form; anything larger than a form of ours is not read. */
export async function formValues(c: Context): Promise<FormValues> {
  return Object.fromEntries(await formFields(c));
}

/** The same with every value of a field that stands more than once, such as check boxes. */
export async function formFields(c: Context): Promise<URLSearchParams> {
  const length = Number(c.req.header('content-length') ?? '0');
  if (!(c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded') || length > maxFormBytes) {
    return new URLSearchParams();
  }
  return new URLSearchParams(await c.req.text());
}

export function textOrNull(value: string | undefined): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
}

export function pick<T extends string>(allowed: readonly T[], value: string | undefined): T | null {
  return allowed.find((one) => one === value) ?? null;
}
