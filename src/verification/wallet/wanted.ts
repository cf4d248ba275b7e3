import { typeOf } from '../../records/credential-type.ts';
import type { ClaimGroup } from './rules.ts';
import type { Asked } from './tables.ts';

/** The one query of a request, by which its answer is named. */
export const queryId = 'certificate';

/** The claims of each group; a wallet shows no other that could be withheld. */
const claimsOf: Readonly<Record<ClaimGroup, readonly string[]>> = {
  name: ['official_name'],
  birth: ['birthdate'],
  school: ['school_name', 'issued_on'],
  subjects: ['subjects'],
};

/** A DCQL query (OpenID4VP 1.0 §6): one certificate of this kind, shown by its holder, and of it these claims. */
export function queryFor(origin: string, { kind, groups }: Asked): Readonly<Record<string, unknown>> {
  const claims = groups.flatMap((group) => claimsOf[group].map(pathOf));
  return {
    credentials: [
      {
        id: queryId,
        format: 'dc+sd-jwt',
        meta: { vct_values: [typeOf(origin, kind)] },
        require_cryptographic_holder_binding: true,
        ...(claims.length === 0 ? {} : { claims }),
      },
    ],
  };
}

/** Of a list each element is hidden by itself: asking for the list alone would show an empty one. */
function pathOf(name: string) {
  return { path: name === 'subjects' ? [name, null] : [name] };
}

/** Claims that were asked for and not shown. */
export function withheld({ groups }: Asked, shown: readonly string[]): readonly string[] {
  return groups.flatMap((group) => claimsOf[group]).filter((name) => !shown.includes(name));
}
