import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openTimeStampAuthority, type TimeStampAuthority } from '../../src/demo/tsa.node.ts';
import { hasTool, runTool } from './run-tool.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from './temporary-authorities.ts';

describe('the development time-stamp authority', () => {
  let temporary: TemporaryAuthorities;
  let authority: TimeStampAuthority;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    authority = await openTimeStampAuthority({
      port: 0,
      identity: temporary.authorities.timeStamp,
      clock: systemClock,
    });
  });
  afterAll(async () => {
    await authority.close();
    await temporary.remove();
  });

  const file = (name: string) => join(temporary.folder, name);
  const ask = (body: Buffer, type = 'application/timestamp-query') =>
    fetch(authority.url, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) });

  it('refuses what is not a time-stamp request', async () => {
    expect((await ask(Buffer.from('x'), 'text/plain')).status).toBe(415);
    const reply = Buffer.from(await (await ask(Buffer.from('x'))).arrayBuffer());
    expect(reply.subarray(2, 7).toString('hex')).toMatch(/^30..020102/); // PKIStatus 2, rejection
  });

  it.skipIf(!hasTool('openssl')).each(['sha256', 'sha512'])(
    'answers openssl ts with %s, and it verifies',
    async (hash) => {
      await writeFile(file('data'), '指導要録（写し）');
      const query = runTool(
        'openssl',
        'ts',
        '-query',
        '-data',
        file('data'),
        `-${hash}`,
        '-cert',
        '-out',
        file('query.tsq'),
      );
      expect(query.status).toBe(0);
      const reply = await ask(await readFile(file('query.tsq')));
      expect(reply.headers.get('content-type')).toBe('application/timestamp-reply');
      await writeFile(file('reply.tsr'), Buffer.from(await reply.arrayBuffer()));
      const verify = runTool(
        'openssl',
        'ts',
        '-verify',
        '-queryfile',
        file('query.tsq'),
        '-in',
        file('reply.tsr'),
        '-CAfile',
        file('trust/tsa.pem'),
      );
      expect(verify.output).toContain('Verification: OK');
      await writeFile(file('data'), '指導要録（改ざん）');
      const forged = runTool(
        'openssl',
        'ts',
        '-verify',
        '-data',
        file('data'),
        '-in',
        file('reply.tsr'),
        '-CAfile',
        file('trust/tsa.pem'),
      );
      expect(forged.output).toContain('Verification: FAILED');
    },
  );
});
