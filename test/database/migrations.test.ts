import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.node.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const run = promisify(execFile);
const kit = resolve('node_modules/drizzle-kit/bin.cjs');
const appRole = 'hikitsugi_app';
let db: TestDatabase;
let scratch: string;

beforeAll(async () => {
  db = await createTestDatabase();
  scratch = await mkdtemp(join(tmpdir(), 'hikitsugi-migrations-'));
});
afterAll(async () => {
  await db.drop();
  await rm(scratch, { recursive: true, force: true });
});

describe('the migrations', () => {
  it('say what the tables of the rooms say: drizzle-kit finds nothing to add', async () => {
    const copy = join(scratch, 'drift');
    await cp('drizzle', copy, { recursive: true });
    const before = await readdir(copy);
    // drizzle-kit takes only a folder relative to the project.
    const env = { ...process.env, MIGRATIONS_FOLDER: relative('.', copy) };
    const { stdout } = await run(process.execPath, [kit, 'generate', '--name', 'drift'], { env });
    expect(stdout).toContain('No schema changes');
    expect(await readdir(copy)).toEqual(before);
    expect((await run(process.execPath, [kit, 'check'], { env })).stdout).toContain("Everything's fine");
  });

  it('may run twice, also at once', async () => {
    const input = { ownerUrl: db.ownerUrl, folder: 'drizzle', appRole };
    await Promise.all([migrate(input), migrate(input)]);
    const owner = postgres(db.ownerUrl, { max: 1 });
    expect(await owner`select hash from drizzle.__drizzle_migrations`).toHaveLength(1);
    await owner.end();
  });

  it('refuse a database that another version has made', async () => {
    const other = join(scratch, 'other');
    await cp('drizzle', other, { recursive: true });
    const [file = ''] = (await readdir(other)).filter((name) => name.endsWith('.sql'));
    await writeFile(join(other, file), 'create table elsewhere (n int);');
    await expect(migrate({ ownerUrl: db.ownerUrl, folder: other, appRole })).rejects.toThrow('made by another version');
  });

  it('refuse a role for the application that could bypass row level security', async () => {
    const input = { ownerUrl: db.ownerUrl, folder: 'drizzle' };
    await expect(migrate({ ...input, appRole: 'postgres' })).rejects.toThrow('could bypass');
    await expect(migrate({ ...input, appRole: 'hikitsugi_owner' })).rejects.toThrow('could bypass');
    await expect(migrate({ ...input, appRole: 'nobody_here' })).rejects.toThrow('does not exist');
  });

  it('are none in a checkout without tables, and that is no error', async () => {
    await expect(migrate({ ownerUrl: db.ownerUrl, folder: join(scratch, 'empty'), appRole })).resolves.toBeUndefined();
  });
});
