import { inArray } from 'drizzle-orm';
import { listPupilEvents, type PupilEventRow } from '../../audit/case-events.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findPupil } from '../../directory/find-member.ts';
import { findSchools } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { PersonActor } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import type { DocumentKind } from '../../records/kinds.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ledgerOf, look, perform, type VerbContext } from '../act.ts';
import { logPlainEvent } from '../record.ts';
import { type CaseRow, listCasesOfPupils } from '../store.ts';
import { isHiddenReceiver } from '../story/rules.ts';
import { documents } from '../tables.ts';
import { explainedEvents, findActing } from './acting.ts';
import { heldBackUntil, isHolding, type LineKind, namesOf, toldUntil } from './rules.ts';
import { type HoldRow, holdsOf } from './store.ts';

export interface LinesInput {
  readonly pupilId: string | null;
  readonly kind: LineKind | null;
  readonly since: Date | null;
  readonly until: Date | null;
  /** One line alone, by its event. */
  readonly id?: string;
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
}

/** One act on a pupil's records, as the pupil or a guardian may know of it. */
export interface PersonLine {
  readonly eventId: string;
  readonly at: string;
  readonly event: string;
  readonly outcome: 'done' | 'refused';
  readonly side: 'sender' | 'recipient' | 'person' | 'gateway';
  readonly role: string;
  readonly assurance: string | null;
  readonly reason: string | null;
  /** Whose act it was, the board's for its auditor. Null for persons and the gateway, and for a receiver in a protected case. */
  readonly school: { readonly code: string; readonly name: string } | null;
  readonly pupilId: string;
  readonly caseId: string | null;
  /** On what ground: the law that the case rests on; null where no case is. */
  readonly ground: string | null;
  /** What was touched, where it was one document. */
  readonly document: DocumentKind | null;
  /** An inquiry had held it back until then. */
  readonly heldBackUntil: string | null;
  /** Whether the receiver is kept from this reader, and with it what would tell. */
  readonly isPartial: boolean;
}

export interface LedgerPage {
  readonly lines: readonly PersonLine[];
  readonly next: { readonly at: Date; readonly id: string } | null;
  /** Pupils whose ledger this person sees. */
  readonly pupils: readonly { readonly id: string; readonly name: string }[];
  readonly delayHours: number;
}

/**
 * A person's whole ledger, newest first: cases, certificates and the register of every pupil whom they are, or are guardian
 * of, as far as the school shows it. Late by the delay, without what an inquiry holds back, without cases that they may not
 * see; and looking at it is itself in the log (P-04).
 */
export async function listLines(context: VerbContext, input: LinesInput): Promise<Result<LedgerPage>> {
  const { actor } = context;
  const seen = await perform(
    { ...context, idempotency: null },
    { event: 'ledger.viewed', caseId: null },
    async (tx) => {
      if (actor.kind !== 'person') return refuse(fault('policy.denied', { detail: 'persons-only' }));
      const reach = await reachOf(tx, context, actor);
      await logPlainEvent(tx, context, 'ledger.viewed', { count: reach.pupils.length });
      return ok(reach);
    },
  );
  return seen.ok ? ok(await readPage(context, seen.value, input)) : seen;
}

