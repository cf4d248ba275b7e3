import { fault } from '../../faults.ts';
import type { Actor, PersonScope } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openPupil } from './act.ts';
import { isOfAge, maxGuardians, sightOf } from './rules.ts';
import { findGuardians, insertGuardian } from './store.ts';
import type { Custody, GuardianRelation } from './tables.ts';

export interface NewGuardian {
  readonly pupilId: string;
  readonly name: string;
  readonly kana: string;
  readonly relation: GuardianRelation;
  readonly custody: Custody;
  readonly contactMail: string | null;
  readonly scope: readonly PersonScope[];
  /** Calendar days in Japan; from today on, and without an end, unless told. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
}

/**
 * Enters a guardian of a pupil. It gives nothing until a second member of staff has confirmed it.
 *
 * @returns the record's id; `pupil.not-found`, `policy.denied`, `guardian.pupil-of-age`, `guardian.too-many`,
 *   `request.malformed` for days that end before they begin
 */
export async function enterGuardian(
  services: IdentityServices,
  actor: Actor,
  input: NewGuardian,
): Promise<Result<{ readonly id: string }>> {
  const id = crypto.randomUUID();
  const act = { action: 'guardian.manage', event: 'guardian.entered', detail: { guardian: id } } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openPupil(tx, services, { staff, action: act.action, pupilId: input.pupilId });
      if (!opened.ok) return opened;
      const { pupil, at, day } = opened.value;
      const validFrom = input.validFrom ?? day;
      if (input.validUntil !== null && input.validUntil < validFrom) {
        return refuse(fault('request.malformed', { fields: { validUntil: 'guardian.until-before-from' } }));
      }
      if (isOfAge(pupil.birthDate, day)) return refuse(fault('guardian.pupil-of-age'));
      const present = (await findGuardians(tx, pupil.id)).filter(({ state }) => state !== 'ended');
      if (present.length >= maxGuardians) return refuse(fault('guardian.too-many'));
      const { scope, pupilId, name, kana, relation, custody, contactMail, validUntil } = input;
      await insertGuardian(tx, {
        id,
        pupilId,
        schoolCode: staff.school,
        name,
        kana,
        relation,
        custody,
        contactMail,
        ...sightOf(scope),
        validFrom,
        validUntil,
        state: 'pending',
        enteredBy: staff.staffId,
        enteredByKey: staff.personKey,
        enteredAt: at,
      });
      return ok({ id });
    },
  });
}
