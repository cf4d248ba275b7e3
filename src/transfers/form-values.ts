import type { Context } from 'hono';

/** The text fields of a posted form. */
export type FormValues = Readonly<Record<string, string | undefined>>;

const maxFormBytes = 64 * 1024;

/** Fields of an urlencoded form; anything larger than a form of ours is not read. */
export async function formValues(c: Context): Promise<FormValues> {
  const length = Number(c.req.header('content-length') ?? '0');
  if (!(c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded') || length > maxFormBytes) {
    return {};
  }
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(await c.req.text())) values[name] = value;
  return values;
}

export function textOrNull(value: string | undefined): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
}

export function pick<T extends string>(allowed: readonly T[], value: string | undefined): T | null {
  return allowed.find((one) => one === value) ?? null;
}
