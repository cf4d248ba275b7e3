import { and, desc, eq, gt, inArray, isNotNull } from 'drizzle-orm';
import { systemScope } from '../database/scope.ts';
import { equalBytes } from './bytes.ts';
import type { OpenDetail } from './detail.ts';
import { parseEntry } from './entry.ts';
import { sha256 } from './hash.ts';
import type { LogName } from './log-name.ts';
import { LogStopped } from './log-state.ts';
import { readTile } from './log-store.ts';
import { inclusionProof, type ReadSubtree } from './merkle-proof.ts';
import type { ProofSource } from './proof.ts';
import { formatProof, verifyProof } from './proof-text.ts';
import { auditEvents, auditLog, checkpoints } from './tables.ts';
import { subtreesFromTiles, type Tile, tilePath } from './tiles.ts';

/** What proves one line offline. */
export interface LineEvidence {
  /** C2SP tlog-proof with the whole entry; null as long as no published checkpoint covers it. */
  readonly proof: string | null;
  /** Salt (32 bytes) and detail, whose SHA-256 is the entry's commitment; null when it does not open under the gateway's key. */
  readonly opening: Uint8Array | null;
}

/** More at once would be a whole log. */
const maxLines = 300;

/**
 * Proofs and openings of many lines, all against the newest checkpoint of their log, so that tiles are read once. Whoever
 * calls has found out that the lines may be seen: this reads as the log's own job.
 *
 * @returns by event; a line that is not in the database is not in the answer
 */
export async function findLineEvidence(
  source: ProofSource & { readonly openDetail: OpenDetail },
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, LineEvidence>> {
  const ids = eventIds.slice(0, maxLines);
  if (ids.length === 0) return new Map();
  const details = await source.database.transaction(systemScope('ledger'), (tx) =>
    tx
      .select({ id: auditEvents.id, sealed: auditEvents.sealedDetail })
      .from(auditEvents)
      .where(inArray(auditEvents.id, ids)),
  );
  const proofs = await proveAll(source, ids);
  return new Map(
    details.map(({ id, sealed }) => {
      const proven = proofs.get(id);
      const plaintext = source.openDetail(sealed);
      const isOpening = plaintext !== null && (proven === undefined || isCommittedTo(plaintext, proven.entry));
      return [id, { proof: proven?.proof ?? null, opening: isOpening ? plaintext : null }];
    }),
  );
}

interface Proven {
  readonly proof: string;
  readonly entry: Uint8Array;
}

async function proveAll(source: ProofSource, ids: readonly string[]): Promise<ReadonlyMap<string, Proven>> {
  const rows = await source.database.transaction(systemScope('log-proof'), (tx) =>
    tx
      .select({ id: auditLog.eventId, origin: auditLog.origin, index: auditLog.idx, entry: auditLog.entry })
      .from(auditLog)
      .where(inArray(auditLog.eventId, [...ids])),
  );
  const found = new Map<string, Proven>();
  for (const origin of new Set(rows.map((row) => row.origin))) {
    const head = await findHead(source, origin);
    if (head === null) continue;
    for (const { id, index, entry } of rows.filter((row) => row.origin === origin && row.index < head.size)) {
      if (id !== null) found.set(id, await prove(head, index, new TextEncoder().encode(entry)));
    }
  }
  return found;
}

interface Head {
  readonly size: bigint;
  readonly note: string;
  readonly key: Parameters<typeof verifyProof>[2];
  readonly read: ReadSubtree;
}

async function findHead(source: ProofSource, origin: string): Promise<Head | null> {
  const named = await source.logOf(origin);
  const [row] = await source.database.transaction(systemScope('log-proof'), (tx) =>
    tx
      .select({ size: checkpoints.size, note: checkpoints.note })
      .from(checkpoints)
      .where(and(eq(checkpoints.origin, origin), gt(checkpoints.size, 0n), isNotNull(checkpoints.publishedAt)))
      .orderBy(desc(checkpoints.size))
      .limit(1),
  );
  if (named === null || row === undefined) return null;
  return { ...row, key: named.key, read: subtreesFromTiles(row.size, readOnce(source, named.log)) };
}

/** Neighbouring leaves share their tiles. */
function readOnce({ store }: ProofSource, log: LogName): (tile: Tile) => Promise<Uint8Array> {
  const read = new Map<string, Promise<Uint8Array>>();
  return (tile) => {
    const path = tilePath(tile);
    const bytes = read.get(path) ?? readTile(store, log, tile);
    read.set(path, bytes);
    return bytes;
  };
}

async function prove({ size, note, key, read }: Head, index: bigint, entry: Uint8Array): Promise<Proven> {
  const proof = { index, hashes: await inclusionProof(index, size, read), checkpoint: note, extra: entry };
  const verdict = await verifyProof(proof, entry, key);
  if (!verdict.ok) throw new LogStopped('damaged', `the log cannot prove its own entry: ${verdict.fault}`);
  return { proof: formatProof(proof), entry };
}

function isCommittedTo(plaintext: Uint8Array, entry: Uint8Array): boolean {
  const parsed = parseEntry(entry);
  if (!parsed.ok) return false;
  return equalBytes(sha256(plaintext), new Uint8Array(Buffer.from(parsed.value.commitment, 'hex')));
}
