import { serve } from '@hono/node-server';
import { and, eq, isNotNull } from 'drizzle-orm';
import { createApp } from '../../../src/app.ts';
import type { Database } from '../../../src/database/connection.ts';
import { openGateway } from '../../../src/gateway.ts';
import type { ObjectStore } from '../../../src/objects/store.ts';
import { readResources } from '../../../src/resources.node.ts';
import { readSettings } from '../../../src/settings.ts';
import { idempotencyKeys } from '../../../src/transfers/tables.ts';

/** Where a gateway is to die by SIGKILL. */
export interface Crash {
  /** `put`: an object is durable and no row says so. `commit`: the verb has its effect and nobody was told. */
  readonly after: 'put' | 'commit';
  /** Method and path of the request that dies. */
  readonly operation: string;
}

// A process of its own, with real parts; the parent says by message when to die.
let crash: Crash | null = null;
process.on('message', (message: Crash) => {
  crash = message;
  process.send?.('armed');
});

const settings = readSettings(process.env);
const resources = await readResources(settings, null);
const gateway = await openGateway(settings, { ...resources, objects: dyingStore(resources.objects) });
const app = createApp({ ...gateway, database: dyingDatabase(gateway.database) }, (error) => console.error(error));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.(port));

function dyingStore(store: ObjectStore): ObjectStore {
  return {
    ...store,
    async put(key, body, options) {
      const outcome = await store.put(key, body, options);
      if (crash?.after === 'put' && key.startsWith('objects/')) await die();
      return outcome;
    },
  };
}

function dyingDatabase(database: Database): Database {
  return {
    ...database,
    async transaction(scope, work) {
      const result = await database.transaction(scope, work);
      if (crash?.after === 'commit') {
        const { operation } = crash;
        const answered = await database.transaction(scope, (tx) =>
          tx
            .select()
            .from(idempotencyKeys)
            .where(and(eq(idempotencyKeys.operation, operation), isNotNull(idempotencyKeys.answer))),
        );
        if (answered.length > 0) await die();
      }
      return result;
    },
  };
}

/** Nothing after this line is ever run. */
async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
