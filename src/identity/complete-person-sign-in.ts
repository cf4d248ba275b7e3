import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { confirmBySignIn } from './confirm-session.ts';
import { consumeAttempt, type SignInAnswer } from './consume-attempt.ts';
import { addAccount } from './log-ins/add-account.ts';
import { noteLogIn } from './log-ins/note-log-in.ts';
import { notifyOfLogIn } from './log-ins/notify-of-log-in.ts';
import { accountKey } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { openSession, type SignedIn } from './session.ts';
import { findPersonByAccount, insertPerson, lockKey, recordAccount, type UsedWay } from './store.ts';

/**
 * Takes a browser back from デジタル認証アプリ: (issuer, pairwise subject), as a keyed hash → person → session.
 *
 * @returns `login.refused` for everything an attacker may try, `login.cancelled` and `login.provider-unavailable`
 */
export async function completePersonSignIn(
  services: IdentityServices,
  answer: SignInAnswer,
): Promise<Result<SignedIn>> {
  const provider = services.personProviders.find(({ id }) => id === answer.providerId);
  if (provider === undefined) return refuse(fault('request.not-found'));
  const answered = await consumeAttempt(services, provider, answer);
  if (!answered.ok) return answered;
  const { account, attempt, proof } = answered.value;
  const key = accountKey(services.personTrust.indexKey, account);
  if (attempt.stepUpOf !== null) {
    const find = (tx: Transaction) => findPersonByAccount(tx, key);
    return confirmBySignIn(services, { answer, attempt, sessionId: attempt.stepUpOf, proof, kind: 'person', find });
  }
  if (attempt.bindTo !== null) return addAccount(services, { answer, attempt, key });
  const { browser, formerToken } = answer;
  const assurance = 'digitalAuthenticationApp';
  return services.database.transaction(systemScope('login'), async (tx) => {
    const { personId, way, isNewPerson } = await findOrMakePerson(tx, services, key);
    const who = { staffId: null, personId, membershipId: null, assurance, browser, formerToken, proof } as const;
    const opened = await openSession(tx, services, { ...who, wayId: way.id });
    await logEvent(tx, services, {
      name: 'login.done',
      refused: null,
      actorRole: 'person',
      detail: { person: personId, session: opened.sessionId, assurance },
    });
    await noteLogIn(tx, services, { personId, assurance, browser });
    if (way.isFirst && !isNewPerson) await notifyOfLogIn(tx, { personId, subject: 'log-in-first' });
    return ok({ ...opened, returnTo: attempt.returnTo, mustChoose: false });
  });
}

async function findOrMakePerson(
  tx: Transaction,
  services: IdentityServices,
  key: string,
): Promise<{ readonly personId: string; readonly way: UsedWay; readonly isNewPerson: boolean }> {
  const at = services.clock.now();
  // Two first log-ins at once wait for each other: one account, one person.
  await lockKey(tx, key);
  const known = await findPersonByAccount(tx, key);
  const personId = known ?? crypto.randomUUID();
  if (known === null) await insertPerson(tx, personId, at);
  const way = await recordAccount(tx, { accountKey: key, personId, at });
  if (way === null) throw new Error('the account was taken meanwhile');
  return { personId, way, isNewPerson: known === null };
}
