import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openLogKey, openWitnessKey, seedOfPkcs8 } from '../audit/log-key.ts';
import { formatVerifierKey } from '../audit/note.ts';
import { createWitness, everyYearOf, type Witness } from '../audit/witness.ts';
import { witnessApp } from '../audit/witness-app.ts';
import { openWitnessFile } from '../audit/witness-state.node.ts';
import type { Clock } from '../clock.ts';
import { pemToDer } from '../crypto/x509/pem.ts';
import { listenOnLoopback, readSmallBody } from './loopback.node.ts';
import { demoLogBase } from './signed-trust.node.ts';

const names = { board: 'hibarino-board.example/witness', outsider: 'university.example/witness' } as const;

export interface DemoWitnesses {
  /** A C2SP tlog-policy that wants both. */
  readonly policyFile: string;
  close(): Promise<void>;
}

/** Two witnesses of the log, each with its own key and state, as a board and a university would run them. */
export async function openDemoWitnesses(input: {
  readonly folder: string;
  readonly logKeyFile: string;
  readonly clock: Clock;
}): Promise<DemoWitnesses> {
  const folder = join(input.folder, 'witnesses');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [pkcs8] = pemToDer(await readFile(input.logKeyFile, 'utf8'), 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('the key of the log is missing');
  const { key: logKey } = await openLogKey(`${demoLogBase}/2000`, seedOfPkcs8(pkcs8));
  const running = await Promise.all(
    Object.entries(names).map(async ([id, name]) => {
      const path = join(folder, `${id}.json`);
      const signer = await openWitnessKey(name, await keepSeed(join(folder, `${id}.key`)), input.clock);
      const state = await openWitnessFile(path, { isNew: !existsSync(path) });
      const witness = createWitness({ signer, logs: [everyYearOf(logKey)], state, onFork: async () => undefined });
      const server = await listenOnLoopback(serverOf(witness), 0);
      const line = `witness ${id} ${formatVerifierKey(signer.key)} http://127.0.0.1:${server.port}`;
      return { line, close: async () => void (await server.close().then(() => state.close())) };
    }),
  );
  const policyFile = join(folder, 'policy.txt');
  const lines = running.map(({ line }) => line);
  await writeFile(policyFile, `${lines.join('\n')}\ngroup both all ${Object.keys(names).join(' ')}\nquorum both\n`);
  return { policyFile, close: async () => void (await Promise.all(running.map(({ close }) => close()))) };
}

function serverOf(witness: Witness) {
  const app = witnessApp(witness);
  return createServer(async (request, response) => {
    const body = await readSmallBody(request).catch(() => '');
    const answer = await app.request(request.url ?? '/', {
      method: request.method ?? 'GET',
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });
}

async function keepSeed(path: string): Promise<Uint8Array> {
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return new Uint8Array(kept);
  const seed = new Uint8Array(randomBytes(32));
  await writeFile(path, seed, { mode: 0o600, flag: 'wx' });
  return seed;
}
