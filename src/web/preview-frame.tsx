import type { Context } from 'hono';
import { raw } from 'hono/html';
import { assetPath } from './assets.ts';

/** Where the frame is; of the pages, only that of a document holds it. */
export const previewFramePath = '/preview/frame';

/**
 * The empty page in which a PDF is drawn (U-07). `sandbox` without `allow-same-origin` makes its origin opaque, however
 * it is opened: no cookie, no storage, no session. It runs one script of ours and connects to nothing: document and
 * files come by message from the page that holds it.
 */
export function answerPreviewFrame(c: Context, nonce: string): Response | Promise<Response> {
  c.header('Content-Security-Policy', policy(nonce));
  c.header('X-Frame-Options', 'SAMEORIGIN');
  c.header('Referrer-Policy', 'no-referrer');
  // A name to be resolved would be a message to outside.
  c.header('X-DNS-Prefetch-Control', 'off');
  return c.html(
    <>
      {raw('<!DOCTYPE html>')}
      <html lang="ja">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>PDF</title>
          <style nonce={nonce}>{raw(style)}</style>
          <script src={assetPath('preview-frame.js')} nonce={nonce} defer></script>
        </head>
        <body>
          <main tabindex={0}></main>
        </body>
      </html>
    </>,
  );
}

function policy(nonce: string): string {
  return [
    'sandbox allow-scripts',
    "default-src 'none'",
    // WebAssembly for the decoders of JPEG 2000, JBIG2 and colour profiles; JavaScript made from text stays forbidden.
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    // The worker's script comes by message and inherits this policy.
    'worker-src blob:',
    `style-src 'nonce-${nonce}'`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

const style = `
html { background: #e6e6ea; color-scheme: light; }
body { margin: 0; }
main { outline-offset: -4px; }
main:focus-visible { outline: 4px solid #000; }
canvas { display: block; margin: 0 auto; }
.text { position: absolute; top: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
