import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { openAuthorities } from './authorities.node.ts';
import { publishTrustList } from './signed-trust.node.ts';

/**
 * Makes `certs/example/` anew: the public files of a set of development authorities whose private keys are thrown away
 * at once, so that nobody can sign under them. Run by hand: `node src/demo/example-trust.node.ts`.
 */
const target = resolve('certs/example');
const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-example-'));
try {
  const authorities = await openAuthorities({ folder, clock: systemClock, schools: [], persons: [], password: '' });
  await publishTrustList(authorities, systemClock);
  await rm(target, { recursive: true, force: true });
  await cp(authorities.trustDirectory, target, { recursive: true });
  console.log(`${target}: ${(await readdir(target)).join(', ')}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
