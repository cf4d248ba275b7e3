import type { Transaction } from '../../database/connection.ts';
import { findStaff } from '../../directory/find-member.ts';
import { type Fault, fault } from '../../faults.ts';
import { type Actor, type StaffActor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { PupilLinkRow } from '../links/tables.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, isSame, openPupil } from './act.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { sameName } from './rules.ts';
import { changeGuardian, lockGuardian, lockLink, markLinkConfirmed, replaceLinks } from './store.ts';
import type { GuardianRow } from './tables.ts';

/**
 * A second member of staff confirms that whoever redeemed the code is the pupil, or the guardian it was issued for. The
 * number stands on that person's page alone: to know it, one has to speak with them. A link that the pupil or guardian
 * had before (by a certificate that is no more) ends with it.
 *
 * @returns `link.not-found`, `policy.denied`; `guardian.four-eyes` for whoever issued the code, or entered a guardian
 *   nobody has confirmed; `guardian.own-name`, `guardian.wrong-state`, `link.number-differs`
 */
export async function confirmLink(
  services: IdentityServices,
  actor: Actor,
  input: { readonly linkId: string; readonly checkNumber: string },
): Promise<Result<true>> {
  const detail = { link: input.linkId.slice(0, 64) };
  const act = { action: 'guardian.confirm', event: 'person.linked', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const found = await openLink(tx, services, { staff, linkId: input.linkId });
      if (!found.ok) return found;
      const { link, guardian } = found.value;
      const reason = await reasonAgainst(tx, staff, found.value);
      if (reason !== null) return refuse(reason);
      if (link.checkNumber !== input.checkNumber.normalize('NFKC').replace(/\D/g, '')) {
        return refuse(fault('link.number-differs'));
      }
      const by = scopeOf(staff).actor;
      const at = services.clock.now();
      await replaceLinks(tx, link, { by, at });
      await markLinkConfirmed(tx, { linkId: link.id, by, at });
      if (guardian?.state === 'pending') {
        await changeGuardian(tx, guardian, { state: 'confirmed', confirmedBy: staff.staffId, confirmedAt: at });
      }
      await notifyGuardians(tx, {
        pupilId: link.pupilId,
        subject: 'link-confirmed',
        ...(guardian === null ? {} : { alsoGuardian: guardian.id }),
      });
      return ok(true);
    },
  });
}

interface Found {
  readonly link: PupilLinkRow;
  readonly guardian: GuardianRow | null;
}

async function openLink(
  tx: Transaction,
  services: IdentityServices,
  { staff, linkId }: { readonly staff: StaffActor; readonly linkId: string },
): Promise<Result<Found>> {
  const link = await lockLink(tx, linkId);
  const isOwn = link !== null && isSame(staff, link.issuedByKey, link.issuedBy);
  const pupilId = link?.pupilId ?? '';
  const opened = await openPupil(tx, services, { staff, action: 'guardian.confirm', pupilId, isOwn });
  if (!opened.ok) return opened.fault.code === 'pupil.not-found' ? refuse(fault('link.not-found')) : opened;
  if (link === null || link.endedAt !== null) return refuse(fault('link.not-found'));
  return ok({ link, guardian: link.guardianId === null ? null : await lockGuardian(tx, link.guardianId) });
}

async function reasonAgainst(tx: Transaction, staff: StaffActor, { link, guardian }: Found): Promise<Fault | null> {
  if (link.confirmedAt !== null) return fault('guardian.wrong-state', { detail: 'link-confirmed' });
  if (guardian === null) return null;
  if (guardian.state === 'disputed' || guardian.state === 'ended') {
    return fault('guardian.wrong-state', { detail: guardian.state });
  }
  const { enteredByKey, enteredBy } = guardian;
  if (guardian.state === 'pending' && isSame(staff, enteredByKey, enteredBy)) return fault('guardian.four-eyes');
  const self = await findStaff(tx, staff.staffId);
  return self !== null && sameName(self.name, guardian.name) ? fault('guardian.own-name') : null;
}
