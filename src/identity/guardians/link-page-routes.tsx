import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { publicFault } from '../../faults.ts';
import { accountPaths } from '../../web/layout/header.tsx';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { listLinks } from '../links/links.ts';
import { redeemLinkingCode } from '../links/redeem-linking-code.ts';
import { endLink } from './end-link.ts';
import { LinksPage } from './links-page.tsx';
import { listNotices } from './list-notices.ts';
import { NewLinkPage } from './new-link-page.tsx';
import { RenewPage } from './renew-page.tsx';
import { linksPath, newLinkPath, renewPath } from './words.tsx';

/** A person's own links: list, enter a code, end; and a renewed certificate. */
export function linkPageRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(linksPath, (c) => showLinks(c));
  app.get(newLinkPath, (c) => {
    // The fragment with the code survives this redirect in the browser.
    if (c.get('actor').kind !== 'person') return c.redirect(`${accountPaths.logIn}?next=${newLinkPath}`, 303);
    return c.html(<NewLinkPage frame={pageFrame(c)} />);
  });
  app.get(renewPath, (c) => {
    if (c.get('actor').kind !== 'person') return c.redirect(`${accountPaths.logIn}?next=${renewPath}`, 303);
    return c.html(<RenewPage frame={pageFrame(c)} actor={c.get('actor')} />);
  });
  app.post(linksPath, (c) => redeem(c));
  app.post('/links/end', async (c) => {
    const link = textOf(await c.req.parseBody(), 'link') ?? '';
    const result = await endLink(c.get('gateway').identity, c.get('actor'), link);
    return result.ok ? c.redirect(linksPath, 303) : sendProblemPage(c, result.fault);
  });
}

async function showLinks(c: Context<AppEnv>) {
  const { identity } = c.get('gateway');
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') return c.redirect(`${accountPaths.logIn}?next=${linksPath}`, 303);
  const [links, notices] = [await listLinks(identity, actor, null), await listNotices(identity, actor)];
  if (!links.ok) return sendProblemPage(c, links.fault);
  if (!notices.ok) return sendProblemPage(c, notices.fault);
  const done = c.req.query('done') === 'asked' ? ('asked' as const) : null;
  return c.html(<LinksPage frame={pageFrame(c)} links={links.value} notices={notices.value} done={done} />);
}

async function redeem(c: Context<AppEnv>) {
  const form = await c.req.parseBody();
  const values = { code: textOf(form, 'code') ?? '', birthDate: textOf(form, 'birthDate') ?? '' };
  const errors = {
    ...(values.code === '' ? { code: 'link.code-missing' } : {}),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(values.birthDate) ? {} : { birthDate: 'link.birth-date-missing' }),
  };
  const frame = pageFrame(c);
  if (Object.keys(errors).length > 0) return c.html(<NewLinkPage frame={frame} values={values} errors={errors} />, 400);
  const result = await redeemLinkingCode(c.get('gateway').identity, c.get('actor'), values);
  if (result.ok) return c.redirect(`${linksPath}?done=asked`, 303);
  if (result.fault.code !== 'link.refused') return sendProblemPage(c, result.fault);
  const [title, advice] = publicFault(result.fault.code)[frame.locale];
  return c.html(<NewLinkPage frame={frame} values={values} refusal={{ title, advice }} />, 422);
}
