import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { auditEvents } from './tables.ts';

/** The id of the last thing that an organisation did to its seal keys, of these events; null when it never did. */
export async function findNewestKeyEvent(
  tx: Transaction,
  { organisation, names }: { readonly organisation: string; readonly names: readonly string[] },
): Promise<string | null> {
  const [row] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.organisation, organisation),
        eq(auditEvents.outcome, 'done'),
        inArray(auditEvents.name, [...names]),
        sql`${auditEvents.name} like 'seal-key.%'`,
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(1);
  return row?.id ?? null;
}
