import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const browserFolder = new URL('./browser/', import.meta.url);
const nodeParts = fileURLToPath(new URL('node-parts.ts', browserFolder));

/** The verifier as one classic script: for `/verify`, and inside `verify.html`. */
export function verifyOptions(browser: BuildOptions): BuildOptions {
  return {
    ...browser,
    entryPoints: { verify: fileURLToPath(new URL('verify.ts', browserFolder)) },
    splitting: false,
    format: 'iife',
    alias: { 'node:crypto': nodeParts, 'node:zlib': nodeParts },
    inject: [nodeParts],
  };
}

/** `verify.html` from its template: style and script inside, and a policy that lets these two run and nothing else. */
export async function verifyDocument(script: string, style: string): Promise<string> {
  const template = await readFile(new URL('verify.html', browserFolder), 'utf8');
  const parts: Readonly<Record<string, string>> = {
    __SCRIPT_HASH__: `sha256-${digest(script)}`,
    __STYLE_HASH__: `sha256-${digest(style)}`,
    __SCRIPT__: script,
    '/*__STYLE__*/': style,
  };
  return template.replaceAll(
    /\/\*__STYLE__\*\/|__(?:SCRIPT|STYLE_HASH|SCRIPT_HASH)__/g,
    (place) => parts[place] ?? place,
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
