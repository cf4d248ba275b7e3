import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { verbContext } from '../../transfers/context.ts';
import { type FormValues, formValues, pick, textOrNull } from '../../transfers/form-values.ts';
import { pageStatus } from '../../transfers/page-status.ts';
import { AlertPage } from './alert-page.tsx';
import { changeThreshold, showRules } from './change-threshold.ts';
import { AlertListPage, type ListFilter } from './list-page.tsx';
import { alertRuleIds, severities } from './rule-table.ts';
import { RulesPage } from './rules-page.tsx';
import { maxNoteCharacters, type Settlement, settleAlert } from './settle-alert.ts';
import { showAlert, showAlerts } from './show-alerts.ts';
import { alertStates, closeReasons } from './tables.ts';

type Page = Context<AppEnv>;

/** Alerts as pages: list, one of them, and a board's thresholds. Everything by links and forms. */
export function alertPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/alerts', (c) => list(c));
  app.get('/alerts/:alertId', (c) => one(c, {}, null));
  app.post('/alerts/:alertId/acknowledgement', (c) => settle(c, { act: 'acknowledge' }));
  app.post('/alerts/:alertId/reopening', (c) => settle(c, { act: 'reopen' }));
  app.post('/alerts/:alertId/closure', (c) => settle(c, 'close'));
  app.get('/alert-rules', (c) => rules(c, null));
  app.post('/alert-rules/:rule', async (c) => {
    const form = await formValues(c);
    const rule = c.req.param('rule');
    const typed = (form[`threshold-${rule}`] ?? '').normalize('NFKC').trim();
    const threshold = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
    const result = await changeThreshold(await verbContext(c), { rule, threshold });
    if (result.ok) return c.redirect(`/alert-rules?set=${result.value.rule}`, 303);
    const { fault: reason } = result;
    return reason.code === 'alert.threshold-wrong' ? rules(c, { rule, typed, reason }) : sendProblemPage(c, reason);
  });
}

async function list(c: Page): Promise<Response> {
  const filter: ListFilter = {
    // What is not done with comes first; everything is one choice away.
    state: c.req.query('state') === undefined ? 'unclosed' : pick(['unclosed', ...alertStates], c.req.query('state')),
    severity: pick(severities, c.req.query('severity')),
    rule: pick(alertRuleIds, c.req.query('rule')),
    organisation: textOrNull(c.req.query('organisation')),
  };
  const states = filter.state === 'unclosed' ? (['open', 'acknowledged'] as const) : null;
  const result = await showAlerts(await verbContext(c), {
    ...filter,
    states: states ?? (filter.state === null || filter.state === 'unclosed' ? null : [filter.state]),
    cursor: c.req.query('cursor') ?? null,
  });
  if (!result.ok) return sendProblemPage(c, result.fault);
  const configures = isAllowed(c.get('actor'), 'alert.configure', ownThing);
  return c.html(<AlertListPage frame={pageFrame(c)} page={result.value} filter={filter} configures={configures} />);
}

async function one(c: Page, values: FormValues, reason: Fault | null): Promise<Response> {
  const result = await showAlert({ ...(await verbContext(c)), idempotency: null }, c.req.param('alertId') ?? '');
  if (!result.ok) return sendProblemPage(c, result.fault);
  const readsCases = isAllowed(c.get('actor'), 'case.list', ownThing);
  const props = { frame: pageFrame(c), alert: result.value, values, reason, readsCases };
  return c.html(<AlertPage {...props} />, pageStatus(reason));
}

async function settle(c: Page, by: Settlement | 'close'): Promise<Response> {
  const form = await formValues(c);
  const settlement = by === 'close' ? closing(form) : by;
  if (settlement === null) {
    return one(c, form, fault('request.malformed', { fields: { reason: 'problem.field' } }));
  }
  const id = c.req.param('alertId') ?? '';
  const version = /^\d{1,9}$/.test(form['version'] ?? '') ? Number(form['version']) : null;
  const result = await settleAlert(await verbContext(c), { id, version, settlement });
  return result.ok ? c.redirect(`/alerts/${id}`, 303) : one(c, form, result.fault);
}

function closing(form: FormValues): Settlement | null {
  const reason = pick(closeReasons, form['reason']);
  const note = textOrNull(form['note']);
  if (reason === null || (note?.length ?? 0) > maxNoteCharacters) return null;
  return { act: 'close', reason, note };
}

async function rules(
  c: Page,
  refused: { readonly rule: string; readonly typed: string; readonly reason: Fault } | null,
): Promise<Response> {
  const result = await showRules({ ...(await verbContext(c)), idempotency: null });
  if (!result.ok) return sendProblemPage(c, result.fault);
  const saved = pick(alertRuleIds, c.req.query('set'));
  const props = { frame: pageFrame(c), rules: result.value, refused, saved };
  return c.html(<RulesPage {...props} />, pageStatus(refused?.reason ?? null));
}
