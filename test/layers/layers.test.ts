import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findViolations } from './check.ts';
import { order } from './order.ts';
import { parse, readSources } from './read.ts';

describe('the order of the house', () => {
  const real = readSources(join(import.meta.dirname, '..', '..', 'src'));

  it('holds in every file of src/, and every file was seen', () => {
    expect(findViolations(real)).toEqual([]);
    expect(real.files.map(({ path }) => path).toSorted()).toEqual(real.listed.toSorted());
    expect(real.files.length).toBeGreaterThan(300);
    expect(real.files.flatMap(({ imports }) => imports).length).toBeGreaterThan(1500);
  });

  it('reads the imports of a file in all their forms', () => {
    const text = `
      import './a.ts'; import b from 'b'; import { type C } from '../c.ts'; import type { D } from 'd';
      export { e } from './e.ts'; const f = await import('f'); const g = await import(\`\${f}\`);`;
    const found = parse('web/x.ts', text).imports.map(({ specifier, target, typeOnly }) => [
      specifier,
      target,
      typeOnly,
    ]);
    expect(found).toEqual([
      ['./a.ts', 'web/a.ts', false],
      ['b', null, false],
      ['../c.ts', 'c.ts', true],
      ['d', null, true],
      ['./e.ts', 'web/e.ts', false],
      ['f', null, false],
      ['(computed)', null, false],
    ]);
  });

  const seeded: readonly (readonly [what: string, files: Readonly<Record<string, string>>, finding: string])[] = [
    [
      'a room above',
      { 'crypto/a.ts': use('../transfers/b.ts'), 'transfers/b.ts': '' },
      'crypto stands below or beside transfers',
    ],
    [
      'a neighbour',
      { 'records/a.ts': use('../locker/b.ts'), 'locker/b.ts': '' },
      'records stands below or beside locker',
    ],
    [
      'a type of a room above',
      { 'web/a.ts': "import type { B } from '../board/b.ts';", 'board/b.ts': '' },
      'web stands below',
    ],
    [
      'a room above, when asked for late',
      { 'crypto/a.ts': "await import('../identity/b.ts');", 'identity/b.ts': '' },
      'crypto stands below',
    ],
    [
      'a room above, passed on',
      { 'crypto/a.ts': "export { b } from '../identity/b.ts';", 'identity/b.ts': '' },
      'crypto stands below',
    ],
    [
      'the gateway as a value',
      { 'policy/a.ts': use('../gateway.ts'), 'gateway.ts': '' },
      'policy stands below or beside gateway.ts',
    ],
    [
      'a root file from a room',
      { 'board/a.ts': use('../app.ts'), 'app.ts': '' },
      'board stands below or beside app.ts',
    ],
    [
      'the environment of a request as a value',
      { 'transfers/a.ts': use('../app-env.ts'), 'app-env.ts': '' },
      'app-env.ts is for types alone',
    ],
    ['a leaf that leans on a room', { 'faults.ts': use('./web/b.ts'), 'web/b.ts': '' }, 'a leaf uses leaves alone'],
    [
      'the queries of another room',
      { 'transfers/a.ts': use('../directory/store.ts'), 'directory/store.ts': '' },
      'queries of another room',
    ],
    [
      'the tables of another room',
      { 'transfers/a.ts': use('../directory/tables.ts'), 'directory/tables.ts': '' },
      'tables of another room',
    ],
    ['the demonstration', { 'board/a.ts': use('../demo/b.ts'), 'demo/b.ts': '' }, 'nobody of the house uses demo/'],
    [
      'a room from the command line',
      { 'cli/a.ts': use('../transfers/b.ts'), 'transfers/b.ts': '' },
      'the command line uses the public API',
    ],
    ['a file for Node', { 'objects/a.ts': use('./b.node.ts'), 'objects/b.node.ts': '' }, 'one that is for Node alone'],
    ['a part of Node', { 'objects/a.ts': use('node:fs/promises') }, 'uses node:fs/promises, which workerd lacks'],
    ['a stranger’s package', { 'board/a.ts': use('jose') }, 'uses jose, which belongs to crypto'],
    ['a package nobody was given', { 'board/a.ts': use('left-pad') }, 'uses left-pad, which no room is given'],
    ['node-forge in a verification', { 'records/verify.ts': use('node-forge') }, 'uses node-forge outside PKCS#12'],
    ['a computed import', { 'board/a.ts': "await import('./' + name);" }, 'computes what it imports'],
    ['raw SQL', { 'board/a.ts': "const q = sql.raw('x');" }, 'sql.raw is for database/ alone'],
    ['the environment', { 'board/a.ts': "const q = process.env['X'];" }, 'reads the environment'],
    ['a re-export', { 'board/a.ts': "export { x } from './b.ts';", 'board/b.ts': '' }, 're-exports'],
    ['a default export', { 'board/a.ts': 'export default 1;' }, 'has a default export'],
    [
      'a circle',
      { 'board/a.ts': use('./b.ts'), 'board/b.ts': use('./c.ts'), 'board/c.ts': use('./a.ts') },
      'cycle: board/a.ts → board/b.ts → board/c.ts → board/a.ts',
    ],
    ['an unknown folder', { 'helpers/a.ts': '' }, 'helpers/a.ts stands in no known place'],
    ['an unknown file at the root', { 'util.ts': '' }, 'util.ts stands in no known place'],
    ['a file that is not there', { 'board/a.ts': use('./gone.ts') }, 'which is not in src/'],
  ];

  it.each(seeded)('finds %s', (_what, files, finding) => {
    const parsed = Object.entries(files).map(([path, text]) => parse(path, text));
    const violations = findViolations({ files: parsed, listed: Object.keys(files) });
    expect(violations.join('\n')).toContain(finding);
  });

  it('does not mistake a comment for a breach', () => {
    const files = [parse('board/a.ts', '// sql.raw is banned\n/** process.env too */\nexport const a = 1;')];
    expect(findViolations({ files, listed: ['board/a.ts'] })).toEqual([]);
  });

  it('says so when a listed file was not seen, and when there was none', () => {
    expect(findViolations({ files: [], listed: [] })).toEqual(['no file was seen']);
    const files = [parse('board/a.ts', '')];
    expect(findViolations({ files, listed: ['board/a.ts', 'board/b.ts'] })).toEqual([
      'board/b.ts was listed but not seen',
    ]);
  });

  it('sees every file of a folder, whatever its ending', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-layers-'));
    try {
      const names = ['a.ts', 'web/b.tsx', 'web/deep/er/c.mjs', 'web/d.css'];
      for (const name of names) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), '');
      }
      const { files, listed } = readSources(folder);
      expect(files.map(({ path }) => path).toSorted()).toEqual(['a.ts', 'web/b.tsx', 'web/deep/er/c.mjs']);
      expect(listed.toSorted()).toEqual(['a.ts', 'web/b.tsx', 'web/deep/er/c.mjs']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names every place once', () => {
    expect(new Set(order.flat()).size).toBe(order.flat().length);
  });
});

function use(specifier: string): string {
  return `import { b } from '${specifier}';\nb();`;
}
