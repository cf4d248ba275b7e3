import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../context.ts';
import { type FormValues, formValues, textOrNull } from '../form-values.ts';
import { pageStatus } from '../page-status.ts';
import { HoldsPage } from './hold-page.tsx';
import { askHold, confirmHold, endHold, listHoldablePupils, showHolds } from './holds.ts';
import { OwnLedgerPage } from './ledger-page.tsx';
import { listLines } from './list-lines.ts';
import { numberOf } from './number.ts';
import { linesInput, linesPerPage, readQuery } from './query.ts';
import { answerReport, closeReport, reportAccess, showReports } from './report-access.ts';
import { ReportsPage } from './report-pages.tsx';
import { dayEnd, dayStart } from './rules.ts';

type Page = Context<AppEnv>;

/** The ledger of persons, and what the school does about it, as pages that work without script. */
export function ledgerPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/ledger', async (c) => {
    const context = await verbContext(c);
    const query = readQuery(c.req.query());
    const listed = await listLines(context, linesInput(query, linesPerPage));
    if (!listed.ok) return sendProblemPage(c, listed.fault);
    const reports = await showReports(context);
    const made = textOrNull(c.req.query('reported'));
    const own = reports.ok ? reports.value : [];
    const props = { frame: pageFrame(c), query, page: listed.value, reports: own };
    return c.html(<OwnLedgerPage {...props} made={own.find(({ id }) => id === made)?.id ?? null} />);
  });
  app.post('/ledger/reports', async (c) => {
    const { eventId = '' } = await formValues(c);
    const made = await reportAccess(await verbContext(c), { caseId: null, eventId });
    return made.ok ? c.redirect(`/ledger?reported=${made.value.id}`, 303) : sendProblemPage(c, made.fault);
  });
  app.get('/access-reports', (c) => reportsPage(c, null));
  // Where the mail leads: the list, in which it stands first.
  app.get('/access-reports/:reportId', (c) => reportsPage(c, null));
  app.post('/access-reports/:reportId/answer', async (c) => {
    const form = await formValues(c);
    const id = c.req.param('reportId');
    const answer = form[`answer-${numberOf(id)}`] ?? form['answer'] ?? '';
    const result = await answerReport(await verbContext(c), { id, answer });
    return result.ok ? c.redirect('/access-reports', 303) : reportsPage(c, result.fault);
  });
  app.post('/access-reports/:reportId/closing', async (c) => {
    const context = await verbContext(c);
    const result = await closeReport(context, c.req.param('reportId'));
    const back = context.actor.kind === 'person' ? '/ledger#reports' : '/access-reports';
    return result.ok ? c.redirect(back, 303) : sendProblemPage(c, result.fault);
  });
  holdPages(app);
}

function holdPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/ledger-holds', (c) => holdsPage(c, {}, null));
  app.post('/ledger-holds', async (c) => {
    const form = await formValues(c);
    const input = {
      pupilId: form['pupilId'] ?? '',
      since: dayStart(textOrNull(form['since'])),
      until: dayEnd(textOrNull(form['until'])),
      reason: form['reason'] ?? '',
    };
    const result = await askHold(await verbContext(c), input);
    return result.ok ? c.redirect('/ledger-holds', 303) : holdsPage(c, form, result.fault);
  });
  app.post('/ledger-holds/:holdId/confirmation', async (c) => {
    const result = await confirmHold(await verbContext(c), c.req.param('holdId'));
    return result.ok ? c.redirect('/ledger-holds', 303) : holdsPage(c, {}, result.fault);
  });
  app.post('/ledger-holds/:holdId/end', async (c) => {
    const result = await endHold(await verbContext(c), c.req.param('holdId'));
    return result.ok ? c.redirect('/ledger-holds', 303) : holdsPage(c, {}, result.fault);
  });
}

async function reportsPage(c: Page, reason: Fault | null): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  // A person has theirs below the ledger.
  if (context.actor.kind === 'person') return sendProblemPage(c, fault('policy.denied'));
  const shown = await showReports(context);
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  return c.html(<ReportsPage frame={pageFrame(c)} reports={shown.value} reason={reason} />, pageStatus(reason));
}

async function holdsPage(c: Page, values: FormValues, reason: Fault | null): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const [shown, pupils] = [await showHolds(context), await listHoldablePupils(context)];
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  if (!pupils.ok) return sendProblemPage(c, pupils.fault);
  const props = { frame: pageFrame(c), holds: shown.value, pupils: pupils.value, values, reason };
  return c.html(<HoldsPage {...props} />, pageStatus(reason));
}
