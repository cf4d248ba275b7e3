import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault, publicFault } from '../../faults.ts';
import type { Result } from '../../result.ts';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { confirmGuardian } from './confirm-guardian.ts';
import { disputeGuardian, settleDispute } from './dispute-guardian.ts';
import { endGuardian, restoreGuardian } from './end-guardian.ts';
import { enterGuardian } from './enter-guardian.ts';
import { parseGuardianForm } from './guardian-form.ts';
import { GuardianPage } from './guardian-page.tsx';
import { issueCode } from './linking-page-routes.tsx';
import { listGuardians } from './list-guardians.ts';
import { type GuardianForm, NewGuardianPage } from './new-guardian-page.tsx';
import { guardiansPath, linkingPath } from './words.tsx';

type Page = Context<AppEnv>;
type Errors = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/** Entering a guardian, and one guardian's record with what may be done with it. */
export function guardianPageRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(`${linkingPath}/:pupilId/new`, (c) => showForm(c, { scope: ['records', 'health', 'ledger'] }));
  app.post(`${linkingPath}/:pupilId/new`, (c) => enter(c, c.req.param('pupilId')));
  app.get(`${linkingPath}/:pupilId/guardians/:guardianId`, (c) => showGuardian(c));
  app.post(`${linkingPath}/:pupilId/guardians/:guardianId/issue`, (c) =>
    issueCode(c, { pupilId: c.req.param('pupilId'), guardianId: c.req.param('guardianId') }),
  );
  for (const [deed, act] of Object.entries(deeds)) {
    app.post(`${linkingPath}/:pupilId/guardians/:guardianId/${deed}`, async (c) => {
      const form = await c.req.parseBody();
      const result = await act(c, c.req.param('guardianId') ?? '', form);
      if (result.ok) return c.redirect(`${guardiansPath(c.req.param('pupilId') ?? '')}?done=done`, 303);
      return result.fault.code === 'request.malformed'
        ? showGuardian(c, result.fault.fields)
        : sendProblemPage(c, result.fault);
    });
  }
}

/** What the buttons of a guardian's page do: the verbs of the API, from form fields. */
const deeds: Readonly<Record<string, (c: Page, guardianId: string, form: Fields) => Promise<Result<true>>>> = {
  confirm: (c, guardianId) => confirmGuardian(c.get('gateway').identity, c.get('actor'), guardianId),
  restore: (c, guardianId) => restoreGuardian(c.get('gateway').identity, c.get('actor'), guardianId),
  suspend: async (c, guardianId, form) => {
    const reason = textOf(form, 'suspendReason') ?? '';
    if (!isLine(reason)) return malformed({ suspendReason: 'guardian.reason-missing' });
    return disputeGuardian(c.get('gateway').identity, c.get('actor'), { guardianId, reason });
  },
  settle: async (c, guardianId, form) => {
    const reason = textOf(form, 'settleReason') ?? '';
    const outcome = (['restored', 'ended'] as const).find((known) => known === textOf(form, 'outcome'));
    if (outcome === undefined) return malformed({ outcome: 'component.choose' });
    if (!isLine(reason)) return malformed({ settleReason: 'guardian.reason-missing' });
    return settleDispute(c.get('gateway').identity, c.get('actor'), { guardianId, outcome, reason });
  },
  end: async (c, guardianId, form) => {
    const reason = textOf(form, 'endReason') ?? '';
    const day = textOf(form, 'lastDay') ?? '';
    if (!isLine(reason)) return malformed({ endReason: 'guardian.reason-missing' });
    if (day !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(day)) return malformed({ lastDay: 'problem.field' });
    const lastDay = day === '' ? null : day;
    return endGuardian(c.get('gateway').identity, c.get('actor'), { guardianId, reason, lastDay });
  },
};

function malformed(fields: Errors): Result<never> {
  return { ok: false, fault: fault('request.malformed', { fields }) };
}

function isLine(text: string): boolean {
  return text !== '' && text.length <= 400 && !/\p{Cc}/u.test(text);
}

async function enter(c: Page, pupilId: string): Promise<Response> {
  const parsed = parseGuardianForm(await c.req.parseBody({ all: true }));
  if (!parsed.ok) return showForm(c, parsed.fault.values, { errors: parsed.fault.errors });
  const { value, values } = parsed.value;
  const result = await enterGuardian(c.get('gateway').identity, c.get('actor'), { ...value, pupilId });
  if (result.ok) return c.redirect(`${guardiansPath(pupilId)}?done=entered`, 303);
  if (result.fault.code === 'request.malformed') return showForm(c, values, { errors: result.fault.fields ?? {} });
  const isTold = result.fault.code === 'guardian.pupil-of-age' || result.fault.code === 'guardian.too-many';
  return isTold ? showForm(c, values, { reason: result.fault }) : sendProblemPage(c, result.fault);
}

async function showForm(
  c: Page,
  values: GuardianForm,
  wrong: { readonly errors?: Errors; readonly reason?: Fault } = {},
): Promise<Response> {
  const view = await listGuardians(c.get('gateway').identity, c.get('actor'), c.req.param('pupilId') ?? '');
  if (!view.ok) return sendProblemPage(c, view.fault);
  const frame = pageFrame(c);
  const [title = '', advice = ''] = wrong.reason === undefined ? [] : publicFault(wrong.reason.code)[frame.locale];
  const page = (
    <NewGuardianPage
      frame={frame}
      view={view.value}
      values={values}
      errors={wrong.errors}
      refusal={wrong.reason === undefined ? undefined : { title, advice }}
    />
  );
  return c.html(page, wrong.errors === undefined && wrong.reason === undefined ? 200 : 422);
}

async function showGuardian(c: Page, errors?: Errors): Promise<Response> {
  const view = await listGuardians(c.get('gateway').identity, c.get('actor'), c.req.param('pupilId') ?? '');
  if (!view.ok) return sendProblemPage(c, view.fault);
  const guardian = view.value.guardians.find(({ id }) => id === c.req.param('guardianId'));
  if (guardian === undefined) return sendProblemPage(c, fault('guardian.not-found'));
  const page = <GuardianPage frame={pageFrame(c)} view={view.value} guardian={guardian} errors={errors} />;
  return c.html(page, errors === undefined ? 200 : 400);
}
