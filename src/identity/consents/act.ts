import type { AuditEventName } from '../../audit/event-names.ts';
import type { AnyDetail } from '../../audit/event-table.ts';
import type { Transaction } from '../../database/connection.ts';
import { findPupil, type Pupil } from '../../directory/find-member.ts';
import { type Fault, fault } from '../../faults.ts';
import { type Actor, type PersonActor, scopeOf } from '../../policy/actor.ts';
import { ownThing, type Resource } from '../../policy/decide.ts';
import { type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import type { IdentityServices } from '../services.ts';

/** What a person did with a consent, for the log: ids and terms, never names. */
export interface ConsentDone {
  readonly schoolCode: string;
  readonly detail: AnyDetail;
}

/** Runs a person's act in one transaction with its log entry, done or refused; the work refuses before it changes anything. */
export async function actAsPerson<T extends ConsentDone>(
  services: IdentityServices,
  actor: Actor,
  { event, detail, work }: PersonsAct<T>,
): Promise<Result<T>> {
  if (actor.kind !== 'person') return refuseNonPerson(actor);
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const result = await work(tx, actor);
    await logEvent(tx, services, {
      name: event,
      refused: result.ok ? null : (result.fault.detail ?? result.fault.code),
      organisation: result.ok ? result.value.schoolCode : null,
      actorRole: 'person',
      detail: {
        ...detail,
        ...(result.ok ? result.value.detail : {}),
        by: scopeOf(actor).actor,
        assurance: actor.assurance,
      },
    });
    return result;
  });
}

interface PersonsAct<T> {
  readonly event: AuditEventName;
  readonly detail: AnyDetail;
  readonly work: (tx: Transaction, person: PersonActor) => Promise<Result<T>>;
}

/** Consent is the pupil's alone: no school gives it for them. */
export function refuseNonPerson(actor: Exclude<Actor, PersonActor>): { readonly ok: false; readonly fault: Fault } {
  const isKnown = actor.kind === 'machine' || actor.kind === 'staff';
  return refuse(isKnown ? fault('policy.denied', { detail: 'person-only' }) : fault('login.required'));
}

/** A pupil as the table of permissions sees them: is it whoever is asking? */
export function ofOwnPupil(person: PersonActor, pupilId: string): Resource {
  const isSelf = person.pupils.some((one) => one.pupilId === pupilId && one.relation === 'self');
  return { ...ownThing, side: 'person', personEntitled: isSelf };
}

/** The pupils that the person is, as far as row level security shows them: under an order there may be none. */
export async function findOwnPupils(tx: Transaction, { pupils }: PersonActor): Promise<Pupil[]> {
  const own = pupils.filter(({ relation }) => relation === 'self');
  const found = await Promise.all(own.map(({ pupilId }) => findPupil(tx, pupilId)));
  return found.filter((pupil) => pupil !== null);
}

/** Before it is known which pupil it is about: may somebody at this level do it at all? */
export const anyOwnPupil: Resource = { ...ownThing, side: 'person', personEntitled: true };
