import { appendEvent } from '../../audit/append.ts';
import { organisationOf } from '../../audit/case-events.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { boardOf } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import { scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { assuranceOf, authorise, look, ownResource, perform, refuseLogged, roleOf, type VerbContext } from '../act.ts';
import { newId } from '../ids.ts';
import { notify } from '../notify.ts';
import { findCase } from '../store.ts';
import { findLine, type PersonLine } from './list-lines.ts';
import { changeReport, insertReport, listReports, lockReport, type ReportRow } from './store.ts';
import type { ReportState } from './tables.ts';

export interface ReportView {
  readonly id: string;
  readonly state: ReportState;
  readonly reportedAt: string;
  /** The line that was not recognised. */
  readonly line: { readonly event: string; readonly at: string; readonly role: string; readonly caseId: string | null };
  readonly answer: string | null;
  readonly answeredAt: string | null;
  readonly closedAt: string | null;
}

/**
 * 心当たりがない: a person does not recognise a line of their ledger. The school that acted is told, or the one that sent
 * where no school did; the board above it counts it. The report is itself a line of the ledger and of that school's.
 *
 * @returns the number of the report; `case.not-found` alike for others' cases, lines that are none, and whoever may not see
 * the ledger
 */
export async function reportAccess(
  context: VerbContext,
  input: { readonly caseId: string | null; readonly eventId: string },
): Promise<Result<ReportView>> {
  const attempt = { event: 'access.reported', caseId: input.caseId } as const;
  const line = await findLine(context, input.eventId);
  const { actor, gateway } = context;
  const isThis = line !== null && (input.caseId === null || line.caseId === input.caseId);
  if (!isThis || actor.kind !== 'person') {
    return refuseLogged(context, attempt, fault('case.not-found', { detail: 'no-such-line' }));
  }
  const school = await schoolBehind(context, line);
  if (school === null) return refuseLogged(context, attempt, fault('case.not-found', { detail: 'no-school' }));
  return perform(context, attempt, async (tx) => {
    const row: ReportRow = {
      id: newId(),
      eventId: line.eventId,
      event: line.event,
      eventAt: new Date(line.at),
      eventRole: line.role,
      caseId: line.caseId,
      pupilId: line.pupilId,
      schoolCode: school.code,
      boardCode: school.board,
      personId: actor.personId,
      state: 'received',
      reportedAt: gateway.clock.now(),
      answer: null,
      answeredAt: null,
      answeredBy: null,
      closedAt: null,
    };
    if (!(await insertReport(tx, row))) return refuse(fault('report.twice'));
    await record(tx, context, { name: 'access.reported', row });
    await notify(tx, { school: school.code, subject: 'access-reported', caseId: line.caseId ?? row.id });
    return ok(viewOf(row));
  });
}

/** A person's own reports, or those of the school whose principal or vice-principal asks; newest first. */
export async function showReports(context: VerbContext): Promise<Result<readonly ReportView[]>> {
  const { actor } = context;
  return look(context, async (tx) => {
    if (actor.kind === 'person') return ok((await listReports(tx, { personId: actor.personId })).map(viewOf));
    const allowed = authorise(context, 'ledger.answer', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
    return ok((await listReports(tx, { school: actor.school })).map(viewOf));
  });
}

/** The school says what it was: the person reads it in their ledger. Faults: report.not-found, report.closed. */
export async function answerReport(
  context: VerbContext,
  input: { readonly id: string; readonly answer: string },
): Promise<Result<ReportView>> {
  return perform(context, { event: 'access-report.answered', caseId: null }, async (tx) => {
    const { actor, gateway } = context;
    const allowed = authorise(context, 'ledger.answer', ownResource(actor));
    if (!allowed.ok) return allowed;
    const row = await lockReport(tx, input.id);
    if (row === null || actor.kind !== 'staff') return refuse(fault('report.not-found'));
    if (row.state === 'closed') return refuse(fault('report.closed'));
    const answer = input.answer.trim();
    if (answer === '' || answer.length > 1000) {
      return refuse(fault('request.malformed', { fields: { answer: 'problem.reason-missing' } }));
    }
    const answered = await changeReport(tx, row.id, {
      state: 'answered',
      answer,
      answeredAt: gateway.clock.now(),
      answeredBy: actor.staffId,
    });
    await record(tx, context, { name: 'access-report.answered', row });
    return ok(viewOf(answered));
  });
}

/** The person who asked is content with the answer, or the school ends what it has answered. */
export async function closeReport(context: VerbContext, id: string): Promise<Result<ReportView>> {
  return perform(context, { event: 'access-report.closed', caseId: null }, async (tx) => {
    const { actor, gateway } = context;
    if (actor.kind !== 'person') {
      const allowed = authorise(context, 'ledger.answer', ownResource(actor));
      if (!allowed.ok) return allowed;
    }
    const row = await lockReport(tx, id);
    if (row === null) return refuse(fault('report.not-found'));
    if (row.state === 'closed') return ok(viewOf(row));
    if (row.state === 'received') return refuse(fault('report.unanswered'));
    const closed = await changeReport(tx, row.id, { state: 'closed', closedAt: gateway.clock.now() });
    await record(tx, context, { name: 'access-report.closed', row });
    return ok(viewOf(closed));
  });
}

/** Whom to ask: the school that acted; where a person or the gateway did, the school that sent. */
async function schoolBehind(
  context: VerbContext,
  { eventId, caseId }: PersonLine,
): Promise<{ readonly code: string; readonly board: string | null } | null> {
  const row = caseId === null ? null : await look(context, async (tx) => ok(await findCase(tx, caseId)));
  const sender = row?.ok === true ? (row.value?.senderCode ?? null) : null;
  return context.gateway.database.transaction(systemScope('ledger'), async (tx) => {
    const code = (await organisationOf(tx, eventId)) ?? sender;
    return code === null ? null : { code, board: await boardOf(tx, code) };
  });
}

type ReportEvent = 'access.reported' | 'access-report.answered' | 'access-report.closed';

/** The report's line stands in the ledger of the pupil and in the part of the school that is asked. */
async function record(
  tx: Transaction,
  { actor, gateway }: VerbContext,
  { name, row }: { readonly name: ReportEvent; readonly row: ReportRow },
): Promise<void> {
  await appendEvent(
    tx,
    {
      name,
      outcome: 'done',
      side: actor.kind === 'person' ? 'person' : 'gateway',
      organisation: row.schoolCode,
      actorRole: roleOf(actor),
      purpose: null,
      caseId: row.caseId,
      pupilId: row.pupilId,
      personVisible: true,
      token: null,
      detail: { actor: scopeOf(actor).actor, assurance: assuranceOf(actor), line: row.eventId, report: row.id },
      at: gateway.clock.now(),
    },
    gateway.sealDetail,
  );
}

function viewOf(row: ReportRow): ReportView {
  return {
    id: row.id,
    state: row.state,
    reportedAt: row.reportedAt.toISOString(),
    line: { event: row.event, at: row.eventAt.toISOString(), role: row.eventRole, caseId: row.caseId },
    answer: row.answer,
    answeredAt: row.answeredAt?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
  };
}
