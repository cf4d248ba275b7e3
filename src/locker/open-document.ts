import { eq } from 'drizzle-orm';
import { decryptStream, openSmall } from '../crypto/chunked.ts';
import { ChunkedDecryptionError } from '../crypto/chunked-format.ts';
import { buildSelect } from '../database/built-select.ts';
import type { Transaction } from '../database/connection.ts';
import { refuseInsideTransaction } from '../database/inside.ts';
import { fault } from '../faults.ts';
import { KeyRefused } from '../keys/service.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type CaseKeyWrap, findCaseKey, openCaseKey } from './case-key.ts';
import { documentContext, documentKeyContext, type ObjectIdentity } from './contexts.ts';
import type { LockerParts } from './parts.ts';
import { caseKeys, objects } from './tables.ts';

/** What it takes to read one document: found inside a transaction, opened outside. */
export interface ReadableObject extends ObjectIdentity {
  readonly objectKey: string;
  readonly wrappedKey: Uint8Array;
  readonly bytes: number;
  readonly wrap: CaseKeyWrap;
}

const objectById = buildSelect<typeof objects, { id: string }>(objects, (rows, value) =>
  rows.where(eq(objects.id, value('id'))),
);

/**
 * The object and the holder's key to its case. `holder` is a school's code, or null for a person: then, under the
 * locker's scope and only after policy allowed it, any wrap of the case serves. Null when either is not visible.
 */
export async function findReadable(
  tx: Transaction,
  of: { readonly objectId: string; readonly holder: string | null },
): Promise<ReadableObject | null> {
  const [row] = await objectById(tx, { id: of.objectId });
  if (row === undefined || row.state !== 'stored' || row.wrappedKey === null || row.byteCount === null) return null;
  const wrap = of.holder === null ? await anyWrap(tx, row.caseId) : await findCaseKey(tx, row.caseId, of.holder);
  if (wrap === null) return null;
  const { organisation, caseId, mediaType, objectKey, wrappedKey } = row;
  return { organisation, caseId, objectId: row.id, mediaType, objectKey, wrappedKey, bytes: row.byteCount, wrap };
}

/**
 * Opens a document as a stream of plaintext. The first piece, and all of a short document, is decrypted before this
 * resolves, so that a missing, foreign or damaged object, or a wrong key, is a clear fault and not a broken download; a
 * chunk of a longer one that fails later throws
 * `ChunkedDecryptionError` and nothing of it is released (F-07, F-08). Read it to the end or call its `return()`.
 * Faults: document.unreadable (the detail says key or object). @throws {KeyServiceUnavailable} {ObjectStoreError}
 */
export async function openDocument(
  parts: LockerParts,
  readable: ReadableObject,
): Promise<Result<AsyncIterable<Uint8Array>>> {
  refuseInsideTransaction('the object store');
  try {
    const key = await openDocumentKey(parts, readable);
    const source = await parts.objects.get(readable.objectKey);
    if (source === null) return refuse(fault('document.unreadable', { detail: 'object-missing' }));
    const plaintext = decryptStream({ key, context: documentContext(readable), source });
    return ok(resume(await firstOf(plaintext, readable.bytes), plaintext));
  } catch (error) {
    const reason = brokenBy(error);
    if (reason === null) throw error;
    return refuse(fault('document.unreadable', { detail: reason }));
  }
}

/** The document's own key. @throws {KeyRefused} {KeyServiceUnavailable} */
export async function openDocumentKey(parts: LockerParts, readable: ReadableObject): Promise<Uint8Array> {
  const caseKey = await openCaseKey(parts, readable.wrap);
  try {
    const context = documentKeyContext(readable);
    return openSmall({ key: caseKey.key, context, sealed: readable.wrappedKey });
  } catch (error) {
    if (!(error instanceof ChunkedDecryptionError)) throw error;
    throw new KeyRefused(error.reason === 'wrong-key-or-context' ? error.reason : 'malformed', { cause: error });
  }
}

/** As much as a stream of a longer document holds at any time. */
const maxWholeBytes = 512 * 1024;

/** The first piece of the plaintext, or all of it in one when it is short. */
async function firstOf(
  plaintext: AsyncGenerator<Uint8Array, void, undefined>,
  bytes: number,
): Promise<IteratorResult<Uint8Array, void>> {
  if (bytes > maxWholeBytes) return plaintext.next();
  const pieces: Uint8Array[] = [];
  for await (const piece of plaintext) pieces.push(piece);
  const [only] = pieces;
  if (only === undefined) return { done: true, value: undefined };
  return { done: false, value: pieces.length === 1 ? only : Buffer.concat(pieces) };
}

/** F-18: a key that does not fit is told apart from an object that is damaged. */
function brokenBy(error: unknown): string | null {
  if (error instanceof KeyRefused) return `key: ${error.reason}`;
  if (error instanceof ChunkedDecryptionError) return `object: ${error.reason}`;
  return null;
}

/** The stream again from its first piece on; ending it early ends the store's stream too. */
function resume(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncIterable<Uint8Array> {
  let pending: IteratorResult<Uint8Array, void> | null = first;
  const iterator: AsyncIterator<Uint8Array, void, undefined> = {
    next() {
      if (pending === null) return rest.next();
      const result = pending;
      pending = null;
      return Promise.resolve(result);
    },
    return: () => rest.return(),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function anyWrap(tx: Transaction, caseId: string): Promise<CaseKeyWrap | null> {
  const [row] = await tx.select().from(caseKeys).where(eq(caseKeys.caseId, caseId)).limit(1);
  return row ?? null;
}
