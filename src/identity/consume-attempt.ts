import { systemScope } from '../database/scope.ts';
import { type Fault, fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logRefusal } from './audit.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { noteAtOwner } from './log-ins/note-at-owner.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import type { ProviderProof } from './session.ts';
import { isAnswered, proofOf, signInFault, wantedOf } from './sign-in-rules.ts';
import { type AttemptRow, takeAttempt } from './store.ts';

export interface SignInAnswer {
  readonly providerId: string;
  /** The cookie of `beginSignIn`; null when the browser has none. */
  readonly cookie: string | null;
  /** The query of the callback, with its question mark. */
  readonly query: string;
  readonly browser: string;
  readonly formerToken: string | null;
}

export interface AnsweredSignIn<Account> {
  readonly account: Account;
  readonly attempt: AttemptRow;
  readonly proof: ProviderProof;
}

/**
 * Takes the answer of an OpenID provider: the attempt of this browser is burnt first, whatever comes of it,
 * then the code is exchanged.
 */
export async function consumeAttempt<Account>(
  services: IdentityServices,
  provider: IdentityProvider<Account>,
  answer: SignInAnswer,
): Promise<Result<AnsweredSignIn<Account>>> {
  const attempt = await findAttempt(services, answer);
  // A foreign or replayed state finds no attempt of this browser.
  if (attempt === null) return refuseSignIn(services, fault('login.refused', { detail: 'attempt-unknown' }));
  const now = services.clock.now();
  const { absoluteHours } = services.sessionLimits;
  const wanted = wantedOf(attempt, { authTime: provider.authTime, absoluteHours, now });
  const proven = await provider.finish({ query: answer.query, secrets: attempt, wanted });
  if (!proven.ok) {
    if (proven.fault.kind === 'refused') await noteRefusedAnswer(services, attempt);
    return refuseSignIn(services, fault(signInFault(proven.fault), { detail: proven.fault.detail }));
  }
  const proof = proofOf(proven.value, { provider, now: services.clock.now() });
  return ok({ account: proven.value.account, attempt, proof });
}

/** Before an answer holds it is nobody's, unless somebody's session had asked for it. */
async function noteRefusedAnswer(services: IdentityServices, { stepUpOf, bindTo }: AttemptRow): Promise<void> {
  const sessionId = stepUpOf ?? bindTo;
  if (sessionId === null) return;
  await services.database.transaction(systemScope('login'), (tx) =>
    noteAtOwner(tx, services, { sessionId, reason: 'other' }),
  );
}

/** Every refusal of a log-in is in the log with its reason, and nowhere else. */
export async function refuseSignIn(services: IdentityServices, reason: Fault): Promise<Result<never>> {
  await logRefusal(services, { name: 'login.done', refused: reason.detail ?? reason.code, actorRole: 'anonymous' });
  return refuse(reason);
}

async function findAttempt(services: IdentityServices, { cookie, providerId }: SignInAnswer) {
  if (cookie === null) return null;
  const attempt = await services.database.transaction(systemScope('login'), (tx) => takeAttempt(tx, hashToken(cookie)));
  return attempt !== null && isAnswered(attempt, { providerId, now: services.clock.now() }) ? attempt : null;
}
