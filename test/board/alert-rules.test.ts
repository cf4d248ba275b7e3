import { describe, expect, it } from 'vitest';
import { auditEventNames } from '../../src/audit/event-names.ts';
import { type AlertRuleId, alertRuleIds, ruleOf } from '../../src/board/alerts/rule-table.ts';
import {
  evaluate,
  isOutOfHours,
  isWithinLimits,
  matchesOf,
  type Outcome,
  type SeenEvent,
  type Sighting,
  waitOf,
} from '../../src/board/alerts/rules.ts';
import { troublesOf } from '../../src/board/alerts/watch-log.ts';

const minute = 60_000;
/** A Wednesday, 10:00 in Japan. */
const noon = new Date('2026-05-13T01:00:00Z');

function event(more: Partial<SeenEvent> = {}): SeenEvent {
  return {
    id: 'e',
    at: noon,
    name: 'package.opened',
    outcome: 'done',
    reason: null,
    side: 'recipient',
    organisation: 'school',
    caseId: 'c',
    actor: 'staff:1',
    ...more,
  };
}

function rulesFor(more: Partial<SeenEvent>): AlertRuleId[] {
  return matchesOf(event(more)).map(({ rule }) => rule);
}

function sightings(count: number, apartMs: number, from = noon): Sighting[] {
  return Array.from({ length: count }, (_, index) => ({
    eventId: `${from.getTime()}-${index}`,
    at: new Date(from.getTime() + index * apartMs),
  }));
}

describe('which entries count for which rule', () => {
  it('an opening by staff counts for the bulk rule of that person at that school', () => {
    expect(matchesOf(event())).toEqual([{ rule: 'bulk-opening', subject: 'school staff:1' }]);
    expect(rulesFor({ actor: 'machine:1' })).toEqual(['bulk-system']);
  });

  it('the mirror of an act on the other side counts for nobody: it would tell who acted there', () => {
    expect(rulesFor({ side: 'sender' })).toEqual([]);
  });

  it('what no school did cannot be put down to one', () => {
    expect(rulesFor({ organisation: null })).toEqual([]);
  });

  it('night and weekend are those of Japan', () => {
    expect(rulesFor({ at: new Date('2026-05-13T12:59:59Z') })).toEqual(['bulk-opening']);
    expect(rulesFor({ at: new Date('2026-05-13T13:00:00Z') })).toEqual(['bulk-opening', 'out-of-hours']);
    expect(isOutOfHours(new Date('2026-05-12T20:59:59Z'))).toBe(true);
    expect(isOutOfHours(new Date('2026-05-12T21:00:00Z'))).toBe(false);
    // Friday 23:59 in UTC is Saturday morning in Japan.
    expect(isOutOfHours(new Date('2026-05-15T23:59:00Z'))).toBe(true);
    expect(isOutOfHours(new Date('2026-05-17T23:00:00Z'))).toBe(false);
  });

  it('a day off of the calendar counts like a night', () => {
    // 建国記念の日, a Wednesday, and the turn of the year.
    expect(isOutOfHours(new Date('2026-02-11T03:00:00Z'))).toBe(true);
    expect(isOutOfHours(new Date('2026-12-30T03:00:00Z'))).toBe(true);
  });

  it('a case that is not theirs counts as foreign, another refusal as a refusal', () => {
    const refused = { outcome: 'refused', name: 'access.denied' } as const;
    expect(rulesFor({ ...refused, reason: 'case.not-found:protected' })).toEqual(['foreign-case', 'many-refusals']);
    expect(rulesFor({ ...refused, reason: 'policy.denied' })).toEqual(['many-refusals']);
  });

  it.each([
    ['seal-key.imported', 'key-changed'],
    ['machine.key-added', 'key-changed'],
    ['seal-key.doubted', 'key-doubted'],
    ['member.granted', 'role-changed'],
    ['login.disowned', 'log-in-disowned'],
    ['break-glass.opened', 'glass-broken'],
    ['access.reported', 'not-recognised'],
  ] as const)('%s raises %s', (name, rule) => {
    expect(rulesFor({ name })).toEqual([rule]);
    expect(rulesFor({ name, outcome: 'refused', reason: 'x' })).not.toContain(rule);
  });

  it('a deposit begins a wait on its side, an opening, return or withdrawal ends it, a refusal does neither', () => {
    expect(waitOf(event({ name: 'package.deposited' }))).toBe('begins');
    for (const name of ['package.opened', 'package.returned', 'package.withdrawn']) {
      expect(waitOf(event({ name }))).toBe('ends');
    }
    expect(waitOf(event({ name: 'package.opened', outcome: 'refused' }))).toBeNull();
    expect(waitOf(event({ name: 'package.verified' }))).toBeNull();
  });
});

