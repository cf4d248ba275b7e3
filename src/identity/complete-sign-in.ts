import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { findMemberships, findStaffBySubject, rememberLogIn } from '../directory/find-member.ts';
import { type Fault, fault } from '../faults.ts';
import type { AssuranceLevel } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { confirmBySignIn } from './confirm-session.ts';
import { consumeAttempt, refuseSignIn, type SignInAnswer } from './consume-attempt.ts';
import { join } from './join.ts';
import { noteRefusal, noteStaffLogIn } from './log-ins/note-log-in.ts';
import { notifyFormerMail } from './log-ins/notify-of-log-in.ts';
import type { LogInReason } from './log-ins/tables.ts';
import { assuranceOf, type OrganisationAccount } from './organisation-account.ts';
import { dayInJapan } from './rules.ts';
import type { IdentityServices } from './services.ts';
import { openSession, type SignedIn } from './session.ts';

/**
 * Takes a browser back from an OpenID provider: founder → staff (issuer, subject) → memberships → session.
 *
 * @returns `login.refused` for everything an attacker may try; `login.entry-account` and `login.no-membership` are told,
 *   since only the owner of the account gets that far
 */
export async function completeSignIn(services: IdentityServices, answer: SignInAnswer): Promise<Result<SignedIn>> {
  const provider = services.identityProviders.find(({ id }) => id === answer.providerId);
  if (provider === undefined) return refuse(fault('request.not-found'));
  const answered = await consumeAttempt(services, provider, answer);
  if (!answered.ok) return answered;
  const { account, attempt, proof } = answered.value;
  if (attempt.stepUpOf !== null) {
    const find = async (tx: Transaction) => (await findStaffBySubject(tx, account.issuer, account.subject))?.id ?? null;
    return confirmBySignIn(services, { answer, attempt, sessionId: attempt.stepUpOf, proof, kind: 'staff', find });
  }
  if (attempt.invitation !== null) {
    const joined = await join(services, { account, codeHash: attempt.invitation });
    if (!joined.ok) return joined;
  }
  const { browser, formerToken } = answer;
  const admitted = await services.database.transaction(systemScope('login'), async (tx) => {
    const admission = await admit(tx, services, account);
    if (!admission.ok) return turnAway(tx, services, { ...admission.fault, browser });
    const { staffId, membershipId, assurance, lastLogInAt } = admission.value;
    const opened = await openSession(tx, services, {
      staffId,
      personId: null,
      membershipId,
      assurance,
      browser,
      formerToken,
      proof,
    });
    const at = services.clock.now();
    const { mailChanged } = await rememberLogIn(tx, staffId, { at, contactMail: account.contactMail });
    if (mailChanged) await notifyFormerMail(tx, { staffId, at });
    await noteStaffLogIn(tx, services, { staffId, assurance, browser, lastLogInAt });
    await logEvent(tx, services, {
      name: 'login.done',
      refused: null,
      organisation: admission.value.schoolCode,
      actorRole: 'staff',
      detail: { staff: staffId, session: opened.sessionId, assurance },
    });
    return ok({ ...opened, returnTo: attempt.returnTo, mustChoose: membershipId === null });
  });
  return admitted.ok ? admitted : refuseSignIn(services, admitted.fault);
}

interface Admission {
  readonly staffId: string;
  readonly membershipId: string | null;
  readonly schoolCode: string | null;
  readonly assurance: AssuranceLevel;
  readonly lastLogInAt: Date | null;
}

interface TurnedAway {
  readonly fault: Fault;
  /** Whose account it is that got as far as our rules; null for one that is nobody's here. */
  readonly noted: { readonly staffId: string; readonly assurance: AssuranceLevel; readonly reason: LogInReason } | null;
}

/** From an account to somebody who may act for a school today. */
async function admit(
  tx: Transaction,
  { clock }: IdentityServices,
  account: OrganisationAccount,
): Promise<Result<Admission, TurnedAway>> {
  // An entry account is not vetted and never acts for an organisation (GBizID guideline 2.9).
  if (account.type === 'entry') return nobodys(fault('login.entry-account', { detail: 'entry-account' }));
  const assurance = assuranceOf(account.type);
  if (assurance === null) return nobodys(fault('login.refused', { detail: 'account-type-unknown' }));
  const staff = await findStaffBySubject(tx, account.issuer, account.subject);
  if (staff === null) return nobodys(fault('login.no-membership', { detail: 'staff-unknown' }));
  const { id: staffId, lastLoginAt: lastLogInAt } = staff;
  const refuseKnown = (reason: LogInReason, detail: string) =>
    refuse({ fault: fault('login.no-membership', { detail }), noted: { staffId, assurance, reason } });
  if (account.corporateNumber !== staff.founderNumber) return refuseKnown('otherFounder', 'founder-differs');
  const memberships = await findMemberships(tx, staffId, dayInJapan(clock.now()));
  const [only, ...others] = memberships;
  if (only === undefined) return refuseKnown('roleEnded', 'no-membership-today');
  const chosen = others.length === 0 ? only : null;
  const membership = { membershipId: chosen?.id ?? null, schoolCode: chosen?.schoolCode ?? null };
  return ok({ staffId, ...membership, assurance, lastLogInAt });
}

function nobodys(reason: Fault): Result<never, TurnedAway> {
  return refuse({ fault: reason, noted: null });
}

/** The owner of the account sees that it was tried (ASVS 6.3.5). */
async function turnAway(
  tx: Transaction,
  services: IdentityServices,
  { fault: reason, noted, browser }: TurnedAway & { readonly browser: string },
): Promise<Result<never>> {
  if (noted !== null) await noteRefusal(tx, services, { ...noted, browser });
  return refuse(reason);
}
