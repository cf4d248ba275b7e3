import { join } from 'node:path';
import { timeText } from '../verification/time-text.ts';
import { receiptsShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { GatewayRefusal, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { columns } from './format.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { cliText } from './text.ts';
import { writeWholeFile } from './whole-file.node.ts';

interface ReceiptFiles {
  readonly id: string;
  readonly event: string;
  readonly issuedAt: string;
  readonly receipt: string | null;
  /** Null while the log has not published the act yet. */
  readonly proof: string | null;
}

const pauseMs = 300;

/** Lists the signed receipts of a case; with `--out` fetches each with its proof of inclusion, waiting for the next checkpoint. */
export async function receipts(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: { out: { type: 'string' }, wait: { type: 'string' } },
    operands: [1, 1],
  });
  const waitSeconds = Number(values.wait ?? '15');
  if (!Number.isFinite(waitSeconds) || waitSeconds < 0) throw usageError('usage.wait');
  const gateway = await openGateway(cli, values.profile);
  const { items, renewal } = receiptsShape.parse(await gateway.get(casePath(positionals[0], 'receipts')));
  const found: ReceiptFiles[] = [];
  for (const { id, event, issuedAt } of items) {
    const base = { id, event, issuedAt };
    if (values.out === undefined) found.push({ ...base, receipt: null, proof: null });
    else {
      const name = join(values.out, `${event}-${id.slice(0, 8)}`);
      const path = casePath(positionals[0], 'receipts', id);
      const receipt = await fetchFile(gateway, path, `${name}.jws.json`);
      const proof = await fetchProof(gateway, { path: `${path}/proof`, to: `${name}.tlog-proof`, waitSeconds });
      found.push({ ...base, receipt, proof });
    }
  }
  const record = values.out === undefined || renewal === null ? null : await saveRecord(values.out, renewal);
  const isLate = values.out !== undefined && found.some(({ proof }) => proof === null);
  const rows = found.map((one) => [
    one.event,
    timeText(new Date(one.issuedAt)),
    one.receipt ?? one.id,
    one.proof ?? '',
  ]);
  const late = isLate ? [cliText(cli.locale, 'receipts.noProof')] : [];
  return {
    exit: isLate ? exitCodes.notChecked : exitCodes.ok,
    value: { receipts: found, renewal: record },
    lines: [...columns(rows), ...(record === null ? [] : [record]), ...late],
  };
}

/** What renews the evidence, for `hikitsugi verify --renewal`. */
async function saveRecord(folder: string, renewal: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(renewal));
  return (await writeWholeFile(join(folder, 'renewal.json'), once(bytes))).path;
}

async function fetchFile(gateway: GatewayClient, path: string, to: string): Promise<string> {
  const answer = await gateway.download(path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return (await writeWholeFile(to, once(bytes))).path;
}

/** The proof comes with the next checkpoint: seconds on a server that runs all the time. */
async function fetchProof(
  gateway: GatewayClient,
  { path, to, waitSeconds }: { readonly path: string; readonly to: string; readonly waitSeconds: number },
): Promise<string | null> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      return await fetchFile(gateway, path, to);
    } catch (error) {
      const isEarly = error instanceof GatewayRefusal && error.problem.code === 'proof.not-yet';
      if (!isEarly) throw error;
      if (performance.now() > until) return null;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
