import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { notifyGuardians } from '../guardians/notify-guardians.ts';
import { insertLink } from '../links/store.ts';
import { noteLogIn, noteRefusal } from '../log-ins/note-log-in.ts';
import { hashToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
import { type OpenedSession, openSession } from '../session.ts';
import { insertPerson } from '../store.ts';
import { numberMatches } from './number-hash.ts';
import { hasEnded, plainNumber, triesPerAccessCode } from './rules.ts';
import {
  type Attempted,
  changeAccessCode,
  deleteAttemptsOf,
  findAttempted,
  findHolder,
  lockAccessCode,
  takeTry,
} from './store.ts';
import type { AccessCodeRow } from './tables.ts';

export interface CodeAnswer {
  readonly attempt: string | null;
  readonly number: string;
  readonly browser: string;
  readonly formerToken: string | null;
}

const assurance = 'schoolCode';

/**
 * Takes the number and opens a short session of the lowest level. Every guardian is told.
 *
 * @returns `login.code-refused` alike for everything that does not fit
 */
export async function completeCodeLogin(
  services: IdentityServices,
  answer: CodeAnswer,
): Promise<Result<OpenedSession>> {
  const attempted = await takeAttempt(services, answer.attempt);
  // Outside any transaction: it takes a twentieth of a second, and it takes it for nothing at all too.
  const number = plainNumber(answer.number);
  const fits = await numberMatches(services.personTrust.indexKey, number, attempted?.numberHash ?? null);
  const tries = attempted?.tries ?? null;
  return services.database.transaction(systemScope('access-code'), async (tx) => {
    const code = attempted === null ? null : await lockAccessCode(tx, { id: attempted.code.id });
    if (code === null) return refuseUnknown(tx, services);
    const now = services.clock.now();
    // Another of several at once may have been faster.
    const looked = hasEnded(code, now) ? null : tries;
    if (fits && looked !== null) return ok(await admit(tx, services, { code, answer, at: now }));
    return refuseNumber(tx, services, { code, tries: looked, browser: answer.browser });
  });
}

interface Attempt extends Attempted {
  /** How many tries the code has seen with this one; null when it had none left. */
  readonly tries: number | null;
}

/** The try is counted before the number is looked at: of tries that come at once no more than five are looked at. */
async function takeAttempt(services: IdentityServices, token: string | null): Promise<Attempt | null> {
  if (token === null) return null;
  const now = services.clock.now();
  return services.database.transaction(systemScope('access-code'), async (tx) => {
    const attempted = await findAttempted(tx, hashToken(token), now);
    return attempted && { ...attempted, tries: await takeTry(tx, attempted.code.id, now) };
  });
}

async function admit(
  tx: Transaction,
  services: IdentityServices,
  { code, answer, at }: { code: AccessCodeRow; answer: CodeAnswer; at: Date },
): Promise<OpenedSession> {
  const personId = await findOrMakeHolder(tx, code, at);
  await changeAccessCode(tx, code.id, { usedAt: at, usedBy: personId });
  await deleteAttemptsOf(tx, code.id);
  const { browser, formerToken } = answer;
  const who = { staffId: null, personId, membershipId: null, assurance, browser, formerToken } as const;
  const opened = await openSession(tx, services, who);
  await logEvent(tx, services, {
    name: 'login.done',
    refused: null,
    organisation: code.schoolCode,
    actorRole: 'person',
    detail: { person: personId, session: opened.sessionId, code: code.id, assurance },
  });
  await noteLogIn(tx, services, { personId, assurance, browser });
  // The holder too: whoever stole paper and mail would be the last to tell them.
  const holder = code.guardianId === null ? {} : { alsoGuardian: code.guardianId };
  await notifyGuardians(tx, { pupilId: code.pupilId, subject: 'code-used', ...holder });
  return opened;
}

/**
 * The human whom the school has confirmed as this pupil or guardian; the first time a new one. No second confirmation:
 * the guardian's record has had one, and the number has reached the address in it.
 */
async function findOrMakeHolder(tx: Transaction, code: AccessCodeRow, at: Date): Promise<string> {
  const known = await findHolder(tx, code);
  if (known !== null) return known.personId;
  const personId = crypto.randomUUID();
  await insertPerson(tx, personId, at);
  await insertLink(tx, {
    id: crypto.randomUUID(),
    pupilId: code.pupilId,
    personId,
    schoolCode: code.schoolCode,
    relation: code.guardianId === null ? 'self' : 'guardian',
    guardianId: code.guardianId,
    linkedAt: at,
    assurance,
    checkNumber: '',
    issuedBy: code.issuedBy,
    issuedByKey: code.issuedByKey,
    confirmedBy: `access-code:${code.id}`,
    confirmedAt: at,
  });
  return personId;
}

async function refuseUnknown(tx: Transaction, services: IdentityServices): Promise<Result<never>> {
  await logEvent(tx, services, { name: 'login.done', refused: 'attempt-unknown', actorRole: 'anonymous' });
  return refuse(fault('login.code-refused'));
}

/** @param refused.tries - with this one; null when the number was not looked at any more */
async function refuseNumber(
  tx: Transaction,
  services: IdentityServices,
  refused: { readonly code: AccessCodeRow; readonly tries: number | null; readonly browser: string },
): Promise<Result<never>> {
  const { code, tries, browser } = refused;
  const event = { organisation: code.schoolCode, actorRole: 'anonymous', detail: { code: code.id } };
  const reason = tries === null ? 'code-closed' : 'number-differs';
  await logEvent(tx, services, { ...event, name: 'login.done', refused: reason });
  const holder = await findHolder(tx, code);
  if (holder !== null) {
    const { personId } = holder;
    await noteRefusal(tx, services, { personId, assurance, browser, reason: 'wrongNumber' });
  }
  if (tries === triesPerAccessCode) {
    await logEvent(tx, services, { ...event, name: 'access-code.locked', refused: null });
    const printedFor = code.guardianId === null ? {} : { alsoGuardian: code.guardianId };
    await notifyGuardians(tx, { pupilId: code.pupilId, subject: 'code-locked', ...printedFor });
  }
  return refuse(fault('login.code-refused'));
}
