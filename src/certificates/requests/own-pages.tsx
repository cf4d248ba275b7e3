import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { Fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../../transfers/context.ts';
import { type FormValues, formValues, pick } from '../../transfers/form-values.ts';
import { pageStatus } from '../../transfers/page-status.ts';
import { askCertificate } from './ask-certificate.ts';
import { AskPage } from './ask-page.tsx';
import { consentText } from './consent-text.ts';
import { listOwnRequests, showOwnRequest, withdrawRequest } from './follow-requests.ts';
import { OwnListPage } from './own-list-page.tsx';
import { OwnRequestPage } from './own-request-page.tsx';
import { parseAskForm } from './wish-form.ts';
import { ownPath } from './words.tsx';

type Page = Context<AppEnv>;

/** A person's own certificates as pages: the list, the asking, one request. */
export function ownCertificatePages(app: OpenAPIHono<AppEnv>): void {
  app.get(ownPath, async (c) => {
    const own = await listOwnRequests({ ...(await verbContext(c)), idempotency: null });
    if (!own.ok) return sendProblemPage(c, own.fault);
    const news = pick(['asked', 'withdrawn'] as const, c.req.query('news'));
    return c.html(<OwnListPage frame={pageFrame(c)} own={own.value} news={news} />);
  });
  app.get(`${ownPath}/new`, (c) => askPage(c, { values: { pupilId: c.req.query('pupil') } }));
  app.post(ownPath, async (c) => {
    const values = await formValues(c);
    const parsed = parseAskForm(values);
    if (!parsed.ok) return askPage(c, { values, errors: parsed.fault });
    const result = await askCertificate(await verbContext(c), parsed.value);
    return result.ok ? c.redirect(`${ownPath}?news=asked`, 303) : askPage(c, { values, reason: result.fault });
  });
  app.get(`${ownPath}/:requestId`, (c) => requestPage(c, null));
  app.post(`${ownPath}/:requestId/withdrawal`, async (c) => {
    const result = await withdrawRequest(await verbContext(c), c.req.param('requestId'));
    return result.ok ? c.redirect(`${ownPath}?news=withdrawn`, 303) : requestPage(c, result.fault);
  });
}

interface Asked {
  readonly values: FormValues;
  readonly errors?: Readonly<Record<string, string>>;
  readonly reason?: Fault;
}

async function askPage(c: Page, { values, errors = {}, reason }: Asked): Promise<Response> {
  const own = await listOwnRequests({ ...(await verbContext(c)), idempotency: null });
  if (!own.ok) return sendProblemPage(c, own.fault);
  const offers = own.value.offers.filter(({ kinds }) => kinds.length > 0);
  const props = { offers, values, errors, reason: reason ?? null, consent: await consentText(c.get('locale')) };
  const status = Object.keys(errors).length > 0 ? 422 : pageStatus(reason ?? null);
  return c.html(<AskPage frame={pageFrame(c)} {...props} />, status);
}

async function requestPage(c: Page, reason: Fault | null): Promise<Response> {
  const shown = await showOwnRequest({ ...(await verbContext(c)), idempotency: null }, c.req.param('requestId') ?? '');
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const props = { request: shown.value, reason, consent: await consentText(c.get('locale')) };
  return c.html(<OwnRequestPage frame={pageFrame(c)} {...props} />, pageStatus(reason));
}
