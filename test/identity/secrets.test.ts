import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import {
  accountKey,
  certificateKey,
  hashToken,
  proofHash,
  providerNameHash,
  randomToken,
} from '../../src/identity/secrets.ts';
import { identityOf, makePersons } from './support/persons.ts';

const key = new Uint8Array(32).fill(7);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Of what is stored every form stands here, since a change of it would lock everybody out. */
describe('what is stored of a secret', () => {
  it('is a plain hash of what nobody can guess', () => {
    expect([randomToken().length, randomToken(16).length]).toEqual([43, 22]);
    expect(randomToken()).not.toBe(randomToken());
    expect(hashToken('é')).toBe(sha256('é'));
    expect(proofHash({ thumbprint: 't', jti: 'j' })).toBe(sha256('["dpop","t","j"]'));
    const named = providerNameHash('https://a.example', 'sub', 'x');
    expect(named).toBe(sha256('["hikitsugi/provider-name","https://a.example","sub","x"]'));
  });

  it('is a keyed hash of an account, with the length of each part before it', () => {
    const expected = createHmac('sha256', key)
      .update('hikitsugi/person-account/v1\0')
      .update(Uint8Array.of(0, 0, 0, 2))
      .update('é')
      .update(Uint8Array.of(0, 0, 1, 4))
      .update('x'.repeat(260))
      .digest('hex');
    expect(accountKey(key, { issuer: 'é', subject: 'x'.repeat(260) })).toBe(expected);
  });

  it('is a keyed hash of a certificate: its issuer’s name and key, and its serial', async () => {
    const persons = await makePersons();
    const leaf = parseX509Certificate(identityOf(persons, 'sakura').chain[0] ?? new Uint8Array());
    const issuer = persons.trust.anchors[0]?.certificate;
    if (!leaf.ok || issuer === undefined) throw new Error('no certificate');
    const length = (bytes: Uint8Array) => {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(bytes.length);
      return prefix;
    };
    const { der } = leaf.value.issuer;
    const { spki } = issuer.publicKey;
    const expected = createHmac('sha256', key)
      .update('hikitsugi/person-certificate/v1\0')
      .update(length(der))
      .update(der)
      .update(length(spki))
      .update(spki)
      .update(leaf.value.serial)
      .digest('hex');
    expect(certificateKey(key, leaf.value, issuer)).toBe(expected);
  }, 120_000);
});
