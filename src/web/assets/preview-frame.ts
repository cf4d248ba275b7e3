import { serve } from './preview-frame/serve.ts';

// A browser gives no animation frames to a frame below the fold; pdf.js would wait for one, and be taken for too slow.
window.requestAnimationFrame = (run) => window.setTimeout(() => run(performance.now()), 0);
window.cancelAnimationFrame = (id) => window.clearTimeout(id);

/**
 * Runs in the sandboxed frame (web/preview-frame.tsx) and nowhere else: takes a PDF from the page that holds the frame
 * and draws it. It has no origin, and its policy lets it load nothing.
 */
addEventListener('message', function begin(event: MessageEvent<unknown>) {
  const [port] = event.ports;
  if (event.source !== parent || event.data !== 'hikitsugi-preview' || port === undefined) return;
  removeEventListener('message', begin);
  serve(port);
});
