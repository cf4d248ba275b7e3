import { fault } from '../../faults.ts';
import { guardianMailJob } from '../../notices/guardian-mail.ts';
import { enqueue } from '../../notices/outbox.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openGuardian, reentered } from './act.ts';
import type { NewGuardian } from './enter-guardian.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { isInForce, sightOf } from './rules.ts';
import { changeGuardian } from './store.ts';
import { type GuardianRow, guardianFields } from './tables.ts';

export interface Correction extends Omit<NewGuardian, 'pupilId'> {
  readonly guardianId: string;
  /** The version that the corrector looked at. */
  readonly version: number;
}

/**
 * Corrects what the record of a guardian says. Until somebody else has confirmed it anew, the guardian sees nothing:
 * otherwise one person alone could widen what was confirmed. Guardians with custody and the one concerned are told, and
 * so is an address that no longer stands there, since whoever takes a record over begins with its address.
 *
 * @param input.validFrom - null leaves the first day as it is
 * @returns `guardian.not-found`, `policy.denied`, `guardian.wrong-state` for a record in dispute or ended,
 *   `request.precondition-failed` when it has another version, `request.malformed` for days that end before they begin and
 *   for a correction that changes nothing
 */
export async function correctGuardian(
  services: IdentityServices,
  actor: Actor,
  input: Correction,
): Promise<Result<true>> {
  const detail = { guardian: input.guardianId.slice(0, 64) };
  const act = { action: 'guardian.manage', event: 'guardian.corrected', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff, note) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId: input.guardianId });
      if (!opened.ok) return opened;
      const { guardian, at } = opened.value;
      if (!isInForce(guardian.state)) return refuse(fault('guardian.wrong-state', { detail: guardian.state }));
      if (guardian.version !== input.version) return refuse(fault('request.precondition-failed'));
      const now = contentOf(input, guardian);
      if (now.validUntil !== null && now.validUntil < now.validFrom) {
        return refuse(fault('request.malformed', { fields: { validUntil: 'guardian.until-before-from' } }));
      }
      const corrected = guardianFields.filter((field) => now[field] !== guardian[field]);
      if (corrected.length === 0) {
        return refuse(fault('request.malformed', { fields: { name: 'guardian.nothing-corrected' } }));
      }
      // Which fields, and not what they say: the log outlives the record.
      note({ fields: corrected.join(' ') });
      const formerMail = corrected.includes('contactMail') ? guardian.contactMail : null;
      await changeGuardian(tx, guardian, {
        ...now,
        ...reentered({ staff, at }),
        correctedFields: corrected,
        formerMail: formerMail ?? guardian.formerMail,
      });
      const { pupilId, id } = guardian;
      await notifyGuardians(tx, { pupilId, subject: 'guardian-corrected', alsoGuardian: id });
      if (formerMail !== null) {
        await enqueue(tx, { kind: guardianMailJob, payload: { guardian: id, subject: 'guardian-mail-changed' } });
      }
      return ok(true);
    },
  });
}

/** What the record is to say, in the columns of the table. */
function contentOf(input: Correction, before: GuardianRow): Pick<GuardianRow, (typeof guardianFields)[number]> {
  const { name, kana, relation, custody, contactMail, validUntil } = input;
  const validFrom = input.validFrom ?? before.validFrom;
  return { name, kana, relation, custody, contactMail, ...sightOf(input.scope), validFrom, validUntil };
}
