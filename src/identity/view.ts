import type { z } from '@hono/zod-openapi';
import type { Identity } from './resolve-session.ts';
import type { identityAnswer } from './schemas.ts';

/** The caller as the API tells it: names and rights, no internal ids. */
export function identityView({ actor, name, school, canSwitch }: Identity): z.output<typeof identityAnswer> {
  const nothing = {
    name,
    school,
    role: null,
    homeroom: null,
    assurance: null,
    revocation: null,
    scopes: null,
    canSwitch,
  };
  switch (actor.kind) {
    case 'staff':
      return { ...nothing, kind: actor.kind, role: actor.role, homeroom: actor.homeroom, assurance: actor.assurance };
    case 'person':
      return { ...nothing, kind: actor.kind, assurance: actor.assurance, revocation: actor.revocation };
    case 'machine':
      return { ...nothing, kind: actor.kind, assurance: 'machine', scopes: [...actor.scopes] };
    case 'unboundStaff':
    case 'anonymous':
      return { ...nothing, kind: actor.kind };
  }
}
