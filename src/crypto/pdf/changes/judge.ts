import type { PdfRevision } from '../history.ts';
import { type Permissions, permissionsBy } from '../permissions.ts';
import { type PdfDictionary, PdfRefused } from '../values.ts';
import { compareRevisions, type RevisionChanges } from './compare.ts';
import { isLockedBy } from './locks.ts';
import type { ChangeKind, ModificationReason } from './step.ts';

/** What happened to a document after it was signed. `allowed` is what the signatures up to then permit, and nothing else. */
export interface Modifications {
  readonly status: 'none' | 'allowed' | 'notAllowed';
  readonly changes: readonly ChangeKind[];
  /** Empty unless `notAllowed`. */
  readonly reasons: readonly (ModificationReason | ChangeReason)[];
}

export type ChangeReason = 'change-not-permitted' | 'field-locked' | 'comparison-too-complex';

/** A signature and the revision that it signs. */
export interface SignedRevision {
  readonly revision: number;
  readonly dictionary: PdfDictionary;
}

const always: readonly ChangeKind[] = ['validation-data', 'document-timestamp', 'modification-date'];

/** Table 257; without certification a document may be signed again, and no more. */
const permitted: Readonly<Record<Permissions | 'unsaid', readonly ChangeKind[]>> = {
  1: always,
  2: [...always, 'signature', 'form-filling'],
  // Annotations are not judged: they count as a modification.
  3: [...always, 'signature', 'form-filling'],
  unsaid: [...always, 'signature'],
};

/** Judges for each signature, in their order, everything that came behind the revision that it signs. */
export function judgeModifications(
  history: readonly PdfRevision[],
  signatures: readonly SignedRevision[],
): readonly Modifications[] {
  const changes = changesOf(history, signatures);
  if (changes === null) {
    return signatures.map(({ revision }) =>
      revision === history.length - 1 ? untouched : { ...untouched, status: 'notAllowed', reasons: tooComplex },
    );
  }
  return signatures.map((signature) => {
    const later = changes.filter(({ revision }) => revision > signature.revision);
    const reasons = [...new Set(later.flatMap((change) => reasonsOf(change, { history, signatures, signature })))];
    const kinds = [...new Set(later.flatMap((change) => [...change.kinds]))];
    const status = later.length === 0 ? 'none' : reasons.length === 0 ? 'allowed' : 'notAllowed';
    return { status, changes: kinds, reasons };
  });
}

const untouched: Modifications = { status: 'none', changes: [], reasons: [] };
const tooComplex = ['comparison-too-complex'] as const;

/** Null when comparing would cost too much, or finds what no reader would. */
function changesOf(
  history: readonly PdfRevision[],
  signatures: readonly SignedRevision[],
): readonly RevisionChanges[] | null {
  const from = Math.min(...signatures.map(({ revision }) => revision));
  try {
    return compareRevisions(history, from);
  } catch (error) {
    if (error instanceof PdfRefused) return null;
    throw error;
  }
}

interface Judged {
  readonly history: readonly PdfRevision[];
  readonly signatures: readonly SignedRevision[];
  readonly signature: SignedRevision;
}

function reasonsOf(change: RevisionChanges, { history, signatures, signature }: Judged): Modifications['reasons'] {
  const before = signatures.filter(({ revision }) => revision < change.revision);
  // Those who signed later may forbid more, but allow nothing: anybody could sign, and allow what he is about to do.
  const known = permittedBy(
    history,
    before.filter(({ revision }) => revision <= signature.revision),
  );
  const later = permittedBy(
    history,
    before.filter(({ revision }) => revision > signature.revision),
  );
  const allowed = (known ?? permitted.unsaid).filter((kind) => later === null || later.includes(kind));
  const isLocked = [...change.filledFields].some((field) =>
    before.some((one) => viewOf(history, one, (view, dictionary) => isLockedBy(view, dictionary, field))),
  );
  return [
    ...change.reasons,
    ...([...change.kinds].every((kind) => allowed.includes(kind)) ? [] : (['change-not-permitted'] as const)),
    ...(isLocked ? (['field-locked'] as const) : []),
  ];
}

/** By the strictest of them; null when none says anything. */
function permittedBy(
  history: readonly PdfRevision[],
  signatures: readonly SignedRevision[],
): readonly ChangeKind[] | null {
  const said = signatures.flatMap((signature) => viewOf(history, signature, permissionsBy) ?? []);
  return said.length === 0 ? null : permitted[said.reduce((least, next) => (next < least ? next : least))];
}

function viewOf<T>(
  history: readonly PdfRevision[],
  { revision, dictionary }: SignedRevision,
  read: (view: PdfRevision['view'], dictionary: PdfDictionary) => T,
): T | null {
  const signed = history[revision];
  return signed === undefined ? null : read(signed.view, dictionary);
}
