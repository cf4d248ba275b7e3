import { z } from 'zod';
import type { CertificateProof } from '../records/certificate-proof.ts';
import { type Verdict, verdict } from './report.ts';

/** What the gateway answers about the code on a certificate (`GET /api/certificate-states/{code}`), as far as it is used. */
const stateShape = z.object({
  state: z.enum(['valid', 'superseded', 'revoked']),
  number: z.string(),
  kind: z.string(),
  school: z.object({
    code: z.string(),
    state: z.enum(['open', 'closed']),
    successor: z.object({ name: z.string() }).nullable(),
  }),
  issuedOn: z.string(),
  supersededBy: z.object({ number: z.string(), issuedOn: z.string(), code: z.string() }).nullable(),
});

/** `unknown`: whoever was asked knows no such code. */
export type AnsweredState = z.infer<typeof stateShape> | 'unknown' | 'unreachable';

export function parseState(found: unknown): AnsweredState {
  const parsed = stateShape.safeParse(found);
  return parsed.success ? parsed.data : 'unreachable';
}

/** Whether the certificate still counts, by the issuer's own word of this moment. */
export function stateVerdict(
  answered: AnsweredState | null,
  { no, kind, school, issued, code }: CertificateProof,
): Verdict {
  const address = `/c/${code}`;
  if (answered === null) return verdict('state', 'notChecked', { about: address, reasons: ['state-not-asked'] });
  if (typeof answered === 'string') {
    return verdict('state', 'notChecked', { about: address, reasons: [`state-${answered}`] });
  }
  const isThatOne =
    answered.number === no && answered.kind === kind && answered.school.code === school && answered.issuedOn === issued;
  // Whoever copies the code of one certificate onto another is told by its number.
  if (!isThatOne) return verdict('state', 'invalid', { about: answered.number, reasons: ['state-other-certificate'] });
  const { supersededBy } = answered;
  if (supersededBy !== null) {
    const about = `${supersededBy.number} ${supersededBy.issuedOn} /c/${supersededBy.code}`;
    return verdict('state', 'invalid', { about, reasons: ['state-superseded'] });
  }
  if (answered.state !== 'valid') return verdict('state', 'invalid', { reasons: [`state-${answered.state}`] });
  return verdict('state', 'valid', { about: no });
}

/** That the school has closed since, and who is responsible now, is worth telling and takes nothing away. */
export function closureRemarks(answered: AnsweredState | null): readonly string[] {
  if (answered === null || typeof answered === 'string' || answered.school.state === 'open') return [];
  const { successor } = answered.school;
  return successor === null ? ['school-closed'] : ['school-closed', `school-successor:${successor.name}`];
}
