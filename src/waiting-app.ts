import { Hono } from 'hono';
import { fault } from './faults.ts';
import { sendProblem } from './web/answer.ts';
import { type LocaleVariables, localeMiddleware } from './web/locale.ts';
import { type SecurityVariables, securityHeaders } from './web/security.ts';

interface WaitingEnv {
  Variables: LocaleVariables & SecurityVariables & { requestId: string };
}

/** What answers while no gateway could be opened: the process lives, and everything else says plainly that it waits. */
export function createWaitingApp(): Hono<WaitingEnv> {
  const app = new Hono<WaitingEnv>();
  app.use(async (c, next) => {
    c.set('requestId', crypto.randomUUID());
    await next();
    c.header('X-Request-Id', c.get('requestId'));
  });
  app.use(securityHeaders({ formTargets: [] }));
  app.use(localeMiddleware());
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.all('*', (c) => sendProblem(c, fault('gateway.not-set-up')));
  return app;
}
