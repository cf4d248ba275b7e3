import { openLibrary } from './library.ts';
import { type Order, parseReport, type Report } from './messages.ts';

export interface Frame {
  readonly element: HTMLIFrameElement;
  send(order: Order, transfer?: Transferable[]): void;
  close(): void;
}

/**
 * Puts an empty drawing frame into the page and opens a channel to it. Its origin is opaque: no cookie, no storage, no
 * way to the API; what it may load is in its own policy (web/preview-frame.tsx).
 */
export async function openFrame(place: HTMLElement, hear: (report: Report) => void): Promise<Frame> {
  const element = document.createElement('iframe');
  element.className = 'pdf-frame';
  element.title = place.dataset['title'] ?? '';
  element.setAttribute('sandbox', 'allow-scripts');
  element.referrerPolicy = 'no-referrer';
  element.src = place.dataset['frame'] ?? '';
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
  place.append(element);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  const send = (order: Order, transfer: Transferable[] = []) => port1.postMessage(order, transfer);
  const library = openLibrary();
  port1.addEventListener('message', (event: MessageEvent<unknown>) => {
    const report = parseReport(event.data);
    if (report === null) return;
    if (report.kind === 'need') {
      const { id } = report;
      library(report.file).then(
        (bytes) => send({ kind: 'file', id, bytes }, bytes === null ? [] : [bytes]),
        () => send({ kind: 'file', id, bytes: null }),
      );
    } else hear(report);
  });
  port1.start();
  // An opaque origin cannot be named; the message is a port and nothing else.
  element.contentWindow?.postMessage('hikitsugi-preview', '*', [port2]);
  return {
    element,
    send,
    close() {
      port1.close();
      element.remove();
    },
  };
}
