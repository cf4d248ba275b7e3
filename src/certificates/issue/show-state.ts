import { eq } from 'drizzle-orm';
import { systemScope } from '../../database/scope.ts';
import { findSchool } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { listFormerDigests } from '../renewal/store.ts';
import { issuedCertificates, type RevocationReason } from '../tables.ts';

/** What anybody who holds the paper may know: whether it counts, never whose it is. */
export interface CertificateState {
  readonly state: 'valid' | 'revoked';
  readonly reason: RevocationReason | null;
  readonly number: string;
  readonly kind: IssuedKind;
  readonly school: { readonly code: string; readonly name: string; readonly nameEnglish: string };
  readonly issuedOn: string;
  /** SHA-256 of the file as it is handed out now, then of those before it: each is the beginning of the next. */
  readonly files: string[];
  readonly checkedAt: string;
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
    const school = await findSchool(tx, row.schoolCode);
    return ok({
      state: row.state,
      // Asked for and not confirmed says nothing yet.
      reason: row.state === 'revoked' ? row.revocationReason : null,
      number: row.number,
      kind: row.kind,
      school: { code: row.schoolCode, name: school?.name ?? '', nameEnglish: school?.nameEnglish ?? '' },
      issuedOn: row.issuedOn,
      files: [...(row.sha256 === null ? [] : [row.sha256]), ...(await listFormerDigests(tx, row.id))],
      checkedAt: clock.now().toISOString(),
    });
  });
}
