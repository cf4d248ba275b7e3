import { ok, type Result, refuse } from '../../result.ts';
import { parseSignedData } from '../cms/parse.ts';
import { timestampTokens } from '../cms.ts';
import type { TimestampService } from '../timestamp.ts';
import { addDocumentTimestamp } from './document-timestamp.ts';
import { gatherValidationData } from './gather-validation.ts';
import { openHistory } from './open.ts';
import type { SignPdfReason } from './sign-pdf.ts';
import { addValidationData, readValidationData } from './validation-data.ts';
import { findSignatures } from './verify/find-signatures.ts';
import type { PdfReport, PdfTrust } from './verify/report.ts';
import { verifyPdf } from './verify/verify-pdf.ts';

export type RenewReason =
  | SignPdfReason
  /** It is not wholly good any more: a new time stamp must not make it look so. */
  | 'evidence-not-good'
  /** No list of an authority at hand: whoever verifies in twenty years would have none either. */
  | 'revocation-list-missing'
  /** The new time stamp would not stand longer than the one there is. */
  | 'nothing-gained';

export interface RenewedPdf {
  readonly pdf: Uint8Array;
  /** Until when the new time stamp stands by itself. */
  readonly countsUntil: Date;
}

/** How long the evidence in a signed PDF stands without another time stamp; null when it does not stand now. */
export async function pdfEvidenceEnd(pdf: Uint8Array, trust: PdfTrust): Promise<Date | null> {
  return endOf(await verifyPdf(pdf, trust));
}

/**
 * Renews the evidence in a signed PDF (ETSI EN 319 142-1 §5.5): what proves the newest time stamp, and a document time stamp
 * over all of it, each in a revision behind the file, which stays a prefix byte for byte. Only what is good now is renewed,
 * and only what is B-LTA afterwards is given back.
 *
 * @param options.lists - revocation lists at hand, DER; `trust.revocation` must know them too
 */
export async function renewPdfEvidence(
  pdf: Uint8Array,
  options: {
    readonly trust: PdfTrust;
    readonly timestamps: TimestampService;
    readonly lists: readonly Uint8Array[];
  },
): Promise<Result<RenewedPdf, RenewReason>> {
  const { trust, timestamps, lists } = options;
  const before = await verifyPdf(pdf, trust);
  const end = endOf(before);
  if (end === null) return refuse('evidence-not-good');
  const { chain, tokens, ...held } = await evidenceIn(pdf, before);
  const { data, isComplete } = gatherValidationData({ chain, tokens, lists: [...lists, ...held.lists] });
  if (!isComplete) return refuse('revocation-list-missing');
  const kept = await addValidationData(pdf, data);
  if (!kept.ok) return kept;
  const fieldName = `Time${before.signatures.length}`;
  const stamped = await addDocumentTimestamp(kept.value, { timestamps, fieldName });
  if (!stamped.ok) return stamped;
  const after = await verifyPdf(stamped.value, trust);
  const countsUntil = endOf(after);
  const seals = after.signatures.filter(({ kind }) => kind === 'signature');
  if (countsUntil === null || seals.some(({ level }) => level.status !== 'B-LTA')) return refuse('evidence-not-good');
  return countsUntil > end ? ok({ pdf: stamped.value, countsUntil }) : refuse('nothing-gained');
}

/** Of a file in which everything is as it should be, when the newest time stamp ends. */
function endOf({ document, signatures }: PdfReport): Date | null {
  const isGood =
    document.status === 'read' &&
    document.reasons.length === 0 &&
    signatures.some(({ kind }) => kind === 'signature') &&
    signatures.every(
      ({ integrity, modifications, path, revocation, time }) =>
        integrity.status === 'valid' &&
        modifications !== null &&
        modifications.status !== 'notAllowed' &&
        path.status === 'trusted' &&
        revocation.status === 'good' &&
        time.status === 'proved',
    );
  return isGood ? (signatures.at(-1)?.time.countsUntil ?? null) : null;
}

interface HeldEvidence {
  readonly chain: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
  /** Those that will do, although they are of an earlier day. */
  readonly lists: readonly Uint8Array[];
}

/**
 * What still has to be proved from inside the file: the newest document time stamp, by lists of today; before the first one
 * everything, since lists may have been missing when it was signed.
 */
async function evidenceIn(pdf: Uint8Array, { signatures }: PdfReport): Promise<HeldEvidence> {
  const history = await openHistory(pdf);
  const found = history.ok ? findSignatures(history.value) : history;
  const view = history.ok ? history.value.at(-1)?.view : undefined;
  if (!found.ok || view === undefined) throw new Error('what was verified can be read');
  const values = found.value.shown.flatMap(({ place }) => (place.ok ? [place.value.value.der] : []));
  if (signatures.at(-1)?.kind === 'document-timestamp') return { chain: [], tokens: values.slice(-1), lists: [] };
  const parsed = values.flatMap((der) => {
    const one = parseSignedData(der);
    return one.ok ? [one.value] : [];
  });
  return {
    chain: parsed.flatMap(({ certificates }) => [...certificates]),
    tokens: parsed.flatMap(({ unsignedAttributes }) => [...timestampTokens(unsignedAttributes)]),
    lists: readValidationData(view).crls,
  };
}
