import type { Texts } from '../upload/texts.ts';
import { type Controls, connectControls } from './controls.ts';
import { type Frame, openFrame } from './frame.ts';
import type { Report, Wish } from './messages.ts';

/** Of the width of the window; 1 is the first, and the widest that a page gets is in the frame. */
const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

/** How long the frame may be silent while it opens a document or draws a page. */
const maxSilenceMs = 30_000;

const maxFrameHeight = 2400;

interface Viewing {
  readonly root: HTMLElement;
  readonly texts: Texts;
  readonly controls: Controls;
  frame: Frame | null;
  page: number;
  pages: number;
  zoom: number;
  /** Runs while an answer of the frame is awaited. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Reads the document once, hands it to the frame, and turns pages for the reader. */
export async function showPdf(root: HTMLElement, texts: Texts): Promise<void> {
  const viewing: Viewing = {
    root,
    texts,
    controls: connectControls(root, (wish) => grant(viewing, wish)),
    frame: null,
    page: 1,
    pages: 0,
    zoom: zooms.indexOf(1),
    timer: undefined,
  };
  const { controls } = viewing;
  if (Number(root.dataset['bytes']) > Number(root.dataset['maxBytes'])) return fail(viewing, 'too-large');
  controls.begin(texts('loading'));
  try {
    const [bytes, worker, frame] = await Promise.all([
      read(root.dataset['pdf'] ?? ''),
      read(root.dataset['worker'] ?? ''),
      openFrame(controls.place, (report) => hear(viewing, report)),
    ]);
    viewing.frame = frame;
    const words = { lang: document.documentElement.lang, page: texts('page', { page: '{page}', pages: '{pages}' }) };
    expectAnswer(viewing);
    frame.send({ kind: 'open', bytes, worker, words }, [bytes, worker]);
  } catch {
    fail(viewing, 'not-read');
  }
}

async function read(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.arrayBuffer();
}

function hear(viewing: Viewing, report: Report): void {
  switch (report.kind) {
    case 'opened':
      clearTimeout(viewing.timer);
      viewing.pages = report.pages;
      return draw(viewing);
    case 'drawn':
      return shown(viewing, report);
    case 'wish':
      return grant(viewing, report.wish);
    case 'failed':
      return fail(viewing, report.reason);
    case 'need':
      // Answered where the channel is (frame.ts).
      return;
  }
}

function shown(viewing: Viewing, report: Extract<Report, { kind: 'drawn' }>): void {
  const { controls, frame, texts, pages, zoom } = viewing;
  if (report.page !== viewing.page || frame === null) return;
  clearTimeout(viewing.timer);
  // As high as the whole page when it fits the width; a larger zoom is scrolled inside.
  if (zooms[zoom] === 1 || frame.element.style.height === '') {
    frame.element.style.height = `${Math.min(report.height, maxFrameHeight)}px`;
  }
  controls.show({
    place: texts('place', { page: String(viewing.page), pages: String(pages) }),
    percent: `${Math.round((zooms[zoom] ?? 1) * 100)}%`,
    complete: report.complete,
    may: {
      previous: viewing.page > 1,
      next: viewing.page < pages,
      smaller: zoom > 0,
      bigger: zoom < zooms.length - 1,
    },
  });
}

function grant(viewing: Viewing, wish: Wish): void {
  const { page, pages, zoom } = viewing;
  if (viewing.frame === null || pages === 0) return;
  viewing.page = clamp(page + (wish === 'next' ? 1 : wish === 'previous' ? -1 : 0), 1, pages);
  viewing.zoom = clamp(zoom + (wish === 'bigger' ? 1 : wish === 'smaller' ? -1 : 0), 0, zooms.length - 1);
  if (viewing.page !== page) viewing.controls.scrollToTop();
  if (viewing.page !== page || viewing.zoom !== zoom) draw(viewing);
}

function draw(viewing: Viewing): void {
  expectAnswer(viewing);
  viewing.frame?.send({ kind: 'draw', page: viewing.page, zoom: zooms[viewing.zoom] ?? 1 });
}

function expectAnswer(viewing: Viewing): void {
  clearTimeout(viewing.timer);
  viewing.timer = setTimeout(() => fail(viewing, 'too-slow'), maxSilenceMs);
}

/** The frame goes, whatever still runs in it, and the reader is told why and what to do. */
function fail(viewing: Viewing, reason: string): void {
  clearTimeout(viewing.timer);
  viewing.frame?.close();
  viewing.frame = null;
  viewing.controls.fail(viewing.texts(reason));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
