import { canonicalJson } from '../../crypto/jcs.ts';
import type { FlattenedJws } from '../../crypto/jose.ts';
import { sealJws } from '../../crypto/sealed-jws.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { PersonActor } from '../../policy/actor.ts';
import type { RequestRow } from './store.ts';

export const consentType = 'hikitsugi-consent+jws';

/** docs/formats.md, Consent: to what, by whom, at which level of log-in. */
export interface ConsentStatement {
  readonly version: 'hikitsugi-consent/1';
  readonly request: string;
  readonly person: string;
  readonly relation: string;
  readonly pupil: string;
  readonly school: string;
  readonly kind: string;
  readonly language: string;
  readonly copies: number;
  readonly purpose: string;
  readonly feeYen: number;
  readonly assurance: string;
  /** RFC 3339. */
  readonly loggedInAt: string;
  readonly consentedAt: string;
}

/**
 * Signs what a person agreed to. The gateway signs, not the person: a log-in proves who somebody is and signs no document
 * (docs/adr/0032). So it proves what this gateway was told, and that nobody changed it since.
 */
export async function signConsent(
  row: RequestRow & { readonly pupilId: string },
  { person, signer }: { readonly person: PersonActor; readonly signer: Signer },
): Promise<FlattenedJws> {
  const statement: ConsentStatement = {
    version: 'hikitsugi-consent/1',
    request: row.id,
    person: person.personId,
    relation: row.relation,
    pupil: row.pupilId,
    school: row.schoolCode,
    kind: row.kind,
    language: row.language,
    copies: row.copies,
    purpose: row.purpose,
    feeYen: row.feeYen,
    assurance: person.assurance,
    loggedInAt: person.authenticatedAt.toISOString(),
    consentedAt: row.requestedAt.toISOString(),
  };
  const payload = canonicalJson(statement);
  const sealed = await sealJws({ payload, typ: consentType, signer, timestamps: null, iat: row.requestedAt });
  if (!sealed.ok) throw new Error('a seal without time stamp cannot be refused one');
  return sealed.value;
}
