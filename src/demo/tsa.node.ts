import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { webCryptoSigner } from '../crypto/signer.ts';
import { createTimestampResponse } from '../crypto/timestamp-response.ts';
import type { Identity } from './certificate-maker.node.ts';
import { listenOnLoopback, readSmallBytes } from './loopback.node.ts';
import { refuseInProduction } from './production.node.ts';

export interface TimeStampAuthority {
  readonly url: string;
  close(): Promise<void>;
}

/** The policy of the development authority; invented, below the documentation arc. */
const developmentPolicy = '1.3.6.1.4.1.32473.1.1';

/** RFC 3161 §3.4 over HTTP on loopback. Serial numbers start at the time of the start, so that none comes twice. */
export async function openTimeStampAuthority(input: {
  port: number;
  identity: Identity;
  clock: Clock;
}): Promise<TimeStampAuthority> {
  refuseInProduction('time-stamp authority');
  const { identity } = input;
  const signer = await webCryptoSigner(identity.pkcs8, identity.chain, identity.algorithm);
  let serial = BigInt(Date.now()) << 20n;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query') {
      response.writeHead(415).end();
      return;
    }
    serial += 1n;
    const reply = await createTimestampResponse({
      request: await readSmallBytes(request),
      signer,
      policy: developmentPolicy,
      serial,
      now: input.clock.now(),
    });
    response.writeHead(200, { 'content-type': 'application/timestamp-reply', 'content-length': reply.length });
    response.end(reply);
  };
  const server = await listenOnLoopback(
    createServer((request, response) => {
      respond(request, response).catch(() => response.destroy());
    }),
    input.port,
  );
  return { url: `http://127.0.0.1:${server.port}/tsa`, close: () => server.close() };
}
