import type { PdfTrust } from '../crypto/pdf/verify/report.ts';
import { type Fault, fault } from '../faults.ts';
import { ok, type Result } from '../result.ts';
import type { ImageReader } from './image.ts';
import { jpegReader } from './inspect-jpeg.ts';
import { inspectJson, maxJsonBytes } from './inspect-json.ts';
import { pngReader } from './inspect-png.ts';
import type { InspectionDesk } from './inspection-desk.ts';
import type { DocumentKind, MediaType } from './kinds.ts';
import { inspectPdf, maxPdfBytes } from './pdf/inspect-pdf.ts';
import { judgeSignatures, signatureFindings } from './pdf/judge-signatures.ts';

/** What the sender should know of a document and may still send. */
const documentFindings = ['image.metadata', 'pdf.metadata', ...signatureFindings] as const;
export type DocumentFinding = (typeof documentFindings)[number];

/** Looks at a document while it streams past; what it refuses never becomes durable. */
export interface Inspector {
  /** The type's own limit; null when it is judged without being held. */
  readonly maxBytes: number | null;
  /** A fault ends the upload at once. */
  take(piece: Uint8Array): Fault | undefined;
  /** After the last byte: a fault refuses the whole document. */
  end(): Promise<Fault | undefined>;
  /** What the sender should know and may still send, by code; after `end`. */
  findings(): readonly DocumentFinding[];
  /** Gives back what the inspection holds, however the upload ended. */
  close(): void;
}

/**
 * The checks for one declared type: type and content agree, nothing in it acts. What is signed inside a PDF is judged by
 * `trust`; no verdict on it refuses the document.
 */
export function inspectorFor(
  of: { readonly mediaType: MediaType; readonly kind: DocumentKind },
  desk: InspectionDesk,
  trust: PdfTrust,
): Inspector {
  switch (of.mediaType) {
    case 'application/pdf':
      return bufferingInspector(desk, {
        maxBytes: maxPdfBytes,
        start: pdfStart,
        inspect: (bytes) => inspectSigned(bytes, trust),
      });
    case 'application/json':
      return bufferingInspector(desk, {
        maxBytes: maxJsonBytes,
        start: () => undefined,
        inspect: (bytes) => Promise.resolve(inspectJson(bytes, of.kind)),
      });
    case 'image/jpeg':
      return streamingInspector(jpegReader());
    case 'image/png':
      return streamingInspector(pngReader());
  }
}

interface WholeContent {
  readonly maxBytes: number;
  /** Judges the first bytes, so that a wrong file is not sent to its end. */
  readonly start: (start: Uint8Array) => Fault | undefined;
  readonly inspect: (bytes: Uint8Array) => Promise<Result<readonly DocumentFinding[]>>;
}

/** For formats that can only be judged as a whole. */
function bufferingInspector(desk: InspectionDesk, { maxBytes, start, inspect }: WholeContent): Inspector {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let findings: readonly DocumentFinding[] = [];
  function release(): void {
    desk.release(held);
    held = 0;
    pieces = [];
  }
  return {
    maxBytes,
    take(piece) {
      if (held + piece.length > maxBytes) {
        return fault('request.too-large', { params: { limit: `${maxBytes / 2 ** 20} MiB` } });
      }
      if (!desk.reserve(piece.length)) return fault('gateway.unavailable', { detail: 'inspection-memory' });
      held += piece.length;
      pieces.push(piece);
      return start(pieces[0] ?? piece);
    },
    async end() {
      const result = await desk.inTurn(() => {
        const bytes = joined(pieces, held);
        pieces = [];
        return inspect(bytes);
      });
      release();
      if (!result.ok) return result.fault;
      findings = result.value;
      return undefined;
    },
    findings: () => findings,
    close: release,
  };
}

function streamingInspector(reader: ImageReader): Inspector {
  return {
    maxBytes: null,
    take: (piece) => reader.take(piece),
    end: () => Promise.resolve(reader.end()),
    findings: () => (reader.hasMetadata() ? ['image.metadata'] : []),
    close: () => undefined,
  };
}

async function inspectSigned(bytes: Uint8Array, trust: PdfTrust): Promise<Result<readonly DocumentFinding[]>> {
  const inspected = await inspectPdf(bytes);
  if (!inspected.ok) return inspected;
  const findings = inspected.value.flatMap((finding) => (finding === 'pdf.signed' ? [] : [finding]));
  if (findings.length === inspected.value.length) return ok(findings);
  return ok([...findings, await judgeSignatures(bytes, trust)]);
}

function pdfStart(start: Uint8Array): Fault | undefined {
  const mark = '%PDF-';
  for (let at = 0; at < Math.min(mark.length, start.length); at++) {
    if (start[at] !== mark.charCodeAt(at)) {
      return fault('document.not-what-it-says', { params: { type: 'application/pdf' } });
    }
  }
  return undefined;
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
