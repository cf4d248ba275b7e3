import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { accountPaths } from '../../web/layout/header.tsx';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { type ConsentForm, ConsentsPage, consentsPath } from './consents-page.tsx';
import { giveConsent } from './give-consent.ts';
import { listConsents } from './list-consents.ts';
import { consentRequest } from './schemas.ts';
import { withdrawConsent } from './withdraw-consent.ts';

type Page = Context<AppEnv>;
type Errors = Readonly<Record<string, string>>;

/** A pupil’s own consents: list, give, take back. */
export function consentPages(app: OpenAPIHono<AppEnv>): void {
  app.get(consentsPath, async (c) => {
    if (c.get('actor').kind === 'anonymous') return c.redirect(`${accountPaths.logIn}?next=${consentsPath}`, 303);
    return showConsents(c, { scope: [] });
  });
  app.post(consentsPath, (c) => give(c));
  app.post(`${consentsPath}/withdrawal`, async (c) => {
    const consent = textOf(await c.req.parseBody(), 'consent') ?? '';
    const result = await withdrawConsent(c.get('gateway').identity, c.get('actor'), consent);
    return result.ok ? c.redirect(`${consentsPath}?done=withdrawn`, 303) : sendProblemPage(c, result.fault);
  });
}

async function give(c: Page): Promise<Response> {
  const values = valuesOf(await c.req.parseBody({ all: true }));
  const parsed = consentRequest.safeParse(values);
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
    return showConsents(c, values, Object.fromEntries([...names].map((name) => [name, errorOf(name)])));
  }
  const result = await giveConsent(c.get('gateway').identity, c.get('actor'), parsed.data);
  if (result.ok) return c.redirect(`${consentsPath}?done=given`, 303);
  if (result.fault.code === 'request.malformed') return showConsents(c, values, result.fault.fields ?? {});
  return sendProblemPage(c, result.fault);
}

function valuesOf(form: Readonly<Record<string, unknown>>): ConsentForm {
  const given: readonly unknown[] = [form['scope']].flat();
  return {
    guardianId: textOf(form, 'guardianId'),
    scope: given.filter((one) => typeof one === 'string'),
    until: textOf(form, 'until'),
  };
}

function errorOf(name: string): string {
  if (name === 'scope') return 'guardian.scope-missing';
  return name === 'until' ? 'consent.day-missing' : 'component.choose';
}

async function showConsents(c: Page, values: ConsentForm, errors?: Errors): Promise<Response> {
  const result = await listConsents(c.get('gateway').identity, c.get('actor'));
  if (!result.ok) return sendProblemPage(c, result.fault);
  const done = (['given', 'withdrawn'] as const).find((known) => known === c.req.query('done')) ?? null;
  const props = { actor: c.get('actor'), pupils: result.value, values, errors, done };
  return c.html(<ConsentsPage frame={pageFrame(c)} {...props} />, errors === undefined ? 200 : 400);
}
