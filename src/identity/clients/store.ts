import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { type MachineClientRow, type MachineKeyRow, machineClients, machineKeys, machineUploads } from '../tables.ts';

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
