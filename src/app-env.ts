import type { HttpBindings } from '@hono/node-server';
import type { Gateway } from './gateway.ts';
import type { IdentityVariables } from './identity/middleware.ts';
import type { LocaleVariables } from './web/locale.ts';
import type { SecurityVariables } from './web/security.ts';

/** What every request carries: set by the middleware of app.ts, read by routes and pages. */
export interface AppEnv {
  Variables: IdentityVariables & LocaleVariables & SecurityVariables & { requestId: string; gateway: Gateway };
  /** On Node the raw request; empty on Workers, which have web streams alone. */
  Bindings: Partial<HttpBindings>;
}
