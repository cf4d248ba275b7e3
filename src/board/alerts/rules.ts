import type { Side } from '../../audit/entry.ts';
import type { AuditEventName } from '../../audit/event-names.ts';
import { auditEventNames } from '../../audit/event-names.ts';
import { isSchoolDay } from '../../directory/calendar/school-days.ts';
import { type AlertRuleId, alertRuleIds, type EventSource, ruleOf, type SubjectKind } from './rule-table.ts';

/** One entry of the ledger as the rules see it: ids alone. */
export interface SeenEvent {
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string | null;
  readonly side: Side;
  readonly organisation: string | null;
  readonly caseId: string | null;
  /** `staff:…`, `machine:…` or `person:…` out of the sealed detail; null when it names nobody. */
  readonly actor: string | null;
}

export interface Sighting {
  readonly eventId: string;
  readonly at: Date;
}

/** An alert that is still open, to which more of the same is added. */
export interface RunningAlert {
  readonly id: string;
  readonly firstAt: Date;
}

/** What to do: raise an alert over these, or add these to one that runs; the rest is kept to be counted later. */
export type Outcome =
  | { readonly kind: 'raise'; readonly sightings: readonly Sighting[] }
  | { readonly kind: 'add'; readonly alertId: string; readonly sightings: readonly Sighting[] }
  | { readonly kind: 'keep'; readonly sightings: readonly Sighting[] };

/** Which rules an event counts for, and for whom; none when it cannot be put down to a school. */
export function matchesOf(event: SeenEvent): readonly { readonly rule: AlertRuleId; readonly subject: string }[] {
  if (event.organisation === null) return [];
  return alertRuleIds.flatMap((rule) => {
    const { source } = ruleOf(rule);
    if (source.kind !== 'events' || !fits(source, event)) return [];
    const subject = subjectOf(source.by, event);
    return subject === null ? [] : [{ rule, subject }];
  });
}

/** Does this entry begin a wait, or end it? Each side's own entry counts for that side. */
export function waitOf(event: SeenEvent): 'begins' | 'ends' | null {
  if (event.outcome !== 'done' || event.caseId === null || event.organisation === null) return null;
  const source = ruleOf('uncollected').source;
  const name = auditEventNames.find((known) => known === event.name);
  if (source.kind !== 'waits' || name === undefined) return null;
  if (source.begins.includes(name)) return 'begins';
  return source.ends.includes(name) ? 'ends' : null;
}

/**
 * Counts over a sliding window: an alert is raised when so many lie within it, and takes up what follows within the same
 * time; then counting begins anew. Pure, and indifferent to how the events were cut into rounds.
 *
 * @param seen.earlier - counted before and in no alert yet, oldest first
 * @param seen.fresh - of this round, oldest first
 * @param seen.running - an alert of the same subject that nobody has closed
 */
export function evaluate(
  limits: { readonly threshold: number; readonly windowMinutes: number },
  seen: {
    readonly earlier: readonly Sighting[];
    readonly fresh: readonly Sighting[];
    readonly running: RunningAlert | null;
  },
): readonly Outcome[] {
  const windowMs = limits.windowMinutes * 60_000;
  const outcomes: Outcome[] = [];
  let waiting: Sighting[] = [...seen.earlier];
  let running: { readonly id: string | null; readonly firstAt: Date; readonly more: Sighting[] } | null =
    seen.running === null ? null : { ...seen.running, more: [] };
  const settle = () => {
    if (running === null || running.more.length === 0) return;
    if (running.id === null) outcomes.push({ kind: 'raise', sightings: running.more });
    else outcomes.push({ kind: 'add', alertId: running.id, sightings: running.more });
  };
  for (const one of seen.fresh) {
    if (running !== null && one.at.getTime() - running.firstAt.getTime() < windowMs) {
      running.more.push(one);
      continue;
    }
    waiting = [...waiting.filter(({ at }) => one.at.getTime() - at.getTime() < windowMs), one];
    if (waiting.length < limits.threshold) continue;
    settle();
    running = { id: null, firstAt: waiting[0]?.at ?? one.at, more: waiting };
    waiting = [];
  }
  settle();
  const kept = waiting.filter((one) => seen.fresh.includes(one));
  return kept.length === 0 ? outcomes : [...outcomes, { kind: 'keep', sightings: kept }];
}

/** 22:00 to 6:00 in Japan, and the nation's days off; what a board's calendar adds is not asked. */
export function isOutOfHours(at: Date): boolean {
  // Japan has had one offset and no summer time since 1951.
  const japan = new Date(at.getTime() + 9 * 3_600_000);
  const hour = japan.getUTCHours();
  return hour >= 22 || hour < 6 || !isSchoolDay(japan.toISOString().slice(0, 10), []);
}

/** A board's own threshold, held between what the rule allows. */
export function isWithinLimits(rule: AlertRuleId, threshold: number): boolean {
  const { least, most } = ruleOf(rule).threshold;
  return Number.isInteger(threshold) && threshold >= least && threshold <= most;
}

function fits(source: EventSource, event: SeenEvent): boolean {
  return (
    event.outcome === source.outcome &&
    isNamed(source.of, event.name) &&
    (source.actors === undefined || event.actor?.startsWith(`${source.actors}:`) === true) &&
    (source.reason === undefined || event.reason?.startsWith(source.reason) === true) &&
    (source.when === undefined || isOutOfHours(event.at)) &&
    isOwnEntry(event)
  );
}

function isNamed(of: readonly AuditEventName[] | 'any', name: string): boolean {
  return of === 'any' || of.some((one) => one === name);
}

/** Of an act on both sides of a case the other side has a mirror; by whom it was is that side's, not this one's. */
function isOwnEntry({ name, side }: SeenEvent): boolean {
  if (name === 'package.opened' || name === 'package.returned') return side === 'recipient';
  return name === 'package.deposited' || name === 'package.withdrawn' ? side === 'sender' : true;
}

function subjectOf(by: SubjectKind, { actor, organisation, caseId }: SeenEvent): string | null {
  switch (by) {
    case 'actor':
      // The same account may act at two schools: what it does here is told here.
      return actor === null ? `${organisation}` : `${organisation} ${actor}`;
    case 'organisation':
      return `${organisation}`;
    case 'case':
      return caseId === null ? null : `${organisation} case:${caseId}`;
  }
}
