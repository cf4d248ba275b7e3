import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { openChunk } from '../crypto/chunked.ts';
import { ChunkedDecryptionError, headBytes, sealedChunkBytes } from '../crypto/chunked-format.ts';
import { systemScope } from '../database/scope.ts';
import { KeyRefused } from '../keys/service.ts';
import type { ByteRange } from '../objects/store.ts';
import { documentContext } from './contexts.ts';
import { findReadable, openDocumentKey, type ReadableObject } from './open-document.ts';
import type { LockerParts } from './parts.ts';
import { lockerJob, objects } from './tables.ts';

export type LockerProblem =
  | {
      readonly kind: 'object-missing' | 'object-size' | 'object-damaged' | 'key-refused' | 'no-key';
      readonly objectId: string;
    }
  | { readonly kind: 'object-without-row'; readonly objectKey: string };

export interface LockerReport {
  readonly checked: number;
  readonly problems: readonly LockerProblem[];
}

const pageRows = 100;
/** Where `reserveObject` puts everything. */
const prefix = 'objects/';

/**
 * Compares rows, objects and keys (docs/architecture.md, Storing a document): each stored row has an object of its size whose first and last
 * chunk open with its keys, and each object has a row. Reads at most two chunks of an object; changes nothing.
 */
export async function fsckLocker(parts: LockerParts): Promise<LockerReport> {
  const problems: LockerProblem[] = [];
  let checked = 0;
  for (let after = ''; ; ) {
    const rows = await parts.database.transaction(systemScope(lockerJob), async (tx) => {
      const stored = and(eq(objects.state, 'stored'), gt(objects.id, after));
      return tx.select().from(objects).where(stored).orderBy(asc(objects.id)).limit(pageRows);
    });
    for (const row of rows) {
      const kind = await checkObject(parts, row);
      if (kind !== null) problems.push({ kind, objectId: row.id });
      after = row.id;
    }
    checked += rows.length;
    if (rows.length < pageRows) break;
  }
  for await (const objectKey of rowless(parts)) problems.push({ kind: 'object-without-row', objectKey });
  return { checked, problems };
}

type ObjectProblem = Exclude<LockerProblem['kind'], 'object-without-row'>;

async function checkObject(parts: LockerParts, row: typeof objects.$inferSelect): Promise<ObjectProblem | null> {
  const found = await parts.objects.head(row.objectKey);
  if (found === null) return 'object-missing';
  if (found.bytes !== row.ciphertextBytes) return 'object-size';
  const readable = await parts.database.transaction(systemScope(lockerJob), async (tx) =>
    findReadable(tx, { objectId: row.id, holder: null }),
  );
  if (readable === null) return 'no-key';
  try {
    await openEnds(parts, readable, found.bytes);
    return null;
  } catch (error) {
    if (error instanceof KeyRefused) return 'key-refused';
    if (error instanceof ChunkedDecryptionError) return 'object-damaged';
    throw error;
  }
}

/** Opens the first and the last chunk. */
async function openEnds(parts: LockerParts, readable: ReadableObject, bytes: number): Promise<void> {
  const key = await openDocumentKey(parts, readable);
  const context = documentContext(readable);
  const head = await readRange(parts, readable.objectKey, { from: 0, to: headBytes - 1 });
  const last = Math.floor((bytes - headBytes) / sealedChunkBytes);
  for (const index of new Set([0, last])) {
    const from = headBytes + index * sealedChunkBytes;
    const chunk = await readRange(parts, readable.objectKey, { from, to: from + sealedChunkBytes - 1 });
    openChunk({ key, context, head, index, chunk });
  }
}

async function readRange(parts: LockerParts, objectKey: string, range: ByteRange): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await parts.objects.get(objectKey, range)) ?? []) pieces.push(piece);
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A row is written before its object and removed after it, so an object without one is nobody's. */
async function* rowless(parts: LockerParts): AsyncGenerator<string, void, undefined> {
  let page: string[] = [];
  for await (const key of parts.objects.list(prefix)) {
    page.push(key);
    if (page.length < pageRows) continue;
    yield* await withoutRow(parts, page);
    page = [];
  }
  yield* await withoutRow(parts, page);
}

async function withoutRow(parts: LockerParts, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await parts.database.transaction(systemScope(lockerJob), async (tx) =>
    tx
      .select({ objectKey: objects.objectKey })
      .from(objects)
      .where(inArray(objects.objectKey, [...keys])),
  );
  const known = new Set(rows.map((row) => row.objectKey));
  return keys.filter((key) => !known.has(key));
}
