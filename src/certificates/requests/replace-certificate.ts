import { staffFor } from '../../administration/manager.ts';
import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { consentDigest, signConsent } from '../../records/consent.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { queueIssue } from '../issue/queue-issue.ts';
import { type CertificateRow, findCertificate, listCopies } from '../issue/store.ts';
import { findSettings } from '../template-store.ts';
import { findAsker, newRequest } from './ask-certificate.ts';
import { type Certifier, certifierFor } from './certifier.ts';
import { consentOf } from './consent.ts';
import { findShownText } from './consent-text.ts';
import { personOf } from './follow-requests.ts';
import { recordRequest, tellPersons, tellSchool } from './record.ts';
import { maxOpenRequests, type Replacement } from './rules.ts';
import { countOpenOf, findRequest, insertReplacement, type RequestRow } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

/**
 * 差し替え・再発行: the office asks for a new certificate in the place of one that holds a mistake or was lost. It goes the way of
 * every request; once the new one is issued the old one is superseded, and counts until then.
 * Faults: certificate.not-found, certificate.wrong-state, certificate.replacement-asked
 */
export async function replaceCertificate(
  context: VerbContext,
  input: { readonly certificateId: string; readonly reason: Replacement },
): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.requested', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.handle');
    if (!staff.ok) return staff;
    const found = await findReplaceable(tx, input.certificateId);
    if (!found.ok) return found;
    const { row, request } = found.value;
    const { school, staffId, assurance } = staff.value;
    const certifier = await certifierFor(tx, row.schoolCode);
    if (!certifier.ok) return certifier;
    if (certifier.value.schoolCode !== school) {
      return refuse(fault('certificate.not-found', { detail: 'not-a-party' }));
    }
    const isCorrection = input.reason === 'correction';
    const valid = (await listCopies(tx, request.id)).filter(({ state }) => state === 'valid');
    const fee = (await findSettings(tx, school))?.kinds[request.kind]?.feeYen ?? request.feeYen;
    const asked: RequestRow = {
      ...newRequest(context, { ...wishOf(request), copies: isCorrection ? valid.length : 1 }),
      ...placeOf(row, request, { replacement: input.reason, certifier: certifier.value }),
      enteredBy: staffId,
      agentReference: request.agentReference,
      relation: request.relation,
      personId: request.personId,
      // Nobody pays for the school's mistake.
      feeYen: isCorrection ? 0 : fee,
      assurance,
    };
    return insertAsked(tx, context, asked);
  });
}

/**
 * The pupil, graduate or guardian has lost a certificate and wants another, under a new number. Asking is the consent, as for
 * the first one, by words of its own digest. Faults: as `askCertificate`, certificate.not-found, certificate.wrong-state, certificate.replacement-asked
 */
export async function reportLoss(
  context: VerbContext,
  { certificateId, consentText }: { readonly certificateId: string; readonly consentText: string | null },
): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.requested', caseId: null }, async (tx) => {
    // First the role alone: who may never do it is told so, whatever the id.
    const role = personOf(context);
    if (!role.ok) return role;
    const found = await findReplaceable(tx, certificateId);
    if (!found.ok) return found;
    const { row, request } = found.value;
    const { pupilId } = row;
    if (pupilId === null) return refuse(fault('certificate.not-found'));
    const asker = await findAsker(tx, context, pupilId);
    if (!asker.ok) return asker;
    const { person, relation } = asker.value;
    const text = await findShownText(consentText);
    if (!text.ok) return text;
    const setting = (await findSettings(tx, asker.value.schoolCode))?.kinds[request.kind];
    if (setting?.offered !== true) return refuse(fault('certificate.not-offered'));
    if ((await countOpenOf(tx, person.personId)) >= maxOpenRequests) {
      return refuse(fault('certificate.too-many-requests'));
    }
    const asked = {
      ...newRequest(context, { ...wishOf(request), copies: 1 }),
      ...placeOf(row, request, { replacement: 'loss', certifier: asker.value }),
      pupilId,
      relation,
      personId: person.personId,
      feeYen: setting.feeYen,
      assurance: person.assurance,
    };
    const consent = await signConsent(await consentOf(asked, { person, text: text.value }), context.gateway.evidence);
    const inserted = await insertAsked(tx, context, { ...asked, consent });
    if (inserted.ok && setting.atOnce) await queueIssue(tx, asked);
    return inserted;
  });
}

interface Replaceable {
  readonly row: CertificateRow;
  readonly request: RequestRow;
}

async function findReplaceable(tx: Transaction, certificateId: string): Promise<Result<Replaceable>> {
  const row = await findCertificate(tx, certificateId);
  const request = row === null ? null : await findRequest(tx, row.requestId);
  if (row === null || request === null || row.state === 'issuing') return refuse(fault('certificate.not-found'));
  return row.state === 'valid' ? ok({ row, request }) : refuse(fault('certificate.wrong-state', { detail: row.state }));
}

function wishOf({ kind, language, purpose }: RequestRow) {
  return { kind, language, purpose };
}

function placeOf(
  { id, pupilId }: CertificateRow,
  { entryId, originCode: known }: RequestRow,
  { replacement, certifier }: { readonly replacement: Replacement; readonly certifier: Certifier },
) {
  const { schoolCode, originCode } = certifier;
  return { schoolCode, originCode: originCode ?? known, pupilId, entryId, replaces: id, replacement };
}

async function insertAsked(tx: Transaction, context: VerbContext, row: RequestRow): Promise<Result<RequestView>> {
  if (!(await insertReplacement(tx, row))) return refuse(fault('certificate.replacement-asked'));
  const detail = { relation: row.relation, replaces: row.replaces, replacement: row.replacement };
  const digest = row.consent === null ? {} : { digest: await consentDigest(row.consent) };
  await recordRequest(tx, context, { name: 'certificate.requested', row, detail, ...digest });
  await tellSchool(tx, row, 'certificate-requested');
  await tellPersons(tx, row, 'certificate-requested');
  return ok(viewRequest(row));
}
