import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** `npm ci` refuses a lock that was made where the packages of other platforms were not at hand. */
it('has a version locked for every package that another one asks for, also those of other platforms', async () => {
  // Sound: npm writes this form; a lock without it fails the assertions below.
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as LockFile;
  const missing = Object.entries(packages).flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => findLocked(packages, place, name)?.version === undefined)
      .map((name) => `${place}: ${name}`),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

/** As Node looks for a package: in the folder of whoever asks, then in every folder above. */
function findLocked(packages: LockFile['packages'], place: string, name: string): LockedPackage | null {
  for (let base = place; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const found = packages[base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`];
    if (found !== undefined) return found;
    if (base === '') return null;
  }
}
