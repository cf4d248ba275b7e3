import type { Transaction } from '../../database/connection.ts';
import { findSchool } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';

/** Who certifies what a school knows of its pupils and graduates. */
export interface Certifier {
  readonly schoolCode: string;
  /** The closed school, where its successor certifies for it. */
  readonly originCode: string | null;
}

/** Whether a school answers for what another issued or entered: its own, and that of a closed school whose successor it is. */
export async function answersFor(tx: Transaction, school: string, of: string): Promise<boolean> {
  if (school === of) return true;
  const certifier = await certifierFor(tx, of);
  return certifier.ok && certifier.value.schoolCode === school;
}

/** The school itself; once it is closed the open school that the directory names. Faults: certificate.school-closed */
export async function certifierFor(tx: Transaction, code: string): Promise<Result<Certifier>> {
  const school = await findSchool(tx, code);
  if (school?.state === 'open') return ok({ schoolCode: code, originCode: null });
  const successor = school?.successor ?? null;
  const heir = successor === null ? null : await findSchool(tx, successor.code);
  return heir?.state === 'open'
    ? ok({ schoolCode: heir.code, originCode: code })
    : refuse(fault('certificate.school-closed'));
}
