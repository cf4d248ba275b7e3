import { createApp, type ReportError } from './app.ts';
import { openGateway, type Resources } from './gateway.ts';
import type { Settings } from './settings.ts';
import { createWaitingApp } from './waiting-app.ts';
import { type PublicBindings, publicResources } from './worker-resources.ts';

/**
 * What opens a gateway. The font of certificates and revocation lists come from bindings of Cloudflare's; none of them yields
 * the rest yet: bucket, Hyperdrive and keys come with a later release.
 */
interface Bindings extends PublicBindings {
  readonly GATEWAY?: {
    readonly settings: Settings;
    readonly resources: Omit<Resources, keyof ReturnType<typeof publicResources>>;
  };
}

/** Cloudflare Workers: the same application. Without its bindings it answers /healthz and says 503 to all else. */
const worker = {
  async fetch(request: Request, { GATEWAY, ...bound }: Bindings): Promise<Response> {
    if (GATEWAY === undefined) return createWaitingApp().fetch(request);
    // One database client per request: a connection of one request cannot be used by another here.
    const { settings, resources } = GATEWAY;
    const gateway = await openGateway(settings, { ...resources, ...publicResources(bound, resources.clock) });
    return createApp(gateway, report).fetch(request);
  },
};

export default worker;

const report: ReportError = (error, requestId) => {
  const name = error instanceof Error ? error.name : typeof error;
  console.error(JSON.stringify({ level: 'error', requestId, name }));
};
