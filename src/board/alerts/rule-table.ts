import type { AuditEventName } from '../../audit/event-names.ts';

/** How loud: `severe` is looked at today, `warning` this week, `notice` when there is time. */
export const severities = ['severe', 'warning', 'notice'] as const;
export type Severity = (typeof severities)[number];

/** What is told apart: one alert for each actor, school or case that the rule is about. */
export type SubjectKind = 'actor' | 'organisation' | 'case';

/** Acts and refusals of the ledger: so many by one subject within the window. */
export interface EventSource {
  readonly kind: 'events';
  readonly of: readonly AuditEventName[] | 'any';
  readonly outcome: 'done' | 'refused';
  /** Which actors, by the first part of their name in the log. */
  readonly actors?: 'staff' | 'machine';
  /** How the exact reason of a refusal begins. */
  readonly reason?: string;
  /** Only at night in Japan, or on a day on which schools are closed. */
  readonly when?: 'outOfHours';
  readonly by: SubjectKind;
}

/** Something that came and was not dealt with: the threshold counts days. */
export interface WaitSource {
  readonly kind: 'waits';
  readonly begins: readonly AuditEventName[];
  readonly ends: readonly AuditEventName[];
}

export const logTroubles = ['late', 'stalled', 'witness', 'stopped'] as const;
export type LogTrouble = (typeof logTroubles)[number];

/** What the gateway sees of its own log; its threshold is no board's to set. */
export interface LogSource {
  readonly kind: 'log';
  readonly trouble: LogTrouble;
}

/** Who looks at it: the school's principal and vice-principal; the board's auditors; of the log its administrators too. */
export type Audience = 'school' | 'board' | 'administrator';

export interface AlertRule {
  /** Counts up when its meaning changes; an alert keeps the version that raised it. */
  readonly version: number;
  readonly severity: Severity;
  readonly source: EventSource | WaitSource | LogSource;
  readonly windowMinutes: number;
  /** What a board may set it to. */
  readonly threshold: { readonly usual: number; readonly least: number; readonly most: number };
  readonly to: readonly Audience[];
}

const hour = 60;
const day = 24 * hour;
const once = { usual: 1, least: 1, most: 1 } as const;
const both = ['school', 'board'] as const;
/** A package that lies in the locker until somebody takes it out, either way. */
const uncollected = {
  kind: 'waits',
  begins: ['package.deposited'],
  ends: ['package.opened', 'package.returned', 'package.withdrawn'],
} as const;
const ofTheLog = ['board', 'administrator'] as const;
/** Where a record's content leaves the locker. */
const openings = ['package.opened', 'document.handed-over', 'container.handed-over'] as const;

/** Every rule, as data. What each is called and says in both languages: `web/locales/…/alert.ts`, `alert.rule-…`. */
export const alertRules = {
  'bulk-opening': {
    version: 1,
    severity: 'warning',
    source: { kind: 'events', of: openings, outcome: 'done', actors: 'staff', by: 'actor' },
    windowMinutes: hour,
    threshold: { usual: 40, least: 10, most: 400 },
    to: both,
  },
  'bulk-system': {
    version: 1,
    severity: 'warning',
    source: { kind: 'events', of: openings, outcome: 'done', actors: 'machine', by: 'actor' },
    windowMinutes: hour,
    threshold: { usual: 500, least: 50, most: 5000 },
    to: both,
  },
  'out-of-hours': {
    version: 1,
    severity: 'notice',
    source: { kind: 'events', of: openings, outcome: 'done', actors: 'staff', when: 'outOfHours', by: 'actor' },
    windowMinutes: 12 * hour,
    threshold: { usual: 3, least: 1, most: 100 },
    to: both,
  },
  'foreign-case': {
    version: 1,
    severity: 'severe',
    source: { kind: 'events', of: 'any', outcome: 'refused', reason: 'case.not-found', by: 'actor' },
    windowMinutes: day,
    threshold: { usual: 5, least: 1, most: 50 },
    to: both,
  },
  'many-refusals': {
    version: 1,
    severity: 'warning',
    source: { kind: 'events', of: 'any', outcome: 'refused', by: 'actor' },
    windowMinutes: hour,
    threshold: { usual: 20, least: 5, most: 200 },
    to: both,
  },
  'key-changed': {
    version: 1,
    severity: 'notice',
    source: {
      kind: 'events',
      of: [
        'seal-key.imported',
        'seal-key.withdrawn',
        'machine.registered',
        'machine.changed',
        'machine.key-added',
        'machine.key-retired',
        'badge-key.made',
      ],
      outcome: 'done',
      by: 'organisation',
    },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  'key-doubted': {
    version: 1,
    severity: 'severe',
    source: { kind: 'events', of: ['seal-key.doubted'], outcome: 'done', by: 'organisation' },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  'role-changed': {
    version: 1,
    severity: 'notice',
    source: {
      kind: 'events',
      of: ['member.granted', 'member.changed', 'member.ended', 'member.joined', 'persons.merged', 'person.split'],
      outcome: 'done',
      by: 'organisation',
    },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  'log-in-disowned': {
    version: 1,
    severity: 'severe',
    source: { kind: 'events', of: ['login.disowned'], outcome: 'done', by: 'actor' },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  'glass-broken': {
    version: 2,
    severity: 'warning',
    source: { kind: 'events', of: ['break-glass.opened', 'board-glass.opened'], outcome: 'done', by: 'case' },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  'not-recognised': {
    version: 1,
    severity: 'severe',
    source: { kind: 'events', of: ['access.reported'], outcome: 'done', by: 'case' },
    windowMinutes: day,
    threshold: once,
    to: both,
  },
  uncollected: {
    version: 1,
    severity: 'notice',
    source: uncollected,
    windowMinutes: 7 * day,
    threshold: { usual: 7, least: 3, most: 15 },
    to: both,
  },
  'uncollected-long': {
    version: 1,
    severity: 'warning',
    source: uncollected,
    windowMinutes: 7 * day,
    threshold: { usual: 15, least: 7, most: 30 },
    to: both,
  },
  'log-late': {
    version: 1,
    severity: 'warning',
    source: { kind: 'log', trouble: 'late' },
    windowMinutes: day,
    threshold: once,
    to: ofTheLog,
  },
  'log-stalled': {
    version: 1,
    severity: 'severe',
    source: { kind: 'log', trouble: 'stalled' },
    windowMinutes: day,
    threshold: once,
    to: ofTheLog,
  },
  'log-witness': {
    version: 1,
    severity: 'warning',
    source: { kind: 'log', trouble: 'witness' },
    windowMinutes: day,
    threshold: once,
    to: ofTheLog,
  },
  'log-stopped': {
    version: 1,
    severity: 'severe',
    source: { kind: 'log', trouble: 'stopped' },
    windowMinutes: day,
    threshold: once,
    to: ofTheLog,
  },
} as const satisfies Readonly<Record<string, AlertRule>>;

export type AlertRuleId = keyof typeof alertRules;
// Sound: the keys of the table above.
export const alertRuleIds = Object.keys(alertRules) as readonly AlertRuleId[];

export function ruleOf(id: AlertRuleId): AlertRule {
  return alertRules[id];
}
