import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { jpkiKind } from '../../../src/crypto/x509/jpki.ts';
import { nameText, sameName } from '../../../src/crypto/x509/names.ts';
import { derToPem, pemToDer } from '../../../src/crypto/x509/pem.ts';
import { profileFaults } from '../../../src/crypto/x509/profile.ts';
import { bits, hex, octets, oid, sequence, time, tlv, utf8 } from './der-writer.ts';
import { dn, ID, makeAuthority, makeLeaf, named, parsed, type Recipe, type TestName } from './make.ts';

let issuer: TestName;
let subject: TestName;
const leafWith = (changes: Partial<Recipe>) => makeLeaf({ issuer, subject, ...changes });
const dnsName = (text: string) => ({ oid: ID.alternativeNames, value: sequence(utf8(text, 0x82)) });

beforeAll(async () => {
  issuer = await named('引継ぎ試験認証局');
  subject = await named('髙﨑 𠮷');
});

describe('parseX509Certificate', () => {
  it('reads what a good certificate says', async () => {
    const der = await leafWith({ serial: hex('00ff') });
    const certificate = parsed(der);
    expect(certificate).toMatchObject({
      serial: '00ff',
      version: 3,
      signatureAlgorithm: 'ecdsa-p256-sha256',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      publicKey: { kind: 'p256', bits: 256 },
      extensions: { keyUsage: { critical: true, bits: ['digitalSignature'] }, unknownCritical: [] },
    });
    expect(nameText(certificate.subject)).toBe('CN=髙﨑 𠮷');
    expect(profileFaults(certificate)).toEqual([]);
    expect(pemToDer(`text\n${derToPem(der, 'CERTIFICATE')}`, 'CERTIFICATE')).toEqual([der]);
  });

  it.each([
    [
      'the same extension twice',
      { twice: [{ oid: ID.subjectKey, value: octets(hex('00')) }] },
      'certificate.extension-duplicate',
    ],
    [
      'another algorithm outside than inside',
      { outerAlgorithm: hex('300a06082a8648ce3d040303') },
      'certificate.algorithms-differ',
    ],
    ['version 2', { version: hex('a003020101') }, 'certificate.version'],
    ['an explicit version 1', { version: hex('a003020100') }, 'certificate.version'],
    ['extensions in version 1', { version: hex('') }, 'certificate.version'],
    [
      'a time with an offset',
      { validity: sequence(utf8('260101000000+0000', 0x17), utf8('270101000000Z', 0x17)) },
      'certificate.validity',
    ],
    ['an empty RDN', { subjectDer: sequence(tlv(0x31)) }, 'certificate.name'],
    [
      'key usage without a bit',
      { extensions: [{ oid: ID.keyUsage, value: hex('030100') }] },
      'certificate.extension-malformed',
    ],
    [
      'cA FALSE written out',
      { extensions: [{ oid: ID.basicConstraints, value: hex('3003010100') }] },
      'certificate.extension-malformed',
    ],
    [
      'a path length without cA',
      { extensions: [{ oid: ID.basicConstraints, value: hex('3003020100') }] },
      'certificate.extension-malformed',
    ],
    [
      'an empty list of alternative names',
      { extensions: [{ oid: ID.alternativeNames, value: hex('3000') }] },
      'certificate.extension-malformed',
    ],
    [
      'bytes behind the value of an extension',
      { extensions: [{ oid: ID.extendedKeyUsage, value: hex('300000') }] },
      'certificate.extension-malformed',
    ],
    [
      'the same policy twice',
      { extensions: [{ oid: ID.policies, value: sequence(sequence(oid('1.2.3')), sequence(oid('1.2.3'))) }] },
      'certificate.extension-malformed',
    ],
    [
      'empty policy constraints',
      { extensions: [{ oid: ID.policyConstraints, critical: true, value: hex('3000') }] },
      'certificate.extension-malformed',
    ],
  ] satisfies [string, Partial<Recipe>, string][])('refuses %s', async (_what, changes, reason) => {
    expect(parseX509Certificate(await leafWith(changes))).toEqual({ ok: false, fault: reason });
  });

  it('refuses weak and unknown keys', async () => {
    const rsa = (modulus: Uint8Array, exponent: string) => {
      const key = sequence(tlv(0x02, modulus), tlv(0x02, hex(exponent)));
      return sequence(hex('300d06092a864886f70d0101010500'), bits(key));
    };
    const modulus = (bytes: number) => Uint8Array.from([0, ...new Uint8Array(bytes).fill(0xff)]);
    const faultOf = async (spki: Uint8Array) => {
      const result = parseX509Certificate(await leafWith({ subject: { name: 'x', key: { ...subject.key, spki } } }));
      return result.ok ? null : result.fault;
    };
    expect(await faultOf(rsa(modulus(256), '010001'))).toBeNull();
    expect(await faultOf(rsa(modulus(255), '010001'))).toBe('certificate.key-weak');
    expect(await faultOf(rsa(modulus(256), '03'))).toBe('certificate.key-weak');
    expect(await faultOf(rsa(modulus(256), '010002'))).toBe('certificate.key-weak');
    expect(await faultOf(rsa(modulus(2_048), '010001'))).toBe('certificate.key-weak');
    expect(await faultOf(rsa(modulus(256), `00${'ff'.repeat(256)}`))).toBe('certificate.key-weak');
    // CVE-2017-15361: a power of 65537 modulo every small prime.
    expect(await faultOf(rsa(rocaModulus(), '010001'))).toBe('certificate.key-weak');
    const secp256k1 = sequence(hex('301006072a8648ce3d020106052b8104000a'), bits(new Uint8Array(65).fill(4)));
    expect(await faultOf(secp256k1)).toBe('certificate.key-unsupported');
  });

  it('never throws and never hangs on any bytes', async () => {
    const good = await leafWith({ extensions: [dnsName('example.jp')] });
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(good.length), (changes, cut) => {
        const bytes = good.slice();
        for (const { at, to } of changes) bytes[at] = to;
        for (const input of [bytes, bytes.subarray(0, cut), bytes.subarray(cut)]) {
          const result = parseX509Certificate(input);
          if (result.ok) profileFaults(result.value);
          else expect(result.fault).toMatch(/^(der|certificate)\./);
        }
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parseX509Certificate(bytes).ok).toBe(false);
      }),
    );
  });

  it('refuses a certificate of more than 64 kB', async () => {
    const huge = { oid: '1.2.3', value: tlv(0x04, new Uint8Array(65_000)) };
    const more = { oid: '1.2.4', value: tlv(0x04, new Uint8Array(500)) };
    expect(parseX509Certificate(await leafWith({ twice: [huge] })).ok).toBe(true);
    expect(parseX509Certificate(await leafWith({ twice: [huge, more] }))).toEqual({
      ok: false,
      fault: 'der.too-large',
    });
  });
});

