import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/connection.ts';
import type { ActorScope } from '../database/scope.ts';
import type { KeyService } from '../keys/service.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { Result } from '../result.ts';
import {
  type CaseKey,
  type CaseKeyWrap,
  dropCaseKey,
  findCaseKey,
  type NewCaseKey,
  newCaseKey,
  openCaseKey,
  type SharedCaseKey,
  shareCaseKey,
} from './case-key.ts';
import { collectOrphans, discardObject, shredCase } from './collect-orphans.ts';
import type { ObjectIdentity } from './contexts.ts';
import { fsckLocker, type LockerReport } from './fsck.ts';
import { findReadable, openDocument, type ReadableObject } from './open-document.ts';
import { createOrganisationKeyCache } from './organisation-key-cache.ts';
import type { LockerParts } from './parts.ts';
import {
  markStored,
  type ObjectReservation,
  reserveObject,
  type StoreDocumentInput,
  type StoredDocument,
  storeDocument,
} from './store-document.ts';

/**
 * Encrypted custody of the documents of all cases. Functions that take `tx` belong inside the caller's transaction and
 * wait for nothing but the database; the others reach the key service or the object store and refuse to run inside one.
 *
 * Storing: `reserve(tx)` → `storeDocument` → `markStored(tx)`. Reading: `find(tx)` → `openDocument`.
 * Deposit: `shareCaseKey` → its `store(tx)`.
 */
export interface Locker {
  newCaseKey(organisation: string): Promise<NewCaseKey>;
  findCaseKey(tx: Transaction, caseId: string, organisation: string): Promise<CaseKeyWrap | null>;
  openCaseKey(wrap: CaseKeyWrap): Promise<CaseKey>;
  shareCaseKey(
    scope: ActorScope,
    input: { readonly caseId: string; readonly from: string; readonly to: string },
  ): Promise<SharedCaseKey | null>;
  dropCaseKey(tx: Transaction, caseId: string, organisation: string): Promise<void>;
  shredCase(tx: Transaction, caseId: string): Promise<void>;
  reserve(tx: Transaction, of: ObjectIdentity): Promise<ObjectReservation | null>;
  storeDocument(input: StoreDocumentInput): Promise<Result<StoredDocument>>;
  markStored(tx: Transaction, stored: StoredDocument): Promise<void>;
  discard(tx: Transaction, objectId: string): Promise<void>;
  find(
    tx: Transaction,
    of: { readonly objectId: string; readonly holder: string | null },
  ): Promise<ReadableObject | null>;
  openDocument(readable: ReadableObject): Promise<Result<AsyncIterable<Uint8Array>>>;
  collectOrphans(): Promise<number>;
  fsck(): Promise<LockerReport>;
}

const cachedOrganisationKeys = 10_000;

export function openLocker(given: {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly keys: KeyService;
  readonly clock: Clock;
}): Locker {
  const cache = createOrganisationKeyCache({ maxEntries: cachedOrganisationKeys, elapsed: () => performance.now() });
  const parts: LockerParts = { ...given, cache };
  return {
    newCaseKey: (organisation) => newCaseKey(parts, organisation),
    findCaseKey,
    openCaseKey: (wrap) => openCaseKey(parts, wrap),
    shareCaseKey: (scope, input) => shareCaseKey(parts, scope, input),
    dropCaseKey,
    shredCase,
    reserve: (tx, of) => reserveObject(tx, of, parts.clock.now()),
    storeDocument: (input) => storeDocument(parts, input),
    markStored: (tx, stored) => markStored(tx, stored, parts.clock.now()),
    discard: discardObject,
    find: findReadable,
    openDocument: (readable) => openDocument(parts, readable),
    collectOrphans: () => collectOrphans(parts),
    fsck: () => fsckLocker(parts),
  };
}
