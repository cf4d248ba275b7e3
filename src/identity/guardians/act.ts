import type { AuditEventName } from '../../audit/event-names.ts';
import type { AnyDetail } from '../../audit/event-table.ts';
import type { Transaction } from '../../database/connection.ts';
import { findPupil, type Pupil } from '../../directory/find-member.ts';
import { type Fault, fault } from '../../faults.ts';
import { type Actor, type StaffActor, scopeOf } from '../../policy/actor.ts';
import { type Action, ownThing, type Resource } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { type KnownGuardian, lockGuardian } from './store.ts';

/** What a member of staff is about to do, for the table of permissions and for the log. */
export interface GuardianAct {
  readonly action: Action;
  readonly event: AuditEventName;
  /** Internal ids, sealed in the log's entry. */
  readonly detail: AnyDetail;
}

/** Adds to the detail of the act's log entry what is known only while it is done. */
type Note = (more: GuardianAct['detail']) => void;

export interface OnPupil {
  readonly staff: StaffActor;
  readonly pupil: Pupil;
  readonly at: Date;
  /** Today in Japan. */
  readonly day: string;
}

export interface OnGuardian extends OnPupil {
  readonly guardian: KnownGuardian;
}

/**
 * Runs an act of a member of staff in one transaction with its log entry, done or refused. The work refuses before it
 * changes anything.
 */
export async function actAsStaff<T>(
  services: IdentityServices,
  actor: Actor,
  { act, work }: { act: GuardianAct; work: (tx: Transaction, staff: StaffActor, note: Note) => Promise<Result<T>> },
): Promise<Result<T>> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  return services.database.transaction(scopeOf(actor), async (tx) => {
    let noted: AnyDetail = {};
    const result = await work(tx, actor, (more) => {
      noted = { ...noted, ...more };
    });
    await logEvent(tx, services, {
      name: act.event,
      refused: result.ok ? null : (result.fault.detail ?? result.fault.code),
      organisation: actor.school,
      actorRole: actor.role,
      detail: { ...act.detail, ...noted, by: actor.staffId, assurance: actor.assurance },
    });
    return result;
  });
}

/** Machines and persons have no part in it; everybody else has to log in and choose a school first. */
export function refuseNonStaff(actor: Exclude<Actor, StaffActor>): { readonly ok: false; readonly fault: Fault } {
  const isKnown = actor.kind === 'machine' || actor.kind === 'person';
  return refuse(isKnown ? fault('policy.denied', { detail: 'staff-only' }) : fault('login.required'));
}

/** The pupil of the actor's school, once the actor may do this; another school's or class's is not there. */
export async function openPupil(
  tx: Transaction,
  services: IdentityServices,
  wanted: { readonly staff: StaffActor; readonly action: Action; readonly pupilId: string; readonly isOwn?: boolean },
): Promise<Result<OnPupil>> {
  const { staff, action, pupilId, isOwn = false } = wanted;
  const at = services.clock.now();
  // First the role alone: who may never do it is told so, whatever the id.
  const role = permit(staff, action, { ...ownThing, homeroom: staff.homeroom }, { now: at });
  if (!role.ok) return role;
  const pupil = await findPupil(tx, pupilId);
  if (pupil?.schoolCode !== staff.school) return refuse(fault('pupil.not-found'));
  const allowed = permit(staff, action, { ...ofPupil(pupil), drafter: isOwn }, { now: at });
  if (!allowed.ok) return refuse(hidden(allowed.fault));
  return ok({ staff, pupil, at, day: dayInJapan(at) });
}

/** The guardian's record under a lock, once the actor may do this to it. */
export async function openGuardian(
  tx: Transaction,
  services: IdentityServices,
  wanted: { readonly staff: StaffActor; readonly action: Action; readonly guardianId: string },
): Promise<Result<OnGuardian>> {
  const { staff, action, guardianId } = wanted;
  const guardian = await lockGuardian(tx, guardianId);
  const isOwn = guardian !== null && isSame(staff, guardian.enteredByKey, guardian.enteredBy);
  const opened = await openPupil(tx, services, { staff, action, pupilId: guardian?.pupilId ?? '', isOwn });
  if (!opened.ok) {
    return opened.fault.code === 'pupil.not-found' ? refuse(fault('guardian.not-found')) : opened;
  }
  return guardian === null ? refuse(fault('guardian.not-found')) : ok({ ...opened.value, guardian });
}

/** Whoever changes what a record says stands behind it from now on, so somebody else has to confirm it. */
export function reentered({ staff, at }: { readonly staff: StaffActor; readonly at: Date }) {
  const { staffId: enteredBy, personKey: enteredByKey } = staff;
  return { state: 'pending', enteredBy, enteredByKey, enteredAt: at, confirmedBy: null, confirmedAt: null } as const;
}

/** The pupil as the table of permissions sees it. */
export function ofPupil(pupil: Pick<Pupil, 'homeroom' | 'protection'>): Resource {
  return { ...ownThing, homeroom: pupil.homeroom, protection: pupil.protection };
}

/** Is this the person, or the account: one that became a person of its own again did not act less before. */
export function isSame(staff: Pick<StaffActor, 'personKey' | 'staffId'>, personKey: string, staffId: string): boolean {
  return staff.personKey === personKey || staff.staffId === staffId;
}

/** Four eyes are told; a pupil of another class is not there. */
function hidden(reason: Fault): Fault {
  if (reason.detail === 'four-eyes') return fault('guardian.four-eyes');
  return fault('pupil.not-found', { detail: reason.detail ?? 'denied' });
}
