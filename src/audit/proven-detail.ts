import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActorScope } from '../database/scope.ts';
import { ok, type Result, refuse } from '../result.ts';
import { fromHex } from './bytes.ts';
import { type OpenDetail, revealDetail } from './detail.ts';
import { parseEntry } from './entry.ts';
import { findProof, type ProofSource } from './proof.ts';
import { parseProof } from './proof-text.ts';
import { auditEvents } from './tables.ts';

/** What an event committed to, out of the log itself and not out of the row that parties read. */
export interface ProvenDetail {
  /** As the entry says it; a refused act ends in `.refused`. */
  readonly event: string;
  readonly organisation: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * `event.not-yet`: true until a published checkpoint covers it. `event.unproven`: there is no such event in this scope,
 * its detail does not open under the gateway's key, or it is not what the entry in the log has committed to.
 */
export type ProvenDetailReason = 'event.not-yet' | 'event.unproven';

const committed = z.object({
  eventId: z.string(),
  organisation: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

/** Reads an event's detail and holds it to the log: key, commitment and inclusion, each of them has to be right. */
export async function findProvenDetail(
  source: ProofSource & { readonly openDetail: OpenDetail },
  scope: ActorScope,
  eventId: string,
): Promise<Result<ProvenDetail, ProvenDetailReason>> {
  const [row] = await source.database.transaction(scope, (tx) =>
    tx.select({ sealedDetail: auditEvents.sealedDetail }).from(auditEvents).where(eq(auditEvents.id, eventId)),
  );
  const plaintext = row === undefined ? null : source.openDetail(row.sealedDetail);
  if (plaintext === null) return refuse('event.unproven');
  const text = await findProof(source, scope, eventId);
  if (text === null) return refuse('event.not-yet');
  // The proof was verified against the log's key before it was given.
  const proof = parseProof(text);
  const entry = proof.ok && proof.value.extra !== null ? parseEntry(proof.value.extra) : null;
  if (entry === null || !entry.ok) return refuse('event.unproven');
  const facts = committed.safeParse(revealDetail(plaintext, fromHex(entry.value.commitment) ?? new Uint8Array()));
  if (!facts.success || facts.data.eventId !== eventId) return refuse('event.unproven');
  const { organisation, detail } = facts.data;
  return ok({ event: entry.value.event, organisation, detail });
}
