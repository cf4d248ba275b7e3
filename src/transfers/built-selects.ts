import { and, asc, eq, isNull } from 'drizzle-orm';
import { buildSelect } from '../database/built-select.ts';
import { approvals, cases, containerSeals, custodies, deliveries, documents, receipts } from './tables.ts';

/** What nearly every act on a case asks for, built once; used by store.ts alone. */
export const caseById = buildSelect<typeof cases, { id: string }>(cases, (rows, value) =>
  rows.where(eq(cases.id, value('id'))),
);

export const lockedCaseById = buildSelect<typeof cases, { id: string }>(cases, (rows, value) =>
  rows.where(eq(cases.id, value('id'))).for('update'),
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
