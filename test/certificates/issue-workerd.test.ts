import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPdf } from '../../src/crypto/pdf/verify/verify-pdf.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { createTestAuthority, type TestAuthority, type TestLeaf } from '../crypto/support/authorities.ts';
import { anchorOf } from '../crypto/support/trust.ts';
import { type Era, openEra } from '../support/eras.ts';
import { statementFor } from './support/statement.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Draws, seals and completes one copy by the gateway's own code, with what a Worker is given. */
const worker = `
  import { lazyFont } from './certificates/drawing/font.ts';
  import { makeCopy } from './certificates/issue/make-copy.ts';
  import { systemClock } from './clock.ts';
  import { webCryptoSigner } from './crypto/signer.ts';
  import { timestampService } from './crypto/timestamp.ts';
  import { parseX509Certificate } from './crypto/x509/certificate.ts';
  import { pemToDer } from './crypto/x509/pem.ts';
  import { publicResources } from './worker-resources.ts';
  export default {
    async fetch(request, env) {
      const given = await request.json();
      const { readFont, revocation, revocationLists } = publicResources(env, systemClock);
      const certificate = parseX509Certificate(pemToDer(given.timeRoot, 'CERTIFICATE')[0]).value;
      const anchors = [{ name: 'time', certificate, algorithms: ['rsa-pkcs1-sha256', 'ecdsa-p256-sha256'] }];
      const [pkcs8] = pemToDer(given.key, 'PRIVATE KEY');
      const gateway = {
        settings: { PUBLIC_ORIGIN: 'https://gateway.example' },
        clock: systemClock,
        timestamps: timestampService([{ url: given.tsa, anchors, revocation, timeoutMs: 5000, clock: systemClock }]),
        certificateFont: lazyFont(readFont),
        revocationLists,
      };
      const signer = await webCryptoSigner(pkcs8, pemToDer(given.chain, 'CERTIFICATE'), 'ES256');
      try {
        const { pdf, level } = await makeCopy(gateway, { statement: given.statement, sealImage: null, signer });
        return new Response(pdf, { headers: { level } });
      } catch (error) {
        return new Response(error.name + ' ' + error.message, { status: 500 });
      }
    },
  };`;

describe('a certificate on Workers', { timeout: 60_000 }, () => {
  let folder: string;
  let era: Era;
  let school: TestAuthority;
  let leaf: TestLeaf;
  let lists: Server;
  let script: string;
  const workers: Miniflare[] = [];
  let followed = 0;

  beforeAll(async () => {
    const now = new Date();
    era = await openEra(now);
    school = await createTestAuthority('封緘', now);
    leaf = await school.issue({ algorithm: 'ES256' });
    const published = [...school.crls, await era.listAt(now)];
    lists = createServer(({ url = '' }, answer) => {
      if (url === '/moved.crl') {
        answer.writeHead(302, { location: '/2.crl?followed' }).end();
        return;
      }
      if (url.endsWith('?followed')) followed += 1;
      answer.end(published[Number(url.slice(1, 2))]);
    });
    await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-worker-'));
    await mkdir(join(folder, 'fonts'));
    const font = '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf';
    const name = 'NotoSansJP_400Regular.ttf';
    await copyFile(createRequire(import.meta.url).resolve(font), join(folder, 'fonts', name));
    const bundle = await build({
      stdin: { contents: worker, resolveDir: source, loader: 'js' },
      bundle: true,
      write: false,
      format: 'esm',
      conditions: ['workerd', 'worker', 'browser'],
      external: ['node:*'],
    });
    script = bundle.outputFiles[0]?.text ?? '';
  }, 60_000);
  afterAll(async () => {
    await Promise.all(workers.map((one) => one.dispose()));
    await new Promise((resolve) => lists?.close(resolve));
    await era?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const listAddress = (name: string) => `http://127.0.0.1:${(lists.address() as AddressInfo).port}/${name}`;
  async function askWorker(bound: { readonly assets: 'bound' | 'missing'; readonly lists: readonly string[] }) {
    const assets = { directory: folder, binding: 'ASSETS', routerConfig: { has_user_worker: true } };
    const running = new Miniflare(
      convertV4MiniflareOptions({
        modules: true,
        script,
        compatibilityDate: '2026-06-01',
        compatibilityFlags: ['nodejs_compat'],
        host: '127.0.0.1',
        port: 0,
        bindings: { CRL_URLS: bound.lists.map(listAddress).join('\n') },
        ...(bound.assets === 'bound' ? { assets } : {}),
      }),
    );
    workers.push(running);
    const given = {
      tsa: era.url,
      timeRoot: derToPem(era.anchor.certificate.der, 'CERTIFICATE'),
      key: derToPem(leaf.privateKey, 'PRIVATE KEY'),
      chain: leaf.signer.chain.map((der) => derToPem(der, 'CERTIFICATE')).join(''),
      statement: statementFor('graduationCertificate'),
    };
    return fetch(await running.ready, { method: 'POST', body: JSON.stringify(given) });
  }

  it('is drawn in the font of the assets and sealed up to B-LT by lists of the addresses that are allowed', async () => {
    const answer = await askWorker({ assets: 'bound', lists: ['0.crl', '1.crl', '2.crl'] });
    const pdf = new Uint8Array(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('level')], Buffer.from(pdf).toString('latin1', 0, 200)).toEqual([
      200,
      'B-LT',
    ]);
    const report = await verifyPdf(pdf, {
      anchors: [anchorOf('seal', school.root)],
      timestampAnchors: [era.anchor],
      revocation: noRevocationSource,
      at: new Date(),
    });
    expect(report.signatures.map(({ level, path }) => [path.status, level.status])).toEqual([['trusted', 'B-LT']]);
  });

  it('has no time stamp while the list of its authority does not come, or only by a redirect', async () => {
    const answer = await askWorker({ assets: 'bound', lists: ['0.crl', '1.crl', 'moved.crl'] });
    expect([answer.status, await answer.text()]).toEqual([500, 'CertificateNotMade signer-notChecked']);
    expect(followed).toBe(0);
  });

  it('is refused by name without the font', async () => {
    const answer = await askWorker({ assets: 'missing', lists: ['0.crl', '1.crl', '2.crl'] });
    expect([answer.status, await answer.text()]).toEqual([500, 'NotBound ASSETS']);
  });
});
