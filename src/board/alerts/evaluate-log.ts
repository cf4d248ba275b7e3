import { type EntrySeen, listOrigins, readEntries } from '../../audit/read-entries.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findBoards } from '../../directory/find-contact.ts';
import type { Gateway } from '../../gateway.ts';
import { type Raised, raiseAlert } from './raise-alert.ts';
import { type AlertRuleId, ruleOf } from './rule-table.ts';
import { evaluate, matchesOf, type Outcome, type Sighting, waitOf } from './rules.ts';
import {
  addToAlert,
  beginWait,
  endWaits,
  findCounted,
  findRunning,
  keepSightings,
  keptActors,
  keptSightings,
  listThresholds,
  moveCursor,
  takeCursor,
} from './store.ts';
import { type AlertRow, alertsJob } from './tables.ts';

/** What the rounds need of the gateway. */
export interface AlertParts extends Pick<Gateway, 'database' | 'clock' | 'sealDetail'> {
  readonly log: Pick<Gateway['log'], 'openDetail'>;
}

const batch = 500;
/** A round reads no more than this; what is left is the next one's. */
const batchesAtOnce = 40;
/** What is older is history: a gateway that begins to watch late does not wake people about it. */
const newsMs = 7 * 86_400_000;

/**
 * Reads the log on from where it was left, and raises what its entries amount to. Place, counts and alerts change in one
 * transaction for each batch: a process that dies in between has done a batch wholly or not at all.
 */
export async function evaluateLog(parts: AlertParts): Promise<void> {
  const { database } = parts;
  const origins = await database.transaction(systemScope(alertsJob), listOrigins);
  for (const origin of origins) {
    for (let round = 0; round < batchesAtOnce; round += 1) {
      const read = await database.transaction(systemScope(alertsJob), (tx) => evaluateBatch(tx, parts, origin));
      if (read < batch) break;
    }
  }
}

/** Gives how many entries were read. */
async function evaluateBatch(tx: Transaction, parts: AlertParts, origin: string): Promise<number> {
  const from = await takeCursor(tx, origin);
  if (from === null) return 0;
  const { entries, next } = await readEntries(tx, parts.log.openDetail, { origin, index: from, limit: batch });
  if (next === from) return 0;
  await keepWaits(tx, entries);
  const since = parts.clock.now().getTime() - newsMs;
  const groups = groupsOf(entries.filter(({ at }) => at.getTime() > since));
  const schools = [...new Set(groups.map(({ organisation }) => organisation))];
  const [boards, thresholds] = await Promise.all([findBoards(tx, schools), listThresholds(tx)]);
  for (const group of groups) {
    const board = boards.get(group.organisation) ?? null;
    const threshold = thresholds.get(`${board} ${group.rule}`) ?? ruleOf(group.rule).threshold.usual;
    await evaluateGroup(tx, parts, { ...group, board, threshold });
  }
  await moveCursor(tx, origin, next);
  return Number(next - from);
}

interface Group {
  readonly rule: AlertRuleId;
  readonly subject: string;
  readonly organisation: string;
  readonly entries: EntrySeen[];
}

function groupsOf(entries: readonly EntrySeen[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    for (const { rule, subject } of matchesOf(entry)) {
      const key = `${rule} ${subject}`;
      const group = groups.get(key) ?? { rule, subject, organisation: entry.organisation ?? '', entries: [] };
      group.entries.push(entry);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

type Judged = Group & Pick<Raised, 'board' | 'threshold'>;

async function evaluateGroup(tx: Transaction, parts: AlertParts, group: Judged): Promise<void> {
  const { rule, subject, threshold } = group;
  const { windowMinutes } = ruleOf(rule);
  const fresh = group.entries
    .map(({ id: eventId, at }) => ({ eventId, at }))
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const [first] = fresh;
  if (first === undefined) return;
  const after = new Date(first.at.getTime() - windowMinutes * 60_000);
  const running = await findRunning(tx, { rule, subject, after });
  const earlier = await findCounted(tx, { rule, subject, after, limit: threshold });
  for (const outcome of evaluate({ threshold, windowMinutes }, { earlier, fresh, running })) {
    await carryOut(tx, parts, { group, outcome, running });
  }
}

async function carryOut(
  tx: Transaction,
  parts: AlertParts,
  done: { readonly group: Judged; readonly outcome: Outcome; readonly running: AlertRow | null },
): Promise<void> {
  const { group, outcome, running } = done;
  const { rule, subject } = group;
  const { sightings } = outcome;
  switch (outcome.kind) {
    case 'keep':
      return keepSightings(tx, { rule, subject, alertId: null }, sightings);
    case 'raise': {
      const id = await raiseAlert(tx, parts, raisedBy(group, sightings));
      return keepSightings(tx, { rule, subject, alertId: id }, sightings.slice(0, keptSightings));
    }
    case 'add': {
      if (running === null) return;
      const actors = [...new Set([...running.actors, ...actorsOf(group, sightings)])].slice(0, keptActors);
      const lastAt = sightings.reduce((last, { at }) => (at > last ? at : last), running.lastAt);
      await addToAlert(tx, running, { count: sightings.length, lastAt, actors });
      const room = Math.max(keptSightings - running.count, 0);
      return keepSightings(tx, { rule, subject, alertId: outcome.alertId }, sightings.slice(0, room));
    }
  }
}

function raisedBy(group: Judged, sightings: readonly Sighting[]): Raised {
  const { rule, subject, organisation, board, threshold } = group;
  const caseIds = new Set(entriesOf(group, sightings).map(({ caseId }) => caseId));
  const [caseId = null] = caseIds;
  return {
    rule,
    subject,
    organisation,
    board,
    threshold,
    caseId: caseIds.size === 1 ? caseId : null,
    actors: actorsOf(group, sightings).slice(0, keptActors),
    times: sightings.map(({ at }) => at),
  };
}

function actorsOf(group: Group, sightings: readonly Sighting[]): string[] {
  return [...new Set(entriesOf(group, sightings).flatMap(({ actor }) => (actor === null ? [] : [actor])))];
}

function entriesOf({ entries }: Group, sightings: readonly Sighting[]): readonly EntrySeen[] {
  const ids = new Set(sightings.map(({ eventId }) => eventId));
  return entries.filter(({ id }) => ids.has(id));
}

/** In the order of the log: a package that was deposited anew waits anew. */
async function keepWaits(tx: Transaction, entries: readonly EntrySeen[]): Promise<void> {
  for (const entry of entries) {
    const { caseId, organisation } = entry;
    const wait = waitOf(entry);
    if (wait === null || caseId === null || organisation === null) continue;
    if (wait === 'ends') await endWaits(tx, [caseId]);
    else await beginWait(tx, { caseId, organisation, eventId: entry.id, since: entry.at });
  }
}
