import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { now } from '../support/authorities.ts';
import { createTestWorld, type TestWorld } from '../support/trust.ts';
import { signedPdf } from './support/signed-pdf.ts';

const source = fileURLToPath(new URL('../../../src/crypto', import.meta.url));
let workerd: Miniflare;

const worker = `
  import { verifyPdf } from './pdf/verify/verify-pdf.ts';
  import { parseX509Certificate } from './x509/certificate.ts';
  import { noRevocationSource } from './x509/revocation.ts';
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const anchors = (der) => [{
    name: 'x',
    certificate: parseX509Certificate(bytes(der)).value,
    algorithms: ['ecdsa-p256-sha256', 'rsa-pkcs1-sha256'],
  }];
  export default {
    async fetch(request) {
      const { pdf, seal, time, at } = await request.json();
      const trust = { anchors: anchors(seal), timestampAnchors: anchors(time), revocation: noRevocationSource };
      const { document, signatures } = await verifyPdf(bytes(pdf), { ...trust, at: new Date(at) });
      return Response.json([
        document.status,
        ...signatures.map((one) => [one.integrity.status, one.modifications?.status, one.time.status, one.level.status]),
      ]);
    },
  };`;

beforeAll(async () => {
  const bundle = await build({
    stdin: { contents: worker, resolveDir: source, loader: 'js' },
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

it('a signed PDF is verified in workerd as on Node', async () => {
  const world = await createTestWorld();
  const good = Buffer.from(await signedPdf(world, { level: 'B-LTA' }));
  const forged = Buffer.from(good);
  forged[100] = (forged[100] ?? 0) ^ 1;
  expect(await verdictOn(good, world)).toEqual([
    'read',
    ['valid', 'allowed', 'proved', 'B-LTA'],
    ['valid', 'none', 'proved', 'none'],
  ]);
  expect(JSON.stringify(await verdictOn(forged, world))).not.toContain('B-');
}, 60_000);

it('nothing of it needs Node', () => {
  const files = readdirSync(`${source}/pdf`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(30);
  const needing = files.filter((name) =>
    /'node:|\bBuffer\b|\bprocess\.\w/.test(readFileSync(`${source}/pdf/${name}`, 'utf8')),
  );
  expect(needing).toEqual([]);
});

async function verdictOn(pdf: Buffer, { seal, time }: TestWorld): Promise<unknown> {
  const text = (der: Uint8Array) => Buffer.from(der).toString('base64');
  const body = JSON.stringify({ pdf: text(pdf), seal: text(seal.root), time: text(time.root), at: now.toISOString() });
  return (await fetch(await workerd.ready, { method: 'POST', body })).json();
}
