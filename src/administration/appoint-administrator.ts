import { appendEvent } from '../audit/append.ts';
import type { SealDetail } from '../audit/detail.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { type AppointedAccount, appointAdministrator, findFounder } from '../directory/appoint-administrator.ts';
import { parseCorporateNumber } from '../directory/codes.ts';
import { dayInJapan } from '../identity/rules.ts';
import { ok, type Result, refuse } from '../result.ts';

/** Why nobody was appointed; what it means stands in the command that asks (appoint-administrator.node.ts). */
export type AppointmentRefusal =
  | 'subject-malformed'
  | 'name-malformed'
  | 'number-malformed'
  | 'founder-unknown'
  | 'founder-differs';

export interface Appointment {
  readonly staffId: string;
  readonly founder: string;
  /** False when this account was administrator of the founder already: nothing was written then. */
  readonly isNew: boolean;
}

/**
 * Makes an account administrator of a founder, by the operator's hand: nobody inside can name the first one. In the log
 * as an act of the operator; a second time it changes nothing and writes nothing.
 */
export async function appointByOperator(
  services: { readonly database: Database; readonly clock: Clock; readonly sealDetail: SealDetail },
  input: { readonly issuer: string; readonly subject: string; readonly name: string; readonly founder: string },
): Promise<Result<Appointment, AppointmentRefusal>> {
  const account = parseAccount(input);
  if (!account.ok) return account;
  const now = services.clock.now();
  return services.database.transaction(systemScope('directory'), async (tx) => {
    const { founderNumber: founder } = account.value;
    if ((await findFounder(tx, founder)) === null) return refuse('founder-unknown');
    const appointed = await appointAdministrator(tx, account.value, dayInJapan(now));
    if (!appointed.ok) return appointed;
    const { staffId, isNew } = appointed.value;
    if (isNew) {
      const event = {
        name: 'administrator.appointed',
        outcome: 'done',
        side: 'gateway',
        actorRole: 'operator',
      } as const;
      const detail = { staff: staffId, founder };
      const none = { organisation: null, purpose: null, caseId: null, token: null };
      await appendEvent(tx, { ...event, ...none, detail, at: now }, services.sealDetail);
    }
    return ok({ staffId, founder, isNew });
  });
}

function parseAccount(input: Parameters<typeof appointByOperator>[1]): Result<AppointedAccount, AppointmentRefusal> {
  const name = input.name.trim();
  if (!/^[\x21-\x7e]{1,255}$/.test(input.subject)) return refuse('subject-malformed');
  if (!/^\P{Cc}{1,100}$/u.test(name)) return refuse('name-malformed');
  const founderNumber = parseCorporateNumber(input.founder);
  if (founderNumber === null) return refuse('number-malformed');
  return ok({ issuer: input.issuer, subject: input.subject, name, founderNumber });
}
