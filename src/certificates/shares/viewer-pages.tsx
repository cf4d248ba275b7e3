import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, publicFault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { formValues } from '../../transfers/form-values.ts';
import { download } from '../../transfers/render.ts';
import type { PageFrame } from '../../web/layout.tsx';
import { OpenPage } from './open-page.tsx';
import { openShare } from './open-share.ts';
import { readSharedFile, showAgain, type Ticket } from './read-on.ts';
import { SharedPage } from './shared-page.tsx';
import { askToBeTold, confirmWatching, showWatching, stopWatching } from './watch.ts';
import { WatchPage, WatchStoppedPage } from './watch-page.tsx';

type Page = Context<AppEnv>;

/**
 * What holders of a link see. No log-in, no cookie, no script: a GET looks nothing up and uses nothing up, since programs
 * follow links, too; only a button opens.
 */
export function viewerPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/s/:shareSecret', (c) => c.html(<OpenPage frame={linkFrame(c, secretPath(c))} reason={null} />));
  app.post('/s/:shareSecret', async (c) => {
    const { pin = '', ticket } = await formValues(c);
    const gateway = c.get('gateway');
    const secret = c.req.param('shareSecret');
    const shown = await (ticket === undefined
      ? openShare(gateway, { secret, pin: pin.slice(0, 100) })
      : showAgain(gateway, { secret, ticket }));
    if (!shown.ok) return refused(c, shown.fault);
    return c.html(<SharedPage frame={linkFrame(c, secretPath(c))} shared={shown.value} news={null} errors={{}} />);
  });
  app.post('/s/:shareSecret/file', async (c) => {
    const file = await readSharedFile(c.get('gateway'), await ticketOf(c));
    if (!file.ok) return refused(c, file.fault);
    linkHeaders(c);
    return download(c, file.value);
  });
  app.post('/s/:shareSecret/watchers', (c) => askFromPage(c));
  watchPages(app);
}

function watchPages(app: OpenAPIHono<AppEnv>): void {
  for (const [method, verb] of [
    ['get', showWatching],
    ['post', confirmWatching],
  ] as const) {
    app[method]('/w/:watchToken', async (c) => {
      const token = c.req.param('watchToken') ?? '';
      const shown = await verb(c.get('gateway'), token);
      const frame = linkFrame(c, `/w/${encodeURIComponent(token)}`);
      return shown.ok ? c.html(<WatchPage frame={frame} watching={shown.value} />) : sendProblemPage(c, shown.fault);
    });
  }
  app.post('/w/:watchToken/removal', async (c) => {
    const done = await stopWatching(c.get('gateway'), c.req.param('watchToken'));
    const frame = linkFrame(c, '/');
    return done.ok ? c.html(<WatchStoppedPage frame={frame} />) : sendProblemPage(c, done.fault);
  });
}

async function askFromPage(c: Page): Promise<Response> {
  const gateway = c.get('gateway');
  const ticket = await ticketOf(c);
  const address = z.email().max(254).safeParse(ticket.address.trim());
  const asked = address.success ? await askToBeTold(gateway, { ...ticket, address: address.data }) : null;
  if (asked?.ok === false) return refused(c, asked.fault);
  const shown = await showAgain(gateway, ticket);
  if (!shown.ok) return refused(c, shown.fault);
  const errors: Record<string, string> = address.success ? {} : { address: 'shared.wrong-address' };
  const props = { shared: shown.value, news: address.success ? ('watch-asked' as const) : null, errors };
  return c.html(<SharedPage frame={linkFrame(c, secretPath(c))} {...props} />, address.success ? 200 : 422);
}

async function ticketOf(c: Page): Promise<Ticket & { readonly address: string }> {
  const { ticket = '', address = '' } = await formValues(c);
  return { secret: c.req.param('shareSecret') ?? '', ticket, address };
}

/** The form once more, with one of two reasons. */
function refused(c: Page, reason: Fault) {
  const page = <OpenPage frame={linkFrame(c, secretPath(c))} reason={reason} />;
  return c.html(page, publicFault(reason.code).status);
}

function secretPath(c: Page): string {
  return `/s/${encodeURIComponent(c.req.param('shareSecret') ?? '')}`;
}

/** The address is the secret: it goes into no index, no cache and no other site's log. */
function linkHeaders(c: Page): void {
  c.header('X-Robots-Tag', 'noindex');
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
}

/** Forms and language links lead to the page with the button, also from an answer to a form. */
function linkFrame(c: Page, path: string): PageFrame {
  linkHeaders(c);
  return { ...pageFrame(c), path };
}
