import { createWriteStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type HttpBindings, serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { FileStore } from '@tus/file-store';
import { Server as TusServer } from '@tus/server';
import { Hono } from 'hono';
import { serveGateway } from '../serve.node.ts';
import type { ServerRole, Usage } from './messages.ts';

/** One process of one of the programs that are measured; its settings come by its environment. */
export async function serveRole(role: ServerRole): Promise<void> {
  // Only the question "usage" ever comes.
  process.on('message', () => process.send?.(usage()));
  // An ordered end, so that a profile that was asked for gets written.
  process.once('SIGTERM', () => process.exit());
  await open(role);
  process.send?.('ready');
}

async function open(role: ServerRole): Promise<void> {
  const port = Number(process.env['PORT']);
  const folder = process.env['BENCH_FOLDER'] ?? '';
  switch (role) {
    case 'gateway':
      await serveGateway(process.env);
      return;
    case 'tus':
      return listen(tusServer(folder), port);
    case 'hono':
      return listenHono(plainApp(folder), port);
  }
}

/** The plainest use of @tus/server with its file store. */
function tusServer(folder: string): Server {
  const tus = new TusServer({ path: '/files', datastore: new FileStore({ directory: join(folder, 'tus') }) });
  return createServer((request, response) => void tus.handle(request, response));
}

/** Takes the raw stream to a file, and gives a file: no check, no log-in, no digest, no fsync. */
function plainApp(folder: string): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.put('/raw/:name', async (c) => {
    await pipeline(c.env.incoming, createWriteStream(join(folder, 'raw', c.req.param('name'))));
    return c.body(null, 201);
  });
  app.get('/plain/*', serveStatic({ root: folder }));
  return app;
}

function listenHono(app: Hono<{ Bindings: HttpBindings }>, port: number): Promise<void> {
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => resolve());
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
}
