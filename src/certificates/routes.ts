import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { badgeRoutes } from './credentials/badge-routes.ts';
import { credentialRoutes } from './credentials/routes.ts';
import { issueRoutes } from './issue/routes.ts';
import { registerRoutes } from './register-routes.ts';
import { replacementRoutes } from './requests/replacement-routes.ts';
import { requestRoutes } from './requests/routes.ts';
import { shareRoutes } from './shares/routes.ts';
import { templateRoutes } from './template-routes.ts';
import { walletOfferRoutes } from './wallet/offer-routes.ts';
import { walletIssuerRoutes } from './wallet/routes.ts';

/** The API of this room: what a school certifies from, in which words, what it offers, and what is asked for. */
export function certificateRoutes(app: OpenAPIHono<AppEnv>): void {
  registerRoutes(app);
  templateRoutes(app);
  requestRoutes(app);
  issueRoutes(app);
  credentialRoutes(app);
  replacementRoutes(app);
  shareRoutes(app);
  badgeRoutes(app);
  walletOfferRoutes(app);
  walletIssuerRoutes(app);
}
