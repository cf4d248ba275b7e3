import { z } from 'zod';
import type { LinesInput } from './list-lines.ts';
import { dayEnd, dayStart, lineKinds } from './rules.ts';

export const linesPerPage = 50;

/** What a page of the ledger is asked by; the same in addresses of pages and of the API. */
export const linesQuery = z.object({
  pupil: z.string().max(64).optional(),
  kind: z.enum(lineKinds).optional(),
  from: z.string().max(10).optional(),
  to: z.string().max(10).optional(),
  cursor: z.string().max(100).optional(),
});
export type LinesQuery = z.output<typeof linesQuery>;

/** What cannot be read is not asked for: an empty field of a form, a day that is none. */
export function readQuery(found: Readonly<Record<string, string>>): LinesQuery {
  const given = Object.entries(found).filter(([name, value]) => {
    const alone = linesQuery.safeParse({ [name]: value });
    return value !== '' && alone.success;
  });
  return linesQuery.parse(Object.fromEntries(given));
}

export function linesInput(query: LinesQuery, limit: number): LinesInput {
  return {
    pupilId: query.pupil ?? null,
    kind: query.kind ?? null,
    since: dayStart(query.from ?? null),
    until: dayEnd(query.to ?? null),
    after: parseCursor(query.cursor),
    limit,
  };
}

export function cursorOf(next: { readonly at: Date; readonly id: string }): string {
  return `${next.at.getTime()}_${next.id}`;
}

function parseCursor(text: string | undefined): LinesInput['after'] {
  const [, at = '', id = ''] = /^(\d{1,15})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '') ?? [];
  return at === '' ? null : { at: new Date(Number(at)), id };
}
