import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { Fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../../transfers/context.ts';
import { formFields, pick } from '../../transfers/form-values.ts';
import { pageStatus } from '../../transfers/page-status.ts';
import { listFields, listShares, showShare } from './list-shares.ts';
import { makeShare } from './make-share.ts';
import { NewSharePage } from './new-share-page.tsx';
import { parseShareForm, readShareForm, type ShareForm } from './share-form.ts';
import { MadeSharePage, SharePage } from './share-page.tsx';
import { SharesPage } from './shares-page.tsx';
import { withdrawShare } from './withdraw-share.ts';
import { sharePath, sharesPath } from './words.tsx';

type Page = Context<AppEnv>;

const list = '/issued-certificates/:certificateId/shares';

/** What a person lets others see of their certificates, as pages. */
export function sharePages(app: OpenAPIHono<AppEnv>): void {
  app.get(list, async (c) => {
    const shown = await listShares(await looking(c), c.req.param('certificateId'));
    if (!shown.ok) return sendProblemPage(c, shown.fault);
    const news = pick(['withdrawn'] as const, c.req.query('news'));
    return c.html(<SharesPage frame={pageFrame(c)} of={shown.value} news={news} />);
  });
  app.get(`${list}/new`, (c) => newPage(c, c.req.param('certificateId'), { values: { fields: [] } }));
  app.post(list, async (c) => {
    const certificateId = c.req.param('certificateId');
    const sent = await formFields(c);
    const values = readShareForm(sent);
    const parsed = parseShareForm(values, sent.get('pin') ?? '');
    if (!parsed.ok) return newPage(c, certificateId, { values, errors: parsed.fault });
    const made = await makeShare(await verbContext(c), { ...parsed.value, certificateId });
    if (!made.ok) return newPage(c, certificateId, { values, reason: made.fault });
    const shown = await listShares(await looking(c), certificateId);
    if (!shown.ok) return sendProblemPage(c, shown.fault);
    const { certificate } = shown.value;
    return c.html(<MadeSharePage frame={pageFrame(c)} certificate={certificate} made={made.value} />, 201);
  });
  app.get(`${sharePath}/:shareId`, async (c) => {
    const share = await showShare(await looking(c), c.req.param('shareId'));
    const shown = share.ok ? await listShares(await looking(c), share.value.certificateId) : share;
    if (!share.ok) return sendProblemPage(c, share.fault);
    if (!shown.ok) return sendProblemPage(c, shown.fault);
    return c.html(<SharePage frame={pageFrame(c)} certificate={shown.value.certificate} share={share.value} />);
  });
  app.post(`${sharePath}/:shareId/withdrawal`, async (c) => {
    const done = await withdrawShare(await verbContext(c), c.req.param('shareId'));
    if (!done.ok) return sendProblemPage(c, done.fault);
    return c.redirect(`${sharesPath(done.value.certificateId)}?news=withdrawn`, 303);
  });
}

interface Asked {
  readonly values: ShareForm;
  readonly errors?: Readonly<Record<string, string>>;
  readonly reason?: Fault;
}

async function newPage(c: Page, certificateId: string, { values, errors = {}, reason }: Asked): Promise<Response> {
  const shown = await listFields(await looking(c), certificateId);
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const props = { ...shown.value, values, errors, reason: reason ?? null };
  const status = Object.keys(errors).length > 0 ? 422 : pageStatus(reason ?? null);
  return c.html(<NewSharePage frame={pageFrame(c)} {...props} />, status);
}

async function looking(c: Page) {
  return { ...(await verbContext(c)), idempotency: null };
}
