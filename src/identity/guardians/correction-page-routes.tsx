import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type FaultCode, fault, publicFault } from '../../faults.ts';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { correctGuardian } from './correct-guardian.ts';
import { CorrectionPage } from './correction-page.tsx';
import { parseGuardianForm } from './guardian-form.ts';
import { type GuardianView, listGuardians } from './list-guardians.ts';
import type { GuardianForm } from './new-guardian-page.tsx';
import { guardiansPath, linkingPath } from './words.tsx';

type Page = Context<AppEnv>;

/** Correcting one guardian's record. */
export function correctionPageRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(`${linkingPath}/:pupilId/guardians/:guardianId/correction`, (c) => showCorrection(c));
  app.post(`${linkingPath}/:pupilId/guardians/:guardianId/correction`, async (c) => {
    const form = await c.req.parseBody({ all: true });
    const parsed = parseGuardianForm(form);
    if (!parsed.ok) return showCorrection(c, { values: parsed.fault.values, errors: parsed.fault.errors });
    const { value, values } = parsed.value;
    const result = await correctGuardian(c.get('gateway').identity, c.get('actor'), {
      ...value,
      guardianId: c.req.param('guardianId'),
      version: Number(textOf(form, 'version')),
    });
    if (result.ok) return c.redirect(`${guardiansPath(c.req.param('pupilId'))}?done=corrected`, 303);
    const { code, fields } = result.fault;
    if (code === 'request.malformed') return showCorrection(c, { values, errors: fields ?? {} });
    // Nothing typed is lost when somebody else was quicker.
    if (code === 'request.precondition-failed') return showCorrection(c, { values, late: result.fault.code });
    return sendProblemPage(c, result.fault);
  });
}

interface Sent {
  readonly values: GuardianForm;
  readonly errors?: Readonly<Record<string, string>>;
  readonly late?: FaultCode;
}

async function showCorrection(c: Page, sent?: Sent): Promise<Response> {
  const view = await listGuardians(c.get('gateway').identity, c.get('actor'), c.req.param('pupilId') ?? '');
  if (!view.ok) return sendProblemPage(c, view.fault);
  const guardian = view.value.guardians.find(({ id }) => id === c.req.param('guardianId'));
  if (guardian === undefined) return sendProblemPage(c, fault('guardian.not-found'));
  if (!guardian.may.includes('correct')) return sendProblemPage(c, fault('policy.denied', { detail: 'correct' }));
  const frame = pageFrame(c);
  const late = sent?.late === undefined ? undefined : publicFault(sent.late)[frame.locale][0];
  const page = (
    <CorrectionPage
      frame={frame}
      view={view.value}
      guardian={guardian}
      values={sent?.values ?? valuesOf(guardian)}
      errors={sent?.errors}
      late={late}
    />
  );
  if (sent === undefined) return c.html(page);
  return c.html(page, late === undefined ? 422 : 412);
}

function valuesOf(guardian: GuardianView): GuardianForm {
  const { name, kana, relation, custody, contactMail, validUntil, scope } = guardian;
  return {
    name,
    kana,
    relation,
    custody,
    contactMail: contactMail ?? undefined,
    validUntil: validUntil ?? undefined,
    scope,
  };
}
