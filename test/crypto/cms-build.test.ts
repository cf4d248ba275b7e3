import { describe, expect, it } from 'vitest';
import { signCades } from '../../src/crypto/cms/sign-cades.ts';
import { timestampQuery } from '../../src/crypto/cms/timestamp-query.ts';
import { signerAlgorithms } from '../../src/crypto/signer.ts';
import { createTimestampResponse } from '../../src/crypto/timestamp-response.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { createTestAuthority, now, timeStampingUsage } from './support/authorities.ts';
import { hasTool, runTool } from './support/tools.ts';

const withOpenssl = describe.skipIf(!hasTool('openssl', 'version'));
const at = String(Math.floor(now.getTime() / 1000));
const content = new TextEncoder().encode('封緘された目録');
const policy = '1.3.6.1.4.1.99999.1';
const seal = await createTestAuthority('封緘');
const time = await createTestAuthority('時刻');

withOpenssl('what OpenSSL says of our signatures', () => {
  it.each(signerAlgorithms)('a CAdES signature with %s verifies, and fails over other content', async (algorithm) => {
    const { signer } = await seal.issue({ algorithm });
    const cms = await signCades({ content, signer, timestamps: null });
    if (!cms.ok) throw new Error(cms.fault);
    const files = { 'x.cms': cms.value, 'x.dat': content, 'root.pem': derToPem(seal.root, 'CERTIFICATE') };
    const parameters =
      'cms -verify -cades -inform DER -in x.cms -content x.dat -binary -CAfile root.pem -purpose any -out out.dat';
    const good = runTool('openssl', [...parameters.split(' '), '-attime', at], files);
    expect(good.output).toContain('CAdES Verification successful');
    expect(good.status).toBe(0);
    const bad = runTool('openssl', [...parameters.split(' '), '-attime', at], { ...files, 'x.dat': 'other' });
    expect(bad.status).not.toBe(0);
  });
});

withOpenssl('what OpenSSL says of our time stamps', () => {
  it.each(['sha256', 'sha384', 'sha512'])('answers an OpenSSL request with %s so that it verifies', async (hash) => {
    const { signer } = await time.issue({ algorithm: 'ES256', extendedKeyUsage: timeStampingUsage });
    const request = opensslQuery(`-${hash} -cert`);
    const reply = await createTimestampResponse({ request, signer, policy, serial: 7n, now });
    const verified = runTool(
      'openssl',
      ['ts', '-verify', '-queryfile', 'q', '-in', 'r', '-CAfile', 'root.pem', '-attime', at],
      { q: request, r: reply, 'root.pem': derToPem(time.root, 'CERTIFICATE') },
    );
    expect(verified.output).toContain('Verification: OK');
  });

  it('carries no certificates when the request does not want them', async () => {
    const { signer, certificate } = await time.issue({ algorithm: 'RS256', extendedKeyUsage: timeStampingUsage });
    const request = opensslQuery('-sha512');
    const reply = await createTimestampResponse({ request, signer, policy, serial: 8n, now });
    expect(Buffer.from(reply).includes(Buffer.from(certificate))).toBe(false);
    const verified = runTool(
      'openssl',
      ['ts', '-verify', '-queryfile', 'q', '-in', 'r', '-CAfile', 'root.pem', '-untrusted', 'c.pem', '-attime', at],
      {
        q: request,
        r: reply,
        'root.pem': derToPem(time.root, 'CERTIFICATE'),
        'c.pem': signer.chain.map((der) => derToPem(der, 'CERTIFICATE')).join(''),
      },
    );
    expect(verified.output).toContain('Verification: OK');
  });

  it('refuses with status 2 what it cannot stamp', async () => {
    const { signer } = await time.issue({ algorithm: 'ES256', extendedKeyUsage: timeStampingUsage });
    const sha1 = opensslQuery('-sha1');
    const otherPolicy = timestampQuery({ imprint: new Uint8Array(32), nonce: Uint8Array.of(1), policy: '1.2.3' });
    const short = timestampQuery({ imprint: new Uint8Array(31), nonce: Uint8Array.of(1), policy: null });
    const expected = [
      [sha1, 'unrecognized or unsupported algorithm'],
      [otherPolicy, 'policy is not supported'],
      [short, 'data submitted has the wrong format'],
      [new Uint8Array([0x30, 0x80]), 'data submitted has the wrong format'],
    ] as const;
    for (const [request, text] of expected) {
      const reply = await createTimestampResponse({ request, signer, policy, serial: 9n, now });
      const printed = runTool('openssl', ['ts', '-reply', '-in', 'r', '-text'], { r: reply }).output;
      expect(printed).toContain('Status: Rejected');
      expect(printed).toContain(text);
    }
  });
});

function opensslQuery(options: string): Uint8Array {
  return runTool('openssl', `ts -query -data x.dat ${options}`.split(' '), { 'x.dat': content }).stdout;
}
