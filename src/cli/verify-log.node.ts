import { type LogVerdict, verifyLog as verifyExportedLog } from '../audit/verify-log.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { findingLines, plainFinding } from './finding-lines.ts';
import { entryOfProof, logKeyFor, openLogPlace, readText } from './log-source.node.ts';
import { readPolicy } from './read-policy.node.ts';
import { type CliLocale, cliText } from './text.ts';
import { verifyOwnEntries } from './verify-own-entries.node.ts';

/** Verifies an exported log offline: checkpoint, whole tree, entries, that it grew out of an older checkpoint. */
export async function verifyLog(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: {
      trust: { type: 'string' },
      'log-key': { type: 'string' },
      older: { type: 'string' },
      policy: { type: 'string' },
      proof: { type: 'string', multiple: true },
      board: { type: 'string' },
      school: { type: 'string' },
      entries: { type: 'string', multiple: true },
      state: { type: 'string' },
      details: { type: 'string' },
      origin: { type: 'string' },
    },
    operands: [0, 1],
  });
  const [path] = positionals;
  const { board, school } = values;
  if (board !== undefined || school !== undefined) return verifyOwnEntries({ ...values, path }, cli);
  if (path === undefined) throw usageError('usage.operandMissing');
  const read = await openLogPlace(path);
  const checkpoint = await read('checkpoint');
  if (checkpoint === null) throw notChecked('log.unreadable', { path });
  const older = values.older === undefined ? {} : { olderCheckpoint: await readText(values.older) };
  const policy = await readPolicy(values.policy);
  const logKey = await logKeyFor(checkpoint, {
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
  const findings = findingLines(verdict.findings, locale);
  const outcome = verdict.valid ? `✓ ${cliText(locale, 'log.valid')}` : `✗ ${cliText(locale, 'log.invalid')}`;
  return [...head, ...findings, outcome];
}
