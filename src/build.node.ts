import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildOptions, build, context, type OutputFile } from 'esbuild';
import { verifyDocument, verifyOptions } from './verification/build-verify.node.ts';
import { designTokens } from './web/design-tokens.node.ts';
import { pdfLibraryFiles, pdfLibraryPrefix } from './web/pdf-library.node.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** What runs on Node, by the name it gets in `dist/`; a part that is not there is left out. */
const programs: Readonly<Record<string, string>> = {
  main: 'src/main.ts',
  migrate: 'src/migrate.node.ts',
  'appoint-administrator': 'src/appoint-administrator.node.ts',
  start: 'src/demo/start.node.ts',
  demo: 'src/demo/demo.node.ts',
  hikitsugi: 'src/cli/hikitsugi.node.ts',
  bench: 'src/bench/bench.node.ts',
};

const browserEntries = ['app.css', 'app.ts', 'upload.ts', 'certificate-login.ts', 'preview.ts'].map(
  (name) => `src/web/assets/${name}`,
);

/** Scripts of the frame without origin, which may not load modules: one classic script each. */
const frameEntries: Readonly<Record<string, string>> = {
  'preview-frame': 'src/web/assets/preview-frame.ts',
  'preview-worker': 'pdfjs-dist/legacy/build/pdf.worker.mjs',
};

if (process.argv.includes('--watch')) await watch();
else await buildAll();

async function buildAll(): Promise<void> {
  const manifest = await buildAssets();
  const { metafile } = await build({ ...serverOptions(manifest), metafile: true });
  await makeExecutable();
  const names = Object.keys(metafile.outputs).filter((name) => name.endsWith('.js'));
  console.log(`built ${names.map((name) => basename(name)).join(', ')} and ${Object.keys(manifest).length} assets`);
}

/** Builds, runs the demonstration world, and does both again whenever a source changes. */
async function watch(): Promise<void> {
  let world: ChildProcess | undefined;
  const browser = await context({
    ...(await browserOptions()),
    plugins: [designTokens(), { name: 'restart', setup: (it) => it.onEnd(() => restartServer()) }],
  });
  let server: Awaited<ReturnType<typeof context>> | undefined;

  async function restartServer(): Promise<void> {
    const manifest = await buildAssets();
    await server?.dispose();
    const restart = {
      name: 'restart',
      setup: (it: { onEnd(work: () => Promise<void>): void }) => it.onEnd(startWorld),
    };
    server = await context({ ...serverOptions(manifest), plugins: [restart] });
    await server.watch();
  }

  async function startWorld(): Promise<void> {
    await stop(world);
    world = spawn(process.execPath, ['--enable-source-maps', join(dist, 'start.js')], { stdio: 'inherit' });
  }

  process.once('SIGINT', () => void stop(world).then(() => process.exit(0)));
  await browser.watch();
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Style sheet and scripts → `dist/assets`, each under its plain name and one with the digest of its content. */
async function buildAssets(): Promise<Record<string, string>> {
  const { outputFiles, metafile } = await build({ ...(await browserOptions()), plugins: [designTokens()] });
  const classic = await Promise.all([build(await frameOptions()), build(await classicOptions())]);
  const manifest: Record<string, string> = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    // Chunks that a script loads later count as entries too, but no page names them.
    if (output.entryPoint === undefined || !browserEntries.includes(output.entryPoint)) continue;
    manifest[basename(output.entryPoint).replace(/\.ts$/, '.js')] = basename(path);
  }
  for (const path of classic.flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
    manifest[basename(path).replace(/-[A-Z0-9]{8}\.js$/, '.js')] = basename(path);
  }
  await writeAssets([...outputFiles, ...classic.flatMap((one) => one.outputFiles)], manifest);
  return manifest;
}

// Old files go last, so that a server that runs meanwhile never misses one.
async function writeAssets(files: readonly OutputFile[], manifest: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(dist, 'assets');
  await mkdir(folder, { recursive: true });
  const contents = new Map<string, Uint8Array>(files.map((file) => [basename(file.path), file.contents]));
  for (const [plain, hashed] of Object.entries(manifest)) contents.set(plain, contents.get(hashed) ?? new Uint8Array());
  for (const [name, bytes] of await pdfLibraryFiles()) contents.set(name, bytes);
  const text = (name: string) => new TextDecoder().decode(contents.get(name));
  const document = await verifyDocument(text('verify.js'), text('app.css'));
  contents.set('verify.html', new TextEncoder().encode(document));
  for (const [name, bytes] of Array.from(contents)) contents.set(`${name}.br`, compress(bytes));
  contents.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest, null, 2)));
  for (const [name, bytes] of contents) await writeFile(join(folder, name), bytes);
  const old = (await readdir(folder)).filter((name) => !contents.has(name));
  for (const name of old) await rm(join(folder, name), { force: true });
}

function compress(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

async function makeExecutable(): Promise<void> {
  const program = join(dist, 'hikitsugi.js');
  if (existsSync(program)) await chmod(program, 0o755);
}

async function browserOptions() {
  return {
    absWorkingDir: root,
    entryPoints: browserEntries.filter((path) => existsSync(join(root, path))),
    outdir: join(dist, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    define: { PDF_LIBRARY: JSON.stringify(`/assets/${await pdfLibraryPrefix()}`) },
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    minify: true,
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'warning',
  } satisfies BuildOptions;
}

async function frameOptions() {
  return {
    ...(await browserOptions()),
    entryPoints: frameEntries,
    splitting: false,
    format: 'iife',
    // pdf.js asks where it lies only to load more from there, which the frame's policy forbids.
    logOverride: { 'empty-import-meta': 'silent' },
    legalComments: 'eof',
  } satisfies BuildOptions;
}

async function classicOptions() {
  // Sound: these three are set by `browserOptions` and stay.
  return verifyOptions(await browserOptions()) as BuildOptions & { write: false; metafile: true };
}

function serverOptions(manifest: Readonly<Record<string, string>>): BuildOptions {
  const present = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)));
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir: dist,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    sourcemap: true,
    banner: { js: '#!/usr/bin/env node' },
    define: { ASSET_MANIFEST: JSON.stringify(manifest) },
    logLevel: 'warning',
  };
}
