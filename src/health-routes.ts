import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './app-env.ts';
import { readLogHealth } from './audit/log-health.ts';

/** `/healthz`: the process answers. `/readyz`: its parts do; when one does not, it says which (F-25). */
export function healthRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const gateway = c.get('gateway');
    const parts = {
      database: await answers(() => gateway.database.ready()),
      keys: await answers(async () => {
        if (!(await gateway.keys.describe()).ready) throw new Error('the key service is not ready');
      }),
      objects: await answers(() => gateway.objects.head('readiness/probe')),
    };
    const log = await readLogHealth(gateway.database, gateway.clock.now()).then(
      ({ state, witnesses }) => ({ state, witnesses }),
      () => ({ state: 'stalled' as const, witnesses: [] }),
    );
    const ready = log.state !== 'stalled' && Object.values(parts).every((state) => state === 'ok');
    // Which of them fails: a log that waits for its witnesses is mended there.
    const witnesses = log.witnesses.map(({ witness, trouble }) => [witness, trouble ?? 'ok'] as const);
    const shown = {
      ...parts,
      log: log.state,
      ...(witnesses.length === 0 ? {} : { witnesses: Object.fromEntries(witnesses) }),
    };
    return c.json({ status: ready ? 'ok' : 'not-ready', parts: shown }, ready ? 200 : 503);
  });
}

async function answers(probe: () => Promise<unknown>): Promise<'ok' | 'down'> {
  try {
    await probe();
    return 'ok';
  } catch {
    return 'down';
  }
}
