import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { addAccessCodeRoutes } from './access-codes/routes.ts';
import { addCertificateRoutes } from './certificate-routes.ts';
import { clientRoutes } from './clients/routes.ts';
import { addConsentRoutes } from './consents/routes.ts';
import { addGuardianRoutes } from './guardians/guardian-routes.ts';
import { addLinkRoutes } from './links/routes.ts';
import { addLogInRoutes } from './log-ins/routes.ts';
import { addMembershipRoutes } from './membership-routes.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addTokenRoutes } from './token-routes.ts';

/** The API of this room: log-in, sessions, schools and roles, links, tokens, clients. */
export function identityRoutes(app: OpenAPIHono<AppEnv>): void {
  addCertificateRoutes(app);
  addAccessCodeRoutes(app);
  addSessionRoutes(app);
  addLogInRoutes(app);
  addMembershipRoutes(app);
  addLinkRoutes(app);
  addGuardianRoutes(app);
  addConsentRoutes(app);
  addTokenRoutes(app);
  clientRoutes(app);
}
