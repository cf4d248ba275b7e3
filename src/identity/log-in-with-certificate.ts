import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent, logRefusal } from './audit.ts';
import { confirmSession } from './confirm-session.ts';
import { addWay } from './log-ins/add-way.ts';
import { noteLogIn, noteRefusal } from './log-ins/note-log-in.ts';
import { notifyOfLogIn } from './log-ins/notify-of-log-in.ts';
import { turnedAwayBy } from './log-ins/rules.ts';
import { permitPerson } from './permit-person.ts';
import { type ChallengePurpose, reasonAgainstChallenge } from './rules.ts';
import { certificateKey } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { type OpenedSession, openSession } from './session.ts';
import {
  findPersonByCertificate,
  insertPerson,
  lockKey,
  recordCertificate,
  takeChallenge,
  type UsedWay,
} from './store.ts';
import {
  type CertificateProof,
  type ProvenCertificate,
  type ShownCertificate,
  verifyCertificateLogin,
} from './verify-certificate-login.ts';

/**
 * Logs a pupil or guardian in by certificate. A person who has never been here is made: what they may see depends on
 * the links that schools confirm, not on the certificate.
 *
 * @returns `login.refused` for every reason; which one it was stands in the audit log alone
 */
export async function logInWithCertificate(
  services: IdentityServices,
  input: { readonly proof: CertificateProof; readonly browser: string; readonly formerToken: string | null },
): Promise<Result<OpenedSession & Pick<ProvenCertificate, 'revocation'>>> {
  const proved = await proveCertificate(services, { ...input, purpose: 'login' });
  if (!proved.ok) return proved;
  return services.database.transaction(systemScope('login'), async (tx) => {
    const { personId, way, isNewPerson } = await findOrMakePerson(tx, services, proved.value);
    const assurance = 'certificate';
    const opened = await openSession(tx, services, {
      staffId: null,
      personId,
      membershipId: null,
      assurance,
      wayId: way.id,
      revocation: proved.value.revocation,
      chain: proved.value.chain,
      browser: input.browser,
      formerToken: input.formerToken,
    });
    await logEvent(tx, services, {
      name: 'login.done',
      refused: null,
      actorRole: 'person',
      detail: {
        person: personId,
        session: opened.sessionId,
        assurance,
        revocation: proved.value.revocation,
      },
    });
    await noteLogIn(tx, services, { personId, assurance, browser: input.browser });
    if (way.isFirst && !isNewPerson) await notifyOfLogIn(tx, { personId, subject: 'log-in-first' });
    return ok({ ...opened, revocation: proved.value.revocation });
  });
}

/**
 * Adds a certificate to the person who is logged in, by an older certificate (serials change at every re-issue) or by
 * the app.
 *
 * @returns `login.refused`, `login.not-checked`, `login.way-taken`
 */
export async function bindCertificate(
  services: IdentityServices,
  actor: Actor,
  input: { readonly proof: CertificateProof; readonly browser: string },
): Promise<Result<true>> {
  const permitted = await permitPerson(services, actor, { action: 'login.bind', event: 'login.way-added' });
  if (!permitted.ok) return permitted;
  // Whoever holds a card that may be revoked must not make another one good for the same person.
  if (permitted.value.revocation !== 'good') return refuseUnchecked(services, 'login.way-added', 'session-not-checked');
  const proved = await proveCertificate(services, { ...input, purpose: 'bind-certificate' });
  if (!proved.ok) return proved;
  const { leaf, issuer, revocation } = proved.value;
  if (revocation !== 'good') return refuseUnchecked(services, 'login.way-added', 'certificate-not-checked');
  const way = {
    assurance: 'certificate',
    key: certificateKey(services.personTrust.indexKey, leaf, issuer),
    notAfter: leaf.notAfter,
  } as const;
  return services.database.transaction(systemScope('login'), (tx) =>
    addWay(tx, services, { way, session: permitted.value, browser: input.browser }),
  );
}

