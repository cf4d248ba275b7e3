import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fetchAccessToken } from './access-token.node.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { readMachineKey } from './machine-key.node.ts';
import { parseOrigin } from './origin.node.ts';
import { profilePath, writeProfile } from './profile.node.ts';
import { openProver } from './prover.node.ts';
import { cliText } from './text.ts';

/** Proves once that key and client id are good, then keeps where they are; tokens are fetched when they are needed. */
export async function login(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values } = readArguments(args, {
    options: { origin: { type: 'string' }, client: { type: 'string' }, key: { type: 'string' } },
    operands: [0, 0],
  });
  const { client: clientId, key: keyPath } = values;
  if (values.origin === undefined || clientId === undefined || keyPath === undefined) throw usageError('usage.login');
  const origin = parseOrigin(values.origin);
  const keyFile = resolve(keyPath);
  const key = await readMachineKey(keyFile);
  const prover = await openProver(cli.clock);
  const { scope } = await fetchAccessToken({ origin, clientId, key, clock: cli.clock, prover });
  const path = profilePath(values.profile, cli.environment);
  await writeProfile(path, { origin, clientId, keyFile });
  const lines = [cliText(cli.locale, 'login.done', { client: clientId, origin, scope, path })];
  if (await othersMayRead(keyFile)) lines.push(cliText(cli.locale, 'key.exposed', { path: keyFile }));
  return { exit: exitCodes.ok, value: { origin, clientId, scopes: scope.split(' '), profile: path }, lines };
}

async function othersMayRead(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0;
}
