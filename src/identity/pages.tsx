import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { isFresh } from '../policy/fresh.ts';
import { accountPaths } from '../web/layout/header.tsx';
import { accessCodePages } from './access-codes/page-routes.tsx';
import { ChooseSchoolPage } from './account-pages.tsx';
import { chooseMembership, listMemberships } from './choose-membership.ts';
import { consentPages } from './consents/page-routes.tsx';
import { endBrowserSession, writeSessionCookie } from './cookies.ts';
import { endSession, endSessions, listSessions } from './end-session.ts';
import { textOf } from './forms.ts';
import { pageFrame, sendProblemPage } from './frame.tsx';
import { correctionPageRoutes } from './guardians/correction-page-routes.tsx';
import { guardianPageRoutes } from './guardians/guardian-page-routes.tsx';
import { linkPageRoutes } from './guardians/link-page-routes.tsx';
import { linkingPageRoutes } from './guardians/linking-page-routes.tsx';
import { InvitationPage } from './invitation-page.tsx';
import { findOwnLogIns, logInPages } from './log-ins/page-routes.tsx';
import { LoginPage } from './login-page.tsx';
import { localPath } from './rules.ts';
import { SessionsPage } from './sessions-page.tsx';
import { StepUpDonePage, StepUpPage, stepUpWay } from './step-up-page.tsx';

/** The pages of this room; the redirects of the organisation log-in are in sign-in-routes.ts. */
export function identityPages(app: OpenAPIHono<AppEnv>): void {
  app.get(accountPaths.logIn, (c) => {
    const { identityProviders, personProviders } = c.get('gateway').identity;
    const providers = {
      providerId: identityProviders[0]?.id ?? null,
      personProviderId: personProviders[0]?.id ?? null,
    };
    const next = localPath(c.req.query('next'));
    return c.html(<LoginPage frame={pageFrame(c)} {...providers} next={next} />);
  });
  app.get('/login/invitation', (c) => {
    const [provider] = c.get('gateway').identity.identityProviders;
    return c.html(<InvitationPage frame={pageFrame(c)} providerId={provider?.id ?? null} />);
  });
  choosePages(app);
  stepUpPages(app);
  sessionPages(app);
  accessCodePages(app);
  linkPageRoutes(app);
  linkingPageRoutes(app);
  guardianPageRoutes(app);
  correctionPageRoutes(app);
  consentPages(app);
  logInPages(app);
}

function choosePages(app: OpenAPIHono<AppEnv>): void {
  app.get(accountPaths.choose, async (c) => {
    const result = await listMemberships(c.get('gateway').identity, c.get('actor'));
    if (!result.ok) return sendProblemPage(c, result.fault);
    const next = localPath(c.req.query('next'));
    return c.html(<ChooseSchoolPage frame={pageFrame(c)} memberships={result.value} next={next} />);
  });
  app.post(accountPaths.choose, async (c) => {
    const { identity } = c.get('gateway');
    const form = await c.req.parseBody();
    const next = localPath(textOf(form, 'next'));
    const membership = textOf(form, 'membership');
    if (membership === undefined) {
      const listed = await listMemberships(identity, c.get('actor'));
      if (!listed.ok) return sendProblemPage(c, listed.fault);
      const errors = { membership: 'choose.required' };
      const props = { frame: pageFrame(c), memberships: listed.value, next, errors };
      return c.html(<ChooseSchoolPage {...props} />, 400);
    }
    const result = await chooseMembership(identity, c.get('actor'), membership);
    if (!result.ok) return sendProblemPage(c, result.fault);
    writeSessionCookie(c, result.value.token);
    return c.redirect(next, 303);
  });
}

function stepUpPages(app: OpenAPIHono<AppEnv>): void {
  app.get(accountPaths.again, (c) => {
    const next = localPath(c.req.query('next'));
    const way = stepUpWay(c.get('actor'));
    if (way === null) return c.redirect(`${accountPaths.logIn}?next=${encodeURIComponent(next)}`, 303);
    const frame = pageFrame(c);
    if (isFresh(c.get('actor'), frame.now)) return c.html(<StepUpDonePage frame={frame} next={next} />);
    return c.html(<StepUpPage frame={frame} next={next} way={way} />);
  });
}

function sessionPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/sessions', async (c) => {
    const result = await listSessions(c.get('gateway').identity, c.get('actor'));
    if (!result.ok) return sendProblemPage(c, result.fault);
    const own = await findOwnLogIns(c);
    if (!own.ok) return sendProblemPage(c, own.fault);
    const done = (['added', 'removed'] as const).find((known) => known === c.req.query('done')) ?? null;
    const props = { sessions: result.value, own: own.value, actor: c.get('actor'), done };
    return c.html(<SessionsPage frame={pageFrame(c)} {...props} />);
  });
  app.post('/sessions/end-all', async (c) => {
    const which = textOf(await c.req.parseBody(), 'which') === 'all' ? 'all' : 'others';
    const result = await endSessions(c.get('gateway').identity, c.get('actor'), which);
    if (!result.ok) return sendProblemPage(c, result.fault);
    if (which === 'others') return c.redirect(accountPaths.sessions, 303);
    endBrowserSession(c);
    return c.redirect(accountPaths.logIn, 303);
  });
  app.post('/sessions/end', async (c) => {
    const session = textOf(await c.req.parseBody(), 'session') ?? '';
    const result = await endSession(c.get('gateway').identity, c.get('actor'), session);
    if (!result.ok) return sendProblemPage(c, result.fault);
    if (!result.value.current) return c.redirect('/sessions', 303);
    endBrowserSession(c);
    return c.redirect(accountPaths.logIn, 303);
  });
}
