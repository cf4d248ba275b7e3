import { vi } from 'vitest';
import { bodyOf } from '../../hostile/support/procedure.ts';
import type { AnswerBody } from '../../support/answer.ts';
import type { Session } from '../../support/session.ts';
import { wish } from './office.ts';

/** Asks for what the school issues at once, and waits until it is there; needs `openOffice(world, [kind])`. */
export async function issueAtOnce(
  by: Session,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly request: string; readonly copy: AnswerBody }> {
  const asked = { ...wish, kind: 'transcript', copies: 1, ...more };
  const request: string = bodyOf(await by.json('POST', '/api/own-certificates', asked)).id;
  return vi.waitFor(
    async () => {
      const { state, certificates, problem } = bodyOf(await by.json('GET', `/api/own-certificates/${request}`));
      const copy = certificates.at(0);
      if (state !== 'issued' || copy === undefined) throw new Error(`still ${state}: ${JSON.stringify(problem)}`);
      return { request, copy };
    },
    { timeout: 30_000, interval: 200 },
  );
}
