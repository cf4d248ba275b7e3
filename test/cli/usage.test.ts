import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { parseDocumentOperand } from '../../src/cli/document-operand.ts';
import { columns } from '../../src/cli/format.ts';
import { chooseCliLocale } from '../../src/cli/text.ts';
import { en } from '../../src/cli/texts/en.ts';
import { ja } from '../../src/cli/texts/ja.ts';
import { writeWholeFile } from '../../src/cli/whole-file.node.ts';
import { hikitsugi } from './support/command-line.ts';

describe('the command line', () => {
  it.each(Object.keys(commands))('explains %s in both languages', async (name) => {
    const [japanese, english] = [await hikitsugi([name, '--help']), await hikitsugi([name, '-h'], { locale: 'en' })];
    expect(japanese).toMatchObject({ exit: 0, error: '' });
    expect(japanese.out).toContain(`hikitsugi ${name}`);
    expect(english.out).toContain(`hikitsugi ${name}`);
    expect(english.out).not.toBe(japanese.out);
  });

  it.each([
    ['an unknown command', ['sned']],
    ['an unknown option', ['inbox', '--everything']],
    ['an operand too many', ['show', 'abcdefgh12', 'more']],
    ['a missing operand', ['show']],
    ['an id that is none', ['show', '../../etc/passwd']],
    ['a language it does not speak', ['inbox', '--lang', 'fr']],
    ['a log-in without its parts', ['login']],
    [
      'a log-in over a line in the clear',
      ['login', '--origin', 'http://school.example', '--client', 'c', '--key', 'k'],
    ],
    ['a log-in without its key', ['login', '--origin', 'https://localhost:1', '--client', 'c', '--key', 'missing.jwk']],
    ['a sending without a pupil', ['send', '--to', 'D111299900212']],
    ['a recipient and a code', ['send', '--pupil', 'p', '--to', 'D', '--code', 'c']],
    ['a document without a file', ['send', '--pupil', 'p', '--to', 'D', 'healthCard']],
    ['a kind of document that there is not', ['send', '--pupil', 'p', '--to', 'D', 'letter=a.pdf']],
    ['a kind of file that there is not', ['send', '--pupil', 'p', '--to', 'D', 'healthCard=a.docx']],
    ['a seal without the four digits', ['send', '--case', 'abcdefgh12', '--seal']],
    ['an opening without code or pupil', ['open', 'abcdefgh12', '--kana', 'カナ']],
    ['a return without a reason', ['return', 'abcdefgh12']],
    ['a withdrawal without a reason', ['withdraw', 'abcdefgh12', '--reason', ' ']],
    ['a download of nothing', ['download', 'abcdefgh12']],
    ['an export without a place', ['export-log']],
    ['a command without a profile', ['inbox', '--profile', '/nowhere/profile.json']],
  ] as const)('ends with 2 on %s, and says why in JSON when asked', async (_what, args) => {
    const told = await hikitsugi(args);
    expect(told).toMatchObject({ exit: 2, out: '' });
    expect(told.error).toMatch(/^✗ .+/);
    const json = await hikitsugi([...args, '--json']);
    expect(json).toMatchObject({ exit: 2, error: '' });
    expect(json.out).toMatch(/"title": ".+"/);
    expect(() => void JSON.parse(json.out)).not.toThrow();
  });

  it('is a program of its own with the same exit codes', () => {
    const program = 'src/cli/hikitsugi.node.ts';
    const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    expect(run('--help', '--lang', 'en')).toMatchObject({ status: 0, stderr: '' });
    expect(run('sned', '--lang=en')).toMatchObject({ status: 2, stdout: '' });
    expect(run('verify', 'missing.asice', '--trust', 'certs/example').status).toBe(3);
  });

  it('has the same places to fill in both languages', () => {
    const places = (text: string) =>
      [...text.matchAll(/\{([A-Za-z]+)\}/g)].map(([place]) => place).sort((a, b) => a.localeCompare(b));
    for (const [key, text] of Object.entries(ja)) {
      expect([key, places(en[key as keyof typeof ja])]).toEqual([key, places(text)]); // Sound: keys of ja itself.
    }
  });

  it('takes the language from --lang, then from the environment, and is Japanese otherwise', () => {
    expect(chooseCliLocale(['inbox', '--lang', 'en'], { LANG: 'ja_JP.UTF-8' })).toBe('en');
    expect(chooseCliLocale(['inbox', '--lang=ja'], { LANG: 'en_US.UTF-8' })).toBe('ja');
    expect(chooseCliLocale([], { LANG: 'en_GB.UTF-8' })).toBe('en');
    expect(chooseCliLocale([], { LANG: 'C.UTF-8' })).toBe('ja');
    expect(chooseCliLocale([], {})).toBe('ja');
  });

  it('reads a document from kind, form, title and path', () => {
    expect(parseDocumentOperand('healthCard=a=b.PDF')).toMatchObject({ form: null, title: null, path: 'a=b.PDF' });
    expect(parseDocumentOperand('other:copy:面談: 記録=x/scan.jpg')).toEqual({
      kind: 'other',
      form: 'copy',
      title: '面談: 記録',
      path: 'x/scan.jpg',
      mediaType: 'image/jpeg',
    });
  });

  it('keeps columns straight under full-width characters and variation selectors', () => {
    expect(
      columns([
        ['葛\u{E0100}城', 'x'],
        ['abc', 'y'],
      ]),
    ).toEqual(['葛\u{E0100}城  x', 'abc   y']);
  });
});

describe('a file that is saved', () => {
  it('is whole, or not there when its source breaks or it is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-whole-'));
    const path = join(folder, 'below', 'file');
    const good = async function* () {
      yield new Uint8Array([1, 2]);
      yield new Uint8Array([3]);
    };
    const broken = async function* () {
      yield new Uint8Array([1]);
      throw new Error('the line is down');
    };
    await expect(writeWholeFile(path, broken())).rejects.toThrow('the line is down');
    const refuse = () => {
      throw new Error('not what was sealed');
    };
    await expect(writeWholeFile(path, good(), refuse)).rejects.toThrow('not what was sealed');
    expect(await readdir(join(folder, 'below'))).toEqual([]);
    expect(await writeWholeFile(path, good())).toMatchObject({ bytes: 3 });
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    await rm(folder, { recursive: true });
  });
});
