import { createHash, type Hash, randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { ciphertextBytes, encryptStream, sealSmall } from '../crypto/chunked.ts';
import type { Transaction } from '../database/connection.ts';
import { refuseInsideTransaction } from '../database/inside.ts';
import { expectRows } from '../database/rows.ts';
import { type Fault, fault } from '../faults.ts';
import { KeyServiceUnavailable } from '../keys/service.ts';
import { ObjectStoreError } from '../objects/store.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type CaseKeyWrap, findCaseKey, openCaseKey } from './case-key.ts';
import { abandonObject } from './collect-orphans.ts';
import { documentContext, documentKeyContext, type ObjectIdentity } from './contexts.ts';
import type { LockerParts } from './parts.ts';
import { objects } from './tables.ts';
import { limitUpload, type UploadLimits, UploadRefused } from './upload-source.ts';

/** Step 1 of docs/architecture.md, Storing a document, written down before the first byte: where the object will lie. */
export interface ObjectReservation extends ObjectIdentity {
  readonly objectKey: string;
  readonly wrap: CaseKeyWrap;
}

export interface StoreDocumentInput extends UploadLimits {
  readonly reservation: ObjectReservation;
  /** The plaintext as it arrives; on Node the raw incoming stream. Pieces must not be overwritten afterwards. */
  readonly source: AsyncIterable<Uint8Array>;
  /** SHA-256 of the plaintext in hex, from Repr-Digest. */
  readonly expectedSha256?: string | undefined;
  /** Sees each piece of plaintext as it passes; a fault ends the upload. */
  readonly onChunk?: ((piece: Uint8Array) => Fault | undefined) | undefined;
  /** Asked after the last byte, before anything becomes durable; a fault ends the upload. */
  readonly onEnd?: (() => Fault | undefined | Promise<Fault | undefined>) | undefined;
}

/** What is written down in step 4, by the caller, in the transaction of its own effect. */
export interface StoredDocument {
  readonly objectId: string;
  readonly objectKey: string;
  readonly wrappedKey: Uint8Array;
  /** Of the plaintext; SHA-256 in hex. */
  readonly bytes: number;
  readonly sha256: string;
  readonly ciphertextBytes: number;
  readonly ciphertextSha256: string;
}

/** Step 1, in the caller's transaction; null when the scope sees no key of the case. */
export async function reserveObject(tx: Transaction, of: ObjectIdentity, now: Date): Promise<ObjectReservation | null> {
  const wrap = await findCaseKey(tx, of.caseId, of.organisation);
  if (wrap === null) return null;
  const name = randomBytes(16).toString('hex');
  const reservation = { ...of, objectKey: `objects/${name.slice(0, 2)}/${name}`, wrap };
  await tx.insert(objects).values({
    id: of.objectId,
    caseId: of.caseId,
    organisation: of.organisation,
    mediaType: of.mediaType,
    objectKey: reservation.objectKey,
    state: 'uploading',
    createdAt: now,
  });
  return reservation;
}

/**
 * Steps 2 and 3: encrypts the stream into the object store chunk by chunk and checks what arrived there. No transaction
 * may be open. After a refusal or an error nothing remains, neither object nor row; plaintext never touches a disk.
 * Faults: request.too-large, document.truncated, document.too-slow, document.digest-mismatch, and those of the callbacks.
 * @throws {KeyServiceUnavailable} {ObjectStoreError}
 */
export async function storeDocument(parts: LockerParts, input: StoreDocumentInput): Promise<Result<StoredDocument>> {
  refuseInsideTransaction('the object store');
  try {
    // Refused although a cached key could still wrap (F-17).
    const { ready } = await parts.cache.readiness(() => parts.keys.describe());
    if (!ready) throw new KeyServiceUnavailable();
    return ok(await putDocument(parts, input));
  } catch (error) {
    await forget(parts, input.reservation);
    if (error instanceof UploadRefused) return refuse(error.fault);
    throw error;
  }
}

/** Step 4, in the transaction that also writes what the document is. Throws when the collector was faster. */
export async function markStored(tx: Transaction, stored: StoredDocument, now: Date): Promise<void> {
  const answer = await tx
    .update(objects)
    .set({
      state: 'stored',
      wrappedKey: stored.wrappedKey,
      byteCount: stored.bytes,
      sha256: stored.sha256,
      ciphertextBytes: stored.ciphertextBytes,
      ciphertextSha256: stored.ciphertextSha256,
      storedAt: now,
    })
    .where(and(eq(objects.id, stored.objectId), eq(objects.state, 'uploading')));
  expectRows(answer, 1);
}

async function putDocument(parts: LockerParts, input: StoreDocumentInput): Promise<StoredDocument> {
  const { reservation } = input;
  const caseKey = await openCaseKey(parts, reservation.wrap);
  const key = randomBytes(32);
  const running = { bytes: 0, plaintext: createHash('sha256'), ciphertext: createHash('sha256'), sha256: '' };
  const body = encryptStream({
    key,
    context: documentContext(reservation),
    source: checked(input, running),
    plaintext: running.plaintext,
    ciphertext: running.ciphertext,
  });
  const expected = input.expectedBytes;
  const outcome = await parts.objects.put(reservation.objectKey, body, {
    bytes: expected === undefined ? undefined : ciphertextBytes(expected),
    // The key is random, and the row says `uploading`: readers and the collector know that it is unfinished.
    visible: 'at-once',
  });
  const stored = {
    objectId: reservation.objectId,
    objectKey: reservation.objectKey,
    wrappedKey: sealSmall({ key: caseKey.key, context: documentKeyContext(reservation), message: key }),
    bytes: running.bytes,
    sha256: running.sha256,
    ciphertextBytes: ciphertextBytes(running.bytes),
    ciphertextSha256: running.ciphertext.digest('hex'),
  };
  // An answer got lost and a retry found the object there (F-04): it counts only if it is ours to the last byte.
  if (outcome === 'exists') await compareStored(parts, stored);
  const found = await parts.objects.head(stored.objectKey);
  // F-05: acknowledged by the store, but missing or short.
  if (found?.bytes !== stored.ciphertextBytes) throw new ObjectStoreError('the store lost or cut an object it took');
  return stored;
}

interface Running {
  bytes: number;
  readonly plaintext: Hash;
  readonly ciphertext: Hash;
  sha256: string;
}

/** Ends the body with an error, while the store can still drop it, when limits, content or digest are not right. */
async function* checked(input: StoreDocumentInput, running: Running): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of limitUpload(input.source, input)) {
    const refused = input.onChunk?.(piece);
    if (refused !== undefined) throw new UploadRefused(refused);
    running.bytes += piece.length;
    yield piece;
  }
  running.sha256 = running.plaintext.digest('hex');
  if (input.expectedSha256 !== undefined && input.expectedSha256 !== running.sha256) {
    throw new UploadRefused(fault('document.digest-mismatch'));
  }
  const refused = await input.onEnd?.();
  if (refused !== undefined) throw new UploadRefused(refused);
}

async function compareStored(parts: LockerParts, stored: StoredDocument): Promise<void> {
  const digest = createHash('sha256');
  const body = await parts.objects.get(stored.objectKey);
  if (body !== null) for await (const piece of body) digest.update(piece);
  if (digest.digest('hex') !== stored.ciphertextSha256) throw new ObjectStoreError('the key of a new object was taken');
}

/** When this fails too, the row stays and the collector removes both later. */
async function forget(parts: LockerParts, reservation: ObjectReservation): Promise<void> {
  try {
    await abandonObject(parts, reservation.objectId);
  } catch {
    // The cause is what the caller must hear of, not this.
  }
}
