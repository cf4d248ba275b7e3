import type { PdfReport, PdfSignatureReport, PdfTrust } from '../../../../src/crypto/pdf/verify/report.ts';
import { verifyPdf } from '../../../../src/crypto/pdf/verify/verify-pdf.ts';
import { noRevocationSource } from '../../../../src/crypto/x509/revocation.ts';
import { now } from '../../support/authorities.ts';
import type { TestWorld } from '../../support/trust.ts';

/** A verifier who has the world's anchors and, unless told, no revocation data of his own. */
export function trustOf(world: TestWorld, changes: Partial<PdfTrust> = {}): PdfTrust {
  const { anchors, timestampAnchors } = world;
  return { anchors, timestampAnchors, revocation: noRevocationSource, at: now, ...changes };
}

export async function verified(file: Uint8Array, trust: PdfTrust): Promise<PdfReport> {
  return verifyPdf(new Uint8Array(file), trust);
}

/** Everything that is not as it should be, in one line each; the level last. */
export function linesOf({ document, signatures }: PdfReport): readonly string[] {
  const outer = document.reasons.map((reason) => `document ${document.status}: ${reason}`);
  return [...outer, ...signatures.map(lineOf)];
}

function lineOf(report: PdfSignatureReport): string {
  const { field, kind, integrity, coverage, modifications, path, revocation, time, level } = report;
  const parts = [
    `${field} ${kind}`,
    [integrity.status, ...integrity.reasons].join(' '),
    coverage.status,
    [modifications?.status ?? 'unknown', ...(modifications?.changes ?? []), ...(modifications?.reasons ?? [])].join(
      ' ',
    ),
    [path.status, ...path.reasons].join(' '),
    [revocation.status, ...revocation.reasons].join(' '),
    [time.status, ...time.reasons].join(' '),
    level.status,
  ];
  return parts.join(' | ');
}

/** Whether a careless reader of the report could take the document for what was signed: no test of a forgery may find it so. */
export function looksGood({ document, signatures }: PdfReport): boolean {
  return (
    document.status === 'read' &&
    document.reasons.length === 0 &&
    signatures.length > 0 &&
    signatures.every(
      ({ integrity, modifications }) => integrity.status === 'valid' && modifications?.status !== 'notAllowed',
    )
  );
}
