import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import type { IssuedKind } from '../records/certificate-kinds.ts';
import { certificateSettings, certificateTemplates } from './tables.ts';

export type TemplateRow = typeof certificateTemplates.$inferSelect;
/** A version without its picture: a list needs none of them. */
export type TemplateHead = Omit<TemplateRow, 'sealImage'> & { readonly hasSealImage: boolean };
export type SettingsRow = typeof certificateSettings.$inferSelect;

const { sealImage, ...headColumns } = getTableColumns(certificateTemplates);
const head = { ...headColumns, hasSealImage: sql<boolean>`${sealImage} is not null` };

export async function listTemplates(tx: Transaction, school: string): Promise<TemplateHead[]> {
  return tx
    .select(head)
    .from(certificateTemplates)
    .where(eq(certificateTemplates.schoolCode, school))
    .orderBy(certificateTemplates.kind, desc(certificateTemplates.version));
}

export async function findTemplate(tx: Transaction, id: string): Promise<TemplateRow | null> {
  const [row] = await tx.select().from(certificateTemplates).where(eq(certificateTemplates.id, id));
  return row ?? null;
}

export async function findNewest(tx: Transaction, school: string, kind: IssuedKind): Promise<TemplateRow | null> {
  const [row] = await tx
    .select()
    .from(certificateTemplates)
    .where(and(eq(certificateTemplates.schoolCode, school), eq(certificateTemplates.kind, kind)))
    .orderBy(desc(certificateTemplates.version))
    .limit(1);
  return row ?? null;
}

/** The version in force. */
export async function findPublished(tx: Transaction, school: string, kind: IssuedKind): Promise<TemplateRow | null> {
  const [row] = await tx.select().from(certificateTemplates).where(inForce(school, kind));
  return row ?? null;
}

/** Has this kind a version in force? */
export async function isPublished(tx: Transaction, school: string, kind: IssuedKind): Promise<boolean> {
  const found = await tx
    .select({ id: certificateTemplates.id })
    .from(certificateTemplates)
    .where(inForce(school, kind));
  return found.length > 0;
}

/** False when another one has taken the number meanwhile. */
export async function insertTemplate(tx: Transaction, row: typeof certificateTemplates.$inferInsert): Promise<boolean> {
  const inserted = await tx
    .insert(certificateTemplates)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: certificateTemplates.id });
  return inserted.length === 1;
}

/** Puts a draft in force, under the lock of the school; the former one stays, for what was issued by it. */
export async function publish(
  tx: Transaction,
  row: TemplateRow,
  by: { readonly staffId: string; readonly at: Date },
): Promise<void> {
  await tx.update(certificateTemplates).set({ state: 'replaced' }).where(inForce(row.schoolCode, row.kind));
  const changed = await tx
    .update(certificateTemplates)
    .set({ state: 'published', publishedBy: by.staffId, publishedAt: by.at })
    .where(and(eq(certificateTemplates.id, row.id), eq(certificateTemplates.state, 'draft')))
    .returning({ id: certificateTemplates.id });
  expectRows(changed, 1);
}

export async function findSettings(tx: Transaction, school: string): Promise<SettingsRow | null> {
  const [row] = await tx.select().from(certificateSettings).where(eq(certificateSettings.schoolCode, school));
  return row ?? null;
}

/** False when somebody else has changed them since this version; 0 stands for none. */
export async function storeSettings(tx: Transaction, row: SettingsRow): Promise<boolean> {
  if (row.version === 1) {
    const inserted = await tx.insert(certificateSettings).values(row).onConflictDoNothing().returning();
    return inserted.length === 1;
  }
  const changed = await tx
    .update(certificateSettings)
    .set(row)
    .where(and(eq(certificateSettings.schoolCode, row.schoolCode), eq(certificateSettings.version, row.version - 1)))
    .returning();
  return changed.length === 1;
}

function inForce(school: string, kind: IssuedKind) {
  return and(
    eq(certificateTemplates.schoolCode, school),
    eq(certificateTemplates.kind, kind),
    eq(certificateTemplates.state, 'published'),
  );
}
