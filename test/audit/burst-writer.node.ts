import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/database/connection.ts';
import { appendMany } from './test-log.ts';

/**
 * A process of its own that appends events at a steady pace, as the gateways' processes do beside the one that
 * publishes: `node burst-writer.node.ts URL EVENTS A-SECOND`. Tells its parent of each hundred that is committed.
 */
const [url, events, perSecond] = process.argv.slice(2);
const lanes = 4;
const batch = 100;
const database = await openDatabase({ url: String(url), poolSize: lanes, deadlineMs: 10_000 });
await Promise.all(Array.from({ length: lanes }, () => writeSteadily(Number(events) / lanes)));
await database.close();
process.disconnect();

/** A hundred at once, a fourth of the pace, or as fast as it goes. */
async function writeSteadily(count: number): Promise<void> {
  const began = performance.now();
  for (let done = 0; done < count; done += batch) {
    await sleep(Math.max(0, began + (done * lanes * 1000) / Number(perSecond) - performance.now()));
    await appendMany({ database }, batch);
    process.send?.(batch);
  }
}
