import { and, asc, eq, inArray, lt } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { refuseInsideTransaction } from '../database/inside.ts';
import { expectRows } from '../database/rows.ts';
import { systemScope } from '../database/scope.ts';
import { shredCaseKey } from './case-key.ts';
import type { LockerParts } from './parts.ts';
import { lockerJob, objects } from './tables.ts';

/** Longer than the longest upload takes (docs/architecture.md, Storing a document). */
const graceMs = 24 * 60 * 60_000;
const batchRows = 200;

/**
 * Removes what nobody finished: rows `uploading` beyond the grace time and rows marked for deletion, with their objects.
 * It and a slow finish change the same row, so one of them wins and a committed object is never deleted (F-21).
 * Returns how many objects went. Objects without any row are left for `fsck` to show: after a restore they are reviewed by hand.
 */
export async function collectOrphans(parts: LockerParts): Promise<number> {
  const before = new Date(parts.clock.now().getTime() - graceMs);
  let removed = 0;
  for (;;) {
    const ids = await parts.database.transaction(systemScope(lockerJob), async (tx) => {
      await tombstone(tx, and(eq(objects.state, 'uploading'), lt(objects.createdAt, before)));
      const marked = tx.select({ id: objects.id }).from(objects).where(eq(objects.state, 'deleting'));
      return (await marked.orderBy(asc(objects.createdAt)).limit(batchRows)).map((row) => row.id);
    });
    for (const id of ids) removed += await removeMarked(parts, id);
    if (ids.length < batchRows) break;
  }
  await parts.objects.sweep(before);
  return removed;
}

/** Gives up one reservation: nothing of it remains. An object that is stored already stays. */
export async function abandonObject(parts: LockerParts, objectId: string): Promise<void> {
  await parts.database.transaction(systemScope(lockerJob), async (tx) =>
    tombstone(tx, and(eq(objects.id, objectId), eq(objects.state, 'uploading'))),
  );
  await removeMarked(parts, objectId);
}

/** Marks one stored object for deletion, in the transaction that says why (a document removed from a draft). */
export async function discardObject(tx: Transaction, objectId: string): Promise<void> {
  expectRows(await tombstone(tx, and(eq(objects.id, objectId), inArray(objects.state, ['uploading', 'stored']))), 1);
}

/** Shreds a whole case: its keys at once, its objects by the next collection. Needs the locker's own scope. */
export async function shredCase(tx: Transaction, caseId: string): Promise<void> {
  await shredCaseKey(tx, caseId);
  await tombstone(tx, eq(objects.caseId, caseId));
}

async function tombstone(tx: Transaction, which: ReturnType<typeof and>) {
  return tx.update(objects).set({ state: 'deleting', wrappedKey: null }).where(which);
}

/** Delete by tombstone → object → row: after a crash anywhere the next run goes on. */
async function removeMarked(parts: LockerParts, objectId: string): Promise<number> {
  refuseInsideTransaction('the object store');
  const marked = and(eq(objects.id, objectId), eq(objects.state, 'deleting'));
  const [row] = await parts.database.transaction(systemScope(lockerJob), async (tx) =>
    tx.select({ objectKey: objects.objectKey }).from(objects).where(marked),
  );
  if (row === undefined) return 0;
  await parts.objects.delete(row.objectKey);
  await parts.database.transaction(systemScope(lockerJob), async (tx) => tx.delete(objects).where(marked));
  return 1;
}
