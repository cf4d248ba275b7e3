import { fault } from '../../faults.ts';
import { ownThing, type Resource } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { type Result, refuse } from '../../result.ts';
import type { Asking } from '../../transfers/act.ts';
import type { CertificateRow } from './store.ts';

/** Without a certificate: may this actor collect any? A stranger’s answer equals that of one that does not exist. */
export function mayCollect(asking: Asking, row: CertificateRow | null, whose: 'own' | 'strange'): Result<true> {
  const { actor, gateway } = asking;
  if (actor.kind === 'person') return mayHold(asking, row);
  const allowed = permit(actor, 'certificate.handle', ownThing, { now: gateway.clock.now() });
  return allowed.ok && whose === 'strange'
    ? refuse(fault('certificate.not-found', { detail: 'not-a-party' }))
    : allowed;
}

/** The same for what is a person's alone, never the school's. */
export function mayHold({ actor, gateway }: Asking, row: CertificateRow | null): Result<true> {
  const pupils = actor.kind === 'person' ? actor.pupils : [];
  const isLinked = pupils.some(({ pupilId, scope }) => pupilId === row?.pupilId && scope.includes('records'));
  const isPerson = actor.kind === 'person';
  const resource: Resource = {
    ...ownThing,
    side: isPerson ? 'person' : 'own',
    personEntitled: isPerson && (row === null || isLinked),
  };
  const allowed = permit(actor, 'certificate.collect', resource, { now: gateway.clock.now() });
  if (allowed.ok || !isPerson || allowed.fault.code !== 'policy.denied') return allowed;
  return refuse(fault('certificate.not-found', { detail: allowed.fault.detail ?? 'denied' }));
}
