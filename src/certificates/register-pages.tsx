import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { csvCharsets } from '../administration/csv.ts';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { ok } from '../result.ts';
import { verbContext } from '../transfers/context.ts';
import { type FormValues, formValues, pick, textOrNull } from '../transfers/form-values.ts';
import { listOwnPupils } from '../transfers/list-pupils.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { readSmallForm } from '../transfers/upload-form.ts';
import { saveEntry } from './enter-entry.ts';
import { parseCorrection, parseEntryForm, valuesOf, valuesOfPupil } from './entry-form.ts';
import { EntryPage, type FieldErrors } from './entry-page.tsx';
import { draftFromCore } from './from-core.ts';
import { RegisterImportPage, RegisterPreviewPage } from './import-page.tsx';
import { importRegister, previewRegisterImport, type RegisterCsv } from './import-register.ts';
import { mayKeepRegister } from './may.ts';
import { RegisterPage, registerPath } from './register-page.tsx';
import { type EntryView, showEntry, showRegister } from './show-register.ts';

type Page = Context<AppEnv>;

/** 証明の台帳 as pages: the list, one entry, its beginning from a 指導要録, and the CSV. */
export function registerPages(app: OpenAPIHono<AppEnv>): void {
  app.get(registerPath, async (c) => {
    const number = textOrNull(c.req.query('number')?.slice(0, 40));
    const entries = await showRegister(await verbContext(c), { number });
    if (!entries.ok) return sendProblemPage(c, entries.fault);
    const news = pick(['saved', 'imported'] as const, c.req.query('news'));
    return c.html(<RegisterPage frame={pageFrame(c)} {...{ number, news }} entries={entries.value} />);
  });
  app.get(`${registerPath}/new`, (c) => beginEntry(c));
  app.post(`${registerPath}/new`, async (c) => save(c, { entryId: null, values: await formValues(c) }));
  app.post(`${registerPath}/core`, (c) => beginFromCore(c));
  importPages(app);
  app.get(`${registerPath}/:entryId`, async (c) => {
    const entry = await showEntry(await verbContext(c), c.req.param('entryId'));
    if (!entry.ok) return sendProblemPage(c, entry.fault);
    return entryPage(c, { entryId: entry.value.id, values: valuesOf(entry.value), entry: entry.value });
  });
  app.post(`${registerPath}/:entryId`, async (c) =>
    save(c, { entryId: c.req.param('entryId'), values: await formValues(c) }),
  );
}

interface Shown {
  readonly entryId: string | null;
  readonly values: FormValues;
  readonly errors?: FieldErrors;
  readonly reason?: Fault | null;
  /** As it lies; null for a new one. */
  readonly entry?: EntryView | null;
}

async function entryPage(c: Page, shown: Shown): Promise<Response> {
  const pupils = await listOwnPupils({ ...(await verbContext(c)), idempotency: null });
  const { errors = {}, reason = null, entry = null } = shown;
  const props = { ...shown, errors, reason, entry, pupils: pupils.ok ? pupils.value : [] };
  const status = Object.keys(errors).length > 0 ? 422 : pageStatus(reason);
  return c.html(<EntryPage frame={pageFrame(c)} {...props} />, status);
}

async function beginEntry(c: Page): Promise<Response> {
  const context = { ...(await verbContext(c)), idempotency: null };
  const allowed = mayKeepRegister(context);
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  const pupils = await listOwnPupils(context);
  const pupil = pupils.ok ? pupils.value.find(({ id }) => id === c.req.query('pupil')) : undefined;
  return entryPage(c, { entryId: null, values: pupil === undefined ? {} : valuesOfPupil(pupil) });
}

async function beginFromCore(c: Page): Promise<Response> {
  const allowed = mayKeepRegister({ ...(await verbContext(c)), idempotency: null });
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  const form = await readSmallForm(c);
  if (!form.ok) return entryPage(c, { entryId: null, values: {}, reason: form.fault });
  const draft = draftFromCore(jsonOf(form.value.files[0]?.bytes ?? new Uint8Array()));
  if (!draft.ok) return entryPage(c, { entryId: null, values: {}, reason: draft.fault });
  return entryPage(c, { entryId: null, values: valuesOf({ facts: { ...draft.value, number: '' } }) });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

async function save(c: Page, { entryId, values }: Shown): Promise<Response> {
  const context = await verbContext(c);
  const allowed = mayKeepRegister(context);
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  // Whether there is such an entry comes before what is wrong with what was typed.
  const there = entryId === null ? null : await showEntry({ ...context, idempotency: null }, entryId);
  if (there !== null && !there.ok) return sendProblemPage(c, there.fault);
  const entry = there?.value ?? null;
  const parsed = parseEntryForm(values);
  const ground = entry === null || entry.formerSchool === null ? ok(null) : parseCorrection(values);
  if (!parsed.ok || !ground.ok) {
    const errors = { ...(parsed.ok ? {} : parsed.fault), ...(ground.ok ? {} : ground.fault) };
    return entryPage(c, { entryId, values, errors, entry });
  }
  const version = /^\d{1,9}$/.test(values['version'] ?? '') ? Number(values['version']) : null;
  const pupilId = textOrNull(values['pupilId']);
  const result = await saveEntry(context, { entryId, version, pupilId, facts: parsed.value, correction: ground.value });
  if (result.ok) return c.redirect(`${registerPath}?news=saved`, 303);
  return entryPage(c, { entryId, values, reason: result.fault, entry });
}

function importPages(app: OpenAPIHono<AppEnv>): void {
  app.get(`${registerPath}/import`, (c) => importPage(c, null));
  app.post(`${registerPath}/import`, async (c) => {
    const file = await readCsv(c);
    return file.ok ? previewPage(c, file.value) : importPage(c, file.fault);
  });
  app.post(`${registerPath}/import/entries`, async (c) => {
    const file = await readCsv(c);
    if (!file.ok) return importPage(c, file.fault);
    const result = await importRegister(await verbContext(c), file.value);
    return result.ok ? c.redirect(`${registerPath}?news=imported`, 303) : importPage(c, result.fault);
  });
}

/** The chosen file, or the one that a preview sends back. */
async function readCsv(c: Page) {
  const form = await readSmallForm(c);
  if (!form.ok) return form;
  const { fields, files } = form.value;
  const charset = pick(csvCharsets, fields['charset']) ?? 'auto';
  const bytes = files[0]?.bytes ?? new Uint8Array(Buffer.from(fields['csv'] ?? '', 'base64'));
  return { ok: true as const, value: { bytes, charset } satisfies RegisterCsv };
}

async function importPage(c: Page, reason: Fault | null): Promise<Response> {
  const allowed = mayKeepRegister({ ...(await verbContext(c)), idempotency: null });
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  return c.html(<RegisterImportPage frame={pageFrame(c)} reason={reason} />, pageStatus(reason));
}

async function previewPage(c: Page, file: RegisterCsv): Promise<Response> {
  const preview = await previewRegisterImport({ ...(await verbContext(c)), idempotency: null }, file);
  if (!preview.ok) return importPage(c, preview.fault);
  if (preview.value.lines.length === 0) return importPage(c, fault('import.empty'));
  const props = { preview: preview.value, csv: Buffer.from(file.bytes).toString('base64'), charset: file.charset };
  return c.html(<RegisterPreviewPage frame={pageFrame(c)} {...props} />, preview.value.faults > 0 ? 422 : 200);
}
