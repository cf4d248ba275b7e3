import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { sealKeyPages } from './seal-key-pages.tsx';

/** The pages of this room. */
export function administrationPages(app: OpenAPIHono<AppEnv>): void {
  sealKeyPages(app);
}
