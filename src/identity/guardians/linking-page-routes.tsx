import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, publicFault } from '../../faults.ts';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { issueLinkingCode } from '../links/issue-linking-code.ts';
import { listLinkablePupils, listLinks } from '../links/links.ts';
import { confirmLink } from './confirm-link.ts';
import { endLink } from './end-link.ts';
import { GuardiansPage } from './guardians-page.tsx';
import { IssuedCodePage } from './issued-code-page.tsx';
import { listGuardians } from './list-guardians.ts';
import { listPending } from './list-pending.ts';
import { checkField, PendingPage } from './pending-page.tsx';
import { LinkingRollPage } from './roll-page.tsx';
import { withdrawLinkingCode } from './withdraw-code.ts';
import { guardiansPath, linkingPath, pendingPath } from './words.tsx';

type Page = Context<AppEnv>;

/** The school's side of linking: the roll, what waits, one pupil's guardians, links and codes. */
export function linkingPageRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(linkingPath, async (c) => {
    const { identity } = c.get('gateway');
    const result = await listLinkablePupils(identity, c.get('actor'), c.req.query('after') ?? null);
    if (!result.ok) return sendProblemPage(c, result.fault);
    return c.html(<LinkingRollPage frame={pageFrame(c)} {...result.value} />);
  });
  app.get(pendingPath, (c) => showPending(c));
  app.post(`${pendingPath}/:linkId`, (c) => confirm(c, c.req.param('linkId')));
  app.post(`${pendingPath}/:linkId/refusal`, async (c) => {
    const result = await endLink(c.get('gateway').identity, c.get('actor'), c.req.param('linkId'));
    return result.ok ? c.redirect(pendingPath, 303) : sendProblemPage(c, result.fault);
  });
  app.get(`${linkingPath}/:pupilId`, (c) => showGuardians(c, c.req.param('pupilId')));
  app.post(`${linkingPath}/:pupilId`, (c) => issueCode(c, { pupilId: c.req.param('pupilId'), guardianId: null }));
  app.post(`${linkingPath}/:pupilId/end`, async (c) => {
    const link = textOf(await c.req.parseBody(), 'link') ?? '';
    const result = await endLink(c.get('gateway').identity, c.get('actor'), link);
    return result.ok ? backTo(c, c.req.param('pupilId')) : sendProblemPage(c, result.fault);
  });
  app.post(`${linkingPath}/:pupilId/withdrawal`, async (c) => {
    const code = textOf(await c.req.parseBody(), 'code') ?? '';
    const result = await withdrawLinkingCode(c.get('gateway').identity, c.get('actor'), code);
    return result.ok ? backTo(c, c.req.param('pupilId')) : sendProblemPage(c, result.fault);
  });
}

/** A new code for the pupil or for one guardian, on its sheet. */
export async function issueCode(
  c: Page,
  input: { readonly pupilId: string; readonly guardianId: string | null },
): Promise<Response> {
  const { identity } = c.get('gateway');
  const view = await listGuardians(identity, c.get('actor'), input.pupilId);
  if (!view.ok) return sendProblemPage(c, view.fault);
  const relation = input.guardianId === null ? 'self' : 'guardian';
  const issued = await issueLinkingCode(identity, c.get('actor'), { ...input, relation });
  if (!issued.ok) return sendProblemPage(c, issued.fault);
  const guardian = view.value.guardians.find(({ id }) => id === input.guardianId)?.name ?? null;
  const props = { frame: pageFrame(c), pupil: view.value.pupil, guardian, issued: issued.value };
  return c.html(<IssuedCodePage {...props} />, 201);
}

function backTo(c: Page, pupilId: string): Response {
  return c.redirect(`${guardiansPath(pupilId)}?done=done`, 303);
}

async function showGuardians(c: Page, pupilId: string): Promise<Response> {
  const { identity } = c.get('gateway');
  const view = await listGuardians(identity, c.get('actor'), pupilId);
  if (!view.ok) return sendProblemPage(c, view.fault);
  const links = await listLinks(identity, c.get('actor'), pupilId);
  if (!links.ok) return sendProblemPage(c, links.fault);
  const done = (['entered', 'corrected', 'done'] as const).find((known) => known === c.req.query('done')) ?? null;
  return c.html(<GuardiansPage frame={pageFrame(c)} view={view.value} links={links.value} done={done} />);
}

async function showPending(
  c: Page,
  wrong: { readonly errors?: Readonly<Record<string, string>>; readonly reason?: Fault } = {},
): Promise<Response> {
  const pending = await listPending(c.get('gateway').identity, c.get('actor'));
  if (!pending.ok) return sendProblemPage(c, pending.fault);
  const frame = pageFrame(c);
  const [title = '', advice = ''] = wrong.reason === undefined ? [] : publicFault(wrong.reason.code)[frame.locale];
  const page = (
    <PendingPage
      frame={frame}
      pending={pending.value}
      done={c.req.query('done') === 'yes'}
      errors={wrong.errors}
      refusal={wrong.reason === undefined ? undefined : { title, advice }}
    />
  );
  return c.html(page, wrong.errors === undefined && wrong.reason === undefined ? 200 : 422);
}

async function confirm(c: Page, linkId: string): Promise<Response> {
  const field = checkField(linkId);
  const checkNumber = textOf(await c.req.parseBody(), field) ?? '';
  if (checkNumber === '') return showPending(c, { errors: { [field]: 'pending.check-missing' } });
  const result = await confirmLink(c.get('gateway').identity, c.get('actor'), { linkId, checkNumber });
  if (result.ok) return c.redirect(`${pendingPath}?done=yes`, 303);
  const told = ['link.number-differs', 'guardian.four-eyes', 'guardian.own-name', 'guardian.wrong-state'];
  return told.includes(result.fault.code) ? showPending(c, { reason: result.fault }) : sendProblemPage(c, result.fault);
}
