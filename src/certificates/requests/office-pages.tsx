import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { staffFor } from '../../administration/manager.ts';
import type { AppEnv } from '../../app-env.ts';
import type { Fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { StepUpNotice } from '../../identity/step-up-page.tsx';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { personKinds } from '../../records/certificate-kinds.ts';
import type { Result } from '../../result.ts';
import { verbContext } from '../../transfers/context.ts';
import { type FormValues, formValues, pick } from '../../transfers/form-values.ts';
import { pageStatus } from '../../transfers/page-status.ts';
import { showSettings } from '../settings.ts';
import { showEntry } from '../show-register.ts';
import { certifiedFields } from '../statement.ts';
import { approveRequest } from './approve-request.ts';
import { checkRequest } from './check-request.ts';
import { EnterPage } from './enter-page.tsx';
import { enterRequest } from './enter-request.ts';
import { showRequest, showRequests } from './list-requests.ts';
import { OfficeListPage, officeNews } from './office-list-page.tsx';
import { OfficeRequestPage } from './office-request-page.tsx';
import { refuseRequest } from './refuse-request.ts';
import { openStates, refusals, requestStates } from './rules.ts';
import { parseEnterForm } from './wish-form.ts';
import { officePath } from './words.tsx';

type Page = Context<AppEnv>;
type Errors = Readonly<Record<string, string>>;

/** What the school does with requests, as pages. */
export function officePages(app: OpenAPIHono<AppEnv>): void {
  app.get(officePath, async (c) => {
    const state = pick(requestStates, c.req.query('state'));
    const requests = await showRequests(await look(c), { states: state === null ? openStates : [state] });
    if (!requests.ok) return sendProblemPage(c, requests.fault);
    const news = pick(officeNews, c.req.query('news'));
    return c.html(<OfficeListPage frame={pageFrame(c)} requests={requests.value} state={state} news={news} />);
  });
  app.get(`${officePath}/new`, (c) => enterPage(c, { values: { entryId: c.req.query('entry') } }));
  app.post(officePath, async (c) => {
    const values = await formValues(c);
    const allowed = staffFor(await look(c), 'certificate.handle');
    if (!allowed.ok) return sendProblemPage(c, allowed.fault);
    const parsed = parseEnterForm(values);
    if (!parsed.ok) return enterPage(c, { values, errors: parsed.fault });
    const result = await enterRequest(await verbContext(c), parsed.value);
    return result.ok ? c.redirect(`${officePath}?news=entered`, 303) : enterPage(c, { values, reason: result.fault });
  });
  app.get(`${officePath}/:requestId`, (c) => requestPage(c, {}));
  acts(app);
}

function acts(app: OpenAPIHono<AppEnv>): void {
  app.post(`${officePath}/:requestId/check`, async (c) => {
    const result = await checkRequest(await verbContext(c), await target(c));
    return after(c, 'checked', result);
  });
  app.post(`${officePath}/:requestId/approval`, async (c) => {
    const result = await approveRequest(await verbContext(c), await target(c));
    return after(c, 'approved', result);
  });
  app.post(`${officePath}/:requestId/refusal`, async (c) => {
    const values = await formValues(c);
    const allowed = staffFor(await look(c), 'certificate.handle');
    if (!allowed.ok) return sendProblemPage(c, allowed.fault);
    const reason = pick(refusals, values['reason']);
    if (reason === null) return requestPage(c, { errors: { reason: 'request.wrong-reason' } });
    const result = await refuseRequest(await verbContext(c), { ...targetFrom(c, values), reason });
    return after(c, 'refused', result);
  });
}

function targetFrom(c: Page, values: FormValues) {
  const version = /^\d{1,9}$/.test(values['version'] ?? '') ? Number(values['version']) : null;
  return { requestId: c.req.param('requestId') ?? '', version };
}

async function target(c: Page) {
  return targetFrom(c, await formValues(c));
}

async function after(c: Page, news: (typeof officeNews)[number], result: Result<unknown>): Promise<Response> {
  if (result.ok) return c.redirect(`${officePath}?news=${news}`, 303);
  return requestPage(c, { reason: result.fault });
}

async function look(c: Page) {
  return { ...(await verbContext(c)), idempotency: null };
}

async function requestPage(c: Page, { errors = {}, reason = null }: { errors?: Errors; reason?: Fault | null }) {
  // Who may not do it at all is told so, whatever the request.
  if (reason?.code === 'policy.denied') return sendProblemPage(c, reason);
  const shown = await showRequest(await look(c), c.req.param('requestId') ?? '');
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const actor = c.get('actor');
  const may = {
    check: isAllowed(actor, 'certificate.check', ownThing),
    approve: isAllowed(actor, 'certificate.approve', ownThing),
  };
  const notice = may.approve && <StepUpNotice frame={pageFrame(c)} actor={actor} />;
  const props = { ...shown.value, may, errors, reason, notice };
  const status = Object.keys(errors).length > 0 ? 422 : pageStatus(reason);
  return c.html(<OfficeRequestPage frame={pageFrame(c)} {...props} />, status);
}

interface Entered {
  readonly values: FormValues;
  readonly errors?: Errors;
  readonly reason?: Fault;
}

async function enterPage(c: Page, { values, errors = {}, reason }: Entered): Promise<Response> {
  const context = await look(c);
  const settings = await showSettings(context);
  if (!settings.ok) return sendProblemPage(c, settings.fault);
  const entryId = values['entryId'] ?? '';
  const entry = entryId === '' ? null : await showEntry(context, entryId);
  if (entry !== null && !entry.ok) return sendProblemPage(c, entry.fault);
  const offered = personKinds.filter((kind) => settings.value.kinds[kind].offered);
  // The standing rule is for who has logged in.
  const kinds = offered.map((kind) => {
    const { feeYen } = settings.value.kinds[kind];
    return { kind, fields: certifiedFields(kind), feeYen, atOnce: false };
  });
  const props = { entry: entry?.value ?? null, kinds, values, errors, reason: reason ?? null };
  const status = Object.keys(errors).length > 0 ? 422 : pageStatus(reason ?? null);
  return c.html(<EnterPage frame={pageFrame(c)} {...props} />, status);
}
