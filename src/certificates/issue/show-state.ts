import { eq } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findHeir, findSchool } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { listFormerDigests } from '../renewal/store.ts';
import { type IssuedState, issuedCertificates, type RevocationReason } from '../tables.ts';
import { findCertificate } from './store.ts';

/** What anybody who holds the paper may know: whether it counts, never whose it is. */
export interface CertificateState {
  readonly state: IssuedState;
  readonly reason: RevocationReason | null;
  readonly number: string;
  readonly kind: IssuedKind;
  readonly school: StatedSchool;
  readonly issuedOn: string;
  /** SHA-256 of the file as it is handed out now, then of those before it: each is the beginning of the next. */
  readonly files: string[];
  /** What was issued in its place; null unless it is superseded. */
  readonly supersededBy: { readonly number: string; readonly issuedOn: string; readonly code: string } | null;
  readonly checkedAt: string;
}

/** The issuer, as the directory knows it today: what a closed school has issued still counts. */
export interface StatedSchool {
  readonly code: string;
  readonly name: string;
  readonly nameEnglish: string;
  readonly state: 'open' | 'closed';
  /** The open school that answers for a closed one today. */
  readonly successor: { readonly code: string; readonly name: string } | null;
}

/** By the code on the paper alone: wrong and unknown ones are answered alike. Faults: certificate.not-found */
export async function showState(
  { database, clock }: Pick<Gateway, 'database' | 'clock'>,
  code: string,
): Promise<Result<CertificateState>> {
  if (!/^[A-Z2-7]{16}$/.test(code)) return refuse(fault('certificate.not-found'));
  return database.transaction(systemScope('certificate-state'), async (tx) => {
    const [row] = await tx.select().from(issuedCertificates).where(eq(issuedCertificates.code, code));
    if (row === undefined || row.state === 'issuing') return refuse(fault('certificate.not-found'));
    return ok({
      state: row.state,
      // Asked for and not confirmed says nothing yet.
      reason: row.state === 'revoked' ? row.revocationReason : null,
      number: row.number,
      kind: row.kind,
      school: await schoolOf(tx, row.schoolCode),
      issuedOn: row.issuedOn,
      files: [...(row.sha256 === null ? [] : [row.sha256]), ...(await listFormerDigests(tx, row.id))],
      supersededBy: await successorOf(tx, row.supersededBy),
      checkedAt: clock.now().toISOString(),
    });
  });
}

async function schoolOf(tx: Transaction, code: string): Promise<StatedSchool> {
  const found = await findSchool(tx, code);
  if (found === null) throw new Error('a certificate of a school that is none');
  const { name, nameEnglish, state } = found;
  const heir = state === 'open' ? null : await findHeir(tx, code);
  return { code, name, nameEnglish, state, successor: heir && { code: heir.code, name: heir.name } };
}

async function successorOf(tx: Transaction, id: string | null): Promise<CertificateState['supersededBy']> {
  const row = id === null ? null : await findCertificate(tx, id);
  return row === null ? null : { number: row.number, issuedOn: row.issuedOn, code: row.code };
}
