import { and, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import type { Protection } from '../database/policies.ts';
import type { Visibility } from '../records/kinds.ts';
import {
  approvalInForce,
  caseById,
  caseFields,
  custodiesOfCase,
  deliveriesOfAttempt,
  documentOfCase,
  documentsOfCase,
  lockedCaseById,
  receiptsOfCase,
  sealsOfCase,
} from './built-selects.ts';
import { projectCase } from './progress/project.ts';
import {
  approvals,
  type CaseState,
  cases,
  containerSeals,
  custodies,
  type DeliveryGrade,
  deliveries,
  documents,
  expectations,
  receipts,
} from './tables.ts';

/** With what the table of permissions has to know of it (支援措置). */
export type CaseRow = typeof cases.$inferSelect & { readonly protection: Protection };

/** Locked a moment ago, and now out of sight: a protection order has come between. */
export class CaseVanished extends Error {}
export type DocumentRow = typeof documents.$inferSelect;
export type ApprovalRow = typeof approvals.$inferSelect;
export type ReceiptRow = typeof receipts.$inferSelect;
export type ExpectationRow = typeof expectations.$inferSelect;
export type DeliveryRow = typeof deliveries.$inferSelect;
export type CustodyRow = typeof custodies.$inferSelect;

export async function findCase(tx: Transaction, caseId: string): Promise<CaseRow | null> {
  const [row] = await caseById(tx, { id: caseId });
  return row ?? null;
}

/** Is there a case, an announcement or a protection order of this number, for whoever acts? */
export async function isVisible(tx: Transaction, id: string): Promise<boolean> {
  const found = await tx.execute(
    sql`select 1 from cases where id = ${id} union all select 1 from expectations where id = ${id} union all select 1 from protection_orders where id = ${id}`,
  );
  return found.length > 0;
}

/** The row under a lock until the transaction ends, so that two acts on one case come one after the other. */
export async function lockCase(tx: Transaction, caseId: string): Promise<CaseRow | null> {
  const [row] = await lockedCaseById(tx, { id: caseId });
  return row ?? null;
}

/** Changes a locked case; a row that is not there any more is a bug or a stray statement, never ignored. */
export async function changeCase(
  tx: Transaction,
  row: CaseRow,
  changes: Partial<typeof cases.$inferSelect>,
): Promise<CaseRow> {
  const [changed] = await tx
    .update(cases)
    .set({ ...changes, version: row.version + 1 })
    .where(and(eq(cases.id, row.id), eq(cases.version, row.version)))
    .returning(caseFields);
  if (!changed) throw new CaseVanished('a locked case could not be changed');
  const isNews = changed.state !== row.state || changed.verifiedAt?.getTime() !== row.verifiedAt?.getTime();
  if (isNews) await projectCase(tx, changed);
  return changed;
}

export async function insertCase(tx: Transaction, row: typeof cases.$inferInsert): Promise<CaseRow> {
  const [inserted] = await tx.insert(cases).values(row).returning(caseFields);
  if (!inserted) throw new Error('a case was not inserted');
  return inserted;
}

export interface CaseFilter {
  readonly side: 'sender' | 'recipient' | 'person';
  readonly school: string | null;
  readonly homeroom: string | null;
  readonly healthOnly: boolean;
  readonly states: readonly CaseState[] | null;
  readonly recipient: string | null;
}

/** A page of cases, newest first, after a cursor of the last row seen. */
export async function listCases(
  tx: Transaction,
  filter: CaseFilter,
  page: { readonly after: { readonly updatedAt: Date; readonly id: string } | null; readonly limit: number },
): Promise<CaseRow[]> {
  const conditions = [
    filter.side === 'sender' && filter.school !== null ? eq(cases.senderCode, filter.school) : undefined,
    filter.side === 'recipient' && filter.school !== null ? eq(cases.recipientCode, filter.school) : undefined,
    filter.homeroom === null
      ? undefined
      : eq(filter.side === 'sender' ? cases.homeroom : cases.recipientHomeroom, filter.homeroom),
    filter.healthOnly
      ? sql`exists (select 1 from documents d where d.case_id = ${cases.id} and d.visibility = 'health')`
      : undefined,
    filter.states === null ? undefined : inArray(cases.state, [...filter.states]),
    filter.recipient === null ? undefined : eq(cases.recipientCode, filter.recipient),
    page.after === null
      ? undefined
      : or(
          lt(cases.updatedAt, page.after.updatedAt),
          and(eq(cases.updatedAt, page.after.updatedAt), lt(cases.id, page.after.id)),
        ),
  ];
  return tx
    .select(caseFields)
    .from(cases)
    .where(and(...conditions))
    .orderBy(desc(cases.updatedAt), desc(cases.id))
    .limit(page.limit);
}

/** Those of these cases that the actor's school sees, in no order. */
export async function listCasesById(tx: Transaction, ids: readonly string[]): Promise<CaseRow[]> {
  return tx
    .select(caseFields)
    .from(cases)
    .where(inArray(cases.id, [...ids]));
}

/** Those of these pupils' cases that the actor sees, newest first. */
export async function listCasesOfPupils(tx: Transaction, pupilIds: readonly string[]): Promise<CaseRow[]> {
  if (pupilIds.length === 0) return [];
  return tx
    .select(caseFields)
    .from(cases)
    .where(inArray(cases.pupilId, [...pupilIds]))
    .orderBy(desc(cases.updatedAt))
    .limit(500);
}

/** The classes and receivers that a school's sent cases have, to choose among. */
export async function listSentKinds(
  tx: Transaction,
  school: string,
): Promise<{ readonly homeroom: string; readonly recipientCode: string | null }[]> {
  return tx
    .selectDistinct({ homeroom: cases.homeroom, recipientCode: cases.recipientCode })
    .from(cases)
    .where(eq(cases.senderCode, school))
    .orderBy(cases.homeroom, cases.recipientCode)
    .limit(1000);
}

export async function listDocuments(tx: Transaction, caseId: string): Promise<DocumentRow[]> {
  return documentsOfCase(tx, { caseId });
}

export async function findDocument(tx: Transaction, caseId: string, documentId: string): Promise<DocumentRow | null> {
  const [row] = await documentOfCase(tx, { caseId, id: documentId });
  return row ?? null;
}

export async function insertDocument(tx: Transaction, row: typeof documents.$inferInsert): Promise<DocumentRow> {
  const [inserted] = await tx.insert(documents).values(row).returning();
  if (!inserted) throw new Error('a document was not inserted');
  return inserted;
}

export async function changeDocument(
  tx: Transaction,
  documentId: string,
  changes: Partial<typeof documents.$inferInsert>,
): Promise<DocumentRow> {
  const [changed] = await tx.update(documents).set(changes).where(eq(documents.id, documentId)).returning();
  if (!changed) throw new Error('a document could not be changed');
  return changed;
}

export async function deleteDocument(tx: Transaction, documentId: string): Promise<void> {
  const gone = await tx.delete(documents).where(eq(documents.id, documentId)).returning({ id: documents.id });
  if (gone.length !== 1) throw new Error('a document could not be deleted');
}

export async function findApproval(tx: Transaction, caseId: string): Promise<ApprovalRow | null> {
  const [row] = await approvalInForce(tx, { caseId });
  return row ?? null;
}

export async function insertApproval(tx: Transaction, row: typeof approvals.$inferInsert): Promise<void> {
  await tx.insert(approvals).values(row);
}

/** Any change of content voids the yes that was given to the former content. */
export async function voidApprovals(tx: Transaction, caseId: string, at: Date): Promise<void> {
  await tx
    .update(approvals)
    .set({ voidedAt: at })
    .where(and(eq(approvals.caseId, caseId), isNull(approvals.voidedAt)));
}

export async function replaceContainerSeals(
  tx: Transaction,
  caseId: string,
  seals: readonly {
    readonly visibility: Visibility;
    readonly manifestXml: Uint8Array;
    readonly signature: Uint8Array;
  }[],
): Promise<void> {
  await tx.delete(containerSeals).where(eq(containerSeals.caseId, caseId));
  if (seals.length > 0) await tx.insert(containerSeals).values(seals.map((seal) => ({ caseId, ...seal })));
}

export async function listContainerSeals(tx: Transaction, caseId: string) {
  return sealsOfCase(tx, { caseId });
}

export async function listReceipts(tx: Transaction, caseId: string): Promise<ReceiptRow[]> {
  return receiptsOfCase(tx, { caseId });
}

export async function insertReceipt(tx: Transaction, row: typeof receipts.$inferInsert): Promise<void> {
  await tx.insert(receipts).values(row);
}

/** A grade once reached stays with its first event. */
export async function reachGrade(
  tx: Transaction,
  reached: {
    readonly caseId: string;
    readonly attempt: number;
    readonly documentIds: readonly string[];
    readonly grade: DeliveryGrade;
    readonly eventId: string;
    readonly at: Date;
  },
): Promise<void> {
  if (reached.documentIds.length === 0) return;
  await tx
    .insert(deliveries)
    .values(
      reached.documentIds.map((documentId) => ({
        documentId,
        attempt: reached.attempt,
        grade: reached.grade,
        caseId: reached.caseId,
        eventId: reached.eventId,
        reachedAt: reached.at,
      })),
    )
    .onConflictDoNothing();
}

export async function listDeliveries(tx: Transaction, row: CaseRow): Promise<DeliveryRow[]> {
  return deliveriesOfAttempt(tx, { caseId: row.id, attempt: row.attempt });
}

export async function listCustodies(tx: Transaction, caseId: string): Promise<CustodyRow[]> {
  return custodiesOfCase(tx, { caseId });
}

/** A package that came back is wholly the sender's again. */
export async function clearCustodies(tx: Transaction, caseId: string): Promise<void> {
  await tx.delete(custodies).where(eq(custodies.caseId, caseId));
}

export async function insertCustodies(
  tx: Transaction,
  rows: readonly (typeof custodies.$inferInsert)[],
): Promise<void> {
  if (rows.length > 0) await tx.insert(custodies).values([...rows]);
}

/** 学校保健安全法施行規則 第8条: custody moves as a whole; every row must change holder, or the transaction fails. */
export async function moveCustodies(
  tx: Transaction,
  move: {
    readonly caseId: string;
    readonly from: string;
    readonly to: string;
    readonly receiptId: string;
    readonly at: Date;
  },
): Promise<number> {
  const moved = await tx
    .update(custodies)
    .set({ holderCode: move.to, formerHolderCode: move.from, movedAt: move.at, receiptId: move.receiptId })
    .where(and(eq(custodies.caseId, move.caseId), eq(custodies.holderCode, move.from)))
    .returning({ id: custodies.documentId });
  return moved.length;
}

export async function insertExpectation(tx: Transaction, row: typeof expectations.$inferInsert): Promise<void> {
  await tx.insert(expectations).values(row);
}

export async function findExpectationByCode(tx: Transaction, codeHash: string): Promise<ExpectationRow | null> {
  const [row] = await tx.select().from(expectations).where(eq(expectations.codeHash, codeHash));
  return row ?? null;
}

export async function findExpectationById(tx: Transaction, id: string): Promise<ExpectationRow | null> {
  const [row] = await tx.select().from(expectations).where(eq(expectations.id, id));
  return row ?? null;
}

export async function listExpectations(tx: Transaction, school: string): Promise<ExpectationRow[]> {
  return tx
    .select()
    .from(expectations)
    .where(eq(expectations.recipientCode, school))
    .orderBy(desc(expectations.createdAt))
    .limit(200);
}

export async function changeExpectation(
  tx: Transaction,
  id: string,
  changes: Partial<typeof expectations.$inferInsert>,
): Promise<void> {
  const changed = await tx.update(expectations).set(changes).where(eq(expectations.id, id)).returning();
  if (changed.length !== 1) throw new Error('an expectation could not be changed');
}

export async function deleteExpectation(tx: Transaction, id: string): Promise<boolean> {
  const gone = await tx
    .delete(expectations)
    .where(and(eq(expectations.id, id), isNull(expectations.caseId)))
    .returning({ id: expectations.id });
  return gone.length === 1;
}
