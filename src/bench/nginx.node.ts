import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** WebDAV PUT into a folder with one worker for each core; null when there is no nginx on the PATH. */
export async function openNginx(input: {
  readonly folder: string;
  readonly port: number;
  readonly processes: number;
}): Promise<Nginx | null> {
  if (spawnSync('nginx', ['-v']).status !== 0) return null;
  const files = join(input.folder, 'nginx');
  await mkdir(files, { recursive: true });
  const configuration = join(input.folder, 'nginx.conf');
  await writeFile(configuration, settings({ ...input, files }));
  const child = spawn('nginx', ['-c', configuration, '-e', join(input.folder, 'nginx.log')], { stdio: 'ignore' });
  await waitForPort(input.port);
  return { url: `http://127.0.0.1:${input.port}`, stop: () => ended(child) };
}

function settings(at: { readonly folder: string; readonly files: string; port: number; processes: number }): string {
  return `daemon off;
worker_processes ${at.processes};
pid ${join(at.folder, 'nginx.pid')};
events { worker_connections 512; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path ${join(at.folder, 'nginx-body')};
  server { listen 127.0.0.1:${at.port}; root ${at.files}; location / { dav_methods PUT; } }
}
`;
}

async function waitForPort(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx did not start to listen');
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
