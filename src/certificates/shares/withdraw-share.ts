import { ok, type Result } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { endCredentialsOfShare } from '../credentials/store.ts';
import { findCertificate } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { findHeldShare, showShare } from './list-shares.ts';
import { withdraw } from './store.ts';
import type { ShareView } from './view.ts';

/**
 * Ends a share at once, by any log-in, as whoever made it or as the pupil, and with it the credentials that were taken by it. One that
 * has ended stays as it is.
 * Faults: share.not-found
 */
export async function withdrawShare(context: VerbContext, shareId: string): Promise<Result<ShareView>> {
  const done = await perform(context, { event: 'certificate.share-withdrawn', caseId: null }, async (tx) => {
    const found = await findHeldShare(tx, context, shareId);
    if (!found.ok) return found;
    const { id, certificateId } = found.value;
    const certificate = await findCertificate(tx, certificateId);
    if (certificate === null) throw new Error('a share of no certificate');
    const at = context.gateway.clock.now();
    const isFirst = await withdraw(tx, id, at);
    // Only now: whoever is handing one out waits for the row of the share, and finds it ended.
    await endCredentialsOfShare(tx, id, at);
    if (isFirst) {
      await recordRequest(tx, context, {
        name: 'certificate.share-withdrawn',
        row: { ...certificate, id: certificate.requestId },
        detail: { certificate: certificate.id, share: id },
      });
    }
    return ok({ id });
  });
  return done.ok ? showShare({ ...context, idempotency: null }, done.value.id) : done;
}
