import type { Transaction } from '../database/connection.ts';
import { findSchools, type SchoolView } from '../directory/find-organisation.ts';
import type { Actor } from '../policy/actor.ts';
import { type Action, isAllowed } from '../policy/decide.ts';
import {
  custodyMoves,
  type DocumentForm,
  type DocumentKind,
  personMayRead,
  type Visibility,
} from '../records/kinds.ts';
import { resourceOf, sideOf } from './act.ts';
import { mayBreakGlass } from './open-break-glass.ts';
import { maxDocuments, mayFollow, missingKinds, phaseOf } from './rules.ts';
import {
  type CaseRow,
  type CustodyRow,
  type DeliveryRow,
  type DocumentRow,
  findApproval,
  listCustodies,
  listDeliveries,
  listDocuments,
  listReceipts,
} from './store.ts';
import type { CaseState, DeliveryGrade } from './tables.ts';
import type { PackageVerdict } from './verdict.ts';

/** A case in a list: plain JSON, the same for API and pages. */
export interface CaseSummary {
  readonly id: string;
  readonly kind: CaseRow['kind'];
  readonly state: CaseState;
  readonly version: number;
  readonly side: 'sender' | 'recipient' | 'person';
  readonly pupil: { readonly officialName: string; readonly displayName: string; readonly kana: string };
  readonly sender: SchoolName;
  readonly recipient: SchoolName | null;
  readonly updatedAt: string;
  /** 支援措置: told to staff who may know, nobody else. */
  readonly isProtected: boolean;
}

export interface SchoolName {
  readonly code: string;
  readonly name: string;
  readonly prefecture: string;
  readonly town: string;
}

export interface DocumentView {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly form: DocumentForm;
  readonly visibility: Visibility;
  readonly title: string;
  readonly mediaType: string;
  readonly state: 'uploading' | 'ready';
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly findings: readonly string[];
  readonly readable: boolean;
  /** Not readable in this role, but in an emergency (緊急閲覧). */
  readonly mayBreakGlass: boolean;
  readonly grades: readonly { readonly grade: DeliveryGrade; readonly reachedAt: string }[];
  /** For an original whose custody moves: who holds it, and since when. */
  readonly custody: {
    readonly holder: string;
    readonly formerHolder: string | null;
    readonly movedAt: string | null;
    readonly receipt: string | null;
  } | null;
}

/** A whole case as one side may see it. */
export interface CaseView extends CaseSummary {
  readonly birthDate: string | null;
  readonly legalBasis: string;
  readonly purpose: string;
  readonly attempt: number;
  readonly addressedByCode: boolean;
  readonly contentDigest: string | null;
  readonly documents: readonly DocumentView[];
  readonly missing: readonly string[];
  readonly approval: { readonly role: string; readonly approvedAt: string; readonly expiresAt: string } | null;
  readonly verification: PackageVerdict | null;
  readonly receipts: readonly {
    readonly id: string;
    readonly event: string;
    readonly eventId: string;
    readonly issuedAt: string;
  }[];
  readonly times: Readonly<Record<'createdAt', string>> &
    Readonly<Record<'sealedAt' | 'depositedAt' | 'openedAt' | 'verifiedAt' | 'closedAt', string | null>>;
  readonly reason: string | null;
  /** It waits for approval, and the actor could give it had they not drafted it themselves (four eyes). */
  readonly approvalByAnother: boolean;
  /** What this actor may do now: the pages draw their buttons from it, the API tells machines. */
  readonly may: readonly CaseAct[];
}

export const caseActs = [
  'edit',
  'addDocument',
  'submit',
  'approve',
  'revise',
  'seal',
  'deposit',
  'withdraw',
  'open',
  'verify',
  'return',
  'acknowledge',
] as const;
export type CaseAct = (typeof caseActs)[number];

export async function viewCase(tx: Transaction, actor: Actor, row: CaseRow): Promise<CaseView> {
  const isDeposited = row.depositedAt !== null;
  // Sent together; and nothing is asked for that the procedure has not come to yet.
  const [[summary], documents, approval, receipts, deliveries, custodies] = await Promise.all([
    summarise(tx, actor, [row]),
    listDocuments(tx, row.id),
    row.state === 'draft' || row.state === 'submitted' ? null : findApproval(tx, row.id),
    isDeposited || row.attempt > 1 ? listReceipts(tx, row.id) : [],
    isDeposited ? listDeliveries(tx, row) : [],
    isDeposited ? listCustodies(tx, row.id) : [],
  ]);
  if (summary === undefined) throw new Error('a case lost its summary');
  return {
    ...summary,
    birthDate: isUnproven(row, summary.side) ? null : row.pupilBirthDate,
    legalBasis: row.legalBasis,
    purpose: row.purpose,
    attempt: row.attempt,
    addressedByCode: row.acceptanceCodeHash !== null,
    contentDigest: row.contentDigest,
    documents: documents.map((document) => viewDocument(actor, row, { document, deliveries, custodies })),
    missing: missingKinds({ kind: row.kind, documents }),
    approval:
      approval === null
        ? null
        : {
            role: approval.role,
            approvedAt: approval.approvedAt.toISOString(),
            expiresAt: approval.expiresAt.toISOString(),
          },
    verification: row.verification,
    receipts: receipts.map((receipt) => ({
      id: receipt.id,
      event: receipt.event,
      eventId: receipt.eventId,
      issuedAt: receipt.issuedAt.toISOString(),
    })),
    times: {
      createdAt: row.createdAt.toISOString(),
      sealedAt: isoOrNull(row.sealedAt),
      depositedAt: isoOrNull(row.depositedAt),
      openedAt: isoOrNull(row.openedAt),
      verifiedAt: isoOrNull(row.verifiedAt),
      closedAt: isoOrNull(row.closedAt),
    },
    reason: row.reason,
    approvalByAnother: row.state === 'submitted' && approvalByAnother(actor, row),
    may: actsOf(actor, row, documents.length),
  };
}

