import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssetFile, Assets } from './assets.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Reads what the build left in `dist/assets`; throws when there is no build. */
export async function readAssets(folder: string = builtFolder()): Promise<Assets> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.br'));
  const files = await Promise.all(names.map((name) => readAsset(folder, name)));
  return new Map(names.flatMap((name, index) => pair(name, files[index])));
}

async function readAsset(folder: string, name: string): Promise<AssetFile> {
  const compressed = join(folder, `${name}.br`);
  return {
    mediaType: mediaTypes[extname(name)] ?? 'application/octet-stream',
    bytes: new Uint8Array(await readFile(join(folder, name))),
    brotli: existsSync(compressed) ? new Uint8Array(await readFile(compressed)) : null,
    // esbuild's digests are eight capitals and figures; the files of pdf.js have its version in their names.
    immutable: /-[A-Z0-9]{8}\.\w+$|^pdfjs-\d/.test(name),
  };
}

/** Beside the bundle that this runs in, or under the project's `dist` when it runs from the sources. */
function builtFolder(): string {
  const beside = fileURLToPath(new URL('./assets/manifest.json', import.meta.url));
  const url = existsSync(beside) ? './assets' : '../../dist/assets';
  return fileURLToPath(new URL(url, import.meta.url));
}

function pair(name: string, file: AssetFile | undefined): [string, AssetFile][] {
  return file === undefined ? [] : [[name, file]];
}
