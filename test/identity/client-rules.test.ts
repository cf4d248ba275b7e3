import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { addedScopes, isUnchanged, presentTerms, termsOf, widens } from '../../src/identity/clients/change-client.ts';
import { parsePublicKey } from '../../src/identity/clients/public-key.ts';
import type { ClientTerms } from '../../src/identity/clients/register-client.ts';

const terms: ClientTerms = {
  name: '校務',
  vendor: '業者',
  scopes: ['transfers:read', 'records:read'],
  requestsPerMinute: 60,
  uploadsPerDay: 5,
};

describe('what a school decides about a system', () => {
  it('is stored with its scopes in order, and no higher limit than everybody has', () => {
    expect(termsOf({ ...terms, scopes: ['records:read', 'transfers:read'] }, 300)).toEqual(terms);
    expect(termsOf(terms, 61).requestsPerMinute).toBe(60);
    expect(termsOf(terms, 60).requestsPerMinute).toBeNull();
    expect(termsOf({ ...terms, requestsPerMinute: null }, 300).requestsPerMinute).toBeNull();
    expect(presentTerms({ ...terms, more: 1 } as ClientTerms)).toEqual(terms);
  });

  it('widens by a scope, by uploads and by requests, and by nothing else', () => {
    const wider = (change: Partial<ClientTerms>) => widens(terms, { ...terms, ...change }, 300);
    expect([wider({}), wider({ name: 'x', vendor: 'y', scopes: ['records:read'] })]).toEqual([false, false]);
    expect([wider({ uploadsPerDay: 6 }), wider({ uploadsPerDay: 4 })]).toEqual([true, false]);
    expect([wider({ requestsPerMinute: 61 }), wider({ requestsPerMinute: 59 })]).toEqual([true, false]);
    expect(wider({ requestsPerMinute: null })).toBe(true);
    expect(widens({ ...terms, requestsPerMinute: null }, terms, 300)).toBe(false);
    expect(wider({ scopes: ['health:read'] })).toBe(true);
    expect(addedScopes(terms, { scopes: ['records:read', 'health:read'] })).toEqual(['health:read']);
  });

  it('is the same as somebody saw it, or not', () => {
    expect(isUnchanged(terms, { ...terms, scopes: [...terms.scopes].toReversed() })).toBe(true);
    const changes: Partial<ClientTerms>[] = [
      { name: 'x' },
      { vendor: 'x' },
      { requestsPerMinute: 61 },
      { uploadsPerDay: 6 },
      { scopes: ['transfers:read'] },
      { scopes: [...terms.scopes, 'health:read'] },
      { scopes: ['transfers:read', 'health:read'] },
    ];
    for (const change of changes)
      expect([change, isUnchanged(terms, { ...terms, ...change })]).toEqual([change, false]);
  });
});

describe('a public key as somebody pastes it', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (key: KeyObject) =>
    String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));
  const jwk = (more: object = {}, key: KeyObject = ec.publicKey) =>
    JSON.stringify({ ...key.export({ format: 'jwk' }), ...more });

  function refusalOf(text: string): string {
    const parsed = parsePublicKey(text);
    return parsed.ok ? 'taken' : `${parsed.fault.code}:${parsed.fault.detail ?? ''}`;
  }

  it('is kept by its public numbers and its own name', async () => {
    const { x = '', y = '' } = ec.publicKey.export({ format: 'jwk' });
    const thumbprint = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y });
    const kept = { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig' };
    const named = (kid: string) => ({ ok: true, value: { thumbprint, jwk: { ...kept, kid } } });
    expect(parsePublicKey(` ${jwk({ kid: 'k 1' })}\n`)).toEqual(named(thumbprint));
    expect(parsePublicKey(jwk({ kid: 'k1', more: 'x', use: 'sig' }))).toEqual(named('k1'));
    expect(parsePublicKey(pem(ec.publicKey))).toEqual(named(thumbprint));
    for (const kid of [7, '', 'é', 'k'.repeat(101), 'k\n', ' k']) {
      expect(parsePublicKey(jwk({ kid }))).toEqual(named(thumbprint));
    }
    expect(parsePublicKey(jwk({ kid: 'k'.repeat(100) }))).toEqual(named('k'.repeat(100)));
  });

  it('may be RSA of 2048 to 8192 bits', async () => {
    const { n = '', e = '' } = rsa.publicKey.export({ format: 'jwk' });
    const thumbprint = await calculateJwkThumbprint({ kty: 'RSA', n, e });
    expect(parsePublicKey(pem(rsa.publicKey))).toEqual({
      ok: true,
      value: { thumbprint, jwk: { kty: 'RSA', n, e, kid: thumbprint, alg: 'RS256', use: 'sig' } },
    });
    // Numbers of the length, which nobody can use: to make real ones takes too long.
    const long = (bytes: number) => Buffer.alloc(bytes, 0xff).toString('base64url');
    expect(refusalOf(JSON.stringify({ kty: 'RSA', e, n: long(1024) }))).toBe('taken');
    expect(refusalOf(JSON.stringify({ kty: 'RSA', e, n: long(1025) }))).toBe('client.key-refused:kind');
    expect(refusalOf(JSON.stringify({ kty: 'RSA', e, n: long(255) }))).toBe('client.key-refused:kind');
  });

  it('is refused with its private part, in any form', () => {
    expect(refusalOf(pem(ec.privateKey))).toBe('client.private-key:');
    expect(refusalOf(`${pem(ec.publicKey)}${pem(ec.privateKey)}`)).toBe('client.private-key:');
    const old = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' });
    expect(refusalOf(String(old))).toBe('client.private-key:');
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      expect(refusalOf(jwk({ [member]: 'AQAB' }))).toBe('client.private-key:');
    }
  });

  it('is refused when it is none, of another kind, or for something else', () => {
    for (const text of ['{', '{]}']) expect(refusalOf(text)).toBe('client.key-refused:not-json');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const edwards = generateKeyPairSync('ed25519').publicKey;
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    for (const text of ['', 'x', '{}', '[]', pem(other), pem(edwards), certificate, `x ${pem(ec.publicKey)}`]) {
      expect([text, refusalOf(text)]).toEqual([text, 'client.key-refused:kind']);
    }
    expect(refusalOf(jwk({ use: 'enc' }))).toBe('client.key-refused:use');
  });
});
