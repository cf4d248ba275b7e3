import { appendEvent } from '../../audit/append.ts';
import type { AuditEventName } from '../../audit/event-names.ts';
import type { AnyDetail, ExactDetail } from '../../audit/event-table.ts';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { notifyGuardians } from '../../identity/guardians/notify-guardians.ts';
import { scopeOf } from '../../policy/actor.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { type Asking, assuranceOf, roleOf } from '../../transfers/act.ts';
import { notify } from '../../transfers/notify.ts';
import type { RequestRow } from './store.ts';

export interface RequestEvent<Name extends AuditEventName = AuditEventName, Detail extends AnyDetail = AnyDetail> {
  readonly name: Name;
  readonly row: Pick<RequestRow, 'id' | 'schoolCode'> & { readonly kind: IssuedKind };
  readonly detail?: ExactDetail<Name, Detail>;
  /** Of the ciphertext concerned. */
  readonly digest?: string;
}

/** The log entry of an act on a request, in the school's part of the log whoever acted. Ids and words of lists. */
export async function recordRequest<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  { gateway, actor }: Asking,
  event: RequestEvent<Name, Detail>,
) {
  const by = { actor: scopeOf(actor).actor, role: roleOf(actor), assurance: assuranceOf(actor) };
  await append(tx, gateway, { ...event, by, side: actor.kind === 'person' ? 'person' : 'gateway' });
}

/** What the gateway does by itself: issue, send back, approve by the standing rule. */
export async function recordByGateway<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  gateway: Recorder,
  event: RequestEvent<Name, Detail>,
) {
  const by = { actor: `system:${certificatesJob}`, role: 'gateway', assurance: 'none' };
  await append(tx, gateway, { ...event, by, side: 'gateway' });
}

/** What the gateway does by itself for a school, about no request. Gives the number of the entry. */
export async function recordSchoolByGateway<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  { clock, sealDetail }: Recorder,
  event: { readonly name: Name; readonly school: string; readonly detail: ExactDetail<Name, Detail> },
): Promise<string> {
  const told: AnyDetail = event.detail;
  const { eventId } = await appendEvent<AuditEventName, AnyDetail>(
    tx,
    {
      name: event.name,
      outcome: 'done',
      side: 'gateway',
      organisation: event.school,
      actorRole: 'gateway',
      purpose: null,
      caseId: null,
      token: null,
      detail: { actor: `system:${certificatesJob}`, assurance: 'none', ...told },
      at: clock.now(),
    },
    sealDetail,
  );
  return eventId;
}

/** The scope of the gateway's own work on certificates; together with a school, that school's. */
export const certificatesJob = 'certificates';

type Recorder = Pick<Gateway, 'clock' | 'sealDetail'>;

async function append(
  tx: Transaction,
  { clock, sealDetail }: Recorder,
  event: RequestEvent & {
    readonly by: { readonly actor: string; readonly role: string; readonly assurance: string };
    readonly side: 'person' | 'gateway';
  },
): Promise<void> {
  const { row, name, detail, by, side, digest } = event;
  await appendEvent(
    tx,
    {
      name,
      outcome: 'done',
      side,
      organisation: row.schoolCode,
      actorRole: by.role,
      purpose: null,
      caseId: null,
      token: null,
      ...(digest === undefined ? {} : { objectDigest: digest }),
      detail: { actor: by.actor, assurance: by.assurance, request: row.id, kind: row.kind, ...detail },
      at: clock.now(),
    },
    sealDetail,
  );
}

/** A mail to the office: the number of the request and nothing else. */
export async function tellSchool(
  tx: Transaction,
  row: Pick<RequestRow, 'id' | 'schoolCode'>,
  subject: 'certificate-requested' | 'certificate-to-approve' | 'certificate-sent-back' | 'certificate-kept',
): Promise<void> {
  await notify(tx, { school: row.schoolCode, subject, caseId: row.id });
}

/**
 * The pupil, while they are a minor who has custody (a certificate in a child's name is their business too), and whoever
 * asked. An agent with a power of attorney is told by the office: the gateway knows neither name nor address.
 */
export async function tellPersons(
  tx: Transaction,
  { id, pupilId, personId }: Pick<RequestRow, 'id' | 'pupilId' | 'personId'>,
  subject:
    | 'certificate-requested'
    | 'certificate-refused'
    | 'certificate-issued'
    | 'certificate-superseded'
    | 'certificate-revocation-asked'
    | 'certificate-kept'
    | 'certificate-revoked',
): Promise<void> {
  if (pupilId === null) return;
  const exceptAsker = subject === 'certificate-requested' && personId !== null ? { exceptPerson: personId } : {};
  await notifyGuardians(tx, { pupilId, subject, ...exceptAsker, asked: { request: id, by: personId } });
}
