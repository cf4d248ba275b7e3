import { readFile, stat } from 'node:fs/promises';
import { openPackedLog } from '../audit/log-file.ts';
import { openLogFolder } from '../audit/log-folder.node.ts';
import { noteFromBytes, parseVerifierKey, type VerifierKey } from '../audit/note.ts';
import { parseProof } from '../audit/proof-text.ts';
import { type LogReader, type LogVerdict, verifyLog as verifyExportedLog } from '../audit/verify-log.ts';
import { everyYearOf } from '../audit/witness.ts';
import type { WitnessPolicy } from '../audit/witness-policy.ts';
import { logKeyOfBytes } from '../verification/trust-material.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { readPolicy } from './read-policy.node.ts';
import { readTrust } from './read-trust.node.ts';
import { type CliLocale, cliText } from './text.ts';

/** Verifies an exported log offline: checkpoint, whole tree, entries, that it grew out of an older checkpoint. */
export async function verifyLog(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: {
      trust: { type: 'string' },
      'log-key': { type: 'string' },
      older: { type: 'string' },
      policy: { type: 'string' },
      proof: { type: 'string', multiple: true },
    },
    operands: [1, 1],
  });
  const [path = ''] = positionals;
  const read = await openLog(path);
  const checkpoint = await read('checkpoint');
  if (checkpoint === null) throw notChecked('log.unreadable', { path });
  const older = values.older === undefined ? {} : { olderCheckpoint: await readText(values.older) };
  const policy = await readPolicy(values.policy);
  const logKey = await keyFor(checkpoint, {
    policy,
    named: values['log-key'],
    trust: values.trust ?? cli.environment['HIKITSUGI_TRUST'],
    at: cli.clock.now(),
  });
  const entries = await Promise.all((values.proof ?? []).map(entryOfProof));
  const verdict = await verifyExportedLog({
    read,
    logKey,
    entries,
    ...older,
    ...(policy === undefined ? {} : { policy }),
  });
  return {
    exit: verdict.valid ? exitCodes.ok : exitCodes.failed,
    value: { log: path, ...plain(verdict) },
    lines: verdictLines(verdict, cli.locale),
  };
}

/** A folder of tiles, or the one file that a log is packed into. */
async function openLog(path: string): Promise<LogReader> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return openLogFolder(path);
  const packed = found === null ? null : openPackedLog(await readText(path));
  if (packed === null) throw notChecked('log.unreadable', { path });
  return packed;
}

async function keyFor(
  checkpoint: Uint8Array,
  from: {
    readonly policy: WitnessPolicy | undefined;
    readonly named: string | undefined;
    readonly trust: string | undefined;
    readonly at: Date;
  },
): Promise<VerifierKey> {
  if (from.named !== undefined) {
    const key = parseVerifierKey(from.named);
    if (!key.ok) throw usageError('usage.logKey');
    return key.value;
  }
  const [origin = ''] = (noteFromBytes(checkpoint) ?? '').split('\n', 1);
  const ofPolicy = from.policy?.logs.map(({ key }) => everyYearOf(key)(origin)).find((key) => key !== null);
  if (ofPolicy !== undefined) return ofPolicy;
  const trust = await readTrust({ trust: from.trust, crl: undefined, at: from.at });
  const known = logKeyOfBytes(trust, checkpoint);
  if (known === null) throw notChecked('log.keyUnknown');
  return known;
}

/** The entry that a proof carries: it must lie in this log too, not only under the proof's own checkpoint. */
async function entryOfProof(path: string): Promise<{ readonly index: bigint; readonly entry: Uint8Array }> {
  const proof = parseProof(await readText(path));
  if (!proof.ok || proof.value.extra === null) throw notChecked('file.unknown', { path });
  return { index: proof.value.index, entry: proof.value.extra };
}

async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw notChecked('file.missing', { path });
  return text;
}

function plain({ valid, checkpoint, findings, entriesChecked, slices }: LogVerdict) {
  return {
    valid,
    checkpoint:
      checkpoint === null
        ? null
        : {
            origin: checkpoint.origin,
            size: Number(checkpoint.size),
            root: Buffer.from(checkpoint.root).toString('base64'),
          },
    entriesChecked: Number(entriesChecked),
    slices: slices.size,
    findings: findings.map(plainFinding),
  };
}

function plainFinding(finding: LogVerdict['findings'][number]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(finding).map(([name, value]) => [name, String(value)]));
}

function verdictLines(verdict: LogVerdict, locale: CliLocale): readonly string[] {
  const { checkpoint, entriesChecked, slices } = verdict;
  const head =
    checkpoint === null
      ? []
      : [
          checkpoint.origin,
          cliText(locale, 'log.counts', {
            size: String(checkpoint.size),
            entries: String(entriesChecked),
            slices: slices.size,
          }),
        ];
  const findings = verdict.findings.map((finding) => `  ✗ ${Object.values(plainFinding(finding)).join('　')}`);
  const outcome = verdict.valid ? `✓ ${cliText(locale, 'log.valid')}` : `✗ ${cliText(locale, 'log.invalid')}`;
  return [...head, ...findings, outcome];
}
