import type { MiddlewareHandler } from 'hono';

/** What a page may ask for; the build makes each of them. */
export type AssetName =
  | 'app.css'
  | 'app.js'
  | 'upload.js'
  | 'certificate-login.js'
  | 'preview.js'
  | 'preview-frame.js'
  | 'preview-worker.js'
  | 'verify.js'
  | 'verify.html';

/** One file of `dist/assets`, held in memory. */
export interface AssetFile {
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same, compressed by Brotli at build. */
  readonly brotli: Uint8Array<ArrayBuffer> | null;
  /** Its name holds a digest of its content, so it never changes. */
  readonly immutable: boolean;
}

/** By name below `/assets/`; empty on Workers, where the platform serves the folder itself. */
export type Assets = ReadonlyMap<string, AssetFile>;

// The build puts the manifest here (esbuild `define`); sources that run unbundled use the plain names.
declare const ASSET_MANIFEST: Readonly<Record<string, string>>;

/** The address of a style sheet or script, with the digest of its content in its name. */
export function assetPath(name: AssetName): string {
  const hashed = typeof ASSET_MANIFEST === 'undefined' ? undefined : ASSET_MANIFEST[name];
  return `/assets/${hashed ?? name}`;
}

/** Serves `/assets/*` from memory. */
export function serveAssets(files: Assets): MiddlewareHandler {
  return async (c, next) => {
    const name = c.req.path.slice('/assets/'.length);
    const file = files.get(name);
    if (file === undefined || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    const compressed = /\bbr\b/.test(c.req.header('accept-encoding') ?? '') ? file.brotli : null;
    c.header('Content-Type', file.mediaType);
    c.header('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    c.header('Vary', 'Accept-Encoding');
    // The one script that a page without origin runs (preview-frame.tsx); to its browser we are another site.
    if (/^preview-frame(-[A-Z0-9]{8})?\.js$/.test(name)) c.header('Cross-Origin-Resource-Policy', 'cross-origin');
    if (compressed !== null) c.header('Content-Encoding', 'br');
    return c.body(compressed ?? file.bytes);
  };
}
