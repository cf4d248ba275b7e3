import type { Context, Env } from 'hono';
import { z } from 'zod';

export const cspReportPath = '/csp-reports';

/** What is kept of a report: three words of ours, never an address or a line of the page, which may hold somebody's data. */
interface CspReport {
  readonly directive: string;
  readonly blocked: 'inline' | 'eval' | 'data' | 'blob' | 'own' | 'foreign';
  /** First part of the page's path, such as `cases`. */
  readonly page: string;
}

/** A page did what its Content-Security-Policy forbids: an attack, or a mistake of ours. */
export class PolicyViolation extends Error {
  override readonly name = 'PolicyViolation';
  readonly code: string;
  constructor({ directive, blocked, page }: CspReport) {
    super('A page broke its Content-Security-Policy');
    this.code = `${directive} ${blocked} /${page}`;
  }
}

const maxBytes = 16 * 1024;
const maxPerMinute = 20;

// CSP3 §5.3 (report-uri) and §5.1 (Reporting API): browsers send the one or the other.
const oldForm = z.object({
  'csp-report': z.object({
    'effective-directive': z.string().optional(),
    'violated-directive': z.string().optional(),
    'blocked-uri': z.string().optional(),
    'document-uri': z.string().optional(),
  }),
});
const newForm = z.array(
  z.object({
    type: z.string(),
    body: z.object({
      effectiveDirective: z.string().optional(),
      blockedURL: z.string().optional(),
      documentURL: z.string().optional(),
    }),
  }),
);

/**
 * Takes reports of a broken Content-Security-Policy (ASVS 3.4.7). Anybody may send anything here, so it answers 204 to all,
 * reads 16 KiB at most, keeps three words, and tells of 20 a minute.
 */
export function cspReports<E extends Env>(input: {
  readonly publicOrigin: string;
  readonly now: () => Date;
  readonly tell: (violation: PolicyViolation, c: Context<E>) => void;
}): (c: Context<E>) => Promise<Response> {
  let minute = 0;
  let told = 0;
  return async (c) => {
    const present = Math.floor(input.now().getTime() / 60_000);
    if (present !== minute) [minute, told] = [present, 0];
    const length = Number(c.req.header('content-length') ?? Number.NaN);
    if (told >= maxPerMinute || !(length <= maxBytes)) return c.body(null, 204);
    for (const report of readReports(await c.req.text(), input.publicOrigin)) {
      if (told >= maxPerMinute) break;
      told += 1;
      input.tell(new PolicyViolation(report), c);
    }
    return c.body(null, 204);
  };
}

/** Nothing when it is no report. */
function readReports(text: string, publicOrigin: string): readonly CspReport[] {
  const json = parseJson(text);
  const old = oldForm.safeParse(json);
  if (old.success) {
    const report = old.data['csp-report'];
    const directive = report['effective-directive'] ?? report['violated-directive'];
    return [wordsOf(publicOrigin, { directive, blocked: report['blocked-uri'], page: report['document-uri'] })];
  }
  const recent = newForm.safeParse(json);
  if (!recent.success) return [];
  return recent.data
    .filter(({ type }) => type === 'csp-violation')
    .map(({ body }) =>
      wordsOf(publicOrigin, { directive: body.effectiveDirective, blocked: body.blockedURL, page: body.documentURL }),
    );
}

interface Said {
  readonly directive: string | undefined;
  readonly blocked: string | undefined;
  readonly page: string | undefined;
}

function wordsOf(publicOrigin: string, { directive, blocked, page }: Said): CspReport {
  const path = URL.parse(page ?? '')?.pathname.split('/')[1] ?? '';
  return {
    directive: /^[a-z-]{1,30}$/.exec(directive?.split(' ')[0] ?? '')?.[0] ?? 'unknown',
    blocked: kindOf(blocked ?? '', publicOrigin),
    // Our paths begin with a word; an id in that place would be no page of ours.
    page: /^[a-z-]{0,20}$/.test(path) ? path : 'unknown',
  };
}

function kindOf(blocked: string, publicOrigin: string): CspReport['blocked'] {
  if (blocked === 'inline' || blocked === 'eval') return blocked;
  if (blocked.startsWith('data')) return 'data';
  if (blocked.startsWith('blob')) return 'blob';
  return blocked === 'self' || URL.parse(blocked)?.origin === publicOrigin ? 'own' : 'foreign';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
