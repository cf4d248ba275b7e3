import { findPupil, type Pupil } from '../../directory/find-member.ts';
import { findSchool } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import { mayActFor } from '../../identity/guardians/entitlements.ts';
import { dayInJapan } from '../../identity/rules.ts';
import type { PersonActor } from '../../policy/actor.ts';
import { ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { personKinds } from '../../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, perform, type VerbContext } from '../../transfers/act.ts';
import { type CertifiedField, certifiedFields } from '../statement.ts';
import type { KindSetting } from '../tables.ts';
import { findSettings } from '../template-store.ts';
import { certifierFor } from './certifier.ts';
import { recordRequest } from './record.ts';
import { isOwnWish, mayFollow } from './rules.ts';
import { changeRequest, findRequest, listVisibleRequests } from './store.ts';
import { type RequestView, viewRequest, viewRequests } from './view.ts';

/** What a person may ask for, of one pupil at one school. */
export interface Offer {
  readonly pupilId: string;
  readonly pupilName: string;
  readonly school: string;
  readonly schoolName: string;
  readonly kinds: readonly ({ readonly kind: (typeof personKinds)[number] } & Pick<KindSetting, 'feeYen' | 'atOnce'> & {
      readonly fields: readonly CertifiedField[];
    })[];
}

export interface OwnRequests {
  readonly offers: readonly Offer[];
  readonly requests: readonly RequestView[];
}

const listedRequests = 100;

/** Everything a person has asked for, what others asked for in their name, and what can be asked for. */
export async function listOwnRequests(context: VerbContext): Promise<Result<OwnRequests>> {
  const person = personOf(context);
  if (!person.ok) return person;
  return look(context, async (tx) => {
    const day = dayInJapan(context.gateway.clock.now());
    const entitled = person.value.pupils.filter(({ scope }) => scope.includes('records'));
    const { personId } = person.value;
    const found = await Promise.all(
      entitled.map(async ({ pupilId, relation }) => ({
        mayAsk: relation === 'self' || (await mayActFor(tx, { personId, pupilId, day })),
        pupil: await findPupil(tx, pupilId),
      })),
    );
    const pupils = found.flatMap(({ mayAsk, pupil }) =>
      pupil === null || isShut(context, pupil) || !mayAsk ? [] : [pupil],
    );
    const offers = await Promise.all(
      pupils.map(async ({ id, displayName, schoolCode }) => {
        const certifier = await certifierFor(tx, schoolCode);
        const school = certifier.ok ? certifier.value.schoolCode : schoolCode;
        const settings = certifier.ok ? ((await findSettings(tx, school))?.kinds ?? {}) : {};
        const kinds = personKinds.flatMap((kind) => {
          const setting = settings[kind];
          return setting?.offered === true
            ? [{ kind, fields: certifiedFields(kind), feeYen: setting.feeYen, atOnce: setting.atOnce }]
            : [];
        });
        const schoolName = (await findSchool(tx, school))?.name ?? school;
        return { pupilId: id, pupilName: displayName, school, schoolName, kinds };
      }),
    );
    const rows = await listVisibleRequests(tx, listedRequests);
    return ok({ offers, requests: await viewRequests(tx, rows) });
  });
}

/** Faults: certificate.request-not-found */
export async function showOwnRequest(context: VerbContext, requestId: string): Promise<Result<RequestView>> {
  const person = personOf(context);
  if (!person.ok) return person;
  return look(context, async (tx) => {
    const row = await findRequest(tx, requestId);
    const [view] = row === null ? [] : await viewRequests(tx, [row]);
    return view === undefined ? refuse(fault('certificate.request-not-found')) : ok(view);
  });
}

/** Takes back what the person asked for, until it is approved. Faults: certificate.request-not-found, certificate.wrong-state */
export async function withdrawRequest(context: VerbContext, requestId: string): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.request-withdrawn', caseId: null }, async (tx) => {
    const person = personOf(context);
    if (!person.ok) return person;
    const row = await findRequest(tx, requestId);
    // The pupil sees what a guardian asked for, and the guardian takes it back.
    if (row?.personId !== person.value.personId) return refuse(fault('certificate.request-not-found'));
    if (!isOwnWish(row.replacement)) return refuse(fault('certificate.wrong-state', { detail: 'correction' }));
    if (!mayFollow(row.state, 'withdrawn')) return refuse(fault('certificate.wrong-state', { detail: row.state }));
    const changes = { state: 'withdrawn', endedAt: context.gateway.clock.now() } as const;
    if (!(await changeRequest(tx, row, changes))) return refuse(fault('request.precondition-failed'));
    await recordRequest(tx, context, { name: 'certificate.request-withdrawn', row });
    return ok(viewRequest({ ...row, ...changes, version: row.version + 1 }));
  });
}

/** Any person may look at what is theirs: whoever has nothing sees nothing. */
export function personOf({ actor }: Pick<VerbContext, 'actor'>): Result<PersonActor> {
  if (actor.kind === 'person') return ok(actor);
  if (actor.kind === 'staff' || actor.kind === 'machine')
    return refuse(fault('policy.denied', { detail: 'person-only' }));
  return refuse(fault('login.required'));
}

/** 支援措置: of a pupil whom an order keeps from this person nothing is offered. */
function isShut({ actor, gateway }: VerbContext, { protection }: Pick<Pupil, 'protection'>) {
  const resource = { ...ownThing, side: 'person', personEntitled: true, protection } as const;
  const allowed = permit(actor, 'certificate.request', resource, { now: gateway.clock.now() });
  return !allowed.ok && allowed.fault.code === 'policy.denied';
}
