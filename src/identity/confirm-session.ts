import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import type { SignInAnswer } from './consume-attempt.ts';
import { noteAtOwner } from './log-ins/note-at-owner.ts';
import { isSessionOver } from './rules.ts';
import { hashToken, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import type { OpenedSession, ProviderProof, SignedIn } from './session.ts';
import { rekeyCertificate } from './session-certificate.ts';
import { type AttemptRow, confirmSessionRow, findSession } from './store.ts';

export interface Confirmation {
  readonly sessionId: string;
  /** The session cookie of the browser that answers. */
  readonly formerToken: string | null;
  readonly kind: 'staff' | 'person';
  /** Who has just proved who they are, by the gateway's own id; null for somebody it does not know. */
  readonly provenId: string | null;
  readonly authenticatedAt: Date;
}

/**
 * Step-up (ASVS 7.5.3): the owner of a session has authenticated anew. The session gets a new token and remembers the
 * moment; its role, school and level stay as they are. Another person, account or browser confirms nothing, and the
 * session lives on as it was.
 */
export async function confirmSession(
  tx: Transaction,
  services: IdentityServices,
  confirmation: Confirmation,
): Promise<Result<OpenedSession>> {
  const { sessionId, kind, provenId } = confirmation;
  const token = randomToken();
  const reason = await confirmOrReason(tx, services, { ...confirmation, token });
  await logEvent(tx, services, {
    name: 'login.renewed',
    refused: reason,
    actorRole: kind,
    detail: { session: sessionId, ...(provenId === null ? {} : { [kind]: provenId }) },
  });
  if (reason === 'step-up-other-person') await noteAtOwner(tx, services, { sessionId, reason: 'otherPerson' });
  if (reason !== null) return refuse(fault('login.refused', { detail: reason }));
  await rekeyCertificate(tx, { sessionId, token: confirmation.formerToken ?? '' }, token);
  return ok({ sessionId, token });
}

/** Confirms by the answer of an OpenID provider. */
export async function confirmBySignIn(
  services: IdentityServices,
  input: {
    readonly answer: SignInAnswer;
    readonly attempt: Pick<AttemptRow, 'returnTo'>;
    readonly sessionId: string;
    readonly proof: ProviderProof;
    readonly kind: 'staff' | 'person';
    find(tx: Transaction): Promise<string | null>;
  },
): Promise<Result<SignedIn>> {
  const { answer, attempt, sessionId, proof, kind } = input;
  return services.database.transaction(systemScope('login'), async (tx) => {
    const confirmed = await confirmSession(tx, services, {
      sessionId,
      formerToken: answer.formerToken,
      kind,
      provenId: await input.find(tx),
      authenticatedAt: proof.authenticatedAt,
    });
    return confirmed.ok ? ok({ ...confirmed.value, returnTo: attempt.returnTo, mustChoose: false }) : confirmed;
  });
}

/** Null when it is confirmed, else why not. */
async function confirmOrReason(
  tx: Transaction,
  services: IdentityServices,
  { sessionId, formerToken, kind, provenId, authenticatedAt, token }: Confirmation & { readonly token: string },
): Promise<string | null> {
  if (formerToken === null) return 'step-up-without-session';
  const formerHash = hashToken(formerToken);
  const session = await findSession(tx, formerHash);
  const isOver =
    session === null || isSessionOver(session, { now: services.clock.now(), limits: services.sessionLimits });
  if (isOver || session.id !== sessionId) return 'step-up-other-session';
  const ownerId = kind === 'staff' ? session.staffId : session.personId;
  if (ownerId === null || ownerId !== provenId) return 'step-up-other-person';
  const changed = await confirmSessionRow(tx, {
    id: sessionId,
    formerHash,
    tokenHash: hashToken(token),
    authenticatedAt,
  });
  return changed ? null : 'step-up-twice';
}
