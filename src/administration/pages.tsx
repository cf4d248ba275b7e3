import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { abilityPages } from './abilities-page.tsx';
import { clientPages } from './clients/page-routes.tsx';
import { importPages } from './import-pages.tsx';
import { peoplePages, termPages } from './people-pages.tsx';
import { accountPages, proposalPages } from './proposal-pages.tsx';
import { sealKeyPages } from './seal-key-pages.tsx';

/** The pages of this room. */
export function administrationPages(app: OpenAPIHono<AppEnv>): void {
  abilityPages(app);
  clientPages(app);
  peoplePages(app);
  accountPages(app);
  importPages(app);
  proposalPages(app);
  termPages(app);
  sealKeyPages(app);
}
