import { findEvents } from '../../audit/read-entries.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { findProtectedCases } from '../../transfers/find-protected.ts';
import type { AlertRuleId, Severity } from './rule-table.ts';
import { findSightings } from './store.ts';
import { type AlertRow, type AlertState, alertsJob, type CloseReason } from './tables.ts';

export const alertActs = ['acknowledge', 'close', 'reopen'] as const;
export type AlertAct = (typeof alertActs)[number];

export interface OrganisationName {
  readonly code: string;
  readonly name: string;
  readonly nameEnglish: string;
}

/** An alert as people see it: no name of anybody, no other school. */
export interface AlertView {
  readonly id: string;
  readonly rule: AlertRuleId;
  readonly ruleVersion: number;
  readonly severity: Severity;
  readonly organisation: OrganisationName;
  /** Null when it is about no one case, or about a protected one and the reader is not the principal. */
  readonly caseId: string | null;
  readonly count: number;
  readonly threshold: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly raisedAt: string;
  readonly state: AlertState;
  readonly version: number;
  readonly settled: {
    readonly role: string;
    readonly organisation: OrganisationName;
    readonly at: string;
    readonly reason: CloseReason | null;
    readonly note: string | null;
  } | null;
}

/** One entry of the log behind an alert. */
export interface AlertEvent {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly actorRole: string;
  readonly caseId: string | null;
}

export interface AlertDetail extends AlertView {
  /** The newest, at most 100. */
  readonly events: readonly AlertEvent[];
  /** Is it about the reader? Then somebody else settles it. */
  readonly isOwn: boolean;
  readonly may: readonly AlertAct[];
}

export type NameOf = (code: string) => { readonly name: string; readonly nameEnglish: string };

export function viewAlert(row: AlertRow, names: NameOf, hidden: ReadonlySet<string>): AlertView {
  const { id, rule, ruleVersion, severity, count, threshold, state, version } = row;
  const { settledAt, settledRole, settledFor } = row;
  const isSettled = settledAt !== null && settledRole !== null && settledFor !== null;
  return {
    id,
    rule,
    ruleVersion,
    severity,
    organisation: { code: row.organisation, ...names(row.organisation) },
    caseId: shownCase(row.caseId, hidden),
    count,
    threshold,
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    raisedAt: row.raisedAt.toISOString(),
    state,
    version,
    settled: isSettled
      ? {
          role: settledRole,
          organisation: { code: settledFor, ...names(settledFor) },
          at: settledAt.toISOString(),
          reason: row.closeReason,
          note: row.note,
        }
      : null,
  };
}

/**
 * What the log says about it. The rows are another organisation's to the board, so a job of ours reads them, after row
 * security has shown the alert to whoever asks.
 */
export async function eventsBehind(
  { database }: Pick<Gateway, 'database'>,
  alertId: string,
  reader: StaffActor,
): Promise<readonly AlertEvent[]> {
  return database.transaction(systemScope(alertsJob), async (tx) => {
    const sightings = await findSightings(tx, alertId);
    const events = await findEvents(
      tx,
      sightings.map(({ eventId }) => eventId),
    );
    const hidden = await hiddenCases(
      tx,
      reader,
      events.map(({ caseId }) => caseId),
    );
    return events.map(({ id, at, name, outcome, actorRole, caseId }) => ({
      id,
      at: at.toISOString(),
      name,
      outcome,
      actorRole,
      caseId: shownCase(caseId, hidden),
    }));
  });
}

/** 支援措置: the number of a protected case would lead a board, or a vice-principal who is not named, to the other school. */
export async function hiddenCases(
  tx: Transaction,
  reader: StaffActor,
  caseIds: readonly (string | null)[],
): Promise<ReadonlySet<string>> {
  if (reader.role === 'principal') return new Set();
  return findProtectedCases(tx, [...new Set(caseIds.filter((id) => id !== null))]);
}

function shownCase(caseId: string | null, hidden: ReadonlySet<string>): string | null {
  return caseId === null || hidden.has(caseId) ? null : caseId;
}

export function actsOn(state: AlertState, isOwn: boolean): readonly AlertAct[] {
  if (isOwn) return [];
  switch (state) {
    case 'open':
      return ['acknowledge', 'close'];
    case 'acknowledged':
      return ['close'];
    case 'closed':
      return ['reopen'];
  }
}
