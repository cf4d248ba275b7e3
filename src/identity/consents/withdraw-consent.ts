import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { notifyGuardians } from '../guardians/notify-guardians.ts';
import type { PupilLinkRow } from '../links/tables.ts';
import type { IdentityServices } from '../services.ts';
import { actAsPerson, ofOwnPupil } from './act.ts';
import { findConsent, markConsentsWithdrawn, markConsentWithdrawn } from './store.ts';

/**
 * The pupil takes a consent back: the guardian sees nothing from the next request on, in open sessions too.
 *
 * @returns `login.required`, `policy.denied`; `consent.not-found` alike for another's, one taken back and none
 */
export async function withdrawConsent(
  services: IdentityServices,
  actor: Actor,
  consentId: string,
): Promise<Result<true>> {
  const done = await actAsPerson(services, actor, {
    event: 'guardian.access-withdrawn',
    detail: { consent: consentId.slice(0, 64) },
    work: async (tx, person) => {
      const at = services.clock.now();
      const found = await findConsent(tx, consentId);
      const own = ofOwnPupil(person, found?.pupilId ?? '');
      const allowed = permit(person, 'consent.withdraw', own, { now: at });
      if (!allowed.ok) return refuse(fault('consent.not-found'));
      const taken = await markConsentWithdrawn(tx, consentId, { by: `person:${person.personId}`, at });
      if (taken === null) return refuse(fault('consent.not-found'));
      const { pupilId, guardianId, schoolCode } = taken;
      await notifyGuardians(tx, { pupilId, subject: 'access-withdrawn', alsoGuardian: guardianId });
      return ok({ schoolCode, detail: { guardian: guardianId } });
    },
  });
  return done.ok ? ok(true) : done;
}

/**
 * Takes back all that stands of a pupil whose own link ends: nobody would be left to take it back. In the transaction
 * of that end, and before it.
 */
export async function withdrawWithLink(
  tx: Transaction,
  services: Pick<IdentityServices, 'clock' | 'sealDetail'>,
  { link, by, actorRole }: { readonly link: PupilLinkRow; readonly by: string; readonly actorRole: string },
): Promise<void> {
  if (link.relation !== 'self' || link.confirmedAt === null) return;
  const taken = await markConsentsWithdrawn(tx, link.pupilId, { by, at: services.clock.now() });
  for (const { id, guardianId, pupilId, schoolCode } of taken) {
    await notifyGuardians(tx, { pupilId, subject: 'access-withdrawn', alsoGuardian: guardianId });
    await logEvent(tx, services, {
      name: 'guardian.access-withdrawn',
      refused: null,
      organisation: schoolCode,
      actorRole,
      detail: { consent: id, guardian: guardianId, link: link.id, by },
    });
  }
}
