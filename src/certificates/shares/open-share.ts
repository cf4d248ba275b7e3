import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { type Fault, fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { numberMatches } from '../../identity/access-codes/number-hash.ts';
import { plainNumber } from '../../identity/access-codes/rules.ts';
import { notifyPerson } from '../../identity/guardians/notify-guardians.ts';
import { ok, type Result } from '../../result.ts';
import { refuseLogged } from '../../transfers/act.ts';
import { findCertificate } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { mayStillShare } from './holder.ts';
import { hourOf, stateOfShare } from './rules.ts';
import { newTicket, secretKeyOf } from './share-secrets.ts';
import { readShared, type SharedView } from './shared-view.ts';
import { findShare, giveTryBack, markViewed, type ShareRow, takeTry } from './store.ts';
import { sharesJob } from './tables.ts';

/** Whoever holds a link is nobody whom we know, and is not asked. */
const anonymous = { kind: 'anonymous' } as const;

export interface OpenedShare extends SharedView {
  /** With it the viewer reads on for half an hour; see `share-secrets.ts`. */
  readonly ticket: string;
}

/**
 * Opens a share by its link and PIN. A wrong link, a wrong PIN and a share that is locked are answered alike, in what they
 * take too; whoever has both right is told that it has ended, and not how. What is counted and what a share that opens once
 * loses comes last: a key service that is down uses nothing up. Faults: share.not-opened, share.ended
 */
export async function openShare(
  gateway: Gateway,
  { secret, pin }: { readonly secret: string; readonly pin: string },
): Promise<Result<OpenedShare>> {
  const found = await findOpenable(gateway, secret);
  // Outside any transaction: it takes a twentieth of a second, and it takes it where there is no PIN and no share, too.
  const fits = await numberMatches(indexKeyOf(gateway), plainNumber(pin), found?.row.pinHash ?? null);
  if (found === null) return refused(gateway, fault('share.not-opened', { detail: 'unknown' }));
  const { row, mayTry } = found;
  if (!mayTry) return refused(gateway, fault('share.not-opened', { detail: 'locked' }));
  if (row.pinHash !== null && !fits) return refused(gateway, fault('share.not-opened', { detail: 'wrong-pin' }));
  const state = stateOfShare({ ...row, tries: 0 }, gateway.clock.now());
  const isHeld = state === 'open' && (await mayStillShare(gateway, row));
  const shared = isHeld ? await readShared(gateway, row) : null;
  const isOpen = await gateway.database.transaction(systemScope(sharesJob), (tx) =>
    markOpened(tx, gateway, { row, isOpen: shared !== null }),
  );
  if (shared === null || !isOpen) return refused(gateway, fault('share.ended', { detail: isHeld ? state : 'holder' }));
  return ok({ ...shared, ticket: newTicket(indexKeyOf(gateway), row, gateway.clock.now()) });
}

export function indexKeyOf({ identity }: Pick<Gateway, 'identity'>): Uint8Array {
  return identity.personTrust.indexKey;
}

async function findOpenable(gateway: Gateway, secret: string) {
  const secretKey = secretKeyOf(indexKeyOf(gateway), secret);
  return gateway.database.transaction(systemScope(sharesJob), async (tx) => {
    const row = await findShare(tx, { secretKey });
    return row && { row, mayTry: row.pinHash === null || (await takeTry(tx, row.id)) };
  });
}

/** False when another of several at once was faster, or it was ended meanwhile. */
async function markOpened(
  tx: Transaction,
  gateway: Gateway,
  { row, isOpen }: { readonly row: ShareRow; readonly isOpen: boolean },
): Promise<boolean> {
  const locked = await findShare(tx, { id: row.id }, 'locked');
  if (locked === null) return false;
  if (row.pinHash !== null) await giveTryBack(tx, row.id);
  const at = gateway.clock.now();
  if (!isOpen || stateOfShare({ ...locked, tries: 0 }, at) !== 'open') return false;
  await markViewed(tx, locked, { at, hour: hourOf(at) });
  const { pupilId, personId } = locked;
  if (locked.firstViewedAt === null) {
    await notifyPerson(tx, { pupilId, personId, subject: 'certificate-share-viewed' });
  }
  await recordOpened(tx, gateway, locked);
  return true;
}

async function recordOpened(tx: Transaction, gateway: Gateway, { id, certificateId }: ShareRow): Promise<void> {
  const certificate = await findCertificate(tx, certificateId);
  if (certificate === null) throw new Error('a share of no certificate');
  await recordRequest(
    tx,
    { gateway, actor: anonymous },
    {
      name: 'certificate.share-opened',
      row: { ...certificate, id: certificate.requestId },
      detail: { certificate: certificateId, share: id },
    },
  );
}

async function refused(gateway: Gateway, reason: Fault): Promise<Result<never>> {
  const context = { gateway, actor: anonymous, idempotency: null };
  return refuseLogged(context, { event: 'certificate.share-opened', caseId: null }, reason);
}
