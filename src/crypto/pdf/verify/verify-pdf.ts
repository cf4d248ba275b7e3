import { judgeModifications, type Modifications } from '../changes/judge.ts';
import type { PdfRevision } from '../history.ts';
import { openHistory } from '../open.ts';
import { type Embedded, embeddedIn } from './embedded.ts';
import type { Evidence } from './evidence.ts';
import { type FoundSignature, findSignatures, type PlacedSignature, type PlaceReason } from './find-signatures.ts';
import { judgeSignature, type OpenedSignature } from './judge-signature.ts';
import { type Judged, judgeTimestamp } from './judge-timestamp.ts';
import { levelOf } from './level.ts';
import type { PdfReport, PdfSignatureReport, PdfTrust } from './report.ts';
import { signedBytes } from './value.ts';

/**
 * Verifies every signature and document time stamp of a PDF (ETSI EN 319 142-1, ISO 32000-2 §12.8) by what the caller
 * trusts and what the file brings along; nothing is fetched. Never throws for what a file holds. A file without any
 * signature is read, and has none: that is no verdict on it.
 */
export async function verifyPdf(bytes: Uint8Array, trust: PdfTrust): Promise<PdfReport> {
  const history = await openHistory(bytes);
  if (!history.ok) return { document: { status: 'refused', reasons: [history.fault] }, revisions: 0, signatures: [] };
  const revisions = history.value.length;
  const found = findSignatures(history.value);
  if (!found.ok) return { document: { status: 'refused', reasons: [found.fault] }, revisions, signatures: [] };
  return {
    document: { status: 'read', reasons: found.value.hidden === 0 ? [] : ['signature-hidden'] },
    revisions,
    signatures: await judgeAll(bytes, { history: history.value, trust, shown: found.value.shown }),
  };
}

interface Given {
  readonly history: readonly PdfRevision[];
  readonly trust: PdfTrust;
  readonly shown: readonly FoundSignature[];
}

async function judgeAll(bytes: Uint8Array, { history, trust, shown }: Given): Promise<readonly PdfSignatureReport[]> {
  const placed = shown.flatMap(({ field, place }): Placed[] => (place.ok ? [{ ...place.value, field }] : []));
  const lost = shown.flatMap(({ field, place }) => (place.ok ? [] : [displaced(field, place.fault, trust)]));
  const modifications = await judgeModifications(history, placed);
  const whole: Whole = { bytes, history, trust, newest: embeddedAt(history, history.length - 1, trust) };
  const reports: PdfSignatureReport[] = [];
  let above: Above = { existedAt: trust.at, existedBy: 'now', stamped: null };
  // Newest first: each time stamp says when what lies under it existed.
  for (const [index, one] of [...placed.entries()].reverse()) {
    const report = await reportOn(one, whole, { above, modifications: modifications[index] ?? null });
    reports.unshift(report);
    above = aboveNext(above, report, { revision: one.revision, whole });
  }
  return [...reports, ...lost];
}

type Placed = PlacedSignature & { readonly field: string };

interface Whole {
  readonly bytes: Uint8Array;
  readonly history: readonly PdfRevision[];
  readonly trust: PdfTrust;
  /** The newest store of validation data. */
  readonly newest: Embedded;
}

/** What the signatures that were judged already prove of those under them. */
interface Above extends Pick<Evidence, 'existedAt' | 'existedBy'> {
  /** The store under the newest document time stamp that proves its time; null while there was none. */
  readonly stamped: Embedded | null;
}

async function reportOn(
  one: Placed,
  { bytes, history, trust, newest }: Whole,
  { above, modifications }: { readonly above: Above; readonly modifications: Modifications | null },
): Promise<PdfSignatureReport> {
  const evidence: Evidence = { trust, embedded: newest, existedAt: above.existedAt, existedBy: above.existedBy };
  const { judged, opened } = await judgeOne(one, signedBytes(bytes, one.value), evidence);
  const isWhole = one.revision === history.length - 1;
  const coverage = { status: isWhole ? ('file' as const) : ('revision' as const), reasons: [] };
  const report = { ...judged, field: one.field, coverage, modifications };
  if (judged.kind !== 'signature') return report;
  return { ...report, level: await levelOf(report, opened, { trust, newest, stamped: above.stamped }) };
}

function aboveNext(
  above: Above,
  { kind, time }: PdfSignatureReport,
  { revision, whole }: { readonly revision: number; readonly whole: Whole },
): Above {
  if (kind !== 'document-timestamp' || time.status !== 'proved') return above;
  return {
    existedAt: time.judgedAt < above.existedAt ? time.judgedAt : above.existedAt,
    existedBy: 'document-timestamp',
    stamped: above.stamped ?? embeddedAt(whole.history, revision, whole.trust),
  };
}

async function judgeOne(
  placed: PlacedSignature,
  data: Uint8Array,
  evidence: Evidence,
): Promise<{ readonly judged: Judged; readonly opened: OpenedSignature | null }> {
  if (placed.value.subFilter !== 'ETSI.RFC3161') return judgeSignature(placed, data, evidence);
  return { judged: await judgeTimestamp(placed, data, evidence), opened: null };
}

function embeddedAt(history: readonly PdfRevision[], revision: number, { at }: PdfTrust): Embedded {
  const view = history[revision]?.view;
  if (view === undefined) throw new Error('a revision that was found has a view');
  return embeddedIn(view, at);
}

/** A field whose value cannot be told apart from a forgery; what it holds is not looked at. */
function displaced(field: string, reason: PlaceReason, { at }: PdfTrust): PdfSignatureReport {
  return {
    field,
    kind: 'unreadable',
    subFilter: null,
    integrity: { status: 'invalid', reasons: [reason] },
    coverage: { status: 'unknown', reasons: [reason] },
    modifications: null,
    signer: null,
    path: { status: 'notChecked', reasons: [] },
    revocation: { status: 'notChecked', reasons: [] },
    time: { status: 'absent', reasons: [], by: null, judgedAt: at, countsUntil: null, claimed: null },
    level: { status: 'none', reasons: ['integrity-invalid'] },
  };
}
