import { type Fault, type FaultCode, publicFault } from '../faults.ts';
import type { Locale } from './locale.ts';
import { fill, textOrKey } from './text.ts';

/** RFC 9457 §3.1, with our code, the number of the request and the field errors. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: ReturnType<typeof publicFault>['status'];
  readonly detail: string;
  readonly code: FaultCode;
  readonly requestId: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** A fault as the outside may see it, in the reader's language; `fault.detail` stays inside. */
export function problemOf(fault: Fault, locale: Locale, requestId: string): Problem {
  const row = publicFault(fault.code);
  const [title, advice] = row[locale];
  const params = fault.params ?? {};
  return {
    type: problemPath(row.code),
    title: fill(title, params),
    status: row.status,
    detail: fill(advice, params),
    code: row.code,
    requestId,
    ...(fault.fields && { errors: errorsOf(fault.fields, locale) }),
  };
}

/** The page that explains a code; it is the `type` of the problem (RFC 9457 §3.1.1). */
export function problemPath(code: FaultCode): string {
  return `/problems/${code}`;
}

/** Programs get problem+json, people a page: everything under /api/ is for programs, whatever it accepts. */
export function wantsProblem(path: string, accept: string | undefined): boolean {
  if (path === '/api' || path.startsWith('/api/')) return true;
  const header = accept ?? '';
  return !header.includes('text/html') && /json/.test(header);
}

function errorsOf(fields: Readonly<Record<string, string>>, locale: Locale): NonNullable<Problem['errors']> {
  return Object.entries(fields).map(([field, text]) => ({ field, message: textOrKey(locale, text) }));
}
