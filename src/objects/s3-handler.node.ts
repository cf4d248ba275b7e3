import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Connections that stay open, and an end to those that hang (F-06). */
export function openS3Handler(): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: 128 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
    socketTimeout: 30_000,
  });
}
