import { generateKeyPairSync } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { openWitnessKey, seedOfPkcs8 } from '../audit/log-key.ts';
import { formatVerifierKey, type NoteSigner, parseVerifierKey } from '../audit/note.ts';
import { createWitness, everyYearOf, type WitnessedLog } from '../audit/witness.ts';
import { witnessApp } from '../audit/witness-app.ts';
import { openWitnessFile, type WitnessFile, WitnessStateUnusable } from '../audit/witness-state.node.ts';
import { pemToDer } from '../crypto/x509/pem.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { cliText } from './text.ts';

const files = { key: 'witness-key.pem', state: 'witness-state.json', evidence: 'evidence' } as const;

/**
 * Runs a witness of one or more logs (C2SP tlog-witness) until it is ended, out of one folder: its key, what it has seen,
 * and the requests that show two histories of a log.
 */
export async function witness(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values } = readArguments(args, {
    options: {
      folder: { type: 'string' },
      name: { type: 'string' },
      new: { type: 'boolean' },
      log: { type: 'string', multiple: true },
      host: { type: 'string' },
      port: { type: 'string' },
    },
    operands: [0, 0],
  });
  const { folder, name, log: logs = [], host = '127.0.0.1', port = '8790' } = values;
  const isNew = values.new === true;
  if (folder === undefined || name === undefined || (logs.length === 0 && !isNew)) throw usageError('usage.witness');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw usageError('usage.witness');
  if (isNew) await makeKey(folder);
  const signer = await openKey(folder, { name, cli });
  if (isNew) await openState(folder, isNew).then((state) => state.close());
  const key = formatVerifierKey(signer.key);
  if (logs.length === 0) return result(key, [cliText(cli.locale, 'witness.made', { folder }), key]);
  const state = await openState(folder, false);
  try {
    const served = await listen(
      witnessApp(
        createWitness({
          signer,
          logs: logs.map(logOf),
          state,
          onFork: async ({ request, proven }) => {
            cli.tell(cliText(cli.locale, proven ? 'witness.fork' : 'witness.unproven'));
            await keepEvidence(folder, { kind: proven ? 'fork' : 'unproven', request, at: cli.clock.now() });
          },
        }),
      ).fetch,
      { hostname: host, port: Number(port) },
    );
    cli.tell(cliText(cli.locale, 'witness.listens', { host, port: served.port }));
    await cli.ended();
    await served.close();
  } finally {
    await state.close();
  }
  return result(key, [cliText(cli.locale, 'witness.ended')]);
}

function result(key: string, lines: readonly string[]): CommandResult {
  return { exit: exitCodes.ok, value: { key }, lines };
}

/** Never in the place of another: a witness with a new key is another witness. */
async function makeKey(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const file = await open(join(folder, files.key), 'wx', 0o600).catch(() => {
    throw usageError('witness.exists', { folder });
  });
  await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await file.sync();
  await file.close();
}

async function openKey(
  folder: string,
  { name, cli }: { readonly name: string; readonly cli: Cli },
): Promise<NoteSigner> {
  const path = join(folder, files.key);
  const pem = await readFile(path, 'utf8').catch(() => null);
  if (pem === null) throw usageError('key.missing', { path });
  try {
    const [der = new Uint8Array()] = pemToDer(pem, 'PRIVATE KEY');
    return await openWitnessKey(name, seedOfPkcs8(der), cli.clock);
  } catch {
    throw usageError('witness.key', { path });
  }
}

async function openState(folder: string, isNew: boolean): Promise<WitnessFile> {
  const path = join(folder, files.state);
  try {
    return await openWitnessFile(path, { isNew });
  } catch (error) {
    if (error instanceof WitnessStateUnusable) throw notChecked(`witness.state-${error.reason}`, { path });
    throw error;
  }
}

function logOf(text: string): WitnessedLog {
  const key = parseVerifierKey(text);
  if (!key.ok) throw usageError('usage.logKey');
  return everyYearOf(key.value);
}

const maxEvidence = 100;

/** The first ones of a kind count: whoever sends bad proofs by the thousand fills no disk, and takes no fork its place. */
async function keepEvidence(
  folder: string,
  { kind, request, at }: { readonly kind: 'fork' | 'unproven'; readonly request: string; readonly at: Date },
): Promise<void> {
  await mkdir(join(folder, files.evidence), { recursive: true, mode: 0o700 });
  for (let number = 1; number <= maxEvidence; number += 1) {
    const path = join(folder, files.evidence, `${kind}-${String(number).padStart(3, '0')}.txt`);
    const file = await open(path, 'wx', 0o600).catch(() => null);
    if (file === null) continue;
    await file.writeFile(`${at.toISOString()}\n${request}`);
    await file.sync();
    await file.close();
    return;
  }
}

async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  at: { readonly hostname: string; readonly port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch, ...at }, ({ port }) => {
      resolve({ port, close: () => drain(server) });
    });
    server.once('error', () => reject(notChecked('witness.port', { ...at })));
  });
}

async function drain(server: ServerType): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  await ended;
}
