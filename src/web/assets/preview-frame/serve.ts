import type { Order, Report } from '../preview/messages.ts';
import { listenToKeys } from './keys.ts';
import { failureOf, openPdf, type Pdf } from './open.ts';
import { type Draw, layPaper } from './paper.ts';

/** Answers the orders of the page one after the other; of drawings that wait, only the last one counts. */
export function serve(port: MessagePort): void {
  const say = (report: Report) => port.postMessage(report);
  const waiting = new Map<number, (bytes: ArrayBuffer | null) => void>();
  let draw: Draw | null = null;

  /** A file of pdf.js, from the page: this frame may load nothing. */
  function need(file: string): Promise<ArrayBuffer | null> {
    const id = waiting.size + 1;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      say({ kind: 'need', id, file });
    });
  }

  async function open(order: Extract<Order, { kind: 'open' }>): Promise<void> {
    document.documentElement.lang = order.words.lang;
    const pdf: Pdf = await openPdf(order.bytes, order.worker, need);
    draw = layPaper(pdf, order.words, say);
    say({ kind: 'opened', pages: pdf.pages });
  }

  port.addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
    if (order.kind === 'file') waiting.get(order.id)?.(order.bytes);
    else {
      const done = order.kind === 'open' ? open(order) : draw?.(order.page, order.zoom);
      done?.catch((error: unknown) => say({ kind: 'failed', reason: failureOf(error) }));
    }
  });
  port.start();
  listenToKeys((wish) => say({ kind: 'wish', wish }));
}
