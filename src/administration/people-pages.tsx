import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { roles } from '../policy/actor.ts';
import { ok, type Result } from '../result.ts';
import { verbContext } from '../transfers/context.ts';
import { type FormValues, formValues, pick, textOrNull } from '../transfers/form-values.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { type ActOutcome, changeMembership, endMembership, grantRole } from './change-members.ts';
import { issueInvitationCode, withdrawInvitation } from './invitations.ts';
import { listMembers } from './list-members.ts';
import { InvitationSheet, PeoplePage, peoplePath } from './people-page.tsx';
import { listAccounts } from './persons.ts';
import { changeBody, endBody, grantBody } from './schemas.ts';
import { type FieldErrors, type GrantChoices, GrantPage, inviteChoice, TermPage } from './term-pages.tsx';

type Page = Context<AppEnv>;

/** 人と役割: the list, a new role, one role, invitations. */
export function peoplePages(app: OpenAPIHono<AppEnv>): void {
  app.get(peoplePath, async (c) => {
    const view = await listMembers(await verbContext(c));
    if (!view.ok) return sendProblemPage(c, view.fault);
    const news = pick(['done', 'proposed'] as const, c.req.query('news'));
    return c.html(
      <PeoplePage frame={pageFrame(c)} view={view.value} news={news} isAdministrator={roleOf(c) === 'administrator'} />,
    );
  });
  app.get(`${peoplePath}/new`, (c) => grantPage(c, { values: {}, errors: {}, reason: null }));
  app.post(`${peoplePath}/new`, (c) => grant(c));
  app.post(`${peoplePath}/invitations/:invitationId/code`, async (c) => {
    const issued = await issueInvitationCode(await verbContext(c), c.req.param('invitationId'));
    if (!issued.ok) return sendProblemPage(c, issued.fault);
    return c.html(<InvitationSheet frame={pageFrame(c)} issued={issued.value} />, 201);
  });
  app.post(`${peoplePath}/invitations/:invitationId/cancellation`, async (c) => {
    const result = await withdrawInvitation(await verbContext(c), c.req.param('invitationId'));
    return result.ok ? c.redirect(`${peoplePath}?news=done`, 303) : sendProblemPage(c, result.fault);
  });
}

/** One role; registered after every page whose address would fit its pattern. */
export function termPages(app: OpenAPIHono<AppEnv>): void {
  app.get(`${peoplePath}/:membershipId`, (c) => termPage(c, { values: {}, errors: {}, reason: null }));
  app.post(`${peoplePath}/:membershipId`, (c) => change(c));
  app.post(`${peoplePath}/:membershipId/end`, (c) => end(c));
}

interface Typed {
  readonly values: FormValues;
  readonly errors: FieldErrors;
  readonly reason: Fault | null;
}

const messages: Readonly<Record<string, string>> = {
  name: 'people.missing-name',
  role: 'people.missing-role',
  validFrom: 'people.missing-from',
  validTo: 'people.missing-to',
  lastDay: 'people.missing-to',
};

async function grant(c: Page): Promise<Response> {
  const values = await formValues(c);
  const offered = await choices(c);
  if (!offered.ok) return sendProblemPage(c, offered.fault);
  const person = offered.value.people.find(({ staffId }) => staffId === values['who']);
  const isInvitation = (values['who'] ?? inviteChoice) === inviteChoice;
  const parsed = grantBody.safeParse({
    staffId: isInvitation ? null : (values['who'] ?? ''),
    name: isInvitation ? values['name'] : (person?.name ?? '—'),
    role: pick(roles, values['role']),
    ...termOf(values),
  });
  if (!parsed.success) return grantPage(c, { values, errors: errorsOf(parsed.error), reason: null });
  const result = await grantRole(await verbContext(c), parsed.data);
  return result.ok ? backToList(c, result.value) : grantPage(c, { values, errors: {}, reason: result.fault });
}

async function change(c: Page): Promise<Response> {
  const values = await formValues(c);
  const membershipId = c.req.param('membershipId') ?? '';
  const parsed = changeBody.safeParse(termOf(values));
  if (!parsed.success) return termPage(c, { values, errors: errorsOf(parsed.error), reason: null });
  const result = await changeMembership(await verbContext(c), { ...parsed.data, membershipId });
  return result.ok ? backToList(c, result.value) : termPage(c, { values, errors: {}, reason: result.fault });
}

async function end(c: Page): Promise<Response> {
  const values = await formValues(c);
  const membershipId = c.req.param('membershipId') ?? '';
  const parsed = endBody.safeParse({ validTo: values['when'] === 'now' ? null : (values['lastDay'] ?? '') });
  if (!parsed.success) return termPage(c, { values: {}, errors: { lastDay: 'people.missing-to' }, reason: null });
  const result = await endMembership(await verbContext(c), { ...parsed.data, membershipId });
  return result.ok ? backToList(c, result.value) : termPage(c, { values: {}, errors: {}, reason: result.fault });
}

function termOf(values: FormValues) {
  return {
    homeroom: textOrNull(values['homeroom']),
    validFrom: values['validFrom'],
    validTo: textOrNull(values['validTo']),
  };
}

function errorsOf(error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): FieldErrors {
  const fields = error.issues.map(({ path }) => String(path[0]));
  return Object.fromEntries(fields.map((field) => [field, messages[field] ?? 'problem.field']));
}

function backToList(c: Page, { outcome }: ActOutcome): Response {
  return c.redirect(`${peoplePath}?news=${outcome}`, 303);
}

/** Which roles can be given and to whom: the people of the school; for an administrator the accounts of the founder. */
async function choices(c: Page): Promise<Result<GrantChoices>> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const here = await listMembers(context);
  if (!here.ok) return here;
  const { roles, members } = here.value;
  if (roleOf(c) === 'administrator') {
    const accounts = await listAccounts(context);
    return accounts.ok ? ok({ roles, people: accounts.value }) : accounts;
  }
  const people = new Map(members.map((member) => [member.staffId, member]));
  return ok({ roles: roles.filter((role) => role !== 'administrator'), people: [...people.values()] });
}

async function grantPage(c: Page, typed: Typed): Promise<Response> {
  const offered = await choices(c);
  if (!offered.ok) return sendProblemPage(c, offered.fault);
  const today = new Date(c.get('gateway').clock.now().getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
  const page = <GrantPage frame={pageFrame(c)} {...offered.value} today={today} {...typed} />;
  return c.html(page, statusOf(typed));
}

async function termPage(c: Page, typed: Typed): Promise<Response> {
  const view = await listMembers({ ...(await verbContext(c)), idempotency: null });
  if (!view.ok) return sendProblemPage(c, view.fault);
  const member = view.value.members.find(({ id }) => id === c.req.param('membershipId'));
  if (member === undefined) return sendProblemPage(c, typed.reason ?? fault('member.not-found'));
  return c.html(<TermPage frame={pageFrame(c)} member={member} {...typed} />, statusOf(typed));
}

function statusOf({ errors, reason }: Typed) {
  return Object.keys(errors).length > 0 ? 422 : pageStatus(reason);
}

function roleOf(c: Page) {
  const actor = c.get('actor');
  return actor.kind === 'staff' ? actor.role : null;
}
