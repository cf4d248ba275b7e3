import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handCommands, missingTools, runByHand } from '../../src/demo/story/hand-commands.node.ts';
import { replaced } from '../crypto/pdf/support/contract.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from '../demo/temporary-authorities.ts';
import { makeSealedFolder, swapDocument } from './support/sealed-folder.ts';

const missing = missingTools();
if (missing.length > 0) console.warn(`${missing.join(', ')} not installed: docs/verify-by-hand.md is not run`);

describe.skipIf(missing.length > 0)('docs/verify-by-hand.md', () => {
  let temporary: TemporaryAuthorities;
  let commands: ReturnType<typeof handCommands>;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    commands = handCommands(await readFile('docs/verify-by-hand.md', 'utf8'));
  });
  afterAll(() => temporary.remove());

  it.each([
    ['an RSA seal', 'juniorHigh'],
    ['an elliptic-curve seal', 'cityHigh'],
  ] as const)('verifies containers, manifest and receipt under %s, by its own commands', async (_seal, school) => {
    const folder = await makeSealedFolder(temporary, school);
    const run = runByHand(commands, folder);
    expect(run.status, run.output).toBe(0);
    expect(run.output.match(/CAdES Verification successful/g)).toHaveLength(3);
    expect(run.output.match(/Verification: OK/g)).toHaveLength(3);
    expect(run.output.match(/Verified OK/g)).toHaveLength(2);
    expect(run.output).toContain('records/02-cumulativeRecordCore.json: OK');
  });

  it('names a step for each question', () => {
    // Of the receipts: one by itself, and those of an evidence bundle.
    const steps = ['1.', '2.', '3.', '4.', '5.', '6.', '6.', '7.'];
    expect(commands.map(({ heading }) => heading.slice(0, 2))).toEqual(steps);
  });

  it.each([
    ['a changed document', 'records.asice', /02-cumulativeRecordCore\.json: FAILED/],
    ['another manifest', 'manifest.jws.json', /Verification failure|differ/i],
    ['a changed PDF', 'signed.pdf', /CMS_verify|digest failure/i],
  ] as const)('fails on %s', async (_what, file, says) => {
    const folder = await makeSealedFolder(temporary, 'juniorHigh');
    const at = join(folder, file);
    if (file === 'signed.pdf') await writeFile(at, replaced(await readFile(at), '/MediaBox', '/mediaBox'));
    else if (file === 'records.asice') await swapDocument(at, at);
    else await cp(join(await makeSealedFolder(temporary, 'cityHigh'), file), at);
    const run = runByHand(commands, folder);
    expect(run.status).not.toBe(0);
    expect(run.output).toMatch(says);
  });
});
