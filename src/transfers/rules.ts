import { type DocumentKind, expectedKinds } from '../records/kinds.ts';
import type { ManifestDocument } from '../records/manifest.ts';
import type { CaseState } from './tables.ts';

/** The procedure as a table: what may follow what. Everything else is refused (docs/architecture.md, One record’s way). */
const next: Readonly<Record<CaseState, readonly CaseState[]>> = {
  draft: ['submitted'],
  submitted: ['draft', 'approved'],
  approved: ['draft', 'sealed'],
  sealed: ['draft', 'deposited'],
  deposited: ['opened', 'returned', 'withdrawn'],
  opened: ['acknowledged'],
  returned: ['draft'],
  withdrawn: ['draft'],
  acknowledged: [],
};

export function mayFollow(from: CaseState, to: CaseState): boolean {
  return next[from].includes(to);
}

export function phaseOf(state: CaseState): 'drafting' | 'deposited' | 'opened' | 'ended' {
  switch (state) {
    case 'draft':
    case 'submitted':
    case 'approved':
    case 'sealed':
    case 'returned':
    case 'withdrawn':
      return 'drafting';
    case 'deposited':
      return 'deposited';
    case 'opened':
      return 'opened';
    case 'acknowledged':
      return 'ended';
  }
}

/** An approval stands for two weeks (four eyes, ASVS 2.3.5). */
export const approvalDays = 14;
export const expectationDays = 30;
export const maxDocuments = 64;

/** What an approval and a seal bind: change any of it and the digest changes. */
export interface PackageContent {
  readonly case: string;
  readonly kind: string;
  readonly sender: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly pupil: Readonly<Record<string, unknown>>;
  readonly documents: readonly ManifestDocument[];
}

/** Kinds that the procedure expects and the package lacks: the drafter is asked, never stopped. */
export function missingKinds(content: {
  readonly kind: string;
  readonly documents: readonly { readonly kind: DocumentKind }[];
}): readonly string[] {
  const kind = content.kind === 'advancement' ? 'advancement' : 'schoolTransfer';
  const present = new Set<string>(content.documents.map((document) => document.kind));
  return expectedKinds(kind).filter((wanted) => !present.has(wanted));
}

/** The recipient is confirmed by typing the end of its code: a slip of the mouse does not send a child's records away. */
export function confirmsRecipient(code: string, typed: string): boolean {
  return typed.trim().length === 4 && code.endsWith(typed.trim());
}
