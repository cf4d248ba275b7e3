import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/clock.ts';
import type { Transaction } from '../../../src/database/connection.ts';
import { systemScope } from '../../../src/database/scope.ts';
import { type DemoBoardKey, type DemoSchoolKey, demoOrganisations } from '../../../src/demo/schools.ts';
import { type DemoWorld, openDemoWorld } from '../../../src/demo/world.node.ts';
import { rateNames } from '../../../src/identity/rate-rules.ts';
import { type RunningGateway, serveGateway } from '../../../src/serve.node.ts';
import { openSharedDemoWorld } from '../../support/demo-world.ts';
import { openSessionOf, type Session } from '../../support/session.ts';

/** A demonstration world with a gateway in it, served over HTTP, and the means to hurt both. */
export interface HostileWorld {
  readonly folder: string;
  readonly demo: DemoWorld;
  readonly running: RunningGateway;
  readonly origin: string;
  readonly clock: MovableClock;
  /** A session of this demo account, e.g. `juniorHigh-clerk`; the same one each time until the clock has moved. */
  as(subject: string): Promise<Session>;
  /** Work under one of the gateway's own jobs, such as `directory` or `ledger`. */
  job<T>(name: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface MovableClock extends Clock {
  pass(milliseconds: number): void;
}

export const day = 86_400_000;

/** Tests ask more in a second than a school in a minute; what bites is tested where a test sets it. */
const unlimited = Object.fromEntries(rateNames.map((name) => [`RATE_${name.toUpperCase()}`, '1000000']));
/** A test of alerts plays their rounds itself; the others count mails that are none of them. */
const withoutAlerts = { ALERTS_INTERVAL_MS: '86400000' };

/** @param database - `own` for a server that a test may stop or look into, and that is durable */
export async function openHostileWorld(
  settings: Readonly<Record<string, string>> = {},
  database: 'shared' | 'own' = 'shared',
): Promise<HostileWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-hostile-'));
  const clock = movableClock();
  const demo = await (database === 'own' ? openDemoWorld : openSharedDemoWorld)({ folder, clock });
  const running = await serveGateway({ ...demo.environment, ...unlimited, ...withoutAlerts, ...settings }, null, clock);
  const origin = demo.environment['PUBLIC_ORIGIN'] ?? '';
  const sessions = new Map<string, Promise<Session>>();
  return {
    folder,
    demo,
    running,
    origin,
    clock: {
      now: () => clock.now(),
      pass(milliseconds) {
        // Sessions do not outlive a walk through time.
        sessions.clear();
        clock.pass(milliseconds);
      },
    },
    as(subject) {
      const session = sessions.get(subject) ?? openSessionOf(origin, subject);
      sessions.set(subject, session);
      return session;
    },
    job: (name, work) => running.gateway.database.transaction(systemScope(name), work),
    async close() {
      await running.close();
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function codeOf(school: DemoSchoolKey | DemoBoardKey | 'closedJuniorHigh' | 'university'): string {
  return demoOrganisations[school].code;
}

function movableClock(): MovableClock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    pass: (milliseconds) => {
      offset += milliseconds;
    },
  };
}
