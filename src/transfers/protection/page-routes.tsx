import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault } from '../../faults.ts';
import { textOf } from '../../identity/forms.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import type { Result } from '../../result.ts';
import { protectionsPath } from '../../web/components/protected.tsx';
import type { VerbContext } from '../act.ts';
import { verbContext } from '../context.ts';
import { pick } from '../form-values.ts';
import { pageStatus } from '../page-status.ts';
import { askLift, changeProtection, confirmLift, refuseLift } from './change-protection.ts';
import { askClearance, confirmClearing, endClearance } from './clear-guardian.ts';
import { enterProtection } from './enter-protection.ts';
import { NewProtectionPage, ProtectionsPage } from './list-page.tsx';
import { ProtectionPage } from './order-page.tsx';
import { protectionChange, protectionRequest } from './schemas.ts';
import { listNameable, type ProtectionView, showProtection, showProtections } from './show-protections.ts';
import { type Subject, subjectKinds } from './subject.ts';
import { type TermsForm } from './terms-fields.tsx';

type Page = Context<AppEnv>;

/** 支援措置 as pages: the orders one may know of, the form that protects, and one order with all that is done to it. */
export function protectionPages(app: OpenAPIHono<AppEnv>): void {
  app.get(protectionsPath, async (c) => {
    const items = await showProtections(await verbContext(c));
    if (!items.ok) return sendProblemPage(c, items.fault);
    return c.html(<ProtectionsPage frame={pageFrame(c)} items={items.value} />);
  });
  app.get(`${protectionsPath}/new`, (c) => {
    const subject = subjectFrom({ kind: c.req.query('kind'), id: c.req.query('id') });
    return newPage(c, { subject, form: emptyForm, reason: null });
  });
  app.post(protectionsPath, (c) => enter(c));
  app.get(`${protectionsPath}/:protectionId`, (c) => orderPage(c, null));
  app.post(`${protectionsPath}/:protectionId`, (c) => change(c));
  app.post(`${protectionsPath}/:protectionId/lifting`, (c) => act(c, askLift));
  app.post(`${protectionsPath}/:protectionId/lifting/refusal`, (c) => act(c, refuseLift));
  app.post(`${protectionsPath}/:protectionId/lifting/confirmation`, (c) => act(c, confirmLift));
  for (const [deed, verb] of [
    ['ask', askClearance] as const,
    ['confirm', confirmClearing] as const,
    ['end', endClearance] as const,
  ]) {
    app.post(`${protectionsPath}/:protectionId/clearances/${deed}`, async (c) => {
      const guardianId = textOf(await c.req.parseBody(), 'guardian') ?? '';
      return act(c, (context, id) => verb(context, { id, guardianId }));
    });
  }
}

async function enter(c: Page): Promise<Response> {
  const { raw, form } = await termsFrom(c);
  const subject = subjectFrom({ kind: textOf(raw, 'kind'), id: textOf(raw, 'id') });
  const parsed = protectionRequest.safeParse({ subject, ...form });
  if (!parsed.success) return newPage(c, { subject, form, reason: malformed(parsed.error.issues) });
  const entered = await enterProtection(await verbContext(c), parsed.data);
  if (entered.ok) return c.redirect(`${protectionsPath}/${entered.value.id}`, 303);
  return entered.fault.code === 'request.malformed' || entered.fault.code === 'protection.exists'
    ? newPage(c, { subject, form, reason: entered.fault })
    : sendProblemPage(c, entered.fault);
}

async function change(c: Page): Promise<Response> {
  const { form } = await termsFrom(c);
  const { startsOn: _fixed, ...terms } = form;
  const parsed = protectionChange.safeParse(terms);
  if (!parsed.success) return orderPage(c, malformed(parsed.error.issues), form);
  return act(c, (context, id) => changeProtection(context, { id, ...parsed.data }), form);
}

async function act(
  c: Page,
  verb: (context: VerbContext, id: string) => Promise<Result<ProtectionView>>,
  form?: TermsForm,
): Promise<Response> {
  const id = c.req.param('protectionId') ?? '';
  const done = await verb(await verbContext(c), id);
  if (done.ok) return c.redirect(`${protectionsPath}/${encodeURIComponent(id)}`, 303);
  const isHere = ['request.malformed', 'protection.four-eyes', 'protection.wrong-state'].includes(done.fault.code);
  return isHere ? orderPage(c, done.fault, form) : sendProblemPage(c, done.fault);
}

async function orderPage(c: Page, reason: Fault | null, form?: TermsForm): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const shown = await showProtection(context, c.req.param('protectionId') ?? '');
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const nameable = await listNameable(context);
  if (!nameable.ok) return sendProblemPage(c, nameable.fault);
  const view = shown.value;
  const props = { frame: pageFrame(c), view, nameable: nameable.value, form: form ?? formOf(view), reason };
  return c.html(<ProtectionPage {...props} />, pageStatus(reason));
}

async function newPage(
  c: Page,
  shown: { readonly subject: Subject | null; readonly form: TermsForm; readonly reason: Fault | null },
): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const { subject, form, reason } = shown;
  const actor = c.get('actor');
  if (!isAllowed(actor, 'protection.enter', ownThing)) return sendProblemPage(c, refusalOf(actor.kind));
  if (subject === null) return sendProblemPage(c, fault('pupil.not-found'));
  const nameable = await listNameable(context);
  if (!nameable.ok) return sendProblemPage(c, nameable.fault);
  const props = { frame: pageFrame(c), subject, nameable: nameable.value, form, reason };
  return c.html(<NewProtectionPage {...props} />, pageStatus(reason));
}

function refusalOf(kind: string): Fault {
  return kind === 'anonymous' || kind === 'unboundStaff' ? fault('login.required') : fault('policy.denied');
}

const emptyForm: TermsForm = { excludesPupil: false, members: [] };

function formOf(view: ProtectionView): TermsForm {
  const { source, reviewOn, excludesPupil, members } = view;
  return { source, reviewOn, excludesPupil, members: members.map(({ staffId }) => staffId) };
}

async function termsFrom(c: Page) {
  const raw = await c.req.parseBody({ all: true });
  const members = [raw['members'] ?? []].flat().filter((one) => typeof one === 'string');
  const form = {
    startsOn: textOf(raw, 'startsOn'),
    source: textOf(raw, 'source'),
    reviewOn: textOf(raw, 'reviewOn'),
    excludesPupil: textOf(raw, 'excludesPupil') === 'yes',
    members,
  } satisfies TermsForm;
  return { raw, form };
}

function subjectFrom(given: { readonly kind: string | undefined; readonly id: string | undefined }): Subject | null {
  const kind = pick(subjectKinds, given.kind);
  return kind === null || given.id === undefined || given.id === '' ? null : { kind, id: given.id };
}

function malformed(issues: readonly { readonly path: readonly PropertyKey[] }[]): Fault {
  const names = issues.map(({ path }) => String(path[0]));
  const texts: Readonly<Record<string, string>> = {
    source: 'component.choose',
    members: 'protection.members-wrong',
    reviewOn: 'protection.day-missing',
    startsOn: 'protection.day-missing',
  };
  const fields = Object.fromEntries(names.map((name) => [name, texts[name] ?? 'problem.field']));
  return fault('request.malformed', { fields });
}
