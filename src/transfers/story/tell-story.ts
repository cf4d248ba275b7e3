import { z } from 'zod';
import type { LineEvidence } from '../../audit/line-evidence.ts';
import type { FlattenedJws } from '../../crypto/jose.ts';
import { fault } from '../../faults.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { isAllowed } from '../../policy/decide.ts';
import { maxStoryLines } from '../../records/story-format.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { parseJson } from '../../verification/parse-json.ts';
import { look, resourceOf, type VerbContext } from '../act.ts';
import type { LedgerLine } from '../ledger-line.ts';
import { showCase, showLedger, showReceipts } from '../show-case.ts';
import { type CaseRow, findCase, listContainerSeals, type ReceiptRow } from '../store.ts';
import type { CaseView } from '../view.ts';
import { attachReceipts, isHiddenReceiver, withoutMirrors } from './rules.ts';

/** One act of a case with what proves it. */
export interface StoryItem {
  readonly line: LedgerLine;
  /** Null where this reader is not given it. */
  readonly evidence: LineEvidence | null;
  readonly receipt: ReceiptRow | null;
  readonly receiptProof: string | null;
}

/** A case's evidence as one side may see it. */
export interface Story {
  readonly view: CaseView;
  readonly items: readonly StoryItem[];
  /** There are more acts than one page or bundle takes. */
  readonly isCut: boolean;
  readonly manifest: FlattenedJws | null;
  readonly seals: Awaited<ReturnType<typeof listContainerSeals>>;
  readonly renewal: Uint8Array | null;
}

/**
 * The whole evidence of a case for a party: the acts of its own side with those of the other side that it was told, each with
 * receipt, proof and opening; the seal; the renewal record. For persons it is a look at the ledger, and is logged as one.
 *
 * @returns `case.not-found` alike for others' cases and whoever may not see the ledger
 */
export async function tellStory(context: VerbContext, caseId: string): Promise<Result<Story>> {
  const shown = await showCase(context, caseId);
  if (!shown.ok) return shown;
  const ledger = await showLedger(context, caseId);
  if (!ledger.ok) return ledger;
  const receipts = shown.value.receipts.length > 0 ? await showReceipts(context, caseId) : null;
  if (receipts?.ok === false) return receipts;
  const sealed = await look(context, async (tx) => {
    const row = await findCase(tx, caseId);
    if (row === null) return refuse(fault('case.not-found'));
    return ok({ row, seals: row.manifest === null ? [] : await listContainerSeals(tx, caseId) });
  });
  if (!sealed.ok) return sealed;
  const { row, seals } = sealed.value;
  const told = withoutMirrors(ledger.value);
  const hidden = isHiddenReceiver(context.actor, row);
  const items = await proveItems(context, {
    lines: told.slice(0, maxStoryLines),
    receipts: hidden ? [] : (receipts?.value.receipts ?? []),
    hidden,
  });
  const mayReadManifest = !hidden && readsManifest(context.actor, row);
  return ok({
    view: shown.value,
    items,
    isCut: told.length > maxStoryLines,
    manifest: mayReadManifest ? row.manifest : null,
    seals: mayReadManifest ? seals : [],
    renewal: mayReadManifest ? (receipts?.value.renewal ?? null) : null,
  });
}

async function proveItems(
  { gateway, actor }: VerbContext,
  of: {
    readonly lines: readonly LedgerLine[];
    readonly receipts: readonly ReceiptRow[];
    readonly hidden: boolean;
  },
): Promise<readonly StoryItem[]> {
  const attached = attachReceipts(of.lines, of.receipts);
  const ids = new Set([...of.lines.map(({ eventId }) => eventId), ...of.receipts.map(({ eventId }) => eventId)]);
  const evidence = await gateway.log.findLineEvidence([...ids]);
  return of.lines.map((line) => {
    const receipt = attached.get(line.eventId) ?? null;
    const found = evidence.get(line.eventId) ?? null;
    return {
      line,
      // An opening names the school that acted: where the receiver is not told, neither is that.
      evidence:
        found === null ? null : { ...found, opening: of.hidden || !mayOpen(actor, line, found) ? null : found.opening },
      receipt,
      receiptProof: receipt === null ? null : (evidence.get(receipt.eventId)?.proof ?? null),
    };
  });
}

const committed = z.object({ detail: z.object({ actor: z.string() }) });

/** What one has done oneself, and what schools did; nobody is given the number of another person. */
function mayOpen(actor: Actor, { side }: LedgerLine, { opening }: LineEvidence): boolean {
  if (actor.kind !== 'person' || side !== 'person') return true;
  const facts = committed.safeParse(opening === null ? null : parseJson(opening.subarray(32)));
  return facts.data?.detail.actor === scopeOf(actor).actor;
}

/** The sealed manifest names the pupil: whoever sees the birth date on the page of the case sees it here. */
function readsManifest(actor: Actor, row: CaseRow): boolean {
  const resource = resourceOf(actor, row, 'records');
  if (resource.side === 'sender') return true;
  if (resource.side === 'recipient') return resource.phase === 'opened' || resource.phase === 'ended';
  return isAllowed(actor, 'document.read', resource);
}
