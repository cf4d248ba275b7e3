import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const metafile = z.object({ inputs: z.record(z.string(), z.object({ bytes: z.number() })) });

describe('the Worker', () => {
  let folder: string;
  let workerd: Miniflare;
  let inputs: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-worker-'));
    const assets = join(folder, 'public');
    await mkdir(assets);
    const wrangler = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
    const list = join(folder, 'metafile.json');
    const options = ['--dry-run', '--outdir', folder, '--assets', assets, '--metafile', list];
    await run(process.execPath, [wrangler, 'deploy', ...options], {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(folder, 'logs') },
    });
    inputs = Object.keys(metafile.parse(JSON.parse(await readFile(list, 'utf8'))).inputs);
    workerd = new Miniflare(
      convertV4MiniflareOptions({
        modules: true,
        script: await readFile(join(folder, 'worker.js'), 'utf8'),
        compatibilityDate: '2026-06-01',
        compatibilityFlags: ['nodejs_compat'],
      }),
    );
  }, 120_000);

  afterAll(async () => {
    await workerd?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers /healthz in workerd', async () => {
    const answer = await workerd.dispatchFetch('http://localhost/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each(['/', '/readyz', '/api/cases', '/openapi.json'])('says that %s is not set up yet', async (path) => {
    const answer = await workerd.dispatchFetch(`http://localhost${path}`, { headers: { 'accept-language': 'en' } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.json()).toMatchObject({
      status: 503,
      code: 'gateway.not-set-up',
      title: 'This installation is not set up yet',
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('holds the whole application and nothing that is for Node alone', () => {
    expect(inputs).toEqual(
      expect.arrayContaining(['src/app.ts', 'src/gateway.ts', 'src/transfers/deposit-package.ts']),
    );
    expect(inputs.filter((path) => /^src\/.*\.node\.tsx?$/.test(path))).toEqual([]);
    expect(inputs.filter((path) => /^src\/(demo|cli|bench)\//.test(path))).toEqual([]);
    expect(inputs.filter((path) => path.includes('@hono/node-server'))).toEqual([]);
  });
});
