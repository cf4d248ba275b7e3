import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { Fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { verbContext } from '../transfers/context.ts';
import { pick } from '../transfers/form-values.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { readSmallForm } from '../transfers/upload-form.ts';
import { csvCharsets } from './csv.ts';
import { type CsvFile, exportMembers, previewImport, proposeImport } from './import-members.ts';
import { ImportPage, PreviewPage } from './import-page.tsx';
import { csvHeaders } from './import-routes.ts';
import { listMembers } from './list-members.ts';
import { peoplePath } from './people-page.tsx';

/** People and roles as CSV, without script: choose, look, propose. */
export function importPages(app: OpenAPIHono<AppEnv>): void {
  app.get(`${peoplePath}/export`, async (c) => {
    const result = await exportMembers(await verbContext(c));
    return result.ok ? c.body(result.value, 200, csvHeaders) : sendProblemPage(c, result.fault);
  });
  app.get(`${peoplePath}/import`, (c) => importPage(c, null));
  app.post(`${peoplePath}/import`, async (c) => {
    const form = await readSmallForm(c);
    if (!form.ok) return importPage(c, form.fault);
    const { fields, files } = form.value;
    const charset = pick(csvCharsets, fields['charset']) ?? 'auto';
    return previewPage(c, { bytes: files[0]?.bytes ?? new Uint8Array(), charset });
  });
  app.post(`${peoplePath}/import/proposal`, async (c) => {
    const form = await readSmallForm(c);
    if (!form.ok) return importPage(c, form.fault);
    const { fields } = form.value;
    const charset = pick(csvCharsets, fields['charset']) ?? 'auto';
    const bytes = new Uint8Array(Buffer.from(fields['csv'] ?? '', 'base64'));
    const result = await proposeImport(await verbContext(c), { bytes, charset });
    return result.ok ? c.redirect(`${peoplePath}?news=proposed`, 303) : importPage(c, result.fault);
  });
}

async function importPage(c: Context<AppEnv>, reason: Fault | null): Promise<Response> {
  // Who may not see the people may not see the way to load them either.
  const allowed = await listMembers({ ...(await verbContext(c)), idempotency: null });
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  return c.html(<ImportPage frame={pageFrame(c)} reason={reason} />, pageStatus(reason));
}

async function previewPage(c: Context<AppEnv>, file: CsvFile): Promise<Response> {
  const preview = await previewImport({ ...(await verbContext(c)), idempotency: null }, file);
  if (!preview.ok) return importPage(c, preview.fault);
  const csv = Buffer.from(file.bytes).toString('base64');
  const page = <PreviewPage frame={pageFrame(c)} preview={preview.value} csv={csv} charset={file.charset} />;
  return c.html(page, preview.value.faults > 0 ? 422 : 200);
}