/** Before it is opened the recipient learns which pupil to expect by name only, never the birth date that proves it. */
export async function summarise(tx: Transaction, actor: Actor, rows: readonly CaseRow[]): Promise<CaseSummary[]> {
  const codes = rows.flatMap((row) => [row.senderCode, ...(row.recipientCode === null ? [] : [row.recipientCode])]);
  const schools = await findSchools(tx, codes);
  return rows.map((row) => {
    const side = sideOf(actor, row);
    return {
      id: row.id,
      kind: row.kind,
      state: row.state,
      version: row.version,
      side: side === 'sender' || side === 'recipient' ? side : 'person',
      pupil: {
        officialName: row.pupilOfficialName,
        displayName: row.pupilDisplayName,
        kana: isUnproven(row, side) ? '' : row.pupilKana,
      },
      sender: nameOf(schools, row.senderCode),
      recipient: row.recipientCode === null ? null : nameOf(schools, row.recipientCode),
      updatedAt: row.updatedAt.toISOString(),
      isProtected: actor.kind === 'staff' && row.protection !== 'none',
    };
  });
}

/** Kana and birth date are what a receiver proves its pupil with: it reads neither before that, nor of what it sent back. */
export function isUnproven(row: CaseRow, side: string): boolean {
  const phase = phaseOf(row.state);
  return side === 'recipient' && phase !== 'opened' && phase !== 'ended';
}

/** A document of a draft: nothing of it has been delivered, and nobody else holds it. */
export function viewDraftDocument(actor: Actor, row: CaseRow, document: DocumentRow): DocumentView {
  return viewDocument(actor, row, { document, deliveries: [], custodies: [] });
}

function viewDocument(
  actor: Actor,
  row: CaseRow,
  found: {
    readonly document: DocumentRow;
    readonly deliveries: readonly DeliveryRow[];
    readonly custodies: readonly CustodyRow[];
  },
): DocumentView {
  const { document } = found;
  const custody = found.custodies.find((entry) => entry.documentId === document.id);
  return {
    id: document.id,
    kind: document.kind,
    form: document.form,
    visibility: document.visibility,
    title: document.title,
    mediaType: document.mediaType,
    state: document.state,
    bytes: document.byteCount,
    sha256: document.sha256,
    findings: document.findings,
    readable: document.state === 'ready' && mayReadDocument(actor, row, document),
    mayBreakGlass: mayBreakGlass({ actor }, row, document),
    grades: found.deliveries
      .filter((delivery) => delivery.documentId === document.id)
      .map((delivery) => ({ grade: delivery.grade, reachedAt: delivery.reachedAt.toISOString() })),
    custody:
      custody === undefined || !custodyMoves(document.kind, document.form)
        ? null
        : {
            holder: custody.holderCode,
            formerHolder: custody.formerHolderCode,
            movedAt: isoOrNull(custody.movedAt),
            receipt: custody.receiptId,
          },
  };
}

function mayReadDocument(actor: Actor, row: CaseRow, document: DocumentRow): boolean {
  if (actor.kind === 'person' && !personMayRead(document.kind)) return false;
  return isAllowed(actor, 'document.read', resourceOf(actor, row, document.visibility));
}

function approvalByAnother(actor: Actor, row: CaseRow): boolean {
  const resource = resourceOf(actor, row);
  return resource.drafter && isAllowed(actor, 'case.approve', { ...resource, drafter: false });
}

function actsOf(actor: Actor, row: CaseRow, documentCount: number): readonly CaseAct[] {
  const may = (action: Action, visibility: Visibility | null = null) =>
    isAllowed(actor, action, resourceOf(actor, row, visibility));
  const drafting = phaseOf(row.state) === 'drafting';
  const possible: Readonly<Record<CaseAct, boolean>> = {
    edit: drafting && may('case.draft'),
    addDocument:
      drafting && documentCount < maxDocuments && (may('document.add', 'records') || may('document.add', 'health')),
    submit: row.state === 'draft' && may('case.submit'),
    approve: row.state === 'submitted' && may('case.approve'),
    revise: row.state !== 'draft' && mayFollow(row.state, 'draft') && may('case.draft'),
    seal: row.state === 'approved' && may('case.seal'),
    deposit: row.state === 'sealed' && may('case.deposit'),
    withdraw: row.state === 'deposited' && may('case.withdraw'),
    open: row.state === 'deposited' && may('case.open'),
    verify: row.state === 'opened' && may('case.verify'),
    return: row.state === 'deposited' && may('case.return'),
    acknowledge: row.state === 'opened' && row.verification?.outcome === 'valid' && may('case.acknowledge'),
  };
  return caseActs.filter((act) => possible[act]);
}

function nameOf(schools: ReadonlyMap<string, SchoolView>, code: string): SchoolName {
  const school = schools.get(code);
  return {
    code,
    name: school?.name ?? code,
    prefecture: school?.prefecture ?? '',
    town: school?.town ?? '',
  };
}

function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
