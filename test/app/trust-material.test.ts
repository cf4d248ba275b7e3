import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openAuthorities } from '../../src/demo/authorities.node.ts';
import { demoTrust } from '../../src/demo/demo-trust.node.ts';
import { developmentAnchors } from '../../src/trust-material.ts';

it('knows every authority of the demonstration world as one for development', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-trust-'));
  try {
    const authorities = await openAuthorities({
      folder,
      clock: systemClock,
      schools: [],
      persons: [],
      password: 'demo-1234',
    });
    const trust = await demoTrust(authorities);
    const all = [...trust.seal, ...trust.person, ...trust.time, ...trust.evidence].map(({ name }) => name);
    expect(all.length).toBeGreaterThan(3);
    expect([...developmentAnchors(trust)].toSorted()).toEqual(all.toSorted());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