/** Step-up of a person by the certificate they have used before: the session gets a new token. */
export async function confirmWithCertificate(
  services: IdentityServices,
  actor: Actor,
  input: { readonly proof: CertificateProof; readonly browser: string; readonly formerToken: string | null },
): Promise<Result<OpenedSession>> {
  if (actor.kind !== 'person') return refuse(fault('login.required'));
  const proved = await proveCertificate(services, { ...input, purpose: 'step-up' });
  if (!proved.ok) return proved;
  const { leaf, issuer, revocation } = proved.value;
  // A card that may have been reported stolen meanwhile makes nothing fresh; the session is what it was.
  if (revocation !== 'good') return refuseUnchecked(services, 'login.renewed', 'certificate-not-checked');
  const key = certificateKey(services.personTrust.indexKey, leaf, issuer);
  return services.database.transaction(systemScope('login'), async (tx) =>
    confirmSession(tx, services, {
      sessionId: actor.sessionId,
      formerToken: input.formerToken,
      kind: 'person',
      provenId: await findPersonByCertificate(tx, key),
      authenticatedAt: services.clock.now(),
    }),
  );
}

/** Burns the challenge first, whatever comes of it, and verifies after. */
async function proveCertificate(
  services: IdentityServices,
  input: { readonly proof: CertificateProof; readonly purpose: ChallengePurpose; readonly browser: string },
): Promise<Result<ProvenCertificate>> {
  const { proof, purpose, browser } = input;
  const challenge = await services.database.transaction(systemScope('login'), (tx) =>
    takeChallenge(tx, proof.challengeId),
  );
  const at = services.clock.now();
  if (challenge === null) return refused(services, 'challenge-unknown');
  const against = reasonAgainstChallenge(challenge, { origin: services.publicOrigin, purpose, at });
  if (against !== null) return refused(services, against);
  const verified = await verifyCertificateLogin({ proof, challenge, trust: services.personTrust, at });
  if (verified.ok) return verified;
  const { reason, shown } = verified.fault;
  if (shown !== null) await noteOnHolder(services, { ...shown, reason, browser });
  return refused(services, reason);
}

/** A card whose key answered and that is no good any more tells its person: somebody may hold what was lost. */
async function noteOnHolder(
  services: IdentityServices,
  turnedAway: ShownCertificate & { readonly reason: string; readonly browser: string },
): Promise<void> {
  const { leaf, issuer, browser } = turnedAway;
  const key = certificateKey(services.personTrust.indexKey, leaf, issuer);
  const reason = turnedAwayBy(turnedAway.reason);
  await services.database.transaction(systemScope('login'), async (tx) => {
    const personId = await findPersonByCertificate(tx, key);
    if (personId !== null) await noteRefusal(tx, services, { personId, assurance: 'certificate', browser, reason });
  });
}

async function refuseUnchecked(
  services: IdentityServices,
  name: 'login.way-added' | 'login.renewed',
  reason: string,
): Promise<Result<never>> {
  await logRefusal(services, { name, refused: reason, actorRole: 'person' });
  return refuse(fault('login.not-checked', { detail: reason }));
}

async function refused(services: IdentityServices, reason: string): Promise<Result<never>> {
  await logRefusal(services, { name: 'login.done', refused: reason, actorRole: 'person' });
  return refuse(fault('login.refused', { detail: reason }));
}

async function findOrMakePerson(
  tx: Transaction,
  services: IdentityServices,
  { leaf, issuer }: ProvenCertificate,
): Promise<{ readonly personId: string; readonly way: UsedWay; readonly isNewPerson: boolean }> {
  const at = services.clock.now();
  const key = certificateKey(services.personTrust.indexKey, leaf, issuer);
  await lockKey(tx, key);
  const known = await findPersonByCertificate(tx, key);
  const personId = known ?? crypto.randomUUID();
  if (known === null) await insertPerson(tx, personId, at);
  const way = await recordCertificate(tx, { certificateKey: key, personId, notAfter: leaf.notAfter, at });
  // Two first log-ins at once: the second one's insert waits, finds the other's row and is rolled back.
  if (way === null) throw new Error('the certificate was taken meanwhile');
  return { personId, way, isNewPerson: known === null };
}
