import type { Transaction } from '../../database/connection.ts';
import { findHeir } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';

/** Who certifies what a school knows of its pupils and graduates. */
export interface Certifier {
  readonly schoolCode: string;
  /** The closed school, where the end of its chain certifies for it. */
  readonly originCode: string | null;
}

/** Whether a school answers for what another issued or entered: its own, and that of a closed school whose successor it is. */
export async function answersFor(tx: Transaction, school: string, of: string): Promise<boolean> {
  if (school === of) return true;
  const certifier = await certifierFor(tx, of);
  return certifier.ok && certifier.value.schoolCode === school;
}

/** The school itself; once it is closed, the open school at the end of its chain (docs/adr/0040). Faults: certificate.school-closed */
export async function certifierFor(tx: Transaction, code: string): Promise<Result<Certifier>> {
  const heir = await findHeir(tx, code);
  if (heir === null) return refuse(fault('certificate.school-closed'));
  return ok({ schoolCode: heir.code, originCode: heir.code === code ? null : code });
}
