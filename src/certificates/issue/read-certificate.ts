import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import type { ReadableObject } from '../../locker/open-document.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, refuseLogged, schoolOf, type VerbContext } from '../../transfers/act.ts';
import type { Download } from '../../transfers/render.ts';
import { answersFor } from '../requests/certifier.ts';
import { recordRequest } from '../requests/record.ts';
import { findRequest } from '../requests/store.ts';
import { borrowObject } from './borrow-object.ts';
import { mayCollect } from './may-collect.ts';
import { type CertificateRow, findCertificate } from './store.ts';

/**
 * Hands out one issued copy: to whom it was issued, to the pupil it is about, and to the school's office, which gives it to
 * an agent. Every time is in the log. Faults: certificate.not-found, certificate.revoked, certificate.superseded,
 * login.not-checked, document.unreadable
 */
export async function readCertificate(context: VerbContext, certificateId: string): Promise<Result<Download>> {
  const attempt = { event: 'certificate.handed-over', caseId: null } as const;
  const found = await perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const allowed = mayCollect(context, null, 'own');
    if (!allowed.ok) return allowed;
    const row = await findCertificate(tx, certificateId);
    const request = row === null ? null : await findRequest(tx, row.requestId);
    if (row === null || request === null || row.state === 'issuing') return refuse(fault('certificate.not-found'));
    const school = schoolOf(context.actor);
    const isOwn = school === null || (await answersFor(tx, school, row.schoolCode));
    const own = mayCollect(context, row, isOwn ? 'own' : 'strange');
    if (!own.ok) return own;
    if (row.state !== 'valid') return refuse(fault(`certificate.${row.state}`));
    await recordRequest(tx, context, {
      name: 'certificate.handed-over',
      row: request,
      detail: { certificate: row.id },
    });
    return ok({ row, readable: await findOwnObject(tx, context, row) });
  });
  if (!found.ok) return found;
  const { row } = found.value;
  const readable = found.value.readable ?? (await borrowObject(context.gateway, row));
  if (readable === null) return refuseLogged(context, attempt, fault('document.unreadable', { detail: 'no-key' }));
  const opened = await context.gateway.locker.openDocument(readable);
  if (!opened.ok) return refuseLogged(context, attempt, opened.fault);
  const name = `${row.kind}-${row.number}.pdf`;
  return ok({ name, mediaType: 'application/pdf', bytes: readable.bytes, body: opened.value });
}

/** With the school's own key; null for a person and for the successor of a closed school, who have none. */
async function findOwnObject(
  tx: Transaction,
  { gateway, actor }: VerbContext,
  { objectId }: CertificateRow,
): Promise<ReadableObject | null> {
  const holder = schoolOf(actor);
  return objectId === null || holder === null ? null : gateway.locker.find(tx, { objectId, holder });
}
