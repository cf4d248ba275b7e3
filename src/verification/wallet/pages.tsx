import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { Fault } from '../../faults.ts';
import { textOf } from '../../identity/forms.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { templateKinds } from '../../records/certificate-kinds.ts';
import { AskPage, type Wanted } from './ask-page.tsx';
import { askPresentation } from './ask-presentation.ts';
import { keepBrowser, readBrowser } from './cookie.ts';
import { arriveFromWallet, giveNumber, showRequest } from './follow-request.ts';
import { NumberPage } from './number-page.tsx';
import { RequestPage } from './request-page.tsx';
import { claimGroups } from './rules.ts';
import type { Asked } from './tables.ts';
import { walletLink, walletVerifierPath } from './verifier-name.ts';

/** For whoever wants to see a certificate in a wallet; nobody logs in. */
export function walletVerifierPages(app: OpenAPIHono<AppEnv>): void {
  app.get(walletVerifierPath, (c) => c.html(<AskPage frame={pageFrame(c)} asked={null} />));
  app.post(walletVerifierPath, async (c) => {
    const wanted = wantedFrom(await c.req.parseBody({ all: true }));
    if (wanted.kind === null) return c.html(<AskPage frame={pageFrame(c)} asked={wanted} />, 400);
    const asked: Asked = { kind: wanted.kind, groups: wanted.groups };
    const id = await askPresentation(c.get('gateway'), { browser: keepBrowser(c), asked });
    return c.redirect(`${walletVerifierPath}/${id}`, 303);
  });
  app.get(`${walletVerifierPath}/:requestId`, (c) => requestPage(c, c.req.param('requestId'), null));
  app.get(`${walletVerifierPath}/:requestId/state`, async (c) => {
    const shown = await showRequest(c.get('gateway'), { id: c.req.param('requestId'), browser: readBrowser(c) });
    return c.text(shown.ok ? shown.value.state : 'gone');
  });
  app.post(`${walletVerifierPath}/:requestId/number`, async (c) => {
    const id = c.req.param('requestId');
    const number = textOf(await c.req.parseBody(), 'number') ?? '';
    const given = await giveNumber(c.get('gateway'), { id, browser: readBrowser(c), number });
    return given.ok ? c.redirect(`${walletVerifierPath}/${id}`, 303) : requestPage(c, id, given.fault);
  });
  app.get(`${walletVerifierPath}/answered/:responseCode`, async (c) => {
    const of = { code: c.req.param('responseCode'), browser: readBrowser(c) };
    const arrived = await arriveFromWallet(c.get('gateway'), of);
    if (!arrived.ok) return sendProblemPage(c, arrived.fault);
    if (arrived.value.here) return c.redirect(`${walletVerifierPath}/${arrived.value.id}`, 303);
    return c.html(<NumberPage frame={pageFrame(c)} {...arrived.value} />);
  });
}

async function requestPage(c: Context<AppEnv>, id: string, reason: Fault | null): Promise<Response> {
  const gateway = c.get('gateway');
  const shown = await showRequest(gateway, { id, browser: readBrowser(c) });
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const page = (
    <RequestPage frame={pageFrame(c)} request={shown.value} link={walletLink(gateway, id)} reason={reason} />
  );
  return c.html(page, reason === null ? 200 : 422);
}

function wantedFrom(form: Readonly<Record<string, unknown>>): Wanted {
  const chosen = [form['groups']].flat();
  return {
    kind: templateKinds.find((kind) => kind === form['kind']) ?? null,
    groups: claimGroups.filter((group) => chosen.includes(group)),
  };
}
