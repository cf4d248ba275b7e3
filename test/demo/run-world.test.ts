import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoGuide } from '../../src/demo/guide.ts';
import { listenOnLoopback } from '../../src/demo/loopback.node.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { portsFrom, runWorld, welcome } from '../../src/demo/run-world.node.ts';
import { demoAccounts } from '../../src/demo/staff.ts';

describe('npm start', () => {
  it('takes its ports from the environment, else the usual ones, and refuses what is no port', () => {
    expect(portsFrom({})).toMatchObject({ gateway: 8787 });
    expect(portsFrom({ PORT: '9000', DEMO_POSTGRES_PORT: '0' })).toMatchObject({ gateway: 9000, postgres: 0 });
    expect(() => portsFrom({ PORT: 'http' })).toThrow('PORT is not a port');
    expect(() => portsFrom({ PORT: '65536' })).toThrow('PORT is not a port');
  });

  it('says who can log in how', () => {
    const linkingCodes = new Map([['sakura', 'ABCDE-FGHJK']]);
    const guide = demoGuide({
      machines: [],
      linkingCodes,
      certificateFile: async () => null,
      documents: [],
      documentFile: async () => null,
    });
    const text = welcome('http://localhost:8787', guide);
    for (const { name } of demoAccounts) expect(text).toContain(name);
    for (const word of ['http://localhost:8787', 'sakura.p12', 'ABCDE-FGHJK', demoPassword, '２校を兼務']) {
      expect(text).toContain(word);
    }
  });

  it('tells in one line that a port is in use, and which settings change it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-run-'));
    const other = await listenOnLoopback(createServer(), 0);
    const printed: string[] = [];
    await runWorld({
      folder,
      ports: { gateway: other.port },
      serve: async () => {
        throw new Error('not reached');
      },
      print: (text) => printed.push(text),
    });
    expect(printed.join('\n')).toContain(`Port ${other.port} is in use`);
    expect(printed.join('\n')).toContain('DEMO_POSTGRES_PORT');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    await other.close();
    await rm(folder, { recursive: true });
  });

  it('tells in one line that two of its own parts were to have one port', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-run-'));
    const printed: string[] = [];
    await runWorld({
      folder,
      ports: portsFrom({ PORT: '8791', DEMO_POSTGRES_PORT: '0', DEMO_OCSP_PORT: '0' }),
      serve: async () => {
        throw new Error('not reached');
      },
      print: (text) => printed.push(text),
    });
    expect(printed.join('\n')).toContain('Port 8791 is wanted by two parts');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    await rm(folder, { recursive: true });
  });
});
