import type { PersonActor } from '../../policy/actor.ts';
import { type ConsentStatement, consentVersion, personCommitment, pupilCommitment } from '../../records/consent.ts';
import { certifiedFields } from '../statement.ts';
import type { ShownText } from './consent-text.ts';
import type { RequestRow } from './store.ts';

/** What is signed of a wish: who, as what, by which log-in, to what, and the words that were shown (docs/formats.md, Consent). */
export async function consentOf(
  row: RequestRow & { readonly pupilId: string; readonly relation: ConsentStatement['relation'] },
  { person, text }: { readonly person: PersonActor; readonly text: ShownText | null },
): Promise<ConsentStatement> {
  const { id: request, kind, language, copies, purpose, feeYen, relation, pupilId: pupil } = row;
  const { personId } = person;
  return {
    version: consentVersion,
    request,
    person: await personCommitment({ request, person: personId }),
    pupil: await pupilCommitment({ request, person: personId, pupil }),
    relation,
    school: row.schoolCode,
    ...(row.originCode === null ? {} : { formerSchool: row.originCode }),
    kind,
    fields: [...certifiedFields(kind)],
    language,
    copies,
    purpose,
    feeYen,
    replaces: row.replaces,
    text,
    assurance: person.assurance,
    loggedInAt: person.authenticatedAt.toISOString(),
    consentedAt: row.requestedAt.toISOString(),
  };
}
