import { appendEvent } from '../../audit/append.ts';
import type { AuditEventName } from '../../audit/event-names.ts';
import type { Transaction } from '../../database/connection.ts';
import { notifyGuardians } from '../../identity/guardians/notify-guardians.ts';
import { scopeOf } from '../../policy/actor.ts';
import { assuranceOf, roleOf, type VerbContext } from '../../transfers/act.ts';
import { notify } from '../../transfers/notify.ts';
import type { RequestRow } from './store.ts';

export interface RequestEvent {
  readonly name: AuditEventName;
  readonly row: Pick<RequestRow, 'id' | 'schoolCode' | 'kind'>;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

/** The log entry of an act on a request, in the school's part of the log whoever acted. Ids and words of lists. */
export async function recordRequest(tx: Transaction, { gateway, actor }: VerbContext, event: RequestEvent) {
  const { row, name, detail } = event;
  await appendEvent(
    tx,
    {
      name,
      outcome: 'done',
      side: actor.kind === 'person' ? 'person' : 'gateway',
      organisation: row.schoolCode,
      actorRole: roleOf(actor),
      purpose: null,
      caseId: null,
      token: null,
      detail: {
        actor: scopeOf(actor).actor,
        assurance: assuranceOf(actor),
        request: row.id,
        kind: row.kind,
        ...detail,
      },
      at: gateway.clock.now(),
    },
    gateway.sealDetail,
  );
}

/** A mail to the office: the number of the request and nothing else. */
export async function tellSchool(
  tx: Transaction,
  row: Pick<RequestRow, 'id' | 'schoolCode'>,
  subject: 'certificate-requested' | 'certificate-to-approve' | 'certificate-sent-back',
): Promise<void> {
  await notify(tx, { school: row.schoolCode, subject, caseId: row.id });
}

/** The pupil, and while they are a minor who has custody: a certificate in a child's name is their business too. */
export async function tellPersons(
  tx: Transaction,
  { pupilId, personId }: Pick<RequestRow, 'pupilId' | 'personId'>,
  subject: 'certificate-requested' | 'certificate-refused' | 'certificate-issued',
): Promise<void> {
  if (pupilId === null) return;
  const exceptAsker = subject === 'certificate-requested' && personId !== null ? { exceptPerson: personId } : {};
  await notifyGuardians(tx, { pupilId, subject, ...exceptAsker });
}
