import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiRoutes } from '../../src/app.ts';
import type { AppEnv } from '../../src/app-env.ts';
import { operationsOf, type RouteRow } from './support/operations.ts';

const committed = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');

/** Operations of other standards, whose errors are theirs: OAuth 2.0 (RFC 6749 §5.2) its metadata (RFC 8414) and key sets (RFC 7517). */
const foreign = ['POST /api/token', 'GET /.well-known/oauth-authorization-server', 'GET /.well-known/jwks.json'];

describe('the OpenAPI document', async () => {
  const { app, served } = await serve();
  const operations = operationsOf(JSON.parse(served));

  async function serve() {
    const routes = new OpenAPIHono<AppEnv>();
    apiRoutes(routes);
    const answer = await routes.request('/openapi.json');
    return { app: routes, answer, served: await answer.text() };
  }

  it('is served as JSON and is valid OpenAPI 3.1', async () => {
    const { answer } = await serve();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const result = await new Validator().validate(z.record(z.string(), z.unknown()).parse(JSON.parse(served)));
    expect(result).toMatchObject({ valid: true });
    expect(served).toContain('"openapi":"3.1.0"');
  });

  it('equals docs/openapi.json (npm run openapi writes it)', async () => {
    // Asked here, so that what makes the routes is known to run within this test (mutation testing).
    const text = `${JSON.stringify(JSON.parse((await serve()).served), null, 2)}\n`;
    if (process.env['WRITE_OPENAPI'] === 'yes') await writeFile(committed, text);
    expect(await readFile(committed, 'utf8')).toBe(text);
  });

  it('describes every API route, and no route that is not there', () => {
    const routes = (app.routes as readonly RouteRow[])
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
    const described = operations.map(({ name }) => name).filter((name) => name.includes(' /api/'));
    expect([...new Set(routes)].toSorted()).toEqual(described.toSorted());
    expect(described.length).toBeGreaterThan(40);
  });

  it.each(operations)('$name has a summary, one tag and its refusals', ({ name, operation }) => {
    expect(operation.summary?.length ?? 0).toBeGreaterThan(5);
    expect(operation.tags).toHaveLength(1);
    const successes = Object.keys(operation.responses).filter((status) => /^[23]/.test(status));
    expect(successes.length).toBeGreaterThan(0);
    if (foreign.includes(name)) return;
    for (const status of ['401', '403', '404', '500', '503']) {
      expect(operation.responses[status]?.content?.['application/problem+json'], status).toBeDefined();
    }
  });

  it('gives every operation a summary of its own', () => {
    const summaries = operations.map(({ operation }) => operation.summary);
    expect(new Set(summaries).size).toBe(summaries.length);
  });
});
