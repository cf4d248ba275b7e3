/** Every act that the log knows. A name, once used, keeps its meaning for ever: entries outlive the code. */
export const auditEventNames = [
  // who is asking
  'login.done',
  'logout.done',
  'school.chosen',
  'person.linked',
  'person.unlinked',
  'linking-code.issued',
  'machine.token-issued',
  'access.denied',
  // the procedure
  'case.created',
  'case.addressed',
  'case.matched',
  'case.cancelled',
  'case.expired',
  'acceptance-code.issued',
  'acceptance-code.cancelled',
  'acceptance-code.proved',
  'document.added',
  'document.removed',
  'package.approval-requested',
  'package.approved',
  'package.approval-withdrawn',
  'package.sealed',
  'package.deposited',
  'package.withdrawn',
  'package.opened',
  'package.returned',
  'package.verified',
  'package.acknowledged',
  'document.handed-over',
  'container.handed-over',
  'custody.moved',
  // keys and custody
  'seal-key.imported',
  'organisation-key.created',
  'case-key.shredded',
  'document.shredded',
  'hold.placed',
  'hold.released',
  // looking
  'ledger.viewed',
  'evidence.signed',
] as const;

export type AuditEventName = (typeof auditEventNames)[number];
