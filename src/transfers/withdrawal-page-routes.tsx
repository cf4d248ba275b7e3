import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import type { VerbContext } from './act.ts';
import { verbContext } from './context.ts';
import { formFields } from './form-values.ts';
import { sha256Hex } from './ids.ts';
import { pageStatus } from './page-status.ts';
import { previewWithdrawals, withdrawPackages } from './withdraw-packages.ts';
import { WithdrawalPage, WithdrawnPage } from './withdrawal-pages.tsx';

/** 一括取下げ: looked at first, then done. The confirmation carries the key under which it is done once. */
export function withdrawalPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/cases/withdrawal', async (c) => confirmationPage(c, { cases: c.req.queries('case') ?? [], reason: null }));
  app.post('/cases/withdrawal', async (c) => {
    const form = await formFields(c);
    const cases = form.getAll('case');
    const reason = (form.get('reason') ?? '').trim();
    if (reason === '' || reason.length > 400) {
      const missing = fault('request.malformed', { fields: { reason: 'problem.reason-missing' } });
      return confirmationPage(c, { cases, reason: missing });
    }
    const input = { cases, reason };
    const result = await withdrawPackages(await contextUnder(c, form.get('key') ?? '', input), input);
    if (!result.ok) return confirmationPage(c, { cases, reason: result.fault });
    return c.html(<WithdrawnPage frame={pageFrame(c)} items={result.value} />);
  });
}

async function confirmationPage(
  c: Context<AppEnv>,
  { cases, reason }: { readonly cases: readonly string[]; readonly reason: Fault | null },
): Promise<Response> {
  const preview = await previewWithdrawals(await verbContext(c), cases);
  if (!preview.ok) return sendProblemPage(c, preview.fault);
  const page = (
    <WithdrawalPage frame={pageFrame(c)} items={preview.value} reason={reason} formKey={crypto.randomUUID()} />
  );
  return c.html(page, pageStatus(reason));
}

/** Sent twice, by a second click or a reload, it says what became of it the first time. */
async function contextUnder(
  c: Context<AppEnv>,
  key: string,
  input: { readonly cases: readonly string[]; readonly reason: string },
): Promise<VerbContext> {
  const context = await verbContext(c);
  if (key === '') return context;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const idempotency = {
    key: await sha256Hex(bytes(key)),
    operation: `${c.req.method} ${c.req.path}`,
    fingerprint: await sha256Hex(bytes(JSON.stringify(input))),
  };
  return { ...context, idempotency };
}
