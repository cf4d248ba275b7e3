import {
  cliMayUse,
  environmentReaders,
  forgeFiles,
  leaves,
  neutralBuiltins,
  nodeFiles,
  order,
  outside,
  seeders,
  typesForAll,
  vendors,
} from './order.ts';
import { computed, type Import, type Listing, type SourceFile } from './read.ts';

/** Every breach of the order of the house, as a sentence each; none means that all the files listed were seen to obey. */
export function findViolations({ files, listed }: Listing): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...(files.length === 0 ? ['no file was seen'] : []),
    ...listed.filter((path) => !paths.has(path)).map((path) => `${path} was listed but not seen`),
    ...files.filter(({ path }) => !isKnown(placeOf(path))).map(({ path }) => `${path} stands in no known place`),
    ...files.flatMap((file) => file.imports.flatMap((used) => breachesOf(file, used, paths))),
    ...files.flatMap(breachesOfText),
    ...findCycles(files),
  ];
}

/** A folder of src/, or a file at its root. */
function placeOf(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? path : path.slice(0, slash);
}

function isKnown(place: string): boolean {
  return order.flat().includes(place) || leaves.includes(place) || typesForAll.includes(place) || place in outside;
}

function breachesOf(file: SourceFile, used: Import, paths: ReadonlySet<string>): string[] {
  const { target, specifier } = used;
  if (target === null) return breachesOfPackage(file, used);
  if (!paths.has(target)) return [`${file.path} imports ${specifier}, which is not in src/`];
  const breach =
    orderBreach(file.path, target, used.typeOnly) ?? privacyBreach(file.path, used) ?? nodeBreach(file.path, target);
  return breach === null ? [] : [`${file.path} → ${target}: ${breach}`];
}

function orderBreach(from: string, to: string, typeOnly: boolean): string | null {
  const [here, there] = [placeOf(from), placeOf(to)];
  if (here === there && from.includes('/')) return null;
  if (typesForAll.includes(to) && typeOnly) return null;
  if (leaves.includes(there)) return null;
  if (leaves.includes(here)) return 'a leaf uses leaves alone';
  if (here in outside) return outsideBreach(here, there);
  if (there in outside) return `nobody of the house uses ${there}/`;
  if (here === 'app-env.ts') return typeOnly ? null : 'app-env.ts holds types alone';
  if (there === 'app-env.ts') return 'app-env.ts is for types alone';
  return rank(here) < rank(there) ? null : `${here} stands below or beside ${there}`;
}

function outsideBreach(here: string, there: string): string | null {
  if (there in outside) return outside[here]?.includes(there) ? null : `${here}/ does not use ${there}/`;
  if (here === 'cli' && !cliMayUse.includes(there)) return 'the command line uses the public API and pure verification';
  return null;
}

function rank(place: string): number {
  return order.findIndex((line) => line.includes(place));
}

/** A room's verbs and rules are for others; its queries and tables are its own. */
function privacyBreach(from: string, { target, typeOnly }: Import): string | null {
  if (target === null || placeOf(from) === placeOf(target)) return null;
  const isTables = target.endsWith('/tables.ts');
  if (!isTables && !target.endsWith('/store.ts')) return null;
  if (target === 'objects/store.ts') return null; // the interface of the object store, no queries
  if (isTables && (seeders.some((seeder) => seeder.test(from)) || (typeOnly && from.endsWith('/tables.ts'))))
    return null;
  return `${isTables ? 'tables' : 'queries'} of another room`;
}

function nodeBreach(from: string, to: string): string | null {
  const needsNode = /\.node\.tsx?$/.test(to);
  return needsNode && !isNodeFile(from) ? 'a file that runs in workerd too uses one that is for Node alone' : null;
}

function breachesOfPackage(file: SourceFile, { specifier, typeOnly }: Import): string[] {
  if (specifier.startsWith('node:')) {
    if (neutralBuiltins.includes(specifier) || isNodeFile(file.path) || typeOnly) return [];
    return [`${file.path} uses ${specifier}, which workerd lacks`];
  }
  if (specifier === computed) {
    return isNodeFile(file.path) ? [] : [`${file.path} computes what it imports`];
  }
  const name = packageOf(specifier);
  const rooms = vendors[name];
  if (rooms === undefined) return [`${file.path} uses ${name}, which no room is given`];
  const room = file.path.includes('/') ? placeOf(file.path) : 'root';
  if (!rooms.includes('*') && !rooms.includes(room))
    return [`${file.path} uses ${name}, which belongs to ${rooms.join(', ')}`];
  if (name === 'node-forge' && !forgeFiles.some((allowed) => allowed.test(file.path))) {
    return [`${file.path} uses node-forge outside PKCS#12 and the demonstration authority`];
  }
  return [];
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function isNodeFile(path: string): boolean {
  return nodeFiles.some((pattern) => pattern.test(path));
}

function breachesOfText({ path, text, reExports, defaultExport }: SourceFile): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const breaches: string[] = [];
  if (/\bsql\.raw\b/.test(code) && placeOf(path) !== 'database') breaches.push('sql.raw is for database/ alone');
  if (/\bprocess\.env\b/.test(code) && !environmentReaders.some((reader) => reader.test(path))) {
    breaches.push('reads the environment, which settings.ts describes and main.ts hands over');
  }
  if (reExports) breaches.push('re-exports');
  if (defaultExport && path !== 'worker.ts') breaches.push('has a default export');
  return breaches.map((breach) => `${path} ${breach}`);
}

/** Cycles between files. Types of the gateway and of a request's environment are known to everybody and count for none. */
function findCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, edgesOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(path: string, way: readonly string[]): void {
    const start = way.indexOf(path);
    if (start !== -1) cycles.push(`cycle: ${[...way.slice(start), path].join(' → ')}`);
    if (start !== -1 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  }
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

function edgesOf({ imports }: SourceFile): string[] {
  return imports.flatMap(({ target, typeOnly }) =>
    target === null || (typeOnly && typesForAll.includes(target)) ? [] : [target],
  );
}
