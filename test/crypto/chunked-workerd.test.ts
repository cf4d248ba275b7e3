import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { referenceOpen, referenceSeal } from './chunked-reference.ts';

const key = randomBytes(32);
const context = Buffer.from('context');
let workerd: Miniflare;

const worker = `
  import { decryptStream, encryptStream } from './chunked.ts';
  const key = Uint8Array.from(${JSON.stringify([...key])});
  const context = new TextEncoder().encode('context');
  export default {
    async fetch(request) {
      const run = new URL(request.url).pathname === '/seal' ? encryptStream : decryptStream;
      const output = [];
      try {
        for await (const piece of run({ key, context, source: request.body })) output.push(piece);
      } catch (error) {
        return new Response(error.reason ?? String(error), { status: 422 });
      }
      return new Response(new Blob(output));
    },
  };`;

beforeAll(async () => {
  const resolveDir = fileURLToPath(new URL('../../src/crypto', import.meta.url));
  const bundle = await build({
    stdin: { contents: worker, resolveDir, loader: 'js' },
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
});
afterAll(async () => workerd.dispose());

async function call(path: string, body: Uint8Array): Promise<{ status: number; body: Buffer }> {
  const answer = await fetch(new URL(path, await workerd.ready), { method: 'POST', body: Uint8Array.from(body) });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}

it.each([1, 16_384, 700_000])('chunked encryption works in workerd as on Node (%i bytes)', async (size) => {
  const plaintext = randomBytes(size);
  const sealed = await call('/seal', plaintext);
  expect(sealed.status).toBe(200);
  expect(plaintext.equals(await referenceOpen({ key, context }, sealed.body))).toBe(true);
  const ours = await referenceSeal({ key, context, salt: randomBytes(24), plaintext });
  expect((await call('/open', ours)).body.equals(plaintext)).toBe(true);
  ours[70] = (ours[70] ?? 0) ^ 1;
  const refused = await call('/open', ours);
  expect(refused.status).toBe(422);
  expect(refused.body.toString()).toBe('corrupt-chunk');
});
