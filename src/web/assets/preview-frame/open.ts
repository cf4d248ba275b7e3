import {
  getDocument,
  InvalidPDFException,
  PasswordException,
  type PDFDocumentProxy,
  PDFWorker,
  VerbosityLevel,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type FailureReason, maxPages } from '../preview/messages.ts';

export interface Pdf {
  readonly pages: number;
  /** Fails at the first thing that it does not understand; null when the document as a whole did. */
  readonly strict: PDFDocumentProxy | null;
  /** Leaves out what it does not understand: the reader has to be told. Opened when it is needed. */
  readonly openLenient: () => Promise<PDFDocumentProxy>;
}

type Need = (file: string) => Promise<ArrayBuffer | null>;

/** Larger pictures are left out, and the page counts as incomplete: 100 million points are 400 MB of memory. */
const maxImagePixels = 100_000_000;

/** @param need - gives a file of pdf.js by `kind/name` */
export async function openPdf(bytes: ArrayBuffer, worker: ArrayBuffer, need: Need): Promise<Pdf> {
  const port = new Worker(URL.createObjectURL(new Blob([worker], { type: 'text/javascript' })));
  const pdfWorker = PDFWorker.create({ port });
  const open = (isStrict: boolean) =>
    getDocument({
      // pdf.js takes away what it is given.
      data: bytes.slice(0),
      worker: pdfWorker,
      stopAtErrors: isStrict,
      maxImageSize: maxImagePixels,
      verbosity: VerbosityLevel.ERRORS,
      // No form language of its own, no fetch, no second worker; pdf.js has had no `eval` at all since 4.2.
      enableXfa: false,
      useWorkerFetch: false,
      disableWorkerRendering: true,
      BinaryDataFactory: filesFrom(need),
    }).promise;
  const strict = await open(true).catch((error: unknown) => {
    if (error instanceof PasswordException) throw error;
    return null;
  });
  let lenient: Promise<PDFDocumentProxy> | null = null;
  const openLenient = () => (lenient ??= open(false));
  const { numPages } = strict ?? (await openLenient());
  if (numPages > maxPages) throw new TooManyPages();
  return { pages: numPages, strict, openLenient };
}

export function failureOf(error: unknown): FailureReason {
  if (error instanceof PasswordException) return 'encrypted';
  if (error instanceof InvalidPDFException) return 'damaged';
  return error instanceof TooManyPages ? 'too-many-pages' : 'broken';
}

class TooManyPages extends Error {}

/** pdf.js wants a class; what it asks for by kind and name comes from the page. */
function filesFrom(need: Need) {
  return class {
    async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
      const bytes = await need(`${kind}/${filename}`);
      if (bytes === null) throw new Error(`no ${filename}`);
      return new Uint8Array(bytes);
    }
  };
}
