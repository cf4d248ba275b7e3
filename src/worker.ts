import { createApp, type ReportError } from './app.ts';
import { openGateway, type Resources } from './gateway.ts';
import type { Settings } from './settings.ts';
import { createWaitingApp } from './waiting-app.ts';

/** What opens a gateway. No binding of Cloudflare's yields it yet: bucket, Hyperdrive and keys come with a later release. */
interface Bindings {
  readonly GATEWAY?: { readonly settings: Settings; readonly resources: Resources };
}

/** Cloudflare Workers: the same application. Without its bindings it answers /healthz and says 503 to all else. */
const worker = {
  async fetch(request: Request, { GATEWAY }: Bindings): Promise<Response> {
    if (GATEWAY === undefined) return createWaitingApp().fetch(request);
    // One database client per request: a connection of one request cannot be used by another here.
    const gateway = await openGateway(GATEWAY.settings, GATEWAY.resources);
    return createApp(gateway, report).fetch(request);
  },
};

export default worker;

const report: ReportError = (error, requestId) => {
  const name = error instanceof Error ? error.name : typeof error;
  console.error(JSON.stringify({ level: 'error', requestId, name }));
};
