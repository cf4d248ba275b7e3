import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { Database } from '../../../src/database/connection.ts';
import type { DemoWorld } from '../../../src/demo/world.node.ts';
import { serveGateway } from '../../../src/serve.node.ts';
import { openBrowser } from '../../support/browser.ts';
import { openSharedDemoWorld } from '../../support/demo-world.ts';
import { openWindow, type Window, type WindowOptions } from './window.ts';

export interface BrowserWorld {
  readonly origin: string;
  /** Of the gateway, for what only time would bring. */
  readonly database: Database;
  /** Of the role that owns the tables, for rows that only years would bring. */
  readonly ownerUrl: string;
  /** Where the `.p12` files of pupils and guardians lie. */
  readonly p12Directory: string;
  /** Where the gateway writes its mails. */
  readonly mailDirectory: string;
  /** The seal keys of the schools, by their codes. */
  readonly seals: DemoWorld['authorities']['seals'];
  /** All of the demonstration's authorities. */
  readonly authorities: DemoWorld['authorities'];
  /** For what the world leaves on the disk. */
  readonly folder: string;
  linkingCode(file: string): string;
  /** A browser of one person, with cookies of its own. */
  open(options?: WindowOptions): Promise<Window>;
  /** The same, logged in by the organisation's account. */
  openAs(subject: string, options?: WindowOptions): Promise<Window>;
  close(): Promise<void>;
}

/** The whole demonstration world with a gateway in it, and a real browser before it. */
export async function openBrowserWorld(
  clock: Clock = systemClock,
  more: { readonly witnesses?: boolean } = {},
): Promise<BrowserWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-browser-world-'));
  const [world, chromium] = await Promise.all([openSharedDemoWorld({ folder, clock, ...more }), openBrowser()]);
  const running = await serveGateway(world.environment, world.guide, clock);
  const origin = world.environment['PUBLIC_ORIGIN'] ?? '';
  const open = (options: WindowOptions = {}) => openWindow(chromium.browser, origin, options);
  return {
    origin,
    database: running.gateway.database,
    ownerUrl: world.environment['MIGRATION_DATABASE_URL'] ?? '',
    p12Directory: world.authorities.p12Directory,
    mailDirectory: world.environment['MAIL_DIRECTORY'] ?? '',
    seals: world.authorities.seals,
    authorities: world.authorities,
    folder,
    linkingCode: (file) => world.guide.persons.find((person) => person.file === file)?.linkingCode ?? '',
    open,
    async openAs(subject, options) {
      const window = await open(options);
      await window.logIn(subject);
      return window;
    },
    async close() {
      await chromium.close();
      await running.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