describe('counting', () => {
  const limits = { threshold: 3, windowMinutes: 60 };
  const none = { earlier: [], running: null };
  const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind, sightings: of }) => `${kind} ${of.length}`);

  it('raises at the threshold and not one below', () => {
    expect(kinds(evaluate(limits, { ...none, fresh: sightings(2, minute) }))).toEqual(['keep 2']);
    expect(kinds(evaluate(limits, { ...none, fresh: sightings(3, minute) }))).toEqual(['raise 3']);
  });

  it('counts within the window, whose end is outside', () => {
    expect(kinds(evaluate(limits, { ...none, fresh: sightings(3, 30 * minute) }))).toEqual(['keep 2']);
    expect(kinds(evaluate(limits, { ...none, fresh: sightings(3, 30 * minute - 1) }))).toEqual(['raise 3']);
  });

  it('goes on from what was counted in earlier rounds', () => {
    const [one, two, three] = sightings(3, minute);
    if (one === undefined || two === undefined || three === undefined) throw new Error('three were made');
    expect(kinds(evaluate(limits, { earlier: [one, two], fresh: [three], running: null }))).toEqual(['raise 3']);
  });

  it('adds to an alert that runs, until its window is over', () => {
    const running = { id: 'a', firstAt: noon };
    const later = sightings(5, 1, new Date(noon.getTime() + 59 * minute));
    expect(evaluate(limits, { earlier: [], fresh: later, running })).toEqual([
      { kind: 'add', alertId: 'a', sightings: later },
    ]);
    const after = sightings(2, 1, new Date(noon.getTime() + 60 * minute));
    expect(kinds(evaluate(limits, { earlier: [], fresh: after, running }))).toEqual(['keep 2']);
  });

  it('makes one alert of a storm in one window', () => {
    expect(kinds(evaluate(limits, { ...none, fresh: sightings(10_000, 100) }))).toEqual(['raise 10000']);
  });

  it('does not depend on how the entries were cut into rounds', () => {
    const all = sightings(40, 7 * minute);
    const whole = evaluate(limits, { ...none, fresh: all });
    let earlier: Sighting[] = [];
    let running: { id: string; firstAt: Date } | null = null;
    const raised: number[] = [];
    for (const one of all) {
      for (const outcome of evaluate(limits, { earlier, fresh: [one], running })) {
        if (outcome.kind === 'keep') earlier = [...earlier, ...outcome.sightings];
        if (outcome.kind === 'add') raised.push((raised.pop() ?? 0) + outcome.sightings.length);
        if (outcome.kind !== 'raise') continue;
        raised.push(outcome.sightings.length);
        running = { id: 'a', firstAt: outcome.sightings[0]?.at ?? noon };
        earlier = [];
      }
    }
    expect(raised).toEqual(whole.filter(({ kind }) => kind === 'raise').map((outcome) => outcome.sightings.length));
  });
});

describe('the table', () => {
  it('names events that exist, has its usual threshold within its limits, and tells somebody', () => {
    for (const id of alertRuleIds) {
      const { source, threshold, to, windowMinutes, version } = ruleOf(id);
      const named = source.kind === 'events' && source.of !== 'any' ? source.of : [];
      expect(named.filter((name) => !auditEventNames.includes(name))).toEqual([]);
      expect(isWithinLimits(id, threshold.usual)).toBe(true);
      expect(isWithinLimits(id, threshold.least - 1)).toBe(false);
      expect(isWithinLimits(id, threshold.most + 1)).toBe(false);
      expect(isWithinLimits(id, threshold.usual + 0.5)).toBe(false);
      expect(to.length).toBeGreaterThan(0);
      // Sightings are kept for eight days.
      expect(windowMinutes).toBeLessThanOrEqual(7 * 24 * 60);
      expect(version).toBeGreaterThan(0);
    }
  });
});

describe('the log', () => {
  const away = { witness: 'w', cosignedAt: null, trouble: 'silent', troubleAt: new Date(noon.getTime() - 60 * minute) };

  it('is trouble when it is behind or a witness has been away for an hour', () => {
    expect(troublesOf({ state: 'good', witnesses: [] }, noon)).toEqual([]);
    expect(troublesOf({ state: 'late', witnesses: [] }, noon)).toEqual(['late']);
    expect(troublesOf({ state: 'stalled', witnesses: [away] }, noon)).toEqual(['stalled', 'witness']);
    expect(troublesOf({ state: 'good', witnesses: [away] }, new Date(noon.getTime() - 1))).toEqual([]);
  });
});
