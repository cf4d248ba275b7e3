import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePdf, onePage } from './pdf-maker.ts';

let workerd: Miniflare;

const worker = `
  import { inspectorFor } from './inspect.ts';
  import { openInspectionDesk } from './inspection-desk.ts';
  export default {
    async fetch(request) {
      const of = { mediaType: request.headers.get('content-type'), kind: 'other' };
      const inspector = inspectorFor(of, openInspectionDesk(), {
        anchors: [], timestampAnchors: [], revocation: { check: async () => ({ status: 'notChecked' }) }, at: new Date(),
      });
      let fault;
      for await (const piece of request.body) fault ??= inspector.take(piece);
      fault ??= await inspector.end();
      return new Response([fault?.code ?? 'passes', ...inspector.findings()].join(' '));
    },
  };`;

beforeAll(async () => {
  const bundle = await build({
    stdin: {
      contents: worker,
      resolveDir: fileURLToPath(new URL('../../src/records', import.meta.url)),
      loader: 'js',
    },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['node:*'],
  });
  workerd = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundle.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-06-01',
      compatibilityFlags: ['nodejs_compat'],
      host: '127.0.0.1',
      port: 0,
    }),
  );
  await workerd.ready;
}, 60_000);
afterAll(async () => workerd.dispose());

it('documents are looked through in workerd as on Node', async () => {
  const document = await PDFDocument.create();
  document.addPage();
  const good = await document.save();
  const script = makePdf({ ...onePage, 4: '<< /S /J#61vaScript >>' });
  expect(await verdict('application/pdf', good)).toBe('passes pdf.metadata');
  expect(await verdict('application/pdf', script)).toBe('document.active-content');
  expect(await verdict('application/pdf', good.subarray(0, 300))).toBe('document.damaged');
  expect(await verdict('application/json', Buffer.from('{"a":1,"a":2}'))).toBe('document.damaged');
  expect(await verdict('application/json', Uint8Array.of(0x22, 0x8e, 0x52, 0x22))).toBe('document.encoding');
  expect(await verdict('image/png', Buffer.from('<html>'))).toBe('document.not-what-it-says');
});

async function verdict(mediaType: string, body: Uint8Array): Promise<string> {
  const answer = await workerd.dispatchFetch('http://gateway.invalid/', {
    method: 'POST',
    headers: { 'content-type': mediaType },
    body: new Uint8Array(body),
  });
  return answer.text();
}
