import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { registerPages } from './register-pages.tsx';
import { templatePages } from './template-pages.tsx';

/** The pages of this room. */
export function certificatePages(app: OpenAPIHono<AppEnv>): void {
  registerPages(app);
  templatePages(app);
}
