import { OpenAPIHono } from '@hono/zod-openapi';
import { fault } from '../faults.ts';
import type { Answers, IdentityApi } from './answers.ts';
import { addCertificateRoutes } from './certificate-routes.ts';
import { addLinkRoutes } from './link-routes.ts';
import { addMembershipRoutes } from './membership-routes.ts';
import type { IdentityEnv } from './middleware.ts';
import type { IdentityServices } from './services.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addTokenRoutes } from './token-routes.ts';

/** The API of this room: log-in, sessions, schools and roles, links, tokens. */
export function identityRoutes(services: IdentityServices, answers: Answers): IdentityApi {
  const api: IdentityApi = new OpenAPIHono<IdentityEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const fields = Object.fromEntries(
        result.error.issues.map(({ path, message }) => [`/${path.join('/')}`, message]),
      );
      return answers.problem(c, fault('request.malformed', { fields }));
    },
  });
  addCertificateRoutes(api, services, answers);
  addSessionRoutes(api, services, answers);
  addMembershipRoutes(api, services, answers);
  addLinkRoutes(api, services, answers);
  addTokenRoutes(api, services);
  return api;
}
