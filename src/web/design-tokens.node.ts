import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Answers `@import 'design-tokens'` with those tokens of the Digital Agency that our style sheets use. */
export function designTokens(): Plugin {
  return {
    name: 'design-tokens',
    setup(build) {
      build.onResolve({ filter: /^design-tokens$/ }, () => ({ path: 'tokens', namespace: 'design-tokens' }));
      build.onLoad({ filter: /.*/, namespace: 'design-tokens' }, async () => {
        const folder = join(build.initialOptions.absWorkingDir ?? '.', 'src/web/assets/css');
        const tokens = await readFile(createRequire(import.meta.url).resolve(source), 'utf8');
        return { contents: usedTokens(tokens, await readStyles(folder)), loader: 'css', watchDirs: [folder] };
      });
    },
  };
}

const source = '@digital-go-jp/design-tokens/dist/tokens.css';

/** The declarations of `tokens` that `styles` refers to, directly or by another token, in their own order. */
export function usedTokens(tokens: string, styles: string): string {
  const declared = new Map<string, string>();
  for (const [, name = '', value = ''] of tokens.matchAll(/^\s*(--[\w-]+):\s*([^;]+);/gm)) declared.set(name, value);
  const used = new Set<string>();
  const queue = references(styles);
  for (const name of queue) {
    const value = declared.get(name);
    if (value === undefined || used.has(name)) continue;
    used.add(name);
    queue.push(...references(value));
  }
  const lines = [...declared].filter(([name]) => used.has(name)).map(([name, value]) => `  ${name}: ${value};`);
  return `:root {\n${lines.join('\n')}\n}\n`;
}

function references(css: string): string[] {
  return [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name = '']) => name);
}

async function readStyles(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.css'));
  const styles = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return styles.join('\n');
}
