import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { ok, type Result } from '../../result.ts';
import { accountPaths } from '../../web/layout/header.tsx';
import { endBrowserSession, writeSignInCookie } from '../cookies.ts';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { signInMinutes } from '../rules.ts';
import { beginAddAccount } from './add-account.ts';
import { disownLogIn } from './disown-log-in.ts';
import { listLogIns, listWays, ownerOf } from './list-log-ins.ts';
import type { OwnLogIns } from './log-in-sections.tsx';
import { NotMePage } from './not-me-page.tsx';
import { removeWay } from './remove-way.ts';

/** The forms of "my log-ins": ways are of persons alone, the history is everybody's. */
export function logInPages(app: OpenAPIHono<AppEnv>): void {
  app.post('/login-ways/account', async (c) => {
    const providerId = textOf(await c.req.parseBody(), 'provider') ?? '';
    const returnTo = `${accountPaths.sessions}?done=added`;
    const begun = await beginAddAccount(c.get('gateway').identity, c.get('actor'), { providerId, returnTo });
    if (!begun.ok) return sendProblemPage(c, begun.fault);
    writeSignInCookie(c, begun.value.cookie, signInMinutes * 60);
    return c.redirect(begun.value.location, 303);
  });
  app.post('/login-ways/removal', async (c) => {
    const wayId = textOf(await c.req.parseBody(), 'way') ?? '';
    const browser = c.req.header('User-Agent') ?? '';
    const result = await removeWay(c.get('gateway').identity, c.get('actor'), { wayId, browser });
    if (!result.ok) return sendProblemPage(c, result.fault);
    if (!result.value.current) return c.redirect(`${accountPaths.sessions}?done=removed`, 303);
    endBrowserSession(c);
    return c.redirect(accountPaths.logIn, 303);
  });
  app.post('/log-ins/disowning', async (c) => {
    const logIn = textOf(await c.req.parseBody(), 'logIn') ?? '';
    const result = await disownLogIn(c.get('gateway').identity, c.get('actor'), logIn);
    return result.ok ? c.redirect(`${accountPaths.sessions}/not-me`, 303) : sendProblemPage(c, result.fault);
  });
  app.get(`${accountPaths.sessions}/not-me`, (c) => {
    const owner = ownerOf(c.get('actor'));
    if (owner.ok)
      return c.html(<NotMePage frame={pageFrame(c)} of={owner.value.staffId === undefined ? 'person' : 'staff'} />);
    return c.redirect(`${accountPaths.logIn}?next=${accountPaths.sessions}`, 303);
  });
}

/** What "my log-ins" shows beside the sessions. */
export async function findOwnLogIns(c: Context<AppEnv>): Promise<Result<OwnLogIns>> {
  const { identity } = c.get('gateway');
  const actor = c.get('actor');
  const logIns = await listLogIns(identity, actor);
  if (!logIns.ok) return logIns;
  if (actor.kind !== 'person') return ok({ logIns: logIns.value, ways: null });
  const ways = await listWays(identity, actor);
  if (!ways.ok) return ways;
  const personProviderId = identity.personProviders[0]?.id ?? null;
  const mayChange = actor.assurance !== 'schoolCode' && actor.revocation === 'good';
  return ok({ logIns: logIns.value, ways: { list: ways.value, personProviderId, mayChange } });
}
