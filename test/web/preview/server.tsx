import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { readAssets } from '../../../src/web/assets.node.ts';
import { serveAssets } from '../../../src/web/assets.ts';
import { PdfPreview } from '../../../src/web/components/pdf-preview.tsx';
import { Page } from '../../../src/web/layout.tsx';
import { type LocaleVariables, localeMiddleware } from '../../../src/web/locale.ts';
import { answerPreviewFrame, previewFramePath } from '../../../src/web/preview-frame.tsx';
import { type SecurityVariables, securityHeaders } from '../../../src/web/security.ts';
import { staffFrame } from '../gallery/frame.tsx';

export interface PreviewServer {
  readonly origin: string;
  /** By name: shown at `/documents/:name`. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Method, path and cookies of every request, in order. */
  readonly requests: { readonly path: string; readonly cookie: string | undefined }[];
  close(): Promise<void>;
}

/** A page like that of a document, for any file, under the real headers and with the real frame. */
export async function openPreviewServer(): Promise<PreviewServer> {
  const files: PreviewServer['files'] = new Map();
  const requests: { path: string; cookie: string | undefined }[] = [];
  const app = new Hono<{ Variables: LocaleVariables & SecurityVariables }>();
  app.use(async (c, next) => {
    requests.push({ path: c.req.path, cookie: c.req.header('cookie') });
    await next();
  });
  app.use(securityHeaders({ formTargets: [] }), localeMiddleware());
  app.use('/assets/*', serveAssets(await readAssets()));
  app.get(previewFramePath, (c) => answerPreviewFrame(c, c.get('cspNonce')));
  app.get('/content/:name', (c) => {
    const bytes = files.get(c.req.param('name'));
    return bytes === undefined ? c.notFound() : c.body(bytes);
  });
  app.get('/documents/:name', (c) => {
    const name = c.req.param('name');
    setCookie(c, 'session', 'of-the-reader', { path: '/', sameSite: 'Lax' });
    c.set('holdsFrame', true);
    const frame = { ...staffFrame(c.get('locale'), `/documents/${name}`), nonce: c.get('cspNonce') };
    const bytes = Number(c.req.query('bytes') ?? files.get(name)?.length ?? 0);
    const page = (
      <Page {...frame} title={name} scripts={['preview.js']}>
        <h1>{name}</h1>
        <PdfPreview
          locale={frame.locale}
          title={name}
          address={`/content/${name}`}
          bytes={bytes}
          maxBytes={1_000_000}
        />
      </Page>
    );
    return c.html(page);
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  return {
    origin: `http://localhost:${await promise}`,
    files,
    requests,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
