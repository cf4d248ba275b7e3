import { and, desc, eq, gt, isNotNull } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { type ActorScope, systemScope } from '../database/scope.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { LogName } from './log-name.ts';
import { LogStopped } from './log-state.ts';
import { readTile } from './log-store.ts';
import { inclusionProof } from './merkle-proof.ts';
import type { VerifierKey } from './note.ts';
import { formatProof, verifyProof } from './proof-text.ts';
import { auditEvents, auditLog, checkpoints } from './tables.ts';
import { subtreesFromTiles } from './tiles.ts';

export interface ProofSource {
  readonly database: Database;
  readonly store: ObjectStore;
  /** The log of an origin: its place in the store and its key. */
  logOf(origin: string): Promise<{ readonly log: LogName; readonly key: VerifierKey } | null>;
}

/**
 * The C2SP tlog-proof of an event, with its full entry as the extra line; null as long as no published checkpoint
 * covers it, and for an event that the scope may not see.
 */
export async function findProof(source: ProofSource, scope: ActorScope, eventId: string): Promise<string | null> {
  const place = await findPlace(source.database, scope, eventId);
  if (place === null) return null;
  const named = await source.logOf(place.origin);
  if (named === null) return null;
  const read = subtreesFromTiles(place.size, (tile) => readTile(source.store, named.log, tile));
  const entry = new TextEncoder().encode(place.entry);
  const proof = {
    index: place.index,
    hashes: await inclusionProof(place.index, place.size, read),
    checkpoint: place.note,
    extra: entry,
  };
  // A tile that was tampered with must not become a receipt that fails years later.
  const verdict = await verifyProof(proof, entry, named.key);
  if (!verdict.ok) throw new LogStopped('damaged', `the log cannot prove its own entry: ${verdict.fault}`);
  return formatProof(proof);
}

interface Place {
  readonly origin: string;
  readonly index: bigint;
  readonly entry: string;
  readonly size: bigint;
  readonly note: string;
}

async function findPlace(database: Database, scope: ActorScope, eventId: string): Promise<Place | null> {
  if (!uuid.test(eventId)) return null;
  const visible = await database.transaction(scope, (tx) =>
    tx.select({ id: auditEvents.id }).from(auditEvents).where(eq(auditEvents.id, eventId)),
  );
  if (visible.length === 0) return null;
  return database.transaction(systemScope('log-proof'), async (tx) => {
    const [row] = await tx.select().from(auditLog).where(eq(auditLog.eventId, eventId));
    if (row === undefined) return null;
    const covering = and(
      eq(checkpoints.origin, row.origin),
      gt(checkpoints.size, row.idx),
      isNotNull(checkpoints.publishedAt),
    );
    // The newest, so that everybody who asks at a time compares the same head.
    const [head] = await tx.select().from(checkpoints).where(covering).orderBy(desc(checkpoints.size)).limit(1);
    if (head === undefined) return null;
    return { origin: row.origin, index: row.idx, entry: row.entry, size: head.size, note: head.note };
  });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
