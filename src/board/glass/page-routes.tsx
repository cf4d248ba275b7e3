import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { boardGlassCategories } from '../../transfers/break-glass-rules.ts';
import { verbContext } from '../../transfers/context.ts';
import { type FormValues, formValues, pick } from '../../transfers/form-values.ts';
import { pageStatus } from '../../transfers/page-status.ts';
import { openBoardGlass } from './open-glass.ts';
import { BoardGlassFormPage, BoardGlassListPage, BoardGlassNamePage, reviewField } from './pages.tsx';
import { findOwnGlass, readNames } from './read-names.ts';
import { endBoardGlass, reviewBoardGlass, showBoardGlasses } from './review-glass.ts';

type Page = Context<AppEnv>;
const listPath = '/board/break-glass';

/** 氏名の開示 as pages: the form over one case, the name while it is open, and the list in which it is ended and reviewed. */
export function boardGlassPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/board/cases/:caseId/break-glass', async (c) => {
    const context = { ...(await verbContext(c)), idempotency: null };
    const caseId = c.req.param('caseId');
    const own = await findOwnGlass(context, caseId);
    if (!own.ok) return sendProblemPage(c, own.fault);
    if (own.value === null) return offer(c, {}, null);
    const named = await readNames(context, caseId);
    if (!named.ok) return sendProblemPage(c, named.fault);
    return c.html(<BoardGlassNamePage frame={pageFrame(c)} caseId={caseId} named={named.value} />);
  });
  app.post('/board/cases/:caseId/break-glass', async (c) => {
    const form = await formValues(c);
    const caseId = c.req.param('caseId');
    const category = pick(boardGlassCategories, form['category']);
    const result = await openBoardGlass(await verbContext(c), { caseId, category, reason: form['reason'] ?? '' });
    return result.ok ? c.redirect(`/board/cases/${caseId}/break-glass`, 303) : refused(c, form, result.fault);
  });
  app.get(listPath, (c) => list(c, {}, null));
  app.post(`${listPath}/:boardGlassId/end`, async (c) => {
    const result = await endBoardGlass(await verbContext(c), c.req.param('boardGlassId'));
    return result.ok ? c.redirect(listPath, 303) : list(c, {}, result.fault);
  });
  app.post(`${listPath}/:boardGlassId/review`, async (c) => {
    const form = await formValues(c);
    const id = c.req.param('boardGlassId');
    const justified = pick(['yes', 'no'], form['justified']);
    const tried = { ...form, id };
    if (justified === null) return list(c, tried, fault('request.malformed'));
    const input = { id, justified: justified === 'yes', reason: form[reviewField(id)] ?? '' };
    const result = await reviewBoardGlass(await verbContext(c), input);
    return result.ok ? c.redirect(listPath, 303) : list(c, tried, result.fault);
  });
}

/** Whoever may see the case gets the form back with what was wrong; the others are told what they are told anywhere. */
async function refused(c: Page, values: FormValues, reason: Fault): Promise<Response> {
  const own = await findOwnGlass({ ...(await verbContext(c)), idempotency: null }, c.req.param('caseId') ?? '');
  return own.ok ? offer(c, values, reason) : sendProblemPage(c, own.fault);
}

function offer(c: Page, values: FormValues, reason: Fault | null) {
  const props = { frame: pageFrame(c), caseId: c.req.param('caseId') ?? '', values, reason };
  return c.html(<BoardGlassFormPage {...props} />, pageStatus(reason));
}

async function list(c: Page, tried: FormValues, reason: Fault | null): Promise<Response> {
  const items = await showBoardGlasses({ ...(await verbContext(c)), idempotency: null });
  if (!items.ok) return sendProblemPage(c, items.fault);
  const props = { frame: pageFrame(c), items: items.value, tried, reason };
  return c.html(<BoardGlassListPage {...props} />, pageStatus(reason));
}
