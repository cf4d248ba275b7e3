import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import { buildSelect } from '../database/built-select.ts';
import { type Protection, protectionFact } from '../database/policies.ts';
import { approvals, cases, containerSeals, custodies, deliveries, documents, receipts } from './tables.ts';

// By their full names: inside the subqueries a bare `id` would be another table's.
const [caseId, pupilId, codeHash] = ['id', 'pupil_id', 'acceptance_code_hash'].map(
  (name) => sql`${sql.identifier('cases')}.${sql.identifier(name)}`,
);
const protection = protectionFact({
  subjects: sql`'pupil:' || ${pupilId}, 'code:' || ${codeHash}, 'case:' || ${caseId}`,
  pupilId: sql`${pupilId}`,
});
/** A case, and whether it is protected from whoever asks. */
export const caseFields = { ...getTableColumns(cases), protection };
const withProtection = { protection } as const;
type WithProtection = { readonly protection: Protection };

/** What nearly every act on a case asks for, built once; used by store.ts alone. */
export const caseById = buildSelect<typeof cases, { id: string }, WithProtection>(
  cases,
  (rows, value) => rows.where(eq(cases.id, value('id'))),
  withProtection,
);

export const lockedCaseById = buildSelect<typeof cases, { id: string }, WithProtection>(
  cases,
  (rows, value) => rows.where(eq(cases.id, value('id'))).for('update'),
  withProtection,
);

export const documentsOfCase = buildSelect<typeof documents, { caseId: string }>(documents, (rows, value) =>
  rows.where(eq(documents.caseId, value('caseId'))).orderBy(asc(documents.position)),
);

export const documentOfCase = buildSelect<typeof documents, { caseId: string; id: string }>(documents, (rows, value) =>
  rows.where(and(eq(documents.caseId, value('caseId')), eq(documents.id, value('id')))),
);

export const approvalInForce = buildSelect<typeof approvals, OfCase>(approvals, (rows, value) =>
  rows.where(and(eq(approvals.caseId, value('caseId')), isNull(approvals.voidedAt))),
);

export const sealsOfCase = buildSelect<typeof containerSeals, OfCase>(containerSeals, (rows, value) =>
  rows.where(eq(containerSeals.caseId, value('caseId'))),
);

export const receiptsOfCase = buildSelect<typeof receipts, OfCase>(receipts, (rows, value) =>
  rows.where(eq(receipts.caseId, value('caseId'))).orderBy(asc(receipts.issuedAt)),
);

export const deliveriesOfAttempt = buildSelect<typeof deliveries, OfCase & { attempt: number }>(
  deliveries,
  (rows, value) => rows.where(and(eq(deliveries.caseId, value('caseId')), eq(deliveries.attempt, value('attempt')))),
);

export const custodiesOfCase = buildSelect<typeof custodies, OfCase>(custodies, (rows, value) =>
  rows.where(eq(custodies.caseId, value('caseId'))),
);

type OfCase = { caseId: string };
