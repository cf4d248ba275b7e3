import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { StepUpNotice } from '../identity/step-up-page.tsx';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { type IssuedKind, personKinds, templateKinds } from '../records/certificate-kinds.ts';
import { verbContext } from '../transfers/context.ts';
import { type FormValues, formFields, pick } from '../transfers/form-values.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { readSmallForm } from '../transfers/upload-form.ts';
import { defaultWording } from './default-wording.ts';
import { mayKeepRegister } from './may.ts';
import { changeSettings, type SettingsView, showSettings } from './settings.ts';
import { SettingsPage, settingsPath } from './settings-page.tsx';
import { SpecimenPage } from './specimen-page.tsx';
import type { KindSetting } from './tables.ts';
import { TemplatePage, templatesPath } from './template-page.tsx';
import { kindSetting, wordingSchema } from './template-routes.ts';
import { draftTemplate, publishTemplate, showTemplate, showTemplates } from './templates.ts';
import { TemplatesPage } from './templates-page.tsx';

type Page = Context<AppEnv>;

/** 証明書の様式 and 取扱い as pages. */
export function templatePages(app: OpenAPIHono<AppEnv>): void {
  app.get(templatesPath, (c) => templates(c));
  app.get(`${templatesPath}/new`, async (c) => {
    const kind = pick(templateKinds, c.req.query('kind')) ?? 'graduationCertificate';
    const allowed = mayKeepRegister({ ...(await verbContext(c)), idempotency: null });
    return allowed.ok
      ? newTemplate(c, { kind, values: await beginning(c, kind), errors: {}, reason: null })
      : sendProblemPage(c, allowed.fault);
  });
  app.post(`${templatesPath}/new`, (c) => draft(c));
  app.post(`${templatesPath}/:templateId/publication`, async (c) => {
    const result = await publishTemplate(await verbContext(c), c.req.param('templateId'));
    return result.ok
      ? c.redirect(`${templatesPath}#${result.value.kind}`, 303)
      : specimen(c, c.req.param('templateId'), result.fault);
  });
  app.get(`${templatesPath}/:templateId`, (c) => specimen(c, c.req.param('templateId'), null));
  app.get(settingsPath, (c) => settings(c, { errors: {}, reason: null }));
  app.post(settingsPath, (c) => saveSettings(c));
}

async function templates(c: Page): Promise<Response> {
  const found = await showTemplates(await verbContext(c));
  if (!found.ok) return sendProblemPage(c, found.fault);
  return c.html(<TemplatesPage frame={pageFrame(c)} templates={found.value} />);
}

async function specimen(c: Page, templateId: string, reason: Fault | null): Promise<Response> {
  if (reason?.code === 'policy.denied') return sendProblemPage(c, reason);
  const found = await showTemplate({ ...(await verbContext(c)), idempotency: null }, templateId);
  if (!found.ok) return sendProblemPage(c, found.fault);
  const frame = pageFrame(c);
  const mayPublish = isAllowed(c.get('actor'), 'certificate.configure', ownThing);
  const notice = mayPublish && <StepUpNotice frame={frame} actor={c.get('actor')} />;
  const page = <SpecimenPage {...{ frame, reason, mayPublish, notice }} template={found.value} />;
  return c.html(page, pageStatus(reason));
}

interface Typed {
  readonly kind: IssuedKind;
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

function newTemplate(c: Page, typed: Typed): Response | Promise<Response> {
  const status = Object.keys(typed.errors).length > 0 ? 422 : pageStatus(typed.reason);
  return c.html(<TemplatePage frame={pageFrame(c)} {...typed} />, status);
}

/** The newest version's words, else the usual ones. */
async function beginning(c: Page, kind: IssuedKind): Promise<FormValues> {
  const found = await showTemplates({ ...(await verbContext(c)), idempotency: null });
  const newest = found.ok ? found.value.find((one) => one.kind === kind) : undefined;
  return { ...(newest?.wording ?? defaultWording[kind]) };
}

async function draft(c: Page): Promise<Response> {
  const context = await verbContext(c);
  const allowed = mayKeepRegister(context);
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  const form = await readSmallForm(c);
  const none = { kind: 'graduationCertificate', values: {}, errors: {} } as const;
  if (!form.ok) return newTemplate(c, { ...none, reason: form.fault });
  const { fields, files } = form.value;
  const kind = pick(templateKinds, fields['kind']);
  if (kind === null) return newTemplate(c, { ...none, reason: fault('request.malformed') });
  const { titleJa, bodyJa, titleEn, bodyEn, principalJa, principalEn } = fields;
  const parsed = wordingSchema.safeParse({ titleJa, bodyJa, titleEn, bodyEn, principalJa, principalEn });
  if (!parsed.success) {
    const errors = Object.fromEntries(
      parsed.error.issues.map(({ path }) => [String(path[0]), 'register.wrong-text'] as const),
    );
    return newTemplate(c, { kind, values: fields, errors, reason: null });
  }
  const input = { kind, wording: parsed.data, sealImage: files[0]?.bytes ?? null };
  const result = await draftTemplate(context, input);
  return result.ok
    ? c.redirect(`${templatesPath}#${kind}`, 303)
    : newTemplate(c, { kind, values: fields, errors: {}, reason: result.fault });
}

interface TypedSettings {
  readonly typed?: SettingsView;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

async function settings(c: Page, { typed, errors, reason }: TypedSettings): Promise<Response> {
  if (reason?.code === 'policy.denied') return sendProblemPage(c, reason);
  const present = await showSettings({ ...(await verbContext(c)), idempotency: null });
  if (!present.ok) return sendProblemPage(c, present.fault);
  const frame = pageFrame(c);
  const mayChange = isAllowed(c.get('actor'), 'certificate.configure', ownThing);
  const notice = mayChange && <StepUpNotice frame={frame} actor={c.get('actor')} />;
  const saved = c.req.query('news') === 'saved';
  const page = (
    <SettingsPage {...{ frame, mayChange, notice, errors, reason, saved }} settings={typed ?? present.value} />
  );
  return c.html(page, Object.keys(errors).length > 0 ? 422 : pageStatus(reason));
}

async function saveSettings(c: Page): Promise<Response> {
  const context = await verbContext(c);
  // Boxes of one name come as often as they are ticked.
  const form = await formFields(c);
  const errors: Record<string, string> = {};
  const kinds = personKinds.map((kind) => {
    const how = form.getAll(`${kind}.how`);
    const fee = form.get(`${kind}.fee`)?.normalize('NFKC').trim() ?? '';
    const setting = { offered: how.includes('offered'), atOnce: how.includes('atOnce'), feeYen: feeOf(fee) };
    if (!kindSetting.safeParse(setting).success) errors[`${kind}.fee`] = 'offer.wrong-fee';
    return [kind, setting satisfies KindSetting] as const;
  });
  const version = /^\d{1,9}$/.test(form.get('version') ?? '') ? Number(form.get('version')) : 0;
  // Sound: every kind has just been given a setting.
  const typed: SettingsView = { version, kinds: Object.fromEntries(kinds) as SettingsView['kinds'] };
  const mayChange = isAllowed(context.actor, 'certificate.configure', ownThing);
  if (Object.keys(errors).length > 0 && mayChange) return settings(c, { typed, errors, reason: null });
  const result = await changeSettings(context, typed);
  return result.ok
    ? c.redirect(`${settingsPath}?news=saved`, 303)
    : settings(c, { typed, errors: {}, reason: result.fault });
}

function feeOf(text: string): number {
  return /^\d{1,5}$/.test(text) ? Number(text) : -1;
}
