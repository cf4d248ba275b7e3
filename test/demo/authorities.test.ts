import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import forge from 'node-forge';
import * as pkijs from 'pkijs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseX509Certificate, type X509Certificate } from '../../src/crypto/x509/certificate.ts';
import { jpkiKind } from '../../src/crypto/x509/jpki.ts';
import { jpkiHolder } from '../../src/crypto/x509/jpki-holder.ts';
import { nameText } from '../../src/crypto/x509/names.ts';
import type { Authorities } from '../../src/demo/authorities.node.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { hasTool, runTool } from './run-tool.ts';
import { openIn, type TemporaryAuthorities, temporaryAuthorities } from './temporary-authorities.ts';

const openssl = hasTool('openssl');

describe('the development authorities', () => {
  let temporary: TemporaryAuthorities;
  let authorities: Authorities;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    authorities = temporary.authorities;
  });
  afterAll(() => temporary.remove());

  const file = (...names: readonly string[]) => join(temporary.folder, ...names);

  it('makes certificates that the strict parser accepts, all of them', () => {
    const all = [...authorities.seals.values(), ...authorities.persons.values(), ...Object.values(authorities.badSeals)]
      .concat(authorities.timeStamp, authorities.evidence)
      .flatMap((identity) => identity.chain)
      .concat(authorities.anchors.map((anchor) => anchor.certificate));
    expect(all.length).toBeGreaterThan(30);
    for (const der of all) expect(parseX509Certificate(der)).toMatchObject({ ok: true });
  });

  it('names the school in Japanese in its seal, with key usage and purpose as ETSI wants them', () => {
    const { code, name } = demoOrganisations.juniorHigh;
    const seal = parsed(authorities.seals.get(code)?.chain[0]);
    expect(nameText(seal.subject)).toContain(name);
    expect(seal.extensions.keyUsage).toMatchObject({ critical: true, bits: ['digitalSignature', 'nonRepudiation'] });
    expect(JSON.stringify(seal.extensions.extendedKeyUsage)).toContain('1.3.6.1.5.5.7.3.36');
    expect(seal.extensions.basicConstraints).toBeFalsy();
  });

  it('has seals of both kinds of key', () => {
    const kinds = [...authorities.seals.values()].map((seal) => parsed(seal.chain[0]).publicKey.kind);
    expect(new Set(kinds)).toEqual(new Set(['p256', 'rsa']));
  });

  it('shapes personal certificates like JPKI: only an identifier, and the policy tells the kind', () => {
    const authentication = parsed(authorities.persons.get('mayumi')?.chain[0]);
    expect(jpkiKind(authentication)).toBe('authentication');
    expect(nameText(authentication.subject)).toMatch(/^(C=JP,CN=[0-9A-F]{26}|CN=[0-9A-F]{26},C=JP)$/);
    const signature = parsed(authorities.persons.get('kamome-signature')?.chain[0]);
    expect(jpkiKind(signature)).toBe('signature');
    expect(jpkiHolder(signature)).toMatchObject({ value: { nameParts: ['東海林', '鷗'], birthDate: '2008-04-29' } });
    expect(jpkiHolder(authentication)).toMatchObject({ ok: false });
  });

  it('issues under two generations of one name', () => {
    const [first, second] = ['kenichi', 'mayumi'].map((id) => parsed(authorities.persons.get(id)?.chain[0]));
    expect(first && second && nameText(first.issuer) === nameText(second.issuer)).toBe(true);
    expect(first?.extensions.authorityKeyIdentifier).not.toEqual(second?.extensions.authorityKeyIdentifier);
  });

  it('keeps every private file to its owner', async () => {
    const names = await readdir(temporary.folder, { recursive: true });
    const secret = names.filter((name) => /\.key\.pem$|\.p12$/.test(name));
    expect(secret.length).toBeGreaterThan(30);
    for (const name of secret) expect((await stat(file(name))).mode & 0o777).toBe(0o600);
  });

  it('uses at a second start what it made at the first, and numbers its revocation lists upwards', async () => {
    const before = await fingerprints(temporary.folder);
    const number = Number(await readFile(file('authorities', 'crl-number'), 'utf8'));
    await openIn(temporary.folder);
    expect(await fingerprints(temporary.folder)).toEqual(before);
    expect(Number(await readFile(file('authorities', 'crl-number'), 'utf8'))).toBe(number + 1);
  });

  it('does not run in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(openIn(temporary.folder)).rejects.toThrow('NODE_ENV=production');
    vi.unstubAllEnvs();
  });

  it('writes .p12 files with EC keys that pkijs opens', async () => {
    const pfx = pkijs.PFX.fromBER(await readFile(file('p12', 'mayumi.p12')));
    const password = new TextEncoder().encode(demoPassword).buffer;
    await pfx.parseInternalValues({ password, checkIntegrity: true });
    await pfx.parsedValue?.authenticatedSafe?.parseInternalValues({ safeContents: [{}, { password }] });
    // pkijs types what it parsed as any.
    const parsed = pfx.parsedValue?.authenticatedSafe?.parsedValue as { readonly safeContents: readonly unknown[] };
    expect(parsed.safeContents).toHaveLength(2);
  });

  it('writes .p12 files with RSA keys that node-forge opens, and refuses a wrong password', async () => {
    const bytes = await readFile(file('p12', 'sakura.p12'));
    const asn1 = forge.asn1.fromDer(bytes.toString('binary'));
    const pfx = forge.pkcs12.pkcs12FromAsn1(asn1, demoPassword);
    const bags = pfx.getBags({ bagType: forge.pki.oids['pkcs8ShroudedKeyBag'] ?? '' });
    expect(Object.values(bags).flat()[0]?.key?.n.bitLength()).toBe(2048);
    expect(() => forge.pkcs12.pkcs12FromAsn1(asn1, 'another')).toThrow();
  });

  describe.skipIf(!openssl)('read by openssl', () => {
    const sealOf = (code: string) => [
      '-untrusted',
      file('trust/intermediates/school-seal-issuing-ca.pem'),
      file(`authorities/seal-${code}.pem`),
    ];
    const strict = ['verify', '-x509_strict', '-CAfile', ''];
    const withAnchor = (name: string) => strict.with(3, file('trust', `${name}.pem`));

    it('accepts every seal with the revocation lists of its whole path', () => {
      for (const code of authorities.seals.keys()) {
        const run = runTool(
          'openssl',
          ...withAnchor('school-seal-ca'),
          '-crl_check_all',
          '-CRLfile',
          crls(temporary.folder, 'school-seal-root', 'school-seal-issuing'),
          ...sealOf(code),
        );
        expect(run).toMatchObject({ status: 0 });
      }
    });

    it.each([
      ['bad-revoked', 'certificate revoked'],
      ['bad-expired', 'certificate has expired'],
      ['bad-unknownRoot', 'unable to get'],
    ])('refuses the seal %s', (name, message) => {
      const run = runTool(
        'openssl',
        ...withAnchor('school-seal-ca'),
        '-crl_check_all',
        '-CRLfile',
        crls(temporary.folder, 'school-seal-root', 'school-seal-issuing'),
        ...sealOf(name),
      );
      expect(run.status).not.toBe(0);
      expect(run.output).toContain(message);
    });

    it('accepts time-stamp and evidence certificates, each for its purpose', () => {
      const stamp = runTool(
        'openssl',
        ...withAnchor('tsa'),
        '-purpose',
        'timestampsign',
        file('authorities/time-stamp.pem'),
      );
      const evidence = runTool('openssl', ...withAnchor('gateway'), file('authorities/evidence.pem'));
      expect([stamp.status, evidence.status]).toEqual([0, 0]);
    });

    it('opens every .p12 with the printed password', async () => {
      const names = (await readdir(file('p12'), { recursive: true })).filter((name) => name.endsWith('.p12'));
      expect(names.length).toBeGreaterThan(15);
      for (const name of names) {
        const run = runTool('openssl', 'pkcs12', '-in', file('p12', name), '-passin', `pass:${demoPassword}`, '-noout');
        expect(run).toMatchObject({ status: 0 });
      }
    });
  });
});

function parsed(der: Uint8Array | undefined): X509Certificate {
  const result = parseX509Certificate(der ?? new Uint8Array());
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

/** openssl wants several lists as PEM in one file. */
function crls(folder: string, ...names: readonly string[]): string {
  const path = join(folder, `${names.join('+')}.pem`);
  const parts = names.map(
    (name) => runTool('openssl', 'crl', '-inform', 'DER', '-in', join(folder, 'crl', `${name}.crl`)).output,
  );
  writeFileSync(path, parts.join(''));
  return path;
}

async function fingerprints(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(pem|p12)$/.test(name));
  const hashes = await Promise.all(
    names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    ),
  );
  return Object.fromEntries(names.map((name, index) => [name, hashes[index] ?? '']));
}