describe('profileFaults', () => {
  it.each([
    ['serial zero', { serial: hex('00') }, ['serial-not-positive']],
    ['a negative serial', { serial: hex('80') }, ['serial-not-positive']],
    ['a serial of 21 octets', { serial: hex(`01${'00'.repeat(20)}`) }, ['serial-too-long']],
    [
      'GeneralizedTime before 2050',
      { validity: sequence(utf8('20260101000000Z', 0x18), time(new Date('2027-01-01T00:00:00Z'))) },
      ['time-form'],
    ],
    [
      'an unknown critical extension',
      { twice: [{ oid: '1.2.3', critical: true, value: hex('0500') }] },
      ['unknown-critical-extension'],
    ],
    ['an unknown extension that is not critical', { twice: [{ oid: '1.2.3', value: hex('0500') }] }, []],
    ['no authority key identifier', { without: [ID.authorityKey] }, ['authority-key-identifier-missing']],
    [
      'a critical subject key identifier',
      { extensions: [{ oid: ID.subjectKey, critical: true, value: octets(hex('00')) }] },
      ['extension-must-not-be-critical'],
    ],
    [
      'critical authority information',
      {
        twice: [
          {
            oid: ID.authorityInformation,
            critical: true,
            value: sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), utf8('http://example.jp', 0x86))),
          },
        ],
      },
      ['extension-must-not-be-critical'],
    ],
    [
      'an empty list of purposes',
      { extensions: [{ oid: ID.extendedKeyUsage, value: hex('3000') }] },
      ['extended-key-usage-empty'],
    ],
    ['an empty subject without alternative names', { subjectDer: hex('3000') }, ['subject-empty']],
    [
      'an empty subject with names that are not critical',
      { subjectDer: hex('3000'), twice: [dnsName('example.jp')] },
      ['subject-empty'],
    ],
    [
      'an empty subject with critical names',
      { subjectDer: hex('3000'), twice: [{ ...dnsName('example.jp'), critical: true }] },
      [],
    ],
    ['an underscore in a host name', { twice: [dnsName('a_b.example.jp')] }, ['alternative-name-malformed']],
    ['an address as a host name', { twice: [dnsName('192.0.2.1')] }, ['alternative-name-malformed']],
    ['a wildcard', { twice: [dnsName('*.example.jp')] }, []],
    [
      'name constraints in a leaf',
      {
        twice: [
          { oid: ID.nameConstraints, critical: true, value: sequence(tlv(0xa0, sequence(utf8('example.jp', 0x82)))) },
        ],
      },
      ['name-constraints-misplaced'],
    ],
  ] satisfies [string, Partial<Recipe>, string[]][])('%s', async (_what, changes, faults) => {
    expect(profileFaults(parsed(await leafWith(changes)))).toEqual(faults);
  });

  it('names what an authority lacks', async () => {
    const faultsOf = async (changes: Partial<Recipe>) =>
      profileFaults(parsed(await makeAuthority({ issuer, subject, ...changes })));
    expect(await faultsOf({})).toEqual([]);
    expect(await faultsOf({ without: [ID.subjectKey] })).toEqual(['subject-key-identifier-missing']);
    expect(await faultsOf({ extensions: [{ oid: ID.basicConstraints, value: hex('30030101ff') }] })).toEqual([
      'basic-constraints-not-critical',
    ]);
    expect(await faultsOf({ subjectDer: hex('3000'), twice: [{ ...dnsName('example.jp'), critical: true }] })).toEqual([
      'subject-empty',
    ]);
    const constrained = (critical: boolean, value: Uint8Array) => ({
      twice: [{ oid: ID.nameConstraints, critical, value }],
    });
    const permitted = (base: Uint8Array) => sequence(tlv(0xa0, sequence(base)));
    expect(await faultsOf(constrained(false, permitted(utf8('example.jp', 0x82))))).toEqual([
      'name-constraints-not-critical',
    ]);
    expect(await faultsOf(constrained(true, hex('3000')))).toEqual(['name-constraints-malformed']);
    for (const base of [
      utf8('.example.jp', 0x82),
      utf8('*.example.jp', 0x82),
      utf8('a b', 0x81),
      hex('8705c000020100'),
      hex('8708c0000200ff00ff00'),
    ]) {
      expect(await faultsOf(constrained(true, permitted(base)))).toEqual(['name-constraints-malformed']);
    }
  });
});

