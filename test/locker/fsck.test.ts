import { randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { caseKeys } from '../../src/locker/tables.ts';
import { newCase, openWorld, pieces, store, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world.close());

it('fsck finds nothing wrong where nothing is wrong, and each thing that is', async () => {
  const caseId = await newCase(world);
  const made = [];
  for (const size of [0, 16_384, 100_000, 100_000, 100_000, 100_000]) {
    made.push((await store(world, caseId, randomBytes(size))).reservation);
  }
  expect(await world.locker.fsck()).toEqual({ checked: 6, problems: [] });

  const [, , missing, short, first, last] = made;
  if (!missing || !short || !first || !last) throw new Error('not made');
  const fileOf = (key: string): string => path.join(world.folder, 'objects', key);
  await world.objects.delete(missing.objectKey);
  await truncate(fileOf(short.objectKey), 70_000);
  for (const [damaged, at] of [
    [first, 100],
    [last, -1],
  ] as const) {
    const bytes = await readFile(fileOf(damaged.objectKey));
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    await writeFile(fileOf(damaged.objectKey), bytes);
  }
  await world.objects.put('objects/00/stray', pieces(randomBytes(10)));
  const lost = await store(world, await newCase(world), randomBytes(10));
  await world.test.database.transaction(systemScope('locker'), async (tx) => {
    await tx.delete(caseKeys).where(eq(caseKeys.caseId, lost.reservation.caseId));
  });

  const report = await world.locker.fsck();
  expect(report.checked).toBe(7);
  expect(new Set(report.problems)).toEqual(
    new Set([
      { kind: 'object-missing', objectId: missing.objectId },
      { kind: 'object-size', objectId: short.objectId },
      { kind: 'object-damaged', objectId: first.objectId },
      { kind: 'object-damaged', objectId: last.objectId },
      { kind: 'no-key', objectId: lost.reservation.objectId },
      { kind: 'object-without-row', objectKey: 'objects/00/stray' },
    ]),
  );
});

it('fsck tells a key that does not open from a damaged object', async () => {
  const caseId = await newCase(world);
  const { reservation } = await store(world, caseId, randomBytes(10));
  const admin = postgres(world.test.adminUrl, { max: 1 });
  await admin`update case_keys set month = '2020-01' where case_id = ${caseId}`;
  await admin.end();
  const { problems } = await world.locker.fsck();
  expect(problems).toContainEqual({ kind: 'key-refused', objectId: reservation.objectId });
});
