import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent, logRefusal } from './audit.ts';
import { confirmSession } from './confirm-session.ts';
import { permitPerson } from './permit-person.ts';
import type { ChallengePurpose } from './rules.ts';
import { certificateKey } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { type OpenedSession, openSession } from './session.ts';
import { findPersonByCertificate, insertPerson, lockKey, recordCertificate, takeChallenge } from './store.ts';
import { type CertificateProof, type ProvenCertificate, verifyCertificateLogin } from './verify-certificate-login.ts';

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
  const proved = await proveCertificate(services, input.proof, 'login');
  if (!proved.ok) return proved;
  return services.database.transaction(systemScope('login'), async (tx) => {
    const personId = await findOrMakePerson(tx, services, proved.value);
    const opened = await openSession(tx, services, {
      staffId: null,
      personId,
      membershipId: null,
      assurance: 'certificate',
      revocation: proved.value.revocation,
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
        assurance: 'certificate',
        revocation: proved.value.revocation,
      },
    });
    return ok({ ...opened, revocation: proved.value.revocation });
  });
}

/** Adds a renewed certificate to a person who is logged in by the old one: serials change at every re-issue. */
export async function bindCertificate(
  services: IdentityServices,
  actor: Actor,
  proof: CertificateProof,
): Promise<Result<true>> {
  const permitted = await permitPerson(services, actor, { action: 'login.bind', event: 'login.done' });
  if (!permitted.ok) return permitted;
  const { personId, sessionId, assurance, revocation } = permitted.value;
  // Whoever holds a card that may be revoked must not make another one good for the same person.
  if (revocation !== 'good') return refuseUnchecked(services, 'login.done', 'session-not-checked');
  const proved = await proveCertificate(services, proof, 'bind-certificate');
  if (!proved.ok) return proved;
  if (proved.value.revocation !== 'good') return refuseUnchecked(services, 'login.done', 'certificate-not-checked');
  return services.database.transaction(systemScope('login'), async (tx) => {
    const bound = await remember(tx, services, { certificate: proved.value, personId });
    await logEvent(tx, services, {
      name: 'login.done',
      refused: bound ? null : 'certificate-of-another-person',
      actorRole: 'person',
      detail: { person: personId, session: sessionId, bound: 'certificate', assurance },
    });
    return bound ? ok(true) : refuse(fault('login.refused', { detail: 'certificate-of-another-person' }));
  });
}

/** Step-up of a person by the certificate they have used before: the session gets a new token. */
export async function confirmWithCertificate(
  services: IdentityServices,
  actor: Actor,
  input: { readonly proof: CertificateProof; readonly formerToken: string | null },
): Promise<Result<OpenedSession>> {
  if (actor.kind !== 'person') return refuse(fault('login.required'));
  const proved = await proveCertificate(services, input.proof, 'step-up');
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
  proof: CertificateProof,
  purpose: ChallengePurpose,
): Promise<Result<ProvenCertificate>> {
  const challenge = await services.database.transaction(systemScope('login'), (tx) =>
    takeChallenge(tx, proof.challengeId),
  );
  const at = services.clock.now();
  if (challenge === null) return refused(services, 'challenge-unknown');
  if (at >= challenge.expiresAt) return refused(services, 'challenge-expired');
  if (challenge.purpose !== purpose) return refused(services, 'challenge-other-purpose');
  if (challenge.origin !== services.publicOrigin) return refused(services, 'challenge-other-origin');
  const verified = await verifyCertificateLogin({ proof, challenge, trust: services.personTrust, at });
  return verified.ok ? ok(verified.value) : refused(services, verified.fault);
}

async function refuseUnchecked(
  services: IdentityServices,
  name: 'login.done' | 'login.renewed',
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
  certificate: ProvenCertificate,
): Promise<string> {
  const key = certificateKey(services.personTrust.indexKey, certificate.leaf, certificate.issuer);
  await lockKey(tx, key);
  const known = await findPersonByCertificate(tx, key);
  const personId = known ?? crypto.randomUUID();
  if (known === null) await insertPerson(tx, personId, services.clock.now());
  // Two first log-ins at once: the second one's insert waits, finds the other's row and is rolled back.
  if (!(await remember(tx, services, { certificate, personId })))
    throw new Error('the certificate was taken meanwhile');
  return personId;
}

async function remember(
  tx: Transaction,
  services: IdentityServices,
  { certificate, personId }: { certificate: ProvenCertificate; personId: string },
): Promise<boolean> {
  return recordCertificate(tx, {
    certificateKey: certificateKey(services.personTrust.indexKey, certificate.leaf, certificate.issuer),
    personId,
    notAfter: certificate.leaf.notAfter,
    at: services.clock.now(),
  });
}
