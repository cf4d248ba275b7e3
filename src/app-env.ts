import type { HttpBindings } from '@hono/node-server';
import type { Gateway } from './gateway.ts';
import type { IdentityVariables } from './identity/middleware.ts';
import type { NavigationItem } from './web/layout/header.tsx';
import type { LocaleVariables } from './web/locale.ts';
import type { SecurityVariables } from './web/security.ts';

/** What every request carries: set by the middleware of app.ts, read by routes and pages. */
export interface AppEnv {
  Variables: IdentityVariables &
    LocaleVariables &
    SecurityVariables & {
      requestId: string;
      gateway: Gateway;
      /** The main ways of whoever asks, for every page's header; absent before it is known who that is. */
      navigation?: readonly NavigationItem[];
    };
  /** On Node the raw request; empty on Workers, which have web streams alone. */
  Bindings: Partial<HttpBindings>;
}
