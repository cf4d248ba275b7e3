import { z } from 'zod';
import { fromBase64, toBase64 } from '../audit/bytes.ts';
import { parseNote } from '../audit/note.ts';
import { parseSliceFile, type SliceFile } from '../audit/slice-file.ts';
import { openSliceMemory, type SliceMemoryFile } from '../audit/slice-memory.node.ts';
import type { SliceKind } from '../audit/slice-statement.ts';
import type { LogReader } from '../audit/verify-log.ts';
import { type SliceToVerify, type SliceVerdict, verifySlice } from '../audit/verify-slice.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { findingLines, plainFinding } from './finding-lines.ts';
import { entryOfProof, logKeyFor, openGatewayLog, openLogPlace, readText } from './log-source.node.ts';
import { readPolicy } from './read-policy.node.ts';
import { type CliLocale, cliText } from './text.ts';

export interface OwnEntriesOptions {
  readonly board?: string | undefined;
  readonly school?: string | undefined;
  /** Files that were exported for them. */
  readonly entries?: readonly string[] | undefined;
  /** Where it is remembered what was verified. */
  readonly state?: string | undefined;
  readonly policy?: string | undefined;
  readonly trust?: string | undefined;
  readonly 'log-key'?: string | undefined;
  readonly proof?: readonly string[] | undefined;
  readonly details?: string | undefined;
  /** The public log: a folder, or the gateway itself. */
  readonly path: string | undefined;
  readonly origin?: string | undefined;
}

/** `verify-log --board` and `--school`: own entries against the public tiles, and against what was seen before. */
export async function verifyOwnEntries(options: OwnEntriesOptions, cli: Cli): Promise<CommandResult> {
  const { kind, owner } = whoseEntries(options);
  const files = await Promise.all((options.entries ?? []).map(readSliceFile));
  const read = await openPublicLog(options, files);
  const checkpoint = await read('checkpoint');
  if (checkpoint === null) throw notChecked('log.unreadable', { path: options.path ?? options.origin ?? '' });
  const policy = await readPolicy(options.policy);
  const trust = options.trust ?? cli.environment['HIKITSUGI_TRUST'];
  const logKey = await logKeyFor(checkpoint, { policy, named: options['log-key'], trust, at: cli.clock.now() });
  const held = await Promise.all((options.proof ?? []).map(entryOfProof));
  const details = options.details === undefined ? [] : await readDetails(options.details);
  const memory = options.state === undefined ? null : await openMemory(options.state, { kind, owner });
  try {
    const known = memory?.recall(logKey.name) ?? null;
    const input: SliceToVerify = { read, logKey, kind, owner, files, held, details, memory: known };
    const verdict = await verifySlice(policy === undefined ? input : { ...input, policy });
    if (memory !== null && verdict.memory !== null) await memory.keep(logKey.name, verdict.memory);
    return {
      exit: verdict.valid ? exitCodes.ok : exitCodes.failed,
      value: { kind, owner, ...plain(verdict), remembered: options.state !== undefined },
      lines: lines(verdict, { owner, isFirst: known === null, options }, cli.locale),
    };
  } finally {
    await memory?.close();
  }
}

function whoseEntries({ board, school, entries = [] }: OwnEntriesOptions): { kind: SliceKind; owner: string } {
  if ((board === undefined) === (school === undefined) || entries.length === 0) throw usageError('usage.ownEntries');
  return board === undefined ? { kind: 'school', owner: school ?? '' } : { kind: 'board', owner: board };
}

async function openPublicLog({ path, origin }: OwnEntriesOptions, files: readonly SliceFile[]): Promise<LogReader> {
  if (path !== undefined) return openLogPlace(path);
  if (origin === undefined || !URL.canParse(origin)) throw usageError('usage.ownEntries');
  const note = parseNote(files[0]?.statement ?? '');
  const year = note.ok ? /^log .*\/(\d{4})$/m.exec(note.value.text)?.[1] : undefined;
  if (year === undefined) throw notChecked('log.unreadable', { path: origin });
  return openGatewayLog(new URL(origin).origin, year);
}

async function readSliceFile(path: string): Promise<SliceFile> {
  const file = parseSliceFile(await readText(path));
  if (!file.ok) throw notChecked('entries.malformed', { path, line: file.fault.line });
  return file.value;
}

const detailShape = z.object({ index: z.number().int().nonnegative(), opened: z.base64() });

/** JSON lines `{"index": …, "opened": "<base64 of salt and detail>"}`. */
async function readDetails(path: string): Promise<NonNullable<SliceToVerify['details']>> {
  const lines = (await readText(path)).split('\n').filter((line) => line !== '');
  return lines.map((line, at) => {
    const detail = parseDetail(line);
    if (detail === null) throw notChecked('entries.malformed', { path, line: at + 1 });
    return detail;
  });
}

function parseDetail(line: string): { readonly index: bigint; readonly opened: Uint8Array } | null {
  try {
    const { index, opened } = detailShape.parse(JSON.parse(line));
    const bytes = fromBase64(opened);
    return bytes === null ? null : { index: BigInt(index), opened: bytes };
  } catch {
    return null;
  }
}

async function openMemory(
  path: string,
  whose: { readonly kind: SliceKind; readonly owner: string },
): Promise<SliceMemoryFile> {
  const opened = await openSliceMemory(path, whose);
  if (!opened.ok) throw notChecked(`state.${opened.fault}`, { path });
  return opened.value;
}

function plain({ valid, checkpoint, entries, entriesChecked, awaited, findings }: SliceVerdict) {
  const head =
    checkpoint === null
      ? null
      : { origin: checkpoint.origin, size: Number(checkpoint.size), root: toBase64(checkpoint.root) };
  return {
    valid,
    checkpoint: head,
    entries: Number(entries),
    entriesChecked: Number(entriesChecked),
    awaited,
    findings: findings.map(plainFinding),
  };
}

function lines(
  verdict: SliceVerdict,
  about: { readonly owner: string; readonly isFirst: boolean; readonly options: OwnEntriesOptions },
  locale: CliLocale,
): readonly string[] {
  const { checkpoint, entries, entriesChecked, awaited, valid } = verdict;
  const head =
    checkpoint === null
      ? []
      : [
          `${checkpoint.origin}　${about.owner}`,
          cliText(locale, 'own.counts', {
            size: String(checkpoint.size),
            entries: String(entries),
            checked: String(entriesChecked),
          }),
        ];
  const remarks = [
    ...(about.options.policy === undefined ? [cliText(locale, 'own.noPolicy')] : []),
    ...(about.options.state === undefined ? [cliText(locale, 'own.noState')] : []),
    ...(about.options.state !== undefined && about.isFirst ? [cliText(locale, 'own.first')] : []),
    ...(valid && awaited > 0 ? [cliText(locale, 'own.awaited', { awaited })] : []),
  ].map((remark) => `  — ${remark}`);
  const outcome = valid ? `✓ ${cliText(locale, 'own.valid')}` : `✗ ${cliText(locale, 'own.invalid')}`;
  return [...head, ...findingLines(verdict.findings, locale), ...remarks, outcome];
}
