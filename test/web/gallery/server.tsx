import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { fault } from '../../../src/faults.ts';
import { readAssets } from '../../../src/web/assets.node.ts';
import { serveAssets } from '../../../src/web/assets.ts';
import type { PageFrame } from '../../../src/web/layout.tsx';
import { type LocaleVariables, localeMiddleware } from '../../../src/web/locale.ts';
import { ProblemCodePage, ProblemGuidePage } from '../../../src/web/problem-guide.tsx';
import { ProblemPage } from '../../../src/web/problem-page.tsx';
import { type SecurityVariables, securityHeaders } from '../../../src/web/security.ts';
import { CasePage } from './case.tsx';
import { staffFrame } from './frame.tsx';
import { InboxPage } from './inbox.tsx';
import { SendPage } from './send.tsx';

/** Every component of src/web on pages that look like real ones; exists in tests alone. */
export const galleryPages: Readonly<Record<string, (frame: PageFrame) => unknown>> = {
  inbox: InboxPage,
  case: CasePage,
  send: SendPage,
  refused: (frame) => <ProblemPage {...frame} fault={fault('policy.denied')} requestId="9f2c4e1a7b" />,
  stranger: (frame) => (
    <ProblemPage {...frame} actor={null} navigation={[]} fault={fault('login.required')} requestId="9f2c4e1a7b" />
  ),
  problems: ProblemGuidePage,
  problem: (frame) => <ProblemCodePage {...frame} code="case.not-found" />,
};

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly text: string;
}

export interface Gallery {
  readonly origin: string;
  /** Everything that was sent to the stand-in for the API, in order. */
  readonly received: Received[];
  close(): Promise<void>;
}

/** Serves the gallery under the real security headers; `/api/documents` answers like the API, and refuses `bad.pdf`. */
export async function openGallery(): Promise<Gallery> {
  const received: Received[] = [];
  const app = new Hono<{ Variables: LocaleVariables & SecurityVariables }>();
  app.use(securityHeaders({ formTargets: [] }), localeMiddleware());
  app.use('/assets/*', serveAssets(await readAssets()));
  app.all('/api/*', async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const text = new TextDecoder().decode(bytes.slice(0, 2000));
    received.push({ method: c.req.method, path: c.req.path, headers: c.req.header(), bytes: bytes.length, text });
    if (c.req.method === 'POST') return c.json({ id: `d${received.length}` }, 201);
    if (text.includes('refuse me')) return c.json({ title: '大きさが違います', detail: '選び直してください。' }, 422);
    return c.json({});
  });
  app.get('/done', (c) => c.text('done'));
  app.post('/documents', async (c) => c.json(Object.keys(await c.req.parseBody())));
  app.get('/dev/gallery/:name', (c) => {
    const page = galleryPages[c.req.param('name')];
    if (page === undefined) return c.notFound();
    const url = new URL(c.req.url);
    const frame = { ...staffFrame(c.get('locale'), url.pathname + url.search), nonce: c.get('cspNonce') };
    return c.html(String(page(frame)));
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  return {
    origin: `http://localhost:${await promise}`,
    received,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
