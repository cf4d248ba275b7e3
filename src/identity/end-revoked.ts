import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { logEvent } from './audit.ts';
import { noteRefusal } from './log-ins/note-log-in.ts';
import { notifyOfLogIn } from './log-ins/notify-of-log-in.ts';
import { deleteSessionsOfWay } from './log-ins/store.ts';
import { after, certificateCheckMinutes } from './rules.ts';
import type { IdentityServices } from './services.ts';
import { openChain } from './session-certificate.ts';
import { claimCertificateCheck, findSessionCertificate } from './session-certificate-store.ts';
import type { SessionRow } from './tables.ts';
import { isRevokedNow } from './verify-certificate-login.ts';

/** A session by certificate, about which it is time to ask again. */
export interface DueSession {
  readonly session: SessionRow;
  readonly sealed: Uint8Array;
}

type Services = Pick<IdentityServices, 'database' | 'clock' | 'personTrust' | 'sealDetail'>;

/** Takes the question on, once in an hour and session; null when nothing is to be asked. */
export async function claimDue(tx: Transaction, session: SessionRow, now: Date): Promise<DueSession | null> {
  const { id, certificateCheckedAt } = session;
  const notSince = after(now, { minutes: -certificateCheckMinutes });
  if (certificateCheckedAt === null || certificateCheckedAt > notSince) return null;
  if (!(await claimCertificateCheck(tx, session, { now, notSince }))) return null;
  const sealed = await findSessionCertificate(tx, id);
  return sealed === null ? null : { session, sealed };
}

/**
 * Asks whether the card behind a session has been revoked since, and if so ends whatever it has opened, in every browser.
 * Its person is told: somebody may hold what was lost. The transaction that claimed it is over: answers take seconds.
 *
 * @param token - the value of the session's cookie, which alone opens what is kept of the certificate
 */
export async function endIfRevoked(
  services: Services,
  { session, sealed }: DueSession,
  token: string,
): Promise<boolean> {
  const { id: sessionId, personId, wayId, assurance, browser } = session;
  const chain = openChain({ sessionId, token }, sealed);
  if (!(await isRevokedNow(chain, services.personTrust, services.clock.now()))) return false;
  if (personId === null || wayId === null) throw new Error('a session by certificate has a person and a way');
  await services.database.transaction(systemScope('login'), async (tx) => {
    const ended = await deleteSessionsOfWay(tx, wayId);
    // Another session of the same card was quicker, and has told.
    if (ended.length === 0) return;
    for (const one of ended) {
      const detail = { session: one, person: personId, by: 'revocation' };
      await logEvent(tx, services, { name: 'logout.done', refused: null, actorRole: 'person', detail });
    }
    await noteRefusal(tx, services, { personId, assurance, browser, reason: 'revoked' });
    await notifyOfLogIn(tx, { personId, subject: 'log-in-card-revoked' });
  });
  return true;
}
