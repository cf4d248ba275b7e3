import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './app-env.ts';
import { pageFrame } from './identity/frame.tsx';
import { ApiReaderPage } from './web/api-reader.tsx';

/** What the document says beside the routes themselves. */
const openApiInfo = {
  openapi: '3.1.0',
  info: {
    title: 'Hikitsugi',
    version: '0.1.0',
    description:
      'An electronic locker that carries pupils’ sealed records from one school to the next. 学校から学校へ記録を引き継ぐ電子ロッカー。',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
};

/** `/openapi.json` from the routes, and a page to read it by. */
export function docsRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'dpop', {
    type: 'http',
    scheme: 'DPoP',
    description:
      'Access token of a school-affairs system, from /api/token (private_key_jwt), with a proof in the header DPoP (RFC 9449).',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-sid',
  });
  app.get('/openapi.json', (c) => c.json(openApiDocument(app)));
  app.get('/api', (c) => c.html(<ApiReaderPage frame={pageFrame(c)} document={openApiDocument(app)} />));
}

function openApiDocument(app: OpenAPIHono<AppEnv>) {
  return app.getOpenAPI31Document({ ...openApiInfo, security: [{ dpop: [] }, { session: [] }] });
}
