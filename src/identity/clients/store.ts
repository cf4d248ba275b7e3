import { and, asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { type AnyPgColumn } from 'drizzle-orm/pg-core';
import { buildSelect } from '../../database/built-select.ts';
import type { Transaction } from '../../database/connection.ts';
import { after } from '../rules.ts';
import { type MachineClientRow, type MachineKeyRow, machineClients, machineKeys, machineUploads } from './tables.ts';

/** The clients of a school, oldest first; row level security shows no other's. */
export async function findClients(tx: Transaction, schoolCode: string): Promise<MachineClientRow[]> {
  return tx
    .select()
    .from(machineClients)
    .where(eq(machineClients.schoolCode, schoolCode))
    .orderBy(asc(machineClients.createdAt), asc(machineClients.clientId));
}

export async function findAllKeys(tx: Transaction, schoolCode: string): Promise<MachineKeyRow[]> {
  return tx
    .select()
    .from(machineKeys)
    .where(eq(machineKeys.schoolCode, schoolCode))
    .orderBy(asc(machineKeys.addedAt), asc(machineKeys.thumbprint));
}

export async function countUploads(tx: Transaction, schoolCode: string, day: string): Promise<Map<string, number>> {
  const rows = await tx
    .select({ clientId: machineUploads.clientId, count: machineUploads.count })
    .from(machineUploads)
    .where(and(eq(machineUploads.schoolCode, schoolCode), eq(machineUploads.day, day)));
  return new Map(rows.map(({ clientId, count }) => [clientId, count]));
}

/** Registrations at one school wait for each other, so that limits and doubles are counted rightly. */
export async function lockSchoolClients(tx: Transaction, schoolCode: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`machine-clients/${schoolCode}`}, 0))`);
}

export async function lockClient(
  tx: Transaction,
  of: { readonly clientId: string; readonly schoolCode: string },
): Promise<MachineClientRow | null> {
  const [row] = await tx
    .select()
    .from(machineClients)
    .where(and(eq(machineClients.clientId, of.clientId), eq(machineClients.schoolCode, of.schoolCode)))
    .for('update');
  return row ?? null;
}

export async function insertClient(tx: Transaction, row: typeof machineClients.$inferInsert): Promise<void> {
  await tx.insert(machineClients).values(row);
}

export async function insertKey(tx: Transaction, row: typeof machineKeys.$inferInsert): Promise<void> {
  await tx.insert(machineKeys).values(row);
}

export async function updateClient(
  tx: Transaction,
  clientId: string,
  changes: Partial<typeof machineClients.$inferInsert>,
): Promise<void> {
  const changed = await tx
    .update(machineClients)
    .set(changes)
    .where(eq(machineClients.clientId, clientId))
    .returning({ id: machineClients.clientId });
  if (changed.length !== 1) throw new Error('a client vanished under its lock');
}

/** Gives the keys in force an end, none of them a later one than it had. */
export async function retireKeys(
  tx: Transaction,
  of: { readonly clientId: string; readonly now: Date; readonly retiresAt: Date; readonly thumbprint?: string },
): Promise<number> {
  const { clientId, now, retiresAt, thumbprint } = of;
  const changed = await tx
    .update(machineKeys)
    .set({ retiresAt: sql`least(${machineKeys.retiresAt}, ${retiresAt.toISOString()}::timestamptz)` })
    .where(
      and(
        eq(machineKeys.clientId, clientId),
        thumbprint === undefined ? undefined : eq(machineKeys.thumbprint, thumbprint),
        or(isNull(machineKeys.retiresAt), gt(machineKeys.retiresAt, now)),
      ),
    )
    .returning({ thumbprint: machineKeys.thumbprint });
  return changed.length;
}

export async function deleteClientRow(tx: Transaction, clientId: string): Promise<void> {
  const deleted = await tx
    .delete(machineClients)
    .where(eq(machineClients.clientId, clientId))
    .returning({ id: machineClients.clientId });
  if (deleted.length !== 1) throw new Error('a client vanished under its lock');
}

const machineClientById = buildSelect<typeof machineClients, { clientId: string }>(machineClients, (rows, value) =>
  rows.where(eq(machineClients.clientId, value('clientId'))),
);

export async function findMachineClient(tx: Transaction, clientId: string): Promise<MachineClientRow | null> {
  const [row] = await machineClientById(tx, { clientId });
  return row ?? null;
}

/** The keys of a client that are in force. */
export async function findMachineKeys(tx: Transaction, clientId: string, now: Date): Promise<MachineKeyRow[]> {
  return tx
    .select()
    .from(machineKeys)
    .where(and(eq(machineKeys.clientId, clientId), or(isNull(machineKeys.retiresAt), gt(machineKeys.retiresAt, now))));
}

/** Notes that a client got a token with this key; once a minute is exact enough, and spares most of the writes. */
export async function touchMachine(
  tx: Transaction,
  { clientId, thumbprint, at }: { readonly clientId: string; readonly thumbprint: string; readonly at: Date },
): Promise<void> {
  const before = after(at, { minutes: -1 });
  const isOld = (column: AnyPgColumn) => or(isNull(column), lt(column, before));
  const changed = { lastUsedAt: at };
  await Promise.all([
    tx
      .update(machineClients)
      .set(changed)
      .where(and(eq(machineClients.clientId, clientId), isOld(machineClients.lastUsedAt))),
    tx
      .update(machineKeys)
      .set(changed)
      .where(
        and(eq(machineKeys.clientId, clientId), eq(machineKeys.thumbprint, thumbprint), isOld(machineKeys.lastUsedAt)),
      ),
  ]);
}

/** Counts one upload of today; false when there have been as many as the client may begin in a day. */
export async function takeUpload(
  tx: Transaction,
  { client, day }: { readonly client: MachineClientRow; readonly day: string },
): Promise<boolean> {
  const { clientId, schoolCode, uploadsPerDay } = client;
  const taken = await tx
    .insert(machineUploads)
    .values({ clientId, schoolCode, day, count: 1 })
    .onConflictDoUpdate({
      target: [machineUploads.clientId, machineUploads.day],
      set: { count: sql`${machineUploads.count} + 1` },
      setWhere: lt(machineUploads.count, uploadsPerDay),
    })
    .returning({ count: machineUploads.count });
  return taken.length === 1;
}
