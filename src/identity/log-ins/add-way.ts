import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import type { PersonActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import type { IdentityServices } from '../services.ts';
import { findPersonByAccount, findPersonByCertificate, lockKey } from '../store.ts';
import { noteLogIn, noteRefusal } from './note-log-in.ts';
import { notifyOfLogIn } from './notify-of-log-in.ts';
import { insertWay, type WayKey } from './store.ts';

interface Adding {
  readonly way: WayKey;
  /** Of the person who gets it: logged in, and not by a paper. */
  readonly session: Pick<PersonActor, 'personId' | 'sessionId' | 'assurance'>;
  readonly browser: string;
}

/**
 * Gives a person one more way to log in, once they have proved both. A way that is theirs already is no error.
 *
 * @returns `login.way-taken` for one of another person
 */
export async function addWay(
  tx: Transaction,
  services: IdentityServices,
  { way, session, browser }: Adding,
): Promise<Result<true>> {
  const { personId, sessionId, assurance } = session;
  // The log-in by it takes the same lock: it becomes either this person's or a new one's.
  await lockKey(tx, way.key);
  const holder = await (way.assurance === 'certificate' ? findPersonByCertificate : findPersonByAccount)(tx, way.key);
  const isTaken = holder !== null && holder !== personId;
  const detail = { person: personId, session: sessionId, added: way.assurance, assurance };
  const refused = isTaken ? 'way-of-another-person' : null;
  await logEvent(tx, services, { name: 'login.way-added', refused, actorRole: 'person', detail });
  const noted = { personId, assurance: way.assurance, browser };
  if (isTaken) {
    await noteRefusal(tx, services, { ...noted, reason: 'otherPerson' });
    return refuse(fault('login.way-taken', { detail: 'way-of-another-person' }));
  }
  if (holder === personId) return ok(true);
  const id = await insertWay(tx, way, { personId, at: services.clock.now() });
  if (id === null) throw new Error('a locked way was taken meanwhile');
  await noteLogIn(tx, services, { ...noted, outcome: 'added' });
  await notifyOfLogIn(tx, { personId, subject: 'log-in-way-added' });
  return ok(true);
}
