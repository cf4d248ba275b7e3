import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { BreakGlassListPage, BreakGlassPage } from './break-glass-pages.tsx';
import { breakGlassCategories } from './break-glass-rules.ts';
import { verbContext } from './context.ts';
import { type FormValues, formValues, pick } from './form-values.ts';
import { openBreakGlass, showBreakGlass } from './open-break-glass.ts';
import { pageStatus } from './page-status.ts';
import { endBreakGlass, reviewBreakGlass, showBreakGlasses } from './review-break-glass.ts';
import { showCase } from './show-case.ts';

type Page = Context<AppEnv>;

/** 緊急閲覧 as pages: the form over one document, and the list in which it is ended and reviewed. */
export function breakGlassPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/cases/:caseId/documents/:documentId/break-glass', (c) => offer(c, {}, null));
  app.post('/cases/:caseId/documents/:documentId/break-glass', async (c) => {
    const form = await formValues(c);
    const input = {
      ...documentOf(c),
      category: pick(breakGlassCategories, form['category']),
      reason: form['reason'] ?? '',
    };
    const result = await openBreakGlass(await verbContext(c), input);
    const { caseId, documentId } = input;
    return result.ok ? c.redirect(`/cases/${caseId}/documents/${documentId}`, 303) : offer(c, form, result.fault);
  });
  app.get('/break-glass', (c) => list(c, null));
  app.post('/break-glass/:breakGlassId/end', async (c) => {
    const result = await endBreakGlass(await verbContext(c), c.req.param('breakGlassId'));
    return result.ok ? c.redirect('/break-glass', 303) : list(c, result.fault);
  });
  app.post('/break-glass/:breakGlassId/review', async (c) => {
    const form = await formValues(c);
    const justified = pick(['yes', 'no'], form['justified']);
    const id = c.req.param('breakGlassId');
    if (justified === null) return list(c, fault('request.malformed'));
    const result = await reviewBreakGlass(await verbContext(c), { id, justified: justified === 'yes' });
    return result.ok ? c.redirect('/break-glass', 303) : list(c, result.fault);
  });
}

function documentOf(c: Page) {
  return { caseId: c.req.param('caseId') ?? '', documentId: c.req.param('documentId') ?? '' };
}

async function offer(c: Page, values: FormValues, reason: Fault | null): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const of = documentOf(c);
  const allowed = await showBreakGlass(context, of);
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  const shown = await showCase(context, of.caseId);
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const document = shown.value.documents.find(({ id }) => id === of.documentId);
  if (document === undefined) return sendProblemPage(c, fault('document.not-found'));
  const props = { frame: pageFrame(c), view: shown.value, document, values, reason };
  return c.html(<BreakGlassPage {...props} />, pageStatus(reason));
}

async function list(c: Page, reason: Fault | null): Promise<Response> {
  const items = await showBreakGlasses({ ...(await verbContext(c)), idempotency: null });
  if (!items.ok) return sendProblemPage(c, items.fault);
  const props = { frame: pageFrame(c), items: items.value, reason };
  return c.html(<BreakGlassListPage {...props} />, pageStatus(reason));
}
