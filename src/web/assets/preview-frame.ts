import { serve } from './preview-frame/serve.ts';

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
