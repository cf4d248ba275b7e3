import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import type { JobHandler } from '../../notices/drain.ts';
import { JobMalformed } from '../../notices/job-malformed.ts';
import type { Mailer } from '../../notices/mailer.ts';
import { enqueue } from '../../notices/outbox.ts';
import { composeWatcherMail } from '../../notices/share-mail.ts';
import { indexKeyOf } from './open-share.ts';
import { borrowKey, openAddress } from './sealed-share.ts';
import { watchLinkOf } from './share-secrets.ts';
import { sharesJob } from './tables.ts';
import { isTooLate, watcherMailJob } from './watch.ts';
import { findWatcher, listUntold, markTold } from './watcher-store.ts';

/** `{ certificate }`: each viewer who wants to know is told that it counts no more. */
export const tellViewersJob = 'certificate.tell-viewers';

/** Call it in the transaction that takes a certificate out of force, whatever it becomes. */
export async function tellViewers(tx: Transaction, certificateId: string): Promise<void> {
  await enqueue(tx, { kind: tellViewersJob, payload: { certificate: certificateId } });
}

/** A mail for each of them, in a job of its own: one address that fails keeps nobody else waiting. */
export function tellViewersHandler({ database }: Pick<Gateway, 'database'>): JobHandler {
  return async ({ payload: { certificate } }) => {
    if (certificate === undefined) throw new JobMalformed('it needs certificate');
    await database.transaction(systemScope(sharesJob), async (tx) => {
      for (const watcher of await listUntold(tx, certificate)) {
        await enqueue(tx, { kind: watcherMailJob, payload: { watcher }, uniqueKey: `watcher-told/${watcher}` });
      }
    });
  };
}

/** Asks a new viewer to confirm the address; tells one who has of a certificate that counts no more, once. */
export function watcherMailHandler(gateway: Gateway, mailer: Mailer): JobHandler {
  return async ({ id, payload }) => {
    const { watcher: watcherId } = payload;
    if (watcherId === undefined) throw new JobMalformed('it needs watcher');
    const scope = systemScope(sharesJob);
    const found = await gateway.database.transaction(scope, (tx) => findWatcher(tx, { id: watcherId }));
    if (found === null || isTooLate(found.watcher, gateway.clock.now())) return;
    const { watcher, share, certificate } = found;
    const isConfirmed = watcher.confirmedAt !== null;
    if (isConfirmed && (certificate.state === 'valid' || watcher.toldAt !== null)) return;
    const key = await borrowKey(gateway, share);
    if (key === null) return;
    await mailer.send(
      composeWatcherMail({
        id,
        to: openAddress(key, watcherId, watcher.sealedAddress),
        about: isConfirmed ? 'changed' : 'confirm',
        url: `${gateway.settings.PUBLIC_ORIGIN}/w/${watchLinkOf(indexKeyOf(gateway), watcherId)}`,
      }),
    );
    if (isConfirmed) await gateway.database.transaction(scope, (tx) => markTold(tx, watcherId, gateway.clock.now()));
  };
}
