import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { refuseLogged } from '../../transfers/act.ts';
import type { Download } from '../../transfers/render.ts';
import { borrowObject } from '../issue/borrow-object.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { mayStillShare, mustCount } from './holder.ts';
import { indexKeyOf, type OpenedShare } from './open-share.ts';
import { isTicket, secretKeyOf } from './share-secrets.ts';
import { readShared } from './shared-view.ts';
import { findShare, type ShareRow } from './store.ts';
import { sharesJob } from './tables.ts';

/** Of somebody who has opened a share in the last half hour. */
export interface Ticket {
  readonly secret: string;
  readonly ticket: string;
}

/**
 * The share of a ticket, unless it has been ended since: what opens once has been used up by the ticket's own opening.
 * Faults: share.not-opened, share.ended
 */
export async function findByTicket(gateway: Gateway, { secret, ticket }: Ticket): Promise<Result<ShareRow>> {
  const secretKey = secretKeyOf(indexKeyOf(gateway), secret);
  const row = await gateway.database.transaction(systemScope(sharesJob), (tx) => findShare(tx, { secretKey }));
  const at = gateway.clock.now();
  if (row === null || !isTicket(indexKeyOf(gateway), row, { ticket, at })) return refuse(fault('share.not-opened'));
  const isOver = row.withdrawnAt !== null || at >= row.expiresAt;
  return isOver || !(await mayStillShare(gateway, row)) ? refuse(fault('share.ended')) : ok(row);
}

/** The same once more, in another language say; it counts as no new view. Faults: those of `findByTicket` */
export async function showAgain(gateway: Gateway, of: Ticket): Promise<Result<OpenedShare>> {
  const row = await findByTicket(gateway, of);
  if (!row.ok) return row;
  const shared = await readShared(gateway, row.value);
  return shared === null ? refuse(fault('share.ended')) : ok({ ...shared, ticket: of.ticket });
}

/** The file itself, where everything was chosen and the certificate counts. Faults: those of `findByTicket` and `mustCount`, document.unreadable */
export async function readSharedFile(gateway: Gateway, of: Ticket): Promise<Result<Download>> {
  const context = { gateway, actor: { kind: 'anonymous' }, idempotency: null } as const;
  const attempt = { event: 'certificate.handed-over', caseId: null } as const;
  const row = await findByTicket(gateway, of);
  if (!row.ok) return refuseLogged(context, attempt, row.fault);
  if (!row.value.whole) return refuseLogged(context, attempt, fault('share.not-opened', { detail: 'not-whole' }));
  const found = await gateway.database.transaction(
    systemScope(sharesJob),
    async (tx): Promise<Result<CertificateRow>> => {
      const certificate = await findCertificate(tx, row.value.certificateId);
      if (certificate === null) throw new Error('a share of no certificate');
      const counts = mustCount(certificate);
      if (!counts.ok) return counts;
      await recordRequest(tx, context, {
        name: 'certificate.handed-over',
        row: { ...certificate, id: certificate.requestId },
        detail: { certificate: certificate.id, share: row.value.id },
      });
      return ok(certificate);
    },
  );
  if (!found.ok) return refuseLogged(context, attempt, found.fault);
  const readable = await borrowObject(gateway, found.value);
  if (readable === null) return refuseLogged(context, attempt, fault('document.unreadable', { detail: 'no-key' }));
  const opened = await gateway.locker.openDocument(readable);
  if (!opened.ok) return refuseLogged(context, attempt, opened.fault);
  const name = `${found.value.kind}-${found.value.number}.pdf`;
  return ok({ name, mediaType: 'application/pdf', bytes: readable.bytes, body: opened.value });
}
