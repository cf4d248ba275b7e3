import { appendEvent } from '../../audit/append.ts';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { newId } from '../../transfers/ids.ts';
import { type AlertRuleId, ruleOf } from './rule-table.ts';
import { insertAlert } from './store.ts';
import { alertsJob } from './tables.ts';

/** What an alert is made of: ids and times. */
export interface Raised {
  readonly rule: AlertRuleId;
  readonly subject: string;
  /** The school; of trouble of the log, the board. */
  readonly organisation: string;
  readonly board: string | null;
  readonly threshold: number;
  readonly caseId: string | null;
  readonly actors: readonly string[];
  readonly times: readonly Date[];
}

/** Writes an alert with its entry in the log, in the transaction that found it; whom to tell is seen to later. Gives its id. */
export async function raiseAlert(
  tx: Transaction,
  { clock, sealDetail }: Pick<Gateway, 'clock' | 'sealDetail'>,
  raised: Raised,
): Promise<string> {
  const { times, ...about } = raised;
  const { rule, actors, organisation, board } = about;
  const { version: ruleVersion, severity, to } = ruleOf(rule);
  const now = clock.now();
  const order = times.map((at) => at.getTime());
  const id = newId();
  const toSchool = to.includes('school');
  const toBoard = to.includes('board') && board !== null;
  await insertAlert(tx, {
    ...about,
    id,
    ruleVersion,
    severity,
    board: toBoard ? board : null,
    actors: [...actors],
    count: times.length,
    firstAt: new Date(Math.min(...order)),
    lastAt: new Date(Math.max(...order)),
    raisedAt: now,
    toSchool,
    toldSchool: !toSchool,
    toldBoard: !toBoard,
  });
  await appendEvent(
    tx,
    {
      name: 'alert.raised',
      outcome: 'done',
      side: 'gateway',
      organisation,
      actorRole: 'gateway',
      purpose: null,
      caseId: null,
      token: null,
      detail: { actor: `system:${alertsJob}`, alert: id, alertRule: rule },
      at: now,
    },
    sealDetail,
  );
  return id;
}
