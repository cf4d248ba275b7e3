import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { staffFor } from '../../administration/manager.ts';
import type { AppEnv } from '../../app-env.ts';
import { fault } from '../../faults.ts';
import { sendProblemPage } from '../../identity/frame.tsx';
import type { Action } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { verbContext } from '../../transfers/context.ts';
import { type FormValues, formValues, pick } from '../../transfers/form-values.ts';
import { declineRevocation, takeBackRevocation } from '../issue/keep-certificate.ts';
import { askRevocation, confirmRevocation } from '../issue/revoke.ts';
import { revocationReasons, revocationRefusals } from '../tables.ts';
import type { officeNews } from './office-list-page.tsx';
import { replaceCertificate, reportLoss } from './replace-certificate.ts';
import { revokePath } from './revoke-part.tsx';
import { replacements } from './rules.ts';
import { officePath, ownPath } from './words.tsx';

type Page = Context<AppEnv>;

/** What becomes of a certificate after its issue, as forms: revoked, kept, or replaced by another. */
export function lifePages(app: OpenAPIHono<AppEnv>): void {
  revocations(app);
  app.post(`${revokePath}/:certificateId/replacement`, async (c) => {
    const asked = await chosen(c, 'certificate.handle', { name: 'replacement', words: replacements });
    if (!asked.ok) return sendProblemPage(c, asked.fault);
    const result = await replaceCertificate(await verbContext(c), asked.value);
    return result.ok ? c.redirect(`${officePath}?news=replacing`, 303) : sendProblemPage(c, result.fault);
  });
  app.post(`${revokePath}/:certificateId/loss`, async (c) => {
    const certificateId = c.req.param('certificateId');
    const values: FormValues = c.get('actor').kind === 'person' ? await formValues(c) : {};
    const isMissing = c.get('actor').kind === 'person' && values[`consent-${certificateId}`] !== 'yes';
    if (isMissing) return sendProblemPage(c, fault('request.malformed'));
    const result = await reportLoss(await verbContext(c), {
      certificateId,
      consentText: values['consentText'] ?? null,
    });
    return result.ok ? c.redirect(`${ownPath}?news=asked`, 303) : sendProblemPage(c, result.fault);
  });
}

function revocations(app: OpenAPIHono<AppEnv>): void {
  app.post(`${revokePath}/:certificateId/revocation`, async (c) => {
    const asked = await chosen(c, 'certificate.check', { name: 'reason', words: revocationReasons });
    if (!asked.ok) return sendProblemPage(c, asked.fault);
    return after(c, 'asked', await askRevocation(await verbContext(c), asked.value));
  });
  app.post(`${revokePath}/:certificateId/revocation/confirmation`, async (c) => {
    const result = await confirmRevocation(await verbContext(c), c.req.param('certificateId'));
    return after(c, 'revoked', result);
  });
  app.post(`${revokePath}/:certificateId/revocation/refusal`, async (c) => {
    const declined = await chosen(c, 'certificate.approve', { name: 'reason', words: revocationRefusals });
    if (!declined.ok) return sendProblemPage(c, declined.fault);
    return after(c, 'kept', await declineRevocation(await verbContext(c), declined.value));
  });
  app.post(`${revokePath}/:certificateId/revocation/withdrawal`, async (c) => {
    const result = await takeBackRevocation(await verbContext(c), c.req.param('certificateId'));
    return after(c, 'kept', result);
  });
}

/** The word that was chosen for this certificate, once it is known that whoever chose may. */
async function chosen<T extends string>(
  c: Page,
  action: Action,
  { name, words }: { readonly name: string; readonly words: readonly T[] },
): Promise<Result<{ readonly certificateId: string; readonly reason: T }>> {
  const certificateId = c.req.param('certificateId') ?? '';
  const allowed = staffFor({ ...(await verbContext(c)), idempotency: null }, action);
  if (!allowed.ok) return allowed;
  const reason = pick(words, (await formValues(c))[`${name}-${certificateId}`]);
  return reason === null ? refuse(fault('request.malformed')) : ok({ certificateId, reason });
}

function after(c: Page, news: (typeof officeNews)[number], result: Result<unknown>): Response | Promise<Response> {
  return result.ok ? c.redirect(`${officePath}?state=issued&news=${news}`, 303) : sendProblemPage(c, result.fault);
}
