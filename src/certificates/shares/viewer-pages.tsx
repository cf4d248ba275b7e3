import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, publicFault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { formValues } from '../../transfers/form-values.ts';
import { download } from '../../transfers/render.ts';
import type { PageFrame } from '../../web/layout.tsx';
import { sendCredential } from '../credentials/send-credential.ts';
import { OpenPage } from './open-page.tsx';
import { openShare } from './open-share.ts';
import { presentShare } from './present-share.ts';
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
  app.get('/s/:shareLink', (c) => c.html(<OpenPage frame={linkFrame(c, secretPath(c))} reason={null} />));
  app.post('/s/:shareLink', async (c) => {
    const { pin = '', ticket } = await formValues(c);
    const gateway = c.get('gateway');
    const secret = c.req.param('shareLink');
    if (ticket !== undefined) return sharedPage(c, { secret, ticket }, {});
    const opened = await openShare(gateway, { secret, pin: pin.slice(0, 100) });
    if (!opened.ok) return refused(c, opened.fault);
    return c.html(<SharedPage frame={linkFrame(c, secretPath(c))} shared={opened.value} {...quiet} />);
  });
  app.post('/s/:shareLink/file', async (c) => {
    const file = await readSharedFile(c.get('gateway'), await ticketOf(c));
    if (!file.ok) return refused(c, file.fault);
    linkHeaders(c);
    return download(c, file.value);
  });
  app.post('/s/:shareLink/credential', async (c) => {
    const ticket = await ticketOf(c);
    const presented = await presentShare(c.get('gateway'), ticket);
    // What the school cannot do is no reason to send the reader back to the button.
    if (!presented.ok) return sharedPage(c, ticket, { reason: presented.fault });
    linkHeaders(c);
    return sendCredential(c, presented.value);
  });
  app.post('/s/:shareLink/watchers', (c) => askFromPage(c));
  watchPages(app);
}

function watchPages(app: OpenAPIHono<AppEnv>): void {
  for (const [method, verb] of [
    ['get', showWatching],
    ['post', confirmWatching],
  ] as const) {
    app[method]('/w/:watchLink', async (c) => {
      const token = c.req.param('watchLink') ?? '';
      const shown = await verb(c.get('gateway'), token);
      const frame = linkFrame(c, `/w/${encodeURIComponent(token)}`);
      return shown.ok ? c.html(<WatchPage frame={frame} watching={shown.value} />) : sendProblemPage(c, shown.fault);
    });
  }
  app.post('/w/:watchLink/removal', async (c) => {
    const done = await stopWatching(c.get('gateway'), c.req.param('watchLink'));
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
  if (address.success) return sharedPage(c, ticket, { news: 'watch-asked' });
  return sharedPage(c, ticket, { errors: { address: 'shared.wrong-address' } });
}

type Said = Pick<Parameters<typeof SharedPage>[0], 'news' | 'errors' | 'reason'>;
const quiet: Said = { news: null, errors: {}, reason: null };

/** What was opened once more, with what there is to say about it. */
async function sharedPage(c: Page, ticket: Ticket, more: Partial<Said>): Promise<Response> {
  const shown = await showAgain(c.get('gateway'), ticket);
  if (!shown.ok) return refused(c, shown.fault);
  const said = { ...quiet, ...more };
  const status =
    Object.keys(said.errors).length > 0 ? 422 : said.reason === null ? 200 : publicFault(said.reason.code).status;
  return c.html(<SharedPage frame={linkFrame(c, secretPath(c))} shared={shown.value} {...said} />, status);
}

async function ticketOf(c: Page): Promise<Ticket & { readonly address: string }> {
  const { ticket = '', address = '' } = await formValues(c);
  return { secret: c.req.param('shareLink') ?? '', ticket, address };
}

/** The form once more, with one of two reasons. */
function refused(c: Page, reason: Fault) {
  const page = <OpenPage frame={linkFrame(c, secretPath(c))} reason={reason} />;
  return c.html(page, publicFault(reason.code).status);
}

function secretPath(c: Page): string {
  return `/s/${encodeURIComponent(c.req.param('shareLink') ?? '')}`;
}

/** The address is the secret: it goes into no index, no cache and no other site's log. */
function linkHeaders(c: Page): void {
  c.header('X-Robots-Tag', 'noindex');
  c.header('Cache-Control', 'no-store');
}

/** Forms and language links lead to the page with the button, also from an answer to a form. */
function linkFrame(c: Page, path: string): PageFrame {
  linkHeaders(c);
  return { ...pageFrame(c), path };
}
