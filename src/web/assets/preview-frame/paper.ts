import { AnnotationMode, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { FrameWords, Report } from '../preview/messages.ts';
import type { Pdf } from './open.ts';
import { textOf } from './page-text.ts';

/** A page is not drawn wider than this at 100 %. */
const maxFitWidth = 900;

/** What every browser holds, phones too; a larger page is drawn coarser. */
const maxCanvasPixels = 16_000_000;
const maxCanvasSide = 8192;

interface Ordered {
  readonly page: number;
  readonly zoom: number;
}

/** Draws one page, at a zoom where 1 is the width of the window. */
export type Draw = (page: number, zoom: number) => Promise<void>;

/**
 * Lays out the sheet on which one page at a time is drawn: for eyes on a canvas, for screen readers as text. Drawings
 * follow each other; of those that wait, only the last one counts.
 */
export function layPaper(pdf: Pdf, words: FrameWords, say: (report: Report) => void): Draw {
  let last: Ordered | null = null;
  let drawing: Promise<void> = Promise.resolve();
  let width = innerWidth;

  function draw(page: number, zoom: number): Promise<void> {
    last = { page, zoom };
    drawing = drawAfter(drawing, last);
    return drawing;
  }

  async function drawAfter(before: Promise<void>, ordered: Ordered): Promise<void> {
    await before.catch(() => undefined);
    if (last !== ordered) return;
    const { page, zoom } = ordered;
    const drawn = await drawSomehow(pdf, page, zoom);
    const height = put(drawn, words.page.replace('{page}', String(page)).replace('{pages}', String(pdf.pages)));
    say({ kind: 'drawn', page, height, complete: drawn.complete });
  }

  addEventListener('resize', () => {
    if (innerWidth === width || last === null) return;
    width = innerWidth;
    draw(last.page, last.zoom).catch(() => say({ kind: 'failed', reason: 'broken' }));
  });
  return draw;
}

/** Shows what was drawn; gives its height. */
function put({ canvas, text }: Drawn, label: string): number {
  const main = document.querySelector('main') ?? document.body;
  main.setAttribute('aria-label', label);
  main.replaceChildren(canvas, text);
  scrollTo(0, 0);
  return Math.max(1, Math.ceil(main.getBoundingClientRect().height));
}

interface Drawn {
  readonly canvas: HTMLCanvasElement;
  readonly text: HTMLElement;
  /** Whether everything that the page holds was understood. */
  readonly complete: boolean;
}

async function drawSomehow({ strict, openLenient }: Pdf, page: number, zoom: number): Promise<Drawn> {
  const drawn = strict === null ? null : await drawPage(strict, page, zoom).catch(() => null);
  return drawn ?? { ...(await drawPage(await openLenient(), page, zoom)), complete: false };
}

async function drawPage(from: PDFDocumentProxy, number: number, zoom: number): Promise<Drawn> {
  const page = await from.getPage(number);
  try {
    const canvas = await drawCanvas(page, zoom);
    // A picture that cannot be decoded is left out without a word.
    const complete = ![...page.objs, ...page.commonObjs].some(([, data]) => data === null);
    return { canvas, text: textOf(await page.getTextContent()), complete };
  } finally {
    page.cleanup();
  }
}

async function drawCanvas(page: PDFPageProxy, zoom: number): Promise<HTMLCanvasElement> {
  const plain = page.getViewport({ scale: 1 });
  const scale = (Math.min(document.documentElement.clientWidth, maxFitWidth) / plain.width) * zoom;
  const [width, height] = [plain.width * scale, plain.height * scale];
  const sharpness = Math.min(
    devicePixelRatio,
    Math.sqrt(maxCanvasPixels / (width * height)),
    maxCanvasSide / Math.max(width, height),
  );
  const viewport = page.getViewport({ scale: scale * sharpness });
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  canvas.style.width = `${Math.floor(width)}px`;
  canvas.style.height = `${Math.floor(height)}px`;
  // The text beside it says the same.
  canvas.setAttribute('aria-hidden', 'true');
  // Entries of forms and stamps are part of what is approved: they are drawn, and nothing of them acts.
  await page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE, background: '#fff' }).promise;
  return canvas;
}
