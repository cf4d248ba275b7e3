import { z } from 'zod';
import { scopeOf } from '../../policy/actor.ts';
import { parseJson } from '../../verification/parse-json.ts';
import type { VerbContext } from '../act.ts';
import type { Download } from '../render.ts';
import { bundleLines } from '../story/bundle.ts';
import type { LedgerPage } from './list-lines.ts';

const committed = z.object({ detail: z.object({ actor: z.string() }) });

/** A page of a person's ledger as one file that verifies offline: each line's entry, its proof, and what it has committed to. */
export async function bundleLedger({ gateway, actor }: VerbContext, page: LedgerPage): Promise<Download> {
  const evidence = await gateway.log.findLineEvidence(page.lines.map(({ eventId }) => eventId));
  const own = scopeOf(actor).actor;
  const lines = page.lines.map(({ eventId: id, at, event, outcome, side, role, isPartial }) => {
    const found = evidence.get(id);
    const opening = found?.opening ?? null;
    const by = committed.safeParse(opening === null ? null : parseJson(opening.subarray(32))).data?.detail.actor;
    // An opening tells the school, and the number of whoever acted: not of another person, and not of a receiver that is hidden.
    const mayOpen = !isPartial && (side !== 'person' || by === own);
    return {
      id,
      at,
      event,
      outcome,
      side,
      role,
      proof: found?.proof ?? null,
      opening: mayOpen ? opening : null,
      receipt: null,
      receiptProof: null,
    };
  });
  const nothing = { manifest: null, seals: [], renewal: null };
  return bundleLines(gateway, { case: null, isWhole: page.next === null, lines, ...nothing, name: 'ledger' });
}
