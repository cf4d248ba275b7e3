import type { Transaction } from '../../database/connection.ts';
import type { IdentityServices } from '../services.ts';
import { findSessionById } from '../store.ts';
import { noteRefusal } from './note-log-in.ts';
import type { LogInReason } from './tables.ts';

/** Somebody else answered in the browser of this session, or what came was no answer: its owner should see that. */
export async function noteAtOwner(
  tx: Transaction,
  services: Pick<IdentityServices, 'clock'>,
  { sessionId, reason }: { readonly sessionId: string; readonly reason: LogInReason },
): Promise<void> {
  const session = await findSessionById(tx, sessionId);
  if (session === null) return;
  const { personId, staffId, assurance, browser } = session;
  const noted = { assurance, browser, reason };
  if (personId !== null) await noteRefusal(tx, services, { personId, ...noted });
  else if (staffId !== null) await noteRefusal(tx, services, { staffId, ...noted });
}
