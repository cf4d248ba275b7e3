import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { abilityRoutes } from './abilities-page.tsx';
import { clientProposalRoutes } from './clients/routes.ts';
import { importRoutes } from './import-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { proposalRoutes } from './proposal-routes.ts';
import { sealKeyRoutes } from './seal-key-routes.ts';

/** The API of this room: people and roles, what waits for a second person, the seal key, ways in for systems. */
export function administrationRoutes(app: OpenAPIHono<AppEnv>): void {
  abilityRoutes(app);
  clientProposalRoutes(app);
  importRoutes(app);
  memberRoutes(app);
  proposalRoutes(app);
  sealKeyRoutes(app);
}