describe('names', () => {
  it('are shown in one safe line', async () => {
    const certificate = parsed(await leafWith({ subjectDer: dn('学校, "印"', ' x\n\u202e#') }));
    expect(nameText(certificate.subject)).toBe(String.raw`CN=\ x\0a\e2\80\ae#,CN=学校\, \"印\"`);
  });

  it('are equal whatever their case, spaces and string type', async () => {
    const plain = parsed(await leafWith({ subjectDer: dn('Good  CA ') })).subject;
    const printable = sequence(tlv(0x31, sequence(oid('2.5.4.3'), utf8('good ca', 0x13))));
    expect(sameName(plain, parsed(await leafWith({ subjectDer: printable })).subject)).toBe(true);
    expect(sameName(plain, parsed(await leafWith({ subjectDer: dn('GoodCA') })).subject)).toBe(false);
    expect(sameName(plain, parsed(await leafWith({ subjectDer: dn('Good CA', 'Good CA') })).subject)).toBe(false);
  });
});

describe('jpkiKind', () => {
  it('knows both certificates of the card by their policy, and nothing that claims to be both', async () => {
    const authentication = sequence(oid('1.2.392.200149.8.5.1.3.30'));
    const signature = sequence(oid('1.2.392.200149.8.5.1.1.20'));
    const kindOf = async (...policies: Uint8Array[]) => {
      const extension = { oid: ID.policies, critical: true, value: sequence(...policies) };
      return jpkiKind(parsed(await leafWith({ twice: policies.length === 0 ? [] : [extension] })));
    };
    expect(await kindOf(authentication)).toBe('authentication');
    expect(await kindOf(signature)).toBe('signature');
    expect(await kindOf(authentication, signature)).toBeNull();
    expect(await kindOf(sequence(oid('1.2.3')))).toBeNull();
    expect(await kindOf()).toBeNull();
  });
});

/** 2,048 bits of the form k·M + 65537^a, where M is the product of the small primes. */
function rocaModulus(): Uint8Array {
  const primes: bigint[] = [];
  for (let n = 2n; n <= 167n; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  const product = primes.reduce((whole, prime) => whole * prime, 1n);
  const power = 65_537n ** 9n;
  const modulus = ((1n << 2_047n) / product + 1n) * product + power;
  return hex(`00${modulus.toString(16)}`);
}
