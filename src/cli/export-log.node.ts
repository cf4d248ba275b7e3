import { join } from 'node:path';
import { parseCheckpoint } from '../audit/checkpoint.ts';
import { schoolYearAt } from '../audit/log-name.ts';
import { noteFromBytes, parseNote } from '../audit/note.ts';
import { newTiles, tilePath } from '../audit/tiles.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { GatewayRefusal, notChecked, usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { profilePath, readProfile } from './profile.node.ts';
import { reach } from './reach.ts';
import { cliText } from './text.ts';
import { writeWholeFile } from './whole-file.node.ts';

/** Fetches the public half of a log, checkpoint and tiles of hashes, as a folder for `verify-log`; needs no log-in. */
export async function exportLog(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values } = readArguments(args, {
    options: { origin: { type: 'string' }, year: { type: 'string' }, out: { type: 'string' } },
    operands: [0, 0],
  });
  const { out: folder } = values;
  const year = values.year ?? String(schoolYearAt(cli.clock.now()));
  if (folder === undefined || !/^\d{4}$/.test(year)) throw usageError('usage.exportLog');
  const origin = values.origin ?? (await readProfile(profilePath(values.profile, cli.environment))).origin;
  const read = (path: string) => readPublic(origin, `/log/${year}/${path}`);
  const checkpoint = await read('checkpoint');
  const note = parseNote(noteFromBytes(checkpoint) ?? '');
  const head = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!head.ok) throw notChecked('log.unreadable', { path: `${origin}/log/${year}` });
  const tiles = newTiles(0n, head.value.size).filter(({ level }) => level !== 'entries');
  for (const tile of tiles) await write(join(folder, tilePath(tile)), await read(tilePath(tile)));
  // Last, so that a folder with a checkpoint is a whole one.
  await write(join(folder, 'checkpoint'), checkpoint);
  const size = Number(head.value.size);
  return {
    exit: exitCodes.ok,
    value: { folder, origin: head.value.origin, size, files: tiles.length + 1 },
    lines: [cliText(cli.locale, 'exportLog.done', { folder, size, origin: head.value.origin })],
  };
}

async function readPublic(origin: string, path: string): Promise<Uint8Array> {
  const answer = await reach(() => fetch(`${origin}${path}`, { redirect: 'error' }), origin);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const title = `HTTP ${answer.status} ${path}`;
  throw new GatewayRefusal({ title, status: answer.status, detail: '', code: 'http.unexpected', requestId: '' });
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await writeWholeFile(
    path,
    (async function* () {
      yield bytes;
    })(),
  );
}
