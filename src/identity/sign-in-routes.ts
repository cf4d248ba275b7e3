import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { accountPaths } from '../web/layout/header.tsx';
import { beginSignIn } from './begin-sign-in.ts';
import { beginStepUp } from './begin-step-up.ts';
import { completePersonSignIn } from './complete-person-sign-in.ts';
import { completeSignIn } from './complete-sign-in.ts';
import {
  clearSignInCookie,
  endBrowserSession,
  readSessionCookie,
  readSignInCookie,
  writeSessionCookie,
  writeSignInCookie,
} from './cookies.ts';
import { endByProvider } from './end-by-provider.ts';
import { logOut } from './end-session.ts';
import { textOf } from './forms.ts';
import { sendProblemPage } from './frame.tsx';
import { backChannelPath } from './middleware.ts';
import { signInMinutes } from './rules.ts';

/** The redirects of the log-ins by OpenID Connect, and log-out by a form: they need a browser, not a script. */
export function signInRoutes(app: OpenAPIHono<AppEnv>): void {
  // A form posts here, so that no link, image or prefetch begins a log-in.
  for (const kind of ['organisation', 'person'] as const) {
    app.post(`/login/${kind}/:provider`, async (c) => {
      const form = await c.req.parseBody();
      const begun = await beginSignIn(c.get('gateway').identity, {
        kind,
        providerId: c.req.param('provider'),
        returnTo: textOf(form, 'next'),
        invitation: kind === 'organisation' ? textOf(form, 'code') : undefined,
      });
      if (!begun.ok) return sendProblemPage(c, begun.fault);
      writeSignInCookie(c, begun.value.cookie, signInMinutes * 60);
      return c.redirect(begun.value.location, 303);
    });
  }
  app.post(accountPaths.again, async (c) => {
    const returnTo = textOf(await c.req.parseBody(), 'next');
    const token = readSessionCookie(c);
    const begun = await beginStepUp(c.get('gateway').identity, c.get('actor'), { token, returnTo });
    if (!begun.ok) return sendProblemPage(c, begun.fault);
    writeSignInCookie(c, begun.value.cookie, signInMinutes * 60);
    return c.redirect(begun.value.location, 303);
  });
  app.get('/login/callback/:provider', async (c) => {
    const { identity } = c.get('gateway');
    const isPerson = identity.personProviders.some(({ id }) => id === c.req.param('provider'));
    const signedIn = await (isPerson ? completePersonSignIn : completeSignIn)(identity, {
      providerId: c.req.param('provider'),
      cookie: readSignInCookie(c),
      query: new URL(c.req.url).search,
      browser: c.req.header('User-Agent') ?? '',
      formerToken: readSessionCookie(c),
    });
    clearSignInCookie(c);
    if (!signedIn.ok) return sendProblemPage(c, signedIn.fault);
    writeSessionCookie(c, signedIn.value.token);
    const { mustChoose, returnTo } = signedIn.value;
    const choose = `${accountPaths.choose}?next=${encodeURIComponent(returnTo)}`;
    return c.redirect(mustChoose ? choose : returnTo, 303);
  });
  // OpenID Connect Back-Channel Logout 1.0 §2.8: the answer tells a provider no more than whether it was taken.
  app.post(`${backChannelPath}/:provider`, async (c) => {
    const token = textOf(await c.req.parseBody(), 'logout_token') ?? '';
    const providerId = c.req.param('provider') ?? '';
    const ended = await endByProvider(c.get('gateway').identity, { providerId, token });
    if (ended.ok) return c.body(null, 200);
    if (ended.fault === 'unavailable') return c.json({ error: 'temporarily_unavailable' }, 503);
    return c.json({ error: 'invalid_request' }, 400);
  });
  app.post(accountPaths.logOut, async (c) => {
    const token = readSessionCookie(c);
    if (token !== null) await logOut(c.get('gateway').identity, token);
    endBrowserSession(c);
    return c.redirect(accountPaths.logIn, 303);
  });
}
