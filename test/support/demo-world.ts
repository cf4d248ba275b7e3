import { cp } from 'node:fs/promises';
import { inject } from 'vitest';
import { type DemoWorld, type DemoWorldInput, openDemoWorld } from '../../src/demo/world.node.ts';
import { addTestDatabase } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with development authorities in it, made once for the run. */
    readonly authorities: string;
  }
}

/**
 * A demonstration world as `npm start` opens it, but for what takes seconds and is the same for every file: its tables lie in a
 * database of its own on the run's server, and its keys and certificates were made when the run began.
 */
export async function openSharedDemoWorld(input: Omit<DemoWorldInput, 'replace'>): Promise<DemoWorld> {
  const database = await addTestDatabase();
  try {
    await cp(inject('authorities'), input.folder, { recursive: true });
    const replace = { DATABASE_URL: database.appUrl, MIGRATION_DATABASE_URL: database.ownerUrl };
    const world = await openDemoWorld({ ...input, replace });
    return {
      ...world,
      async close() {
        await world.close();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
