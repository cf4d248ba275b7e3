import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { logAt } from '../../src/audit/log-name.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { caseAt } from '../hostile/support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { hikitsugi } from './support/command-line.ts';

const listShape = z.object({
  items: z.array(z.object({ id: z.string(), kind: z.string(), entries: z.number() })),
});

const toldShape = z.object({
  kind: z.string(),
  owner: z.string(),
  valid: z.boolean(),
  entries: z.number(),
  entriesChecked: z.number(),
  findings: z.array(z.object({ code: z.string() })),
  remembered: z.boolean(),
});
const lineShape = z.object({ index: z.number(), entry: z.string() });

/** As an auditor does on a machine of the board's: entries by the page, the public log by the command, the rest offline. */
describe('hikitsugi verify-log --board', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let folder: string;
  let logKey: string;
  const board = codeOf('cityBoard');

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-own-entries-'));
    await caseAt(world, { upTo: 'opened' });
    const key = await world.running.gateway.log.keyOf(
      logAt(world.running.gateway.settings.LOG_ORIGIN, world.clock.now()).origin,
    );
    if (key === null) throw new Error('the log has no key');
    logKey = formatVerifierKey(key);
    await exportEntries(await world.as('hibarino-auditor'));
    const exported = await hikitsugi(['export-log', '--out', at('log'), '--origin', world.origin]);
    expect([exported.exit, exported.error]).toEqual([0, '']);
  }, 180_000);
  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (name: string) => join(folder, name);

  async function exportEntries(auditor: Session): Promise<void> {
    const id = await vi.waitFor(
      async () => {
        const answer = await auditor.send('GET', '/api/board/slices');
        const own = listShape.parse(await answer.json()).items.find(({ kind }) => kind === 'board');
        if (own === undefined || own.entries < 6) throw new Error('the log has not published the entries of the board');
        return own.id;
      },
      { timeout: 30_000, interval: 500 },
    );
    const answer = await auditor.send('GET', `/api/board/slices/${id}/entries`);
    expect(answer.status).toBe(200);
    await writeFile(at('entries.jsonl'), await answer.text());
  }

  async function verify(options: { owner?: string; entries?: string; state?: string; more?: readonly string[] } = {}) {
    const { owner = board, entries = 'entries.jsonl', state, more = [] } = options;
    const own = ['--board', owner, '--entries', at(entries), '--log-key', logKey];
    const kept = state === undefined ? [] : ['--state', at(state)];
    return hikitsugi(['verify-log', at('log'), ...own, ...kept, ...more], { locale: 'en' });
  }

  it('proves all entries offline, remembers, and says what it was not asked to check', async () => {
    const first = await verify({ state: 'board.json' });
    expect([first.exit, first.error]).toEqual([0, '']);
    for (const line of ['every entry is in the log', 'verified for the first time', 'no --policy']) {
      expect(first.out).toContain(line);
    }
    const second = await verify({ state: 'board.json', more: ['--json'] });
    expect(second.exit).toBe(0);
    const told = toldShape.parse(JSON.parse(second.out));
    expect(told).toMatchObject({ kind: 'board', owner: board, valid: true, findings: [], remembered: true });
    expect(told.entries).toBeGreaterThan(5);
    expect(told.entriesChecked).toBe(told.entries);
    expect((await verify()).out).toContain('no --state');
  });

  it.each([
    [
      'an altered byte',
      (lines: string[]) => lines.map((line) => line.replace('package.deposited', 'package.depositee')),
      'entry.not-included',
    ],
    ['an entry left out', (lines: string[]) => lines.toSpliced(3, 1), 'slice.gap'],
    [
      'two under each other’s place',
      (lines: string[]) => lines.toSpliced(3, 2, swapped(lines, 3), swapped(lines, 4)),
      'entry.not-included',
    ],
    ['the last ones kept back', (lines: string[]) => [...lines.slice(0, -3), ''], 'slice.short'],
  ])('finds %s, and does not remember it', async (_, forge, code) => {
    const text = await readFile(at('entries.jsonl'), 'utf8');
    const forged = forge(text.split('\n')).join('\n');
    expect(forged).not.toBe(text);
    await writeFile(at('forged.jsonl'), forged);
    const ran = await verify({ entries: 'forged.jsonl', state: 'forged.json', more: ['--json'] });
    expect([ran.exit, ran.error]).toEqual([1, '']);
    const told = toldShape.parse(JSON.parse(ran.out));
    expect([told.valid, told.findings[0]?.code]).toEqual([false, code]);
    await expect(readFile(at('forged.json'))).rejects.toThrow('ENOENT');
  });

  it('takes the lines of an export in any order: each says its place', async () => {
    const [head = '', ...lines] = (await readFile(at('entries.jsonl'), 'utf8')).trimEnd().split('\n');
    await writeFile(at('reversed.jsonl'), `${[head, ...lines.toReversed()].join('\n')}\n`);
    expect((await verify({ entries: 'reversed.jsonl' })).exit).toBe(0);
  });

  it('does not take the entries of one board for those of another', async () => {
    const ran = await verify({ owner: codeOf('prefectureBoard') });
    expect([ran.exit, ran.out.includes('every entry is in the log')]).toEqual([1, false]);
  });

  it('says what it needs, and what it could not read', async () => {
    const own = ['--entries', at('entries.jsonl'), '--log-key', logKey];
    const whose = ['--board', board, '--school', codeOf('juniorHigh')];
    expect((await hikitsugi(['verify-log', at('log'), ...whose, ...own])).exit).toBe(2);
    expect((await hikitsugi(['verify-log', at('log'), '--board', board, '--log-key', logKey])).exit).toBe(2);
    await writeFile(at('damaged'), 'not what it should be');
    const ofEntries = await verify({ entries: 'damaged' });
    const ofState = await verify({ state: 'damaged' });
    expect([ofEntries.exit, ofState.exit, ofEntries.out + ofState.out]).toEqual([3, 3, '']);
    expect(await readFile(at('damaged'), 'utf8')).toBe('not what it should be');
  });
});

/** The entry of one of the lines 3 and 4 with the index of the other. */
function swapped(lines: readonly string[], at: 3 | 4): string {
  const [{ index }, { entry }] = [lineAt(lines, at), lineAt(lines, 7 - at)];
  return JSON.stringify({ index, entry });
}

function lineAt(lines: readonly string[], at: number) {
  return lineShape.parse(JSON.parse(lines[at] ?? ''));
}
