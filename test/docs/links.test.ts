import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const scripts = Object.keys(
  z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).scripts,
);
/** Commands of npm that are no scripts of ours. */
const npmItself = ['ci', 'install', 'exec', 'run', 'view'];
const pages = ['README.md', 'CHANGELOG.md', 'docs', 'certs', 'test/vectors']
  .filter((place) => existsSync(join(root, place)))
  .flatMap((place) => filesUnder(place, /\.md$/));

describe('the documentation', () => {
  it('is there', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/formats.md']));
  });

  it.each(pages)('%s links to what exists', (page) => {
    const broken = linksOf(textOf(page)).filter((link) => !resolves(page, link));
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s names commands that exist', (page) => {
    const code = [...textOf(page).matchAll(/^```[\s\S]*?^```|`[^`]+`/gm)].map(([found]) => found).join('\n');
    const named = [...code.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts.includes(name) && !npmItself.includes(name))).toEqual([]);
  });

  it.each(pages)('%s names files of the project that exist', (page) => {
    const named = [...withoutFences(textOf(page)).matchAll(/`((?:src|test|certs|drizzle)\/[\w./-]*)`/g)];
    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('shows every page of docs/ in its map', () => {
    const map = linksOf(textOf('docs/README.md'));
    const here = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(here.filter((name) => !map.includes(name))).toEqual([]);
  });

  it('shows every decision in its list', () => {
    const here = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
    expect(here.filter((name) => !linksOf(textOf('docs/adr/README.md')).includes(name))).toEqual([]);
  });
});

describe('comments in the code', () => {
  const sources = [...filesUnder('src', /\.tsx?$/), ...filesUnder('test', /\.tsx?$/)];

  it('cite pages of docs/ that exist, with the section they name', () => {
    const broken = sources.flatMap((path) =>
      [...textOf(path).matchAll(/docs\/(adr\/\d{4}|[\w-]+\.md)(?: §(\d+))?/g)]
        .filter(([, page = '', section]) => !isCited(page, section))
        .map(([cited]) => `${path}: ${cited}`),
    );
    expect(broken).toEqual([]);
  });

  it('name scenarios that the threat model lists', () => {
    const listed = textOf('docs/threat-model.md');
    const named = sources.flatMap((path) => [...textOf(path).matchAll(/\b[FLAZUDPX]-\d\d\b/g)].map(([id]) => id));
    expect(named).not.toEqual([]);
    expect([...new Set(named)].filter((id) => !listed.includes(id))).toEqual([]);
  });
});

function isCited(page: string, section: string | undefined): boolean {
  if (page.startsWith('adr/')) {
    return readdirSync(join(root, 'docs/adr')).some((name) => name.startsWith(`${page.slice(4)}-`));
  }
  if (!existsSync(join(root, 'docs', page))) return false;
  return section === undefined || new RegExp(`^## ${section}\\. `, 'm').test(textOf(`docs/${page}`));
}

/** Targets of links and images that stay in the project. */
function linksOf(text: string): string[] {
  const targets = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(textOf(target)).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function filesUnder(place: string, pattern: RegExp): string[] {
  if (statSync(join(root, place)).isFile()) return [place];
  return readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(place, name));
}
