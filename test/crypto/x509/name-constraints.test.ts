import { beforeAll, describe, expect, it } from 'vitest';
import { hex, oid, sequence, tlv, utf8 } from './der-writer.ts';
import { dn, makeLeaf } from './make.ts';
import { alternatives, codes, constraints, type TestWorld, testWorld } from './test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

describe('name constraints', () => {
  const uri = (text: string) => utf8(text, 0x86);
  const mail = (text: string) => utf8(text, 0x81);
  const dns = (text: string) => utf8(text, 0x82);
  const otherName = tlv(0xa0, oid('1.2.3'), tlv(0xa0, utf8('x')));

  it.each([
    ['host inside', constraints(0xa0, dns('example.jp')), dns('a.example.jp'), null],
    ['host outside', constraints(0xa0, dns('example.jp')), dns('badexample.jp'), 'name-not-permitted'],
    ['host excluded, other case', constraints(0xa1, dns('example.jp')), dns('A.EXAMPLE.JP'), 'name-excluded'],
    [
      'wildcard that covers an excluded host',
      constraints(0xa1, dns('secret.example.jp')),
      dns('*.example.jp'),
      'name-excluded',
    ],
    ['address inside', constraints(0xa0, hex('8708c0000200ffffff00')), hex('8704c0000237'), null],
    ['address outside', constraints(0xa0, hex('8708c0000200ffffff00')), hex('8704c0000337'), 'name-not-permitted'],
    [
      'other family than permitted',
      constraints(0xa0, hex('8708c0000200ffffff00')),
      hex('871020010db8000000000000000000000001'),
      'name-not-permitted',
    ],
    ['mail at the host', constraints(0xa0, mail('example.jp')), mail('a@example.jp'), null],
    ['mail below the host', constraints(0xa0, mail('example.jp')), mail('a@b.example.jp'), 'name-not-permitted'],
    ['mail below the domain', constraints(0xa0, mail('.example.jp')), mail('a@b.example.jp'), null],
    [
      'mailbox of another case excluded',
      constraints(0xa1, mail('A@example.jp')),
      mail('a@example.jp'),
      'name-excluded',
    ],
    ['URI at the host', constraints(0xa0, uri('example.jp')), uri('https://example.jp:8443/a'), null],
    [
      'URI with the host in its user part',
      constraints(0xa0, uri('example.jp')),
      uri('https://example.jp@evil.example/'),
      'name-not-permitted',
    ],
    ['URI without a host', constraints(0xa0, uri('example.jp')), uri('urn:example:a'), 'name-constraint-unsupported'],
    ['directory name inside', constraints(0xa0, tlv(0xa4, dn('Person'))), tlv(0xa4, dn('Person', 'More')), null],
    ['otherName under a constraint on it', constraints(0xa0, otherName), otherName, 'name-constraint-unsupported'],
    ['otherName under a constraint on hosts', constraints(0xa0, dns('example.jp')), otherName, null],
  ])('%s', async (_what, constraint, name, code) => {
    const pool = [await world.intermediate({ twice: [constraint] })];
    const verdict = await world.verify(await world.leaf({ twice: [alternatives(name)] }), pool);
    expect(codes(verdict)).toEqual(code === null ? [] : [code]);
  });

  it('apply to a self-issued leaf, and to an address in the subject', async () => {
    const excluded = [await world.intermediate({ twice: [constraints(0xa1, tlv(0xa4, dn('Middle')))] })];
    const selfIssued = await makeLeaf({ subject: { name: 'Middle', key: world.person.key }, issuer: world.middle });
    expect(codes(await world.verify(selfIssued, excluded))).toEqual(['name-excluded']);
    const address = tlv(0x31, sequence(oid('1.2.840.113549.1.9.1'), utf8('a@evil.example', 0x16)));
    const pool = [await world.intermediate({ twice: [constraints(0xa0, mail('example.jp'))] })];
    expect(codes(await world.verify(await world.leaf({ subjectDer: sequence(address) }), pool))).toEqual([
      'name-not-permitted',
    ]);
  });

  it('end with an error of their own when there are too many', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => dns(`h${index}.example.jp`));
    const pool = [await world.intermediate({ twice: [constraints(0xa1, ...many)] })];
    const names = Array.from({ length: 100 }, (_, index) => dns(`n${index}.example.org`));
    const verdict = await world.verify(await world.leaf({ twice: [alternatives(...names)] }), pool);
    expect(codes(verdict)).toEqual(['limit-comparisons']);
  });
});
