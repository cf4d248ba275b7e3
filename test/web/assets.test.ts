import { brotliDecompressSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { readAssets } from '../../src/web/assets.node.ts';
import { serveAssets } from '../../src/web/assets.ts';
import { usedTokens } from '../../src/web/design-tokens.node.ts';

const assets = await readAssets();
const app = new Hono().use('/assets/*', serveAssets(assets));

describe('style sheet and scripts', () => {
  it('are kept for ever under a name with the digest, and asked for again under the plain one', async () => {
    const hashed = [...assets.keys()].find((name) => /^app-[A-Z0-9]{8}\.css$/.test(name));
    const [kept, plain] = await Promise.all([app.request(`/assets/${hashed}`), app.request('/assets/app.css')]);
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(kept.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    expect(await plain.text()).toBe(await kept.text());
  });

  it('come compressed to those who can read it', async () => {
    const packed = await app.request('/assets/app.js', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    const bytes = brotliDecompressSync(new Uint8Array(await packed.arrayBuffer()));
    expect(bytes).toEqual(Buffer.from(assets.get('app.js')?.bytes ?? []));
  });

  it.each(['/assets/nothing.js', '/assets/', '/assets/../package.json', '/assets/app.css.br', '/assets/%2e%2e/x'])(
    'are nothing at %s',
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );

  it('hold nothing that would run as text: no eval, no inline source map', () => {
    for (const name of ['app.js', 'upload.js']) {
      const text = new TextDecoder().decode(assets.get(name)?.bytes);
      expect(text.length).toBeGreaterThan(100);
      expect(text).not.toMatch(/\beval\(|new Function\(|sourceMappingURL/);
    }
  });

  it('load no font and nothing else from elsewhere', () => {
    const css = new TextDecoder().decode(assets.get('app.css')?.bytes);
    expect(css).not.toMatch(/url\(|@font-face|https?:/);
  });
});

describe('design tokens', () => {
  it('are those that the style sheets use, and those that these need', () => {
    const tokens = ':root {\n  --a: #111;\n  --b: var(--a);\n  --c: #333;\n}';
    expect(usedTokens(tokens, 'p { color: var(--b); margin: var(--own) }')).toBe(
      ':root {\n  --a: #111;\n  --b: var(--a);\n}\n',
    );
  });

  it('leave no variable of the style sheet undefined', () => {
    const css = new TextDecoder().decode(assets.get('app.css')?.bytes);
    const declared = new Set([...css.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
    const missing = [...css.matchAll(/var\((--[\w-]+)/g)].filter(([, name]) => !declared.has(name));
    expect(missing.map(([, name]) => name)).toEqual([]);
  });
});
