import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { breakGlassRoutes } from './break-glass-routes.ts';
import { draftingRoutes } from './drafting-routes.ts';
import { expectationRoutes } from './expectation-routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { protectionRoutes } from './protection/routes.ts';
import { readingRoutes } from './reading-routes.ts';
import { receivingRoutes } from './receiving-routes.ts';
import { sendingRoutes } from './sending-routes.ts';
import { storyRoutes } from './story/routes.ts';

/** The procedure as an API: parse, one verb, render. */
export function transferRoutes(app: OpenAPIHono<AppEnv>): void {
  draftingRoutes(app);
  sendingRoutes(app);
  receivingRoutes(app);
  readingRoutes(app);
  expectationRoutes(app);
  breakGlassRoutes(app);
  protectionRoutes(app);
  storyRoutes(app);
  ledgerRoutes(app);
}
