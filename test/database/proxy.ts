import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** From now on nothing passes, and nobody is told: what a half-open link looks like. */
  freeze(): void;
  /** Connections made from now on work again; the frozen ones stay so. */
  thaw(): void;
  /** Ends every link at once. */
  cut(): void;
  close(): Promise<void>;
}

/** A link to PostgreSQL that a test can break in the ways networks break. */
export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const frozen = isFrozen;
    for (const socket of [near, far]) {
      links.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        links.delete(socket);
        if (!isFrozen) (socket === near ? far : near).destroy();
      });
    }
    if (frozen) return;
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const url = new URL(target);
  url.port = String(address.port);
  return {
    url: url.href,
    freeze: () => {
      isFrozen = true;
      for (const socket of links) socket.unpipe().pause();
    },
    thaw: () => {
      isFrozen = false;
    },
    cut: () => {
      for (const socket of links) socket.destroy();
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of links) socket.destroy();
        server.close(() => closed());
      }),
  };
}
