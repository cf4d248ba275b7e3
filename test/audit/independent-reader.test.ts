import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasTool } from '../crypto/support/tools.ts';

// Debian: golang-go and golang-golang-x-mod-dev.
const library = '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog';
const isThere = hasTool('go', 'version') && existsSync(library);
if (!isThere) console.warn('skipped: go with golang.org/x/mod/sumdb is not here, the tiles are not read by it');
const vectors = join(import.meta.dirname, '../vectors/log');
const entry = z.object({ index: z.number(), entry: z.string() });

describe.skipIf(!isThere)('a reader that is not ours (golang.org/x/mod/sumdb)', { timeout: 300_000 }, () => {
  let folder: string;
  let log: string;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-go-'));
    log = join(folder, 'log');
    const [, ...lines] = (await readFile(join(vectors, 'exported.hikitsugi-log'), 'utf8')).trim().split('\n');
    for (const line of lines) {
      const { path, base64 } = z.object({ path: z.string(), base64: z.string() }).parse(JSON.parse(line));
      await mkdir(dirname(join(log, path)), { recursive: true });
      await writeFile(join(log, path), Buffer.from(base64, 'base64'));
    }
    ({ verifierKey: key } = z
      .object({ verifierKey: z.string() })
      .parse(JSON.parse(await readFile(join(vectors, 'log.json'), 'utf8'))));
    const built = go(['build', '-o', join(folder, 'reader'), join(import.meta.dirname, 'independent/main.go')]);
    expect(built.stderr).toBe('');
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function go(args: readonly string[]) {
    const environment = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') };
    return spawnSync('go', args, { encoding: 'utf8', env: { ...process.env, ...environment }, timeout: 280_000 });
  }

  function read(...more: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(join(folder, 'reader'), [log, key, ...more], { encoding: 'utf8' });
    return { status, text: stdout + stderr };
  }

  it('verifies signature, tiles and entries', () => {
    const { status, text } = read();
    expect(text).toContain('270 leaves under the signed root');
    expect(text).toContain('270 entries of bundles verified');
    expect(status).toBe(0);
  });

  it('verifies own entries, and refuses one with another byte', async () => {
    const bundle = await readFile(join(log, 'tile/entries/000'));
    const own = bundle.subarray(2, 2 + bundle.readUInt16BE(0)).toString('utf8');
    const file = join(folder, 'own.jsonl');
    const write = (text: string) =>
      writeFile(file, `{"format":"hikitsugi-entries@v1"}\n${JSON.stringify(entry.parse({ index: 0, entry: text }))}\n`);
    await write(own);
    expect(read(file)).toMatchObject({ status: 0, text: expect.stringContaining('1 own entries verified') as string });
    await write(own.replace('"v":1', '"v":2'));
    expect(read(file)).toMatchObject({ status: 1, text: expect.stringContaining('entry 0 is not') as string });
  });

  it.each(['checkpoint', 'tile/0/000', 'tile/0/001.p/14', 'tile/1/000.p/1', 'tile/entries/000'])(
    'refuses a log with one other byte in %s',
    async (path) => {
      const bytes = await readFile(join(log, path));
      const at = path === 'checkpoint' ? bytes.length - 20 : 10;
      await writeFile(join(log, path), bytes.with(at, (bytes[at] ?? 0) ^ 1));
      const { status } = read();
      await writeFile(join(log, path), bytes);
      expect(status).toBe(1);
    },
  );
});
