import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { recordByGateway, tellPersons } from '../requests/record.ts';
import { findRequest, type RequestRow } from '../requests/store.ts';
import { tellViewers } from '../shares/tell-viewers.ts';
import { type CertificateRow, changeValid, findCertificate, listCopies } from './store.ts';

/**
 * What was issued takes the place of the certificate that the request names: in the transaction that makes it valid, so
 * that there is no moment with both or with neither. One that was revoked meanwhile stays revoked.
 */
export async function supersede(
  tx: Transaction,
  gateway: Pick<Gateway, 'clock' | 'sealDetail'>,
  { row, copies }: { readonly row: RequestRow; readonly copies: readonly CertificateRow[] },
): Promise<void> {
  const former = row.replaces === null ? null : await findCertificate(tx, row.replaces);
  if (former === null) return;
  // A mistake is in all copies of a request; a lost paper is one of them.
  const replaced = row.replacement === 'loss' ? [former] : await listCopies(tx, former.requestId);
  let isAny = false;
  for (const [index, old] of replaced.filter(({ state }) => state === 'valid').entries()) {
    const successor = copies[index] ?? copies[0];
    if (successor === undefined) throw new Error('nothing was issued');
    const supersededAt = gateway.clock.now();
    const changes = { state: 'superseded', supersededBy: successor.id, supersededAt, ...notAsked } as const;
    if (!(await changeValid(tx, old.id, changes))) continue;
    isAny = true;
    const detail = { certificate: old.id, number: old.number, by: successor.id };
    await recordByGateway(tx, gateway, { name: 'certificate.superseded', row, detail });
    await tellViewers(tx, old.id);
  }
  const asked = isAny ? await findRequest(tx, former.requestId) : null;
  if (asked !== null) await tellPersons(tx, asked, 'certificate-superseded');
}

/** Nobody asks any more that it be revoked. */
export const notAsked = {
  revocationReason: null,
  revocationAskedBy: null,
  revocationAskedByKey: null,
  revocationAskedAt: null,
} as const;
