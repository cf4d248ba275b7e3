import type { Transaction } from '../../database/connection.ts';
import type { Pupil } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import type { Actor, PersonActor, PersonScope } from '../../policy/actor.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { notifyGuardians } from '../guardians/notify-guardians.ts';
import { consentUntil, isOfAge, standingOf } from '../guardians/rules.ts';
import { findGuardian, findOwnLinks, type KnownGuardian } from '../guardians/store.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { lockKey } from '../store.ts';
import { actAsPerson, anyOwnPupil, findOwnPupils, ofOwnPupil } from './act.ts';
import { insertConsent, showGuardiansToAdults } from './store.ts';

export interface NewConsent {
  readonly guardianId: string;
  readonly scope: readonly PersonScope[];
  /** The last day in Japan, `YYYY-MM-DD`: a year from today at most. */
  readonly until: string;
}

/**
 * A pupil of age lets a former guardian, whom the school has confirmed, see again: this much and until this day.
 *
 * @returns the consent's id; `login.required`, `policy.denied`, `login.not-checked`, `login.fresh-required`;
 *   `guardian.not-found` alike for another's, one in dispute, one that has ended and none; `consent.not-of-age`,
 *   `consent.not-possible` for a pupil under a protection order, the person themselves and a record out of its time,
 *   `consent.given-already`, `request.malformed` for a day that has passed or is too far
 */
export async function giveConsent(
  services: IdentityServices,
  actor: Actor,
  input: NewConsent,
): Promise<Result<{ readonly id: string }>> {
  const id = crypto.randomUUID();
  const { scope, until } = input;
  const detail = { guardian: input.guardianId.slice(0, 64), consent: id, scope: scope.join(' '), until };
  return actAsPerson(services, actor, {
    event: 'guardian.access-granted',
    detail,
    work: async (tx, person) => {
      const at = services.clock.now();
      // First the log-in alone: who may never do it is told so, whatever the id.
      const level = permit(person, 'consent.give', anyOwnPupil, { now: at });
      if (!level.ok) return level;
      // Two at once come one after the other.
      await lockKey(tx, `consent:${input.guardianId}`);
      const found = await openFormer(tx, { person, at, input });
      if (!found.ok) return found;
      const { guardian } = found.value;
      const { id: guardianId, pupilId, schoolCode } = guardian;
      const terms = { scope, until, givenBy: person.personId, givenAt: at };
      await insertConsent(tx, { id, pupilId, guardianId, schoolCode, ...terms });
      await notifyGuardians(tx, { pupilId, subject: 'access-granted', alsoGuardian: guardianId });
      return ok({ id, schoolCode, detail: {} });
    },
  });
}

interface Giving {
  readonly person: PersonActor;
  readonly at: Date;
  readonly input: NewConsent;
}

async function openFormer(
  tx: Transaction,
  giving: Giving,
): Promise<Result<{ readonly guardian: KnownGuardian; readonly pupil: Pupil }>> {
  const { person, at, input } = giving;
  const pupils = await findOwnPupils(tx, person);
  const adults = await showGuardiansToAdults(tx, pupils, dayInJapan(at));
  if (pupils.length > 0 && adults.length === 0) return refuse(fault('consent.not-of-age'));
  // Row level security leaves a pupil of age those whom the school has confirmed, and a guardian their own record.
  const guardian = await findGuardian(tx, input.guardianId);
  const pupil = pupils.find(({ id }) => id === guardian?.pupilId);
  if (guardian === null || pupil === undefined) return refuse(fault('guardian.not-found'));
  if (guardian.state !== 'confirmed') return refuse(fault('guardian.not-found'));
  const { protection } = pupil;
  const allowed = permit(person, 'consent.give', { ...ofOwnPupil(person, pupil.id), protection }, { now: at });
  if (!allowed.ok) return refuse(fault('consent.not-possible', { detail: allowed.fault.detail ?? 'denied' }));
  const links = await findOwnLinks(tx, person.personId);
  if (links.some(({ link }) => link.guardianId === guardian.id)) {
    return refuse(fault('consent.not-possible', { detail: 'own-record' }));
  }
  return checkTerms(giving, guardian, pupil);
}

function checkTerms({ at, input: { until } }: Giving, guardian: KnownGuardian, pupil: Pupil) {
  const day = dayInJapan(at);
  const { birthDate } = pupil;
  if (!isOfAge(birthDate, day)) return refuse(fault('consent.not-of-age'));
  const standing = standingOf(guardian, { birthDate, day });
  if (standing === 'granted') return refuse(fault('consent.given-already'));
  if (standing !== 'ofAge') return refuse(fault('consent.not-possible', { detail: standing }));
  const wrong = until < day ? 'consent.day-passed' : until > consentUntil(day) ? 'consent.too-long' : null;
  if (wrong !== null) return refuse(fault('request.malformed', { fields: { until: wrong } }));
  return ok({ guardian, pupil });
}
