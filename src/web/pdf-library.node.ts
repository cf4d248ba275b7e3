import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** Addresses of the files below begin so: with the version in the name they never change. */
export async function pdfLibraryPrefix(): Promise<string> {
  // Sound: npm refuses a package without a version.
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  return `pdfjs-${version}-`;
}

/**
 * What pdf.js asks for while it draws (assets/preview/library.ts), with the licences: tables of Asian encodings, the
 * symbol fonts and the decoders. The Liberation fonts stay out: they are under the GPL, and the reader has others.
 */
export async function pdfLibraryFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const prefix = await pdfLibraryPrefix();
  const found = await Promise.all(
    parts.map(async ({ from, names }) =>
      (await readdir(join(folder, from))).filter((name) => names.test(name)).map((name) => join(from, name)),
    ),
  );
  const contents = await Promise.all(found.flat().map((path) => readFile(join(folder, path))));
  return new Map(found.flat().map((path, index) => [prefix + assetName(path), contents[index] ?? new Uint8Array()]));
}

const parts: readonly { readonly from: string; readonly names: RegExp }[] = [
  { from: 'cmaps', names: /\.bcmap$|^LICENSE$/ },
  { from: 'standard_fonts', names: /^Foxit(Symbol|Dingbats)\.pfb$|^LICENSE_FOXIT$/ },
  { from: 'wasm', names: /^(openjpeg|jbig2|qcms_bg)\.wasm$|^LICENSE_(PDFJS_)?(JBIG2|OPENJPEG|QCMS)$/ },
  { from: '.', names: /^LICENSE$/ },
];

/** Flat, as all assets are; a licence is named after its folder. */
function assetName(path: string): string {
  return /LICENSE/.test(path) ? `${path.replaceAll(/[^\w]/g, '-')}.txt` : path.slice(path.lastIndexOf('/') + 1);
}
