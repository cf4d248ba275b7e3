import { appendEvent } from '../audit/append.ts';
import { findOwnSlice, listOwnSlices, type OwnSlice, readOwnEntries } from '../audit/export-slice.ts';
import { maxExportedEntries, packOwnEntry, packSliceHead, type SliceEcho } from '../audit/slice-file.ts';
import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { assuranceOf, authorise, ownResource, perform, roleOf, schoolOf, type VerbContext } from '../transfers/act.ts';

/** The slices of the log that a board or a school may export: its own, one for each kind and school year. */
export async function listSlices(context: VerbContext): Promise<Result<readonly OwnSlice[]>> {
  const allowed = authorise(context, 'audit.read', ownResource(context.actor));
  if (!allowed.ok) return allowed;
  return ok(await listOwnSlices(context.gateway.database, scopeOf(context.actor)));
}

export interface ExportRange {
  readonly slice: string;
  /** Number in the slice, from 1. */
  readonly from: number;
  /** At most 100,000. */
  readonly limit: number;
}

export interface EntriesExport {
  readonly slice: OwnSlice;
  /** The file, line by line; it is read while it is sent. */
  readonly lines: AsyncIterable<string>;
}

/**
 * A part of an own slice as a file that verifies offline. Another's slice and none are the same (L-11). The export is an act of the
 * log itself, and its entry will be the slice's: when it has come back, nothing before it was kept back (ADR 42).
 */
export async function exportEntries(context: VerbContext, range: ExportRange): Promise<Result<EntriesExport>> {
  const { gateway, actor } = context;
  const attempt = { event: 'log.exported', caseId: null } as const;
  const begun = await perform<Begun>({ ...context, idempotency: null }, attempt, (tx) => begin(tx, context, range));
  if (!begun.ok) return begun;
  const { slice, echo } = begun.value;
  const statement = await gateway.log.stateSlice(slice, gateway.clock);
  const head = packSliceHead({ statement, key: slice.key, echo });
  const from = BigInt(range.from);
  const to = from + BigInt(Math.min(range.limit, maxExportedEntries)) - 1n;
  const entries = readOwnEntries(gateway.database, scopeOf(actor), { slice, from, to });
  return ok({ slice, lines: linesOf(head, entries) });
}

interface Begun {
  readonly slice: OwnSlice;
  readonly echo: SliceEcho;
}

async function begin(tx: Transaction, context: VerbContext, range: ExportRange): Promise<Result<Begun>> {
  const { actor, gateway } = context;
  const allowed = authorise(context, 'audit.read', ownResource(actor));
  if (!allowed.ok) return allowed;
  const slice = await findOwnSlice(tx, scopeOf(actor), range.slice);
  if (slice === null) return refuse(fault('request.not-found'));
  const { body } = await appendEvent(
    tx,
    {
      name: 'log.exported',
      outcome: 'done',
      side: 'gateway',
      organisation: schoolOf(actor),
      actorRole: roleOf(actor),
      purpose: null,
      caseId: null,
      token: null,
      detail: { slice: slice.slice, kind: slice.kind, actor: scopeOf(actor).actor, assurance: assuranceOf(actor) },
      at: gateway.clock.now(),
    },
    gateway.sealDetail,
  );
  return ok({ slice, echo: { nonce: body.nonce, time: body.time } });
}

async function* linesOf(head: string, entries: ReturnType<typeof readOwnEntries>): AsyncIterable<string> {
  yield head;
  for await (const entry of entries) yield packOwnEntry(entry);
}
