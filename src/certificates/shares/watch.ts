import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findSchool } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { after } from '../../identity/rules.ts';
import { hashToken } from '../../identity/secrets.ts';
import { enqueue } from '../../notices/outbox.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { newId } from '../../transfers/ids.ts';
import { indexKeyOf } from './open-share.ts';
import { findByTicket, type Ticket } from './read-on.ts';
import { watchConfirmHours } from './rules.ts';
import { borrowKey, sealAddress } from './sealed-share.ts';
import { addressKeyOf, watchLinkOf } from './share-secrets.ts';
import { type SharedCertificate, viewCertificate } from './shared-view.ts';
import { findShare } from './store.ts';
import { sharesJob } from './tables.ts';
import { deleteWatcher, type FoundWatcher, findWatcher, insertWatcher, markConfirmed } from './watcher-store.ts';

/** `{ watcher }`: a mail to a viewer; what it says depends on how far the viewer and the certificate have come. */
export const watcherMailJob = 'mail.share-watcher';

/**
 * A viewer wants to be told when the certificate counts no more. Nothing is sent but a mail that asks for confirmation; an
 * address that is there already, and one more than a share takes, are answered like a new one. Faults: those of `findByTicket`
 */
export async function askToBeTold(gateway: Gateway, of: Ticket & { readonly address: string }): Promise<Result<true>> {
  const found = await findByTicket(gateway, of);
  if (!found.ok) return found;
  const { id: shareId, certificateId } = found.value;
  const key = await borrowKey(gateway, found.value);
  if (key === null) return refuse(fault('share.ended'));
  const id = newId();
  const row = {
    id,
    shareId,
    certificateId,
    addressKey: addressKeyOf(indexKeyOf(gateway), shareId, of.address),
    sealedAddress: sealAddress(key, id, of.address),
    tokenHash: hashToken(watchLinkOf(indexKeyOf(gateway), id)),
    askedAt: gateway.clock.now(),
    confirmedAt: null,
    toldAt: null,
  };
  await gateway.database.transaction(systemScope(sharesJob), async (tx) => {
    const share = await findShare(tx, { id: shareId }, 'locked');
    if (share === null || !(await insertWatcher(tx, row))) return;
    await enqueue(tx, { kind: watcherMailJob, payload: { watcher: id } });
  });
  return ok(true);
}

/** What the mail's own page shows. */
export interface Watching {
  readonly certificate: SharedCertificate;
  readonly isConfirmed: boolean;
}

/** Looking confirms nothing: programs look, too. Faults: share.watcher-not-found */
export async function showWatching(gateway: Gateway, token: string): Promise<Result<Watching>> {
  return withWatcher(gateway, token, async (tx, { watcher, certificate }) =>
    viewWatching(tx, gateway, { watcher, certificate }),
  );
}

/** Faults: share.watcher-not-found */
export async function confirmWatching(gateway: Gateway, token: string): Promise<Result<Watching>> {
  return withWatcher(gateway, token, async (tx, { watcher, certificate }) => {
    const at = gateway.clock.now();
    await markConfirmed(tx, watcher.id, at);
    // It may have happened between the view and the confirmation.
    if (certificate.state !== 'valid') await enqueue(tx, { kind: watcherMailJob, payload: { watcher: watcher.id } });
    return viewWatching(tx, gateway, { watcher: { ...watcher, confirmedAt: watcher.confirmedAt ?? at }, certificate });
  });
}

/** Deletes the address. Faults: share.watcher-not-found */
export async function stopWatching(gateway: Gateway, token: string): Promise<Result<true>> {
  return withWatcher(gateway, token, async (tx, { watcher }) => {
    await deleteWatcher(tx, watcher.id);
    return ok(true);
  });
}

async function withWatcher<T>(
  gateway: Gateway,
  token: string,
  work: (tx: Transaction, found: FoundWatcher) => Promise<Result<T>>,
): Promise<Result<T>> {
  return gateway.database.transaction(systemScope(sharesJob), async (tx) => {
    const found = await findWatcher(tx, { tokenHash: hashToken(token) });
    const isLate = found !== null && isTooLate(found.watcher, gateway.clock.now());
    return found === null || isLate ? refuse(fault('share.watcher-not-found')) : work(tx, found);
  });
}

/** An address that nobody has confirmed in time is nobody's. */
export function isTooLate({ askedAt, confirmedAt }: FoundWatcher['watcher'], at: Date): boolean {
  return confirmedAt === null && at >= after(askedAt, { minutes: watchConfirmHours * 60 });
}

async function viewWatching(
  tx: Transaction,
  gateway: Gateway,
  { watcher, certificate }: Pick<FoundWatcher, 'watcher' | 'certificate'>,
): Promise<Result<Watching>> {
  const school = await findSchool(tx, certificate.schoolCode);
  const view = viewCertificate(certificate, { school, at: gateway.clock.now() });
  if (view === null) throw new Error('a share of what was not issued');
  return ok({ certificate: view, isConfirmed: watcher.confirmedAt !== null });
}
