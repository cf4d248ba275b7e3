import type { z } from '@hono/zod-openapi';
import type { PersonActor } from '../policy/actor.ts';
import type { Identity } from './resolve-session.ts';
import type { identityAnswer } from './schemas.ts';

const blank = {
  name: null,
  school: null,
  role: null,
  homeroom: null,
  assurance: null,
  revocation: null,
  scopes: null,
  canSwitch: false,
};

/** The caller as the API tells it: names and rights, no internal ids. */
export function identityView({ actor, name, school, canSwitch }: Identity): z.output<typeof identityAnswer> {
  const nothing = { ...blank, name, school, canSwitch };
  switch (actor.kind) {
    case 'staff':
      return { ...nothing, kind: actor.kind, role: actor.role, homeroom: actor.homeroom, assurance: actor.assurance };
    case 'person':
      return personView(actor);
    case 'machine':
      return { ...nothing, kind: actor.kind, assurance: 'machine', scopes: [...actor.scopes] };
    case 'unboundStaff':
    case 'anonymous':
      return { ...nothing, kind: actor.kind };
  }
}

/** Persons have no name here, and act for no school. */
export function personView({ assurance, revocation }: Pick<PersonActor, 'assurance' | 'revocation'>) {
  return { ...blank, kind: 'person' as const, assurance, revocation };
}
