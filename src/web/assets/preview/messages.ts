/**
 * What page and frame say to each other over their MessageChannel. The frame draws foreign content: the page believes
 * nothing of what it says but these forms (`parseReport`), and gives it nothing but the document and public files.
 */

/** From the page to the frame. */
export type Order =
  | {
      readonly kind: 'open';
      readonly bytes: ArrayBuffer;
      /** The script of pdf.js's worker: the frame may load nothing itself. */
      readonly worker: ArrayBuffer;
      readonly words: FrameWords;
    }
  | { readonly kind: 'draw'; readonly page: number; readonly zoom: number }
  | { readonly kind: 'file'; readonly id: number; readonly bytes: ArrayBuffer | null };

export interface FrameWords {
  readonly lang: string;
  /** With the places {page} and {pages}. */
  readonly page: string;
}

/** From the frame to the page. */
export type Report =
  | { readonly kind: 'opened'; readonly pages: number }
  | { readonly kind: 'drawn'; readonly page: number; readonly height: number; readonly complete: boolean }
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  | { readonly kind: 'wish'; readonly wish: Wish }
  | { readonly kind: 'need'; readonly id: number; readonly file: string };

export const failureReasons = ['damaged', 'encrypted', 'too-many-pages', 'broken'] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What a key pressed inside the frame asks for; the buttons of the page ask for the same. */
export const wishes = ['previous', 'next', 'smaller', 'bigger'] as const;
export type Wish = (typeof wishes)[number];

/** More pages than anybody looks through; the frame opens nothing longer. */
export const maxPages = 2000;

/** The frame's word as a Report, or null for anything else that it may say. */
export function parseReport(said: unknown): Report | null {
  if (typeof said !== 'object' || said === null) return null;
  const { kind, pages, page, height, complete, reason, wish, id, file } = said as Readonly<Record<string, unknown>>; // an object has properties; each is looked at below
  if (kind === 'opened' && isCount(pages, maxPages)) return { kind, pages };
  if (kind === 'drawn' && isCount(page, maxPages) && isCount(height, 1_000_000) && typeof complete === 'boolean') {
    return { kind, page, height, complete };
  }
  if (kind === 'failed') return { kind, reason: failureReasons.find((known) => known === reason) ?? 'broken' };
  if (kind === 'need' && isCount(id, 100_000) && typeof file === 'string') return { kind, id, file };
  const known = wishes.find((one) => one === wish);
  return kind === 'wish' && known !== undefined ? { kind, wish: known } : null;
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
}
