import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One file of src/, with what the rules ask of it. */
export interface SourceFile {
  /** Relative to src/, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly text: string;
  readonly reExports: boolean;
  readonly defaultExport: boolean;
}

export interface Import {
  /** As written: a package, `node:…`, or a path. */
  readonly specifier: string;
  /** For a path: the file, relative to src/. */
  readonly target: string | null;
  readonly typeOnly: boolean;
}

export interface Listing {
  readonly files: readonly SourceFile[];
  /** The same folder listed by another road, to prove that no file was missed. */
  readonly listed: readonly string[];
}

/** Parses every file below a folder. Walks the folders itself; the second listing comes from a glob. */
export function readSources(root: string): Listing {
  const listed = globSync('**/*.{ts,tsx,mts,cts,js,mjs,cjs,jsx}', { cwd: root }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  return { files: walk(root, '').map((path) => parse(path, readFileSync(join(root, path), 'utf8'))), listed };
}

/** One file from its text. */
export function parse(path: string, text: string): SourceFile {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse`);
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  return {
    path,
    text,
    reExports: exported.some(({ moduleRequest }) => moduleRequest !== null),
    defaultExport: exported.some(({ exportName }) => /^Default$/.test(exportName.kind)),
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries }) => ({
        ...resolve(path, moduleRequest.value),
        typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
      })),
      ...exported.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ ...resolve(path, moduleRequest.value), typeOnly: isType }],
      ),
      ...module.dynamicImports.map(({ moduleRequest }) => ({
        ...resolve(path, literalOf(text.slice(moduleRequest.start, moduleRequest.end))),
        typeOnly: false,
      })),
    ],
  };
}

/** Stands for the specifier of a dynamic import that is not a plain string. */
export const computed = '(computed)';

function literalOf(source: string): string {
  return /^(['"`])([^'"`$]*)\1$/.exec(source)?.[2] ?? computed;
}

function resolve(path: string, specifier: string): { specifier: string; target: string | null } {
  const target = specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : null;
  return { specifier, target };
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return walk(root, path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}
