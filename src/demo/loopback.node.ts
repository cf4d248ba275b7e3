import type { IncomingMessage, Server } from 'node:http';

export interface LoopbackServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A port that somebody else uses; the message says which, and for what. */
export class PortInUseError extends Error {
  constructor(port: number, cause: unknown) {
    super(`Port ${port} is in use. Stop the other program or choose another port.`, { cause });
    this.name = 'PortInUseError';
  }
}

/** Listens on 127.0.0.1 only; port 0 takes any free one. */
export function listenOnLoopback(server: Server, port: number): Promise<LoopbackServer> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, error) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('No TCP address'));
      else resolve({ port: address.port, close: () => closeServer(server) });
    });
  });
}

/** A form or a time-stamp request: small, or refused. */
export async function readSmallBody(request: IncomingMessage): Promise<string> {
  return (await readSmallBytes(request)).toString('utf8');
}

export async function readSmallBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // Without an encoding a request yields buffers.
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > 65_536) throw new Error('The request is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
