import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { type Authorities, openAuthorities } from '../../src/demo/authorities.node.ts';
import { demoPassword, personCertificatePlans } from '../../src/demo/person-certificates.ts';
import { sealHolders } from '../../src/demo/schools.ts';

export interface TemporaryAuthorities {
  readonly folder: string;
  readonly authorities: Authorities;
  remove(): Promise<void>;
}

export async function temporaryAuthorities(): Promise<TemporaryAuthorities> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-authorities-'));
  return { folder, authorities: await openIn(folder), remove: () => rm(folder, { recursive: true }) };
}

export function openIn(folder: string): Promise<Authorities> {
  return openAuthorities({
    folder,
    clock: systemClock,
    schools: sealHolders(),
    persons: personCertificatePlans,
    password: demoPassword,
  });
}
