import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { Fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { StepUpNotice } from '../identity/step-up-page.tsx';
import { verbContext } from '../transfers/context.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { readSmallForm } from '../transfers/upload-form.ts';
import { listProposals } from './proposals.ts';
import { listFormerSealKeys, proposeCertificates, proposeSealKey, proposeSealKeyEnd, showSealKey } from './seal-key.ts';
import { SealKeyPage } from './seal-key-page.tsx';

/** The key that a school seals with: shown, replaced and withdrawn, each by two persons. */
export function sealKeyPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/seal-key', async (c) => sealKeyPage(c, null));
  app.post('/seal-key', async (c) => {
    const form = await readSmallForm(c);
    if (!form.ok) return sealKeyPage(c, form.fault);
    const [file] = form.value.files;
    const input = { file: file?.bytes ?? new Uint8Array(), password: form.value.fields['password'] ?? '' };
    const result = await proposeSealKey(await verbContext(c), input);
    return result.ok ? c.redirect('/seal-key', 303) : sealKeyPage(c, result.fault);
  });
  app.post('/seal-key/certificates', async (c) => {
    const form = await readSmallForm(c);
    if (!form.ok) return sealKeyPage(c, form.fault);
    const result = await proposeCertificates(await verbContext(c), form.value.files);
    return result.ok ? c.redirect('/seal-key', 303) : sealKeyPage(c, result.fault);
  });
  app.post('/seal-key/end', async (c) => {
    const result = await proposeSealKeyEnd(await verbContext(c));
    return result.ok ? c.redirect('/seal-key', 303) : sealKeyPage(c, result.fault);
  });
}

async function sealKeyPage(c: Context<AppEnv>, reason: Fault | null): Promise<Response> {
  if (reason?.code === 'login.fresh-required') return sendProblemPage(c, reason);
  const key = await showSealKey({ ...(await verbContext(c)), idempotency: null });
  if (!key.ok) return sendProblemPage(c, key.fault);
  const former = await listFormerSealKeys({ ...(await verbContext(c)), idempotency: null });
  if (!former.ok) return sendProblemPage(c, former.fault);
  const proposals = await listProposals({ ...(await verbContext(c)), idempotency: null });
  const waiting = proposals.ok ? proposals.value.filter(({ kind }) => kind.startsWith('sealKey')) : [];
  const frame = pageFrame(c);
  const notice = <StepUpNotice frame={frame} actor={c.get('actor')} />;
  const page = <SealKeyPage {...{ frame, notice, reason, waiting }} sealKey={key.value} former={former.value} />;
  return c.html(page, pageStatus(reason));
}
