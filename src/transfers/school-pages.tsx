import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { verbContext } from './context.ts';
import { type AnnouncedPupil, cancelExpectation, expectPupil, showExpectations } from './expect-pupil.ts';
import { ExpectationsPage } from './expectations-page.tsx';
import { type FormValues, formValues, textOrNull } from './form-values.ts';
import { listOwnPupils } from './list-pupils.ts';
import { handlesCases } from './navigation.ts';
import { pageStatus } from './page-status.ts';
import { PupilsPage } from './pupils-page.tsx';
import { expectSchema } from './schemas.ts';

/** A school's own things: pupils it expects, pupils it has. */
export function schoolPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/expectations', async (c) => expectationsPage(c, {}));
  app.post('/expectations', async (c) => {
    const form = await formValues(c);
    const parsed = expectSchema.safeParse({
      kind: 'schoolTransfer',
      pupilName: form['pupilName'] ?? '',
      pupilKana: form['pupilKana'] ?? '',
      pupilBirthDate: form['pupilBirthDate'] ?? '',
      homeroom: textOrNull(form['homeroom']),
    });
    if (!parsed.success) {
      const fields = Object.fromEntries(parsed.error.issues.map(({ path }) => [String(path[0]), 'problem.field']));
      return expectationsPage(c, { form, reason: fault('request.malformed', { fields }) });
    }
    const made = await expectPupil(await verbContext(c), parsed.data);
    return made.ok ? expectationsPage(c, { made: made.value }) : expectationsPage(c, { form, reason: made.fault });
  });
  app.post('/expectations/:id/cancellation', async (c) => {
    const result = await cancelExpectation(await verbContext(c), c.req.param('id'));
    return result.ok ? c.redirect('/expectations', 303) : expectationsPage(c, { reason: result.fault });
  });
  app.get('/pupils', async (c) => {
    const pupils = await listOwnPupils(await verbContext(c));
    if (!pupils.ok) return sendProblemPage(c, pupils.fault);
    const handles = handlesCases(c.get('actor'));
    const protects = isAllowed(c.get('actor'), 'protection.enter', ownThing);
    const props = { frame: pageFrame(c), pupils: pupils.value, handles, protects };
    return c.html(<PupilsPage {...props} />);
  });
}

async function expectationsPage(
  c: Context<AppEnv>,
  shown: { readonly form?: FormValues; readonly reason?: Fault; readonly made?: AnnouncedPupil },
): Promise<Response> {
  const items = await showExpectations({ ...(await verbContext(c)), idempotency: null });
  if (!items.ok) return sendProblemPage(c, items.fault);
  const page = (
    <ExpectationsPage
      frame={pageFrame(c)}
      items={items.value}
      values={shown.form ?? {}}
      reason={shown.reason ?? null}
      made={shown.made ?? null}
      protects={isAllowed(c.get('actor'), 'protection.enter', ownThing)}
    />
  );
  return c.html(page, pageStatus(shown.reason ?? null));
}
