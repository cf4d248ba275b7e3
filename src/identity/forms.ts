/** The text of a field of a form as Hono parses it; undefined when it is missing, a file or given twice. */
export function textOf(form: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value.trim() : undefined;
}
