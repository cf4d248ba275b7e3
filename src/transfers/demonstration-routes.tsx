import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { fault } from '../faults.ts';
import { beginSignIn } from '../identity/begin-sign-in.ts';
import { writeSignInCookie } from '../identity/cookies.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { signInMinutes } from '../identity/rules.ts';
import { DemonstrationPage } from './demonstration-page.tsx';
import { formValues } from './form-values.ts';

/** The guide of a demonstration world: who can be whom, and the files one needs for it. Elsewhere there is nothing here. */
export function demonstrationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get('/demonstration', (c) => {
    const { demonstration } = c.get('gateway');
    if (demonstration === null) return sendProblemPage(c, fault('request.not-found'));
    return c.html(<DemonstrationPage frame={pageFrame(c)} guide={demonstration} />);
  });
  app.post('/demonstration/log-in', async (c) => {
    const { demonstration, identity } = c.get('gateway');
    const { account } = await formValues(c);
    const isOf = (list: readonly { readonly subject: string }[] = []) =>
      list.some(({ subject }) => subject === account);
    const kind = isOf(demonstration?.appUsers) ? 'person' : 'organisation';
    const [provider] = kind === 'person' ? identity.personProviders : identity.identityProviders;
    const known = kind === 'person' || isOf(demonstration?.accounts);
    if (!known || account === undefined || provider === undefined) {
      return sendProblemPage(c, fault('request.not-found'));
    }
    const begun = await beginSignIn(identity, { kind, providerId: provider.id, returnTo: '/' });
    if (!begun.ok) return sendProblemPage(c, begun.fault);
    writeSignInCookie(c, begun.value.cookie, signInMinutes * 60);
    // OpenID Connect Core §3.1.2.1: a hint, which the provider of the demonstration takes for the choice.
    const location = new URL(begun.value.location);
    location.searchParams.set('login_hint', account);
    return c.redirect(location.href, 303);
  });
  app.get('/demonstration/certificates/:file', async (c) => {
    const name = c.req.param('file');
    const bytes = await c.get('gateway').demonstration?.certificateFile(name);
    return bytes ? attachment(name, 'application/x-pkcs12', bytes) : c.notFound();
  });
  app.get('/demonstration/documents/:file', async (c) => {
    const name = c.req.param('file');
    const bytes = await c.get('gateway').demonstration?.documentFile(name);
    return bytes ? attachment(name, 'application/octet-stream', bytes) : c.notFound();
  });
}

function attachment(name: string, mediaType: string, bytes: Uint8Array): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': mediaType,
      'Content-Disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
    },
  });
}