/** The same without a line of its own: for what follows a look. */
export async function findLine(context: VerbContext, eventId: string): Promise<PersonLine | null> {
  const { actor } = context;
  if (actor.kind !== 'person' || !uuid.test(eventId)) return null;
  const reach = await look(context, async (tx) => ok(await reachOf(tx, context, actor)));
  if (!reach.ok) return null;
  const all = { pupilId: null, kind: null, since: null, until: null, after: null, limit: 1, id: eventId };
  const { lines } = await readPage(context, reach.value, all);
  return lines[0] ?? null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Reach {
  readonly pupils: readonly { readonly id: string; readonly name: string; readonly isWhole: boolean }[];
  readonly cases: readonly CaseRow[];
  readonly kinds: ReadonlyMap<string, DocumentKind>;
}

/** What this person may know of, by the table of permissions and row level security together. */
async function reachOf(tx: Transaction, context: VerbContext, actor: PersonActor): Promise<Reach> {
  const entitled = actor.pupils.filter(({ scope }) => scope.includes('ledger'));
  const pupils = [];
  for (const { pupilId } of entitled) {
    const pupil = await findPupil(tx, pupilId);
    const resource = { ...ownThing, side: 'person', personEntitled: true, phase: 'ended' } as const;
    const isWhole = pupil !== null && isAllowed(actor, 'ledger.read', { ...resource, protection: pupil.protection });
    // Of a pupil who is protected from this person not even the name is a heading.
    pupils.push({ id: pupilId, name: isWhole ? pupil.displayName : '', isWhole });
  }
  const rows = await listCasesOfPupils(
    tx,
    pupils.map(({ id }) => id),
  );
  const cases = rows.filter((row) => authorise(context, 'ledger.read', ledgerOf(actor, row)).ok);
  return { pupils, cases, kinds: await kindsOf(tx, cases) };
}

async function kindsOf(tx: Transaction, cases: readonly CaseRow[]): Promise<ReadonlyMap<string, DocumentKind>> {
  if (cases.length === 0) return new Map();
  const ids = cases.map(({ id }) => id);
  const rows = await tx
    .select({ kind: documents.kind, digest: documents.ciphertextSha256 })
    .from(documents)
    .where(inArray(documents.caseId, ids))
    .limit(5000);
  return new Map(rows.flatMap(({ kind, digest }) => (digest === null ? [] : [[digest, kind] as const])));
}

async function readPage({ gateway, actor }: VerbContext, reach: Reach, input: LinesInput): Promise<LedgerPage> {
  const now = gateway.clock.now();
  const delayHours = gateway.settings.LEDGER_DELAY_HOURS;
  const told = toldUntil(now, delayHours);
  const chosen = reach.pupils.filter(({ id }) => input.pupilId === null || id === input.pupilId);
  const ids = chosen.map(({ id }) => id);
  const { rows, holds } = await gateway.database.transaction(systemScope('ledger'), async (tx) => {
    const found = await holdsOf(tx, ids);
    const held = found.filter((hold) => isHolding(hold, now));
    const filter = {
      pupilIds: ids,
      caseIds: reach.cases.map(({ id }) => id),
      wholePupilIds: chosen.filter(({ isWhole }) => isWhole).map(({ id }) => id),
      since: input.since,
      until: input.until !== null && input.until < told ? input.until : told,
      names: namesOf(input.kind),
      id: input.id ?? null,
      held: held.map(({ pupilId, schoolCode, since }) => ({ pupilId, organisation: schoolCode, since })),
      after: input.after,
      limit: input.limit + 1,
    };
    return { rows: await listPupilEvents(tx, filter), holds: found };
  });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const organisationOf = await gateway.database.transaction(systemScope('ledger'), async (tx) => {
    const codeOf = await findActing(tx, page);
    const names = await findSchools(
      tx,
      page.flatMap((row) => codeOf(row) ?? []),
    );
    return (row: PupilEventRow) => {
      const code = codeOf(row);
      return code === null ? null : { code, name: names.get(code)?.name ?? code };
    };
  });
  return {
    lines: page.map((row) => toLine(row, { cases: reach.cases, kinds: reach.kinds, holds, organisationOf, actor })),
    next: rows.length > page.length && last !== undefined ? { at: last.at, id: last.id } : null,
    pupils: reach.pupils.filter(({ isWhole }) => isWhole).map(({ id, name }) => ({ id, name })),
    delayHours,
  };
}

interface Known {
  readonly cases: readonly CaseRow[];
  readonly kinds: ReadonlyMap<string, DocumentKind>;
  readonly holds: readonly HoldRow[];
  readonly organisationOf: (row: PupilEventRow) => { readonly code: string; readonly name: string } | null;
  readonly actor: VerbContext['actor'];
}

function toLine(row: PupilEventRow, { cases, kinds, holds, organisationOf, actor }: Known): PersonLine {
  const about = cases.find(({ id }) => id === row.caseId) ?? null;
  const isPartial = about !== null && isHiddenReceiver(actor, about);
  const isNamed = row.side !== 'person' && !(isPartial && row.side === 'recipient');
  return {
    eventId: row.id,
    at: row.at.toISOString(),
    event: row.name,
    outcome: row.outcome,
    side: row.side,
    role: row.actorRole,
    assurance: row.assurance,
    reason: explainedEvents.includes(row.name) ? row.reason : null,
    school: isNamed ? organisationOf(row) : null,
    pupilId: row.pupilId,
    caseId: row.caseId,
    ground: about?.legalBasis ?? null,
    document: row.objectDigest === null ? null : (kinds.get(row.objectDigest) ?? null),
    heldBackUntil: heldBackUntil(row, holds)?.toISOString() ?? null,
    isPartial,
  };
}
