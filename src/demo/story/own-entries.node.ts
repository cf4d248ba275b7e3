import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type HttpBrowser, logInWithOrganisation } from '../http-browser.ts';
import { demoOrganisations } from '../schools.ts';
import type { Stage } from './stage.node.ts';

const board = demoOrganisations.cityBoard;
const files = { first: 'board-entries-1.jsonl', second: 'board-entries-2.jsonl' } as const;
const listShape = z.object({ items: z.array(z.object({ id: z.string(), kind: z.string(), entries: z.number() })) });

/** The board's auditor takes the board's entries away, twice: the second time the first export is among them. */
export async function exportOwnEntries(stage: Stage): Promise<void> {
  const { narrator, folder } = stage;
  narrator.act('教育委員会が、台帳の自分の記載を書き出す', 'The board exports its own entries of the log');
  const auditor = await logInWithOrganisation(stage.origin, 'hibarino-auditor');
  const before = await waitForEntries(auditor, 1);
  await writeFile(join(folder, files.first), await download(auditor, before.id));
  // Its export is an entry as well, once the next checkpoint is there.
  const after = await waitForEntries(auditor, before.entries + 1);
  await writeFile(join(folder, files.second), await download(auditor, after.id));
  narrator.check(
    after.id === before.id,
    `${board.name}の記載 ${after.entries}件`,
    'entries of the board, and of no other',
  );
}

async function waitForEntries(auditor: HttpBrowser, least: number): Promise<{ id: string; entries: number }> {
  for (let tries = 0; tries < 120; tries++) {
    const { items } = listShape.parse((await auditor.json('GET', '/api/board/slices')).body);
    const own = items.find(({ kind }) => kind === 'board');
    if (own !== undefined && own.entries >= least) return own;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the log has not published the entries of the board');
}

async function download(auditor: HttpBrowser, slice: string): Promise<string> {
  const answer = await auditor.send('GET', `/api/board/slices/${slice}/entries`);
  if (answer.status !== 200) throw new Error(`the export of entries ended with ${answer.status}`);
  return answer.text();
}

/** The board verifies on its own, offline, against both witnesses; then one byte is altered, and one entry left out. */
export async function verifyOwnEntries(stage: Stage): Promise<void> {
  const { narrator, folder } = stage;
  narrator.act(
    '教育委員会が、自分の記載を手元で検証する（立会人2人）',
    'The board verifies its entries offline, against two witnesses',
  );
  await rm(join(folder, 'board.json'), { force: true });
  await expectVerdict(
    stage,
    files.first,
    0,
    '記載はすべて台帳にあり、抜けもない',
    'every entry is there, without a gap',
  );
  await expectVerdict(
    stage,
    files.second,
    0,
    '前回の書き出しの記載も戻ってきた',
    'the first export has come back as an entry',
  );
  const text = await readFile(join(folder, files.second), 'utf8');
  await writeFile(join(folder, 'board-altered.jsonl'), text.replace('package.deposited', 'package.depositee'));
  await expectVerdict(
    stage,
    'board-altered.jsonl',
    1,
    '1バイト変えれば、どの記載か分かる',
    'one altered byte: the entry is named',
  );
  const lines = text.split('\n');
  await writeFile(join(folder, 'board-altered.jsonl'), lines.toSpliced(4, 1).join('\n'));
  await expectVerdict(
    stage,
    'board-altered.jsonl',
    1,
    '1件抜けば、どの番号か分かる',
    'one entry left out: its number is named',
  );
  await writeFile(join(folder, 'board-altered.jsonl'), [...lines.slice(0, -3), ''].join('\n'));
  await expectVerdict(
    stage,
    'board-altered.jsonl',
    1,
    '最後の記載を隠しても分かる',
    'the last entries kept back: found',
  );
  await rm(join(folder, 'board-altered.jsonl'));
}

async function expectVerdict(stage: Stage, entries: string, status: number, ja: string, en: string): Promise<void> {
  // Somebody who has verified nothing before: what one remembers cannot be hidden any more.
  const state = status === 0 ? 'board.json' : 'board-forged.json';
  const whose = ['--board', board.code, '--entries', entries, '--state', state];
  const run = await stage.cli.run('verify-log', 'log-public', ...whose, '--policy', 'policy.txt', '--trust', 'trust');
  stage.narrator.say(run.output);
  stage.narrator.check(run.status === status, ja, en);
}
