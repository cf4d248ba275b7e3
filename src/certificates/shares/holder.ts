import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { findEntitlements } from '../../identity/guardians/entitlements.ts';
import { isOfAge } from '../../identity/guardians/rules.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { type PersonActor, scopeOf } from '../../policy/actor.ts';
import { type Action, ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../../transfers/act.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import type { ShareRow } from './store.ts';

/** A certificate whose holder is asking. */
export interface Held {
  readonly person: PersonActor;
  readonly pupilId: string;
  readonly certificate: CertificateRow;
}

/**
 * The certificate, for whoever may take its file: the pupil, or a guardian while the pupil is a minor. Whoever may not learn
 * of it learns of nothing. Faults: login.required, policy.denied, login.not-checked, certificate.not-found, certificate.of-age
 */
export async function findHeld(
  tx: Transaction,
  { actor, gateway }: Pick<VerbContext, 'actor' | 'gateway'>,
  certificateId: string,
  action: Extract<Action, 'certificate.share' | 'certificate.unshare'> = 'certificate.share',
): Promise<Result<Held>> {
  const now = gateway.clock.now();
  if (actor.kind !== 'person') {
    const allowed = permit(actor, action, ownThing, { now });
    return allowed.ok ? refuse(fault('policy.denied', { detail: 'person-only' })) : allowed;
  }
  const certificate = await findCertificate(tx, certificateId);
  const pupilId = certificate?.pupilId ?? null;
  const pupil = pupilId === null ? null : await findPupil(tx, pupilId);
  const entitlement = actor.pupils.find((one) => one.pupilId === pupilId);
  const isEntitled = pupil !== null && entitlement?.scope.includes('records') === true;
  const resource = { ...ownThing, side: 'person', personEntitled: isEntitled } as const;
  const allowed = permit(actor, action, { ...resource, protection: pupil?.protection ?? 'none' }, { now });
  if (!allowed.ok && allowed.fault.code !== 'policy.denied') return allowed;
  if (!allowed.ok) return refuse(fault('certificate.not-found', { detail: allowed.fault.detail ?? 'denied' }));
  if (certificate === null || pupil === null || certificate.state === 'issuing') {
    return refuse(fault('certificate.not-found'));
  }
  const isLate = entitlement?.relation === 'guardian' && isOfAge(pupil.birthDate, dayInJapan(now));
  if (isLate && action === 'certificate.share') return refuse(fault('certificate.of-age'));
  return ok({ person: actor, pupilId: pupil.id, certificate });
}

/**
 * Whether the person who made a share might still make it today: a link that the school has ended, a pupil who has come of
 * age or a protection order ends what was given away before, too.
 */
export async function mayStillShare(
  gateway: Gateway,
  { personId, certificateId }: Pick<ShareRow, 'personId' | 'certificateId'>,
): Promise<boolean> {
  const now = gateway.clock.now();
  const absent = { kind: 'person', personId, pupils: [], assurance: 'certificate', revocation: 'good' } as const;
  const holder: PersonActor = { ...absent, authenticatedAt: now, sessionId: '' };
  return gateway.database.transaction(scopeOf(holder), async (tx) => {
    const pupils = await findEntitlements(tx, personId, dayInJapan(now));
    return (await findHeld(tx, { actor: { ...holder, pupils }, gateway }, certificateId)).ok;
  });
}

/** Faults: certificate.not-found, certificate.revoked, certificate.superseded */
export function mustCount({ state }: CertificateRow): Result<true> {
  if (state === 'valid') return ok(true);
  return refuse(fault(state === 'issuing' ? 'certificate.not-found' : `certificate.${state}`));
}
