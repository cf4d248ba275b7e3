import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import { mayActFor } from '../../identity/guardians/entitlements.ts';
import { isOfAge } from '../../identity/guardians/rules.ts';
import { dayInJapan } from '../../identity/rules.ts';
import type { PersonActor, PersonEntitlement } from '../../policy/actor.ts';
import { ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import type { CertificateKind, personKinds } from '../../records/certificate-kinds.ts';
import { consentDigest, signConsent } from '../../records/consent.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { newId } from '../../transfers/ids.ts';
import { queueIssue } from '../issue/queue-issue.ts';
import type { CertificateLanguage } from '../statement.ts';
import { findSettings } from '../template-store.ts';
import { type Certifier, certifierFor } from './certifier.ts';
import { consentOf } from './consent.ts';
import { findShownText } from './consent-text.ts';
import { recordRequest, tellPersons, tellSchool } from './record.ts';
import { maxOpenRequests, type Purpose } from './rules.ts';
import { countOpenOf, insertRequest, type RequestRow } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

export interface Wish {
  readonly kind: (typeof personKinds)[number];
  readonly language: CertificateLanguage;
  readonly copies: number;
  readonly purpose: Purpose;
}

/**
 * 証明書の請求 by the pupil or graduate, or by a guardian with custody while the pupil is a minor. The act itself is the consent (class 2):
 * it is signed by the gateway and kept. The fee is fixed as it is now.
 * Faults: pupil.not-found, login.not-checked, certificate.of-age, certificate.no-custody, certificate.school-closed,
 * certificate.not-offered, certificate.too-many-requests, certificate.consent-changed
 *
 * @param input.consentText - SHA-256 of the words of consent that were shown; null for a program with words of its own
 */
export async function askCertificate(
  context: VerbContext,
  input: Wish & { readonly pupilId: string; readonly consentText: string | null },
): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.requested', caseId: null }, async (tx) => {
    const asker = await findAsker(tx, context, input.pupilId);
    if (!asker.ok) return asker;
    const { person, schoolCode, originCode, relation } = asker.value;
    const text = await findShownText(input.consentText);
    if (!text.ok) return text;
    const setting = (await findSettings(tx, schoolCode))?.kinds[input.kind];
    if (setting?.offered !== true) return refuse(fault('certificate.not-offered'));
    if ((await countOpenOf(tx, person.personId)) >= maxOpenRequests) {
      return refuse(fault('certificate.too-many-requests'));
    }
    const row = {
      ...newRequest(context, input),
      schoolCode,
      originCode,
      pupilId: input.pupilId,
      relation,
      personId: person.personId,
      feeYen: setting.feeYen,
      assurance: person.assurance,
    };
    const consent = await signConsent(await consentOf(row, { person, text: text.value }), context.gateway.evidence);
    await insertRequest(tx, { ...row, consent });
    const digest = await consentDigest(consent);
    await recordRequest(tx, context, { name: 'certificate.requested', row, detail: { relation }, digest });
    // A kind that is issued at once: the gateway looks whether it can be, and else the office does.
    if (setting.atOnce) await queueIssue(tx, row);
    await tellSchool(tx, row, 'certificate-requested');
    await tellPersons(tx, row, 'certificate-requested');
    return ok(viewRequest(row));
  });
}

/** What every new request begins as. */
export function newRequest(
  { gateway }: VerbContext,
  wish: Omit<Wish, 'kind'> & { readonly kind: CertificateKind },
): Omit<RequestRow, 'schoolCode' | 'originCode' | 'relation' | 'feeYen' | 'assurance' | 'pupilId' | 'personId'> {
  const { kind, language, copies, purpose } = wish;
  return {
    id: newId(),
    kind,
    language,
    copies,
    purpose,
    state: 'requested',
    version: 1,
    entryId: null,
    enteredBy: null,
    agentReference: null,
    consent: null,
    problem: null,
    refusal: null,
    replaces: null,
    replacement: null,
    contentDigest: null,
    checkedBy: null,
    checkedByKey: null,
    checkedAt: null,
    approvedBy: null,
    approvedAt: null,
    endedAt: null,
    requestedAt: gateway.clock.now(),
  };
}

/** Who asks, as what, and who will certify. */
export interface Asker extends Certifier {
  readonly person: PersonActor;
  readonly relation: PersonEntitlement['relation'];
}

/** Faults: pupil.not-found, login.not-checked, certificate.of-age, certificate.no-custody, certificate.school-closed */
export async function findAsker(
  tx: Transaction,
  { actor, gateway }: VerbContext,
  pupilId: string,
): Promise<Result<Asker>> {
  const now = gateway.clock.now();
  const entitlement = actor.kind === 'person' ? actor.pupils.find((one) => one.pupilId === pupilId) : undefined;
  // Whom the school lets see less than the records does not get a record of them either.
  const pupil = entitlement === undefined ? null : await findPupil(tx, pupilId);
  const resource = {
    ...ownThing,
    side: 'person',
    personEntitled: pupil !== null && entitlement?.scope.includes('records') === true,
  } as const;
  const protection = pupil?.protection ?? 'none';
  const allowed = permit(actor, 'certificate.request', { ...resource, protection }, { now });
  // Whoever may not learn of a pupil or of an order learns of neither.
  const isHidden = actor.kind === 'person' && !allowed.ok && allowed.fault.code === 'policy.denied';
  if (isHidden) return refuse(fault('pupil.not-found', { detail: allowed.fault.detail ?? 'denied' }));
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'person' || entitlement === undefined || pupil === null) return refuse(fault('pupil.not-found'));
  const { relation } = entitlement;
  if (relation === 'guardian') {
    const day = dayInJapan(now);
    if (isOfAge(pupil.birthDate, day)) return refuse(fault('certificate.of-age'));
    // Seeing the records is not acting in the child's name: that is for whoever has custody.
    const { personId } = actor;
    if (!(await mayActFor(tx, { personId, pupilId, day }))) return refuse(fault('certificate.no-custody'));
  }
  const certifier = await certifierFor(tx, pupil.schoolCode);
  return certifier.ok ? ok({ ...certifier.value, person: actor, relation }) : certifier;
}
