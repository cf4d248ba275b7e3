import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import * as oidc from 'openid-client';
import { describe, expect, it } from 'vitest';
import { importClientKey } from '../../src/identity/client-key.ts';
import { openPersonProvider } from '../../src/identity/person-provider.ts';
import { ProviderFault, signInReason } from '../../src/identity/sign-in-reason.ts';

describe('the reason why a log-in at a provider failed', () => {
  const answered = (error: string) =>
    new oidc.AuthorizationResponseError('x', { cause: new URLSearchParams({ error }) });
  const replied = (status: number, error: string) =>
    new oidc.ResponseBodyError('x', { cause: { error }, response: new Response(null, { status }) });
  const challenge = new oidc.WWWAuthenticateChallengeError('x', { cause: [], response: new Response() });
  const failed = (code?: string) => Object.assign(new oidc.ClientError('x'), code === undefined ? {} : { code });
  const own = new ProviderFault('unavailable', 'keys-missing');

  it.each<[string, unknown, string, string]>([
    ['our own finding', own, 'unavailable', 'keys-missing'],
    [
      'our own finding inside of the library’s',
      new Error('a', { cause: new Error('b', { cause: own }) }),
      'unavailable',
      'keys-missing',
    ],
    ['a person who cancelled', answered('access_denied'), 'cancelled', 'answer:access_denied'],
    ['another answer', answered('server_error'), 'refused', 'answer:server_error'],
    ['a word that is none', answered('<b>'), 'refused', 'answer:other'],
    ['a long word', answered('a'.repeat(60)), 'refused', `answer:${'a'.repeat(60)}`],
    ['a word that is too long', answered('a'.repeat(61)), 'refused', 'answer:other'],
    ['a word with something before it', answered(' a'), 'refused', 'answer:other'],
    ['a word with something after it', answered('a b'), 'refused', 'answer:other'],
    ['a token endpoint that refuses', replied(499, 'invalid_grant'), 'refused', 'token:invalid_grant'],
    ['a token endpoint that breaks', replied(500, 'server_error'), 'unavailable', 'token:server_error'],
    ['userinfo that refuses the token', challenge, 'refused', 'userinfo-refused'],
    ['an answer that takes too long', failed('OAUTH_TIMEOUT'), 'unavailable', 'OAUTH_TIMEOUT'],
    ['an answer that was broken off', failed('OAUTH_ABORT'), 'unavailable', 'OAUTH_ABORT'],
    ['a page', failed('OAUTH_RESPONSE_IS_NOT_JSON'), 'unavailable', 'OAUTH_RESPONSE_IS_NOT_JSON'],
    ['another status', failed('OAUTH_RESPONSE_IS_NOT_CONFORM'), 'unavailable', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    ['broken JSON', failed('OAUTH_PARSE_ERROR'), 'unavailable', 'OAUTH_PARSE_ERROR'],
    ['a claim that differs', failed('OAUTH_INVALID_RESPONSE'), 'refused', 'OAUTH_INVALID_RESPONSE'],
    ['what has no code', failed(), 'refused', 'unknown'],
    ['no connection', new TypeError('fetch failed'), 'unavailable', 'connection'],
    ['a body that stops', new DOMException('x', 'TimeoutError'), 'unavailable', 'timeout'],
  ])('is, of %s, told from the others', (_name, error, kind, detail) => {
    expect(signInReason(error)).toEqual({ kind, detail });
  });

  it('is none of a bug, which goes on', () => {
    const bug = new RangeError('a bug');
    expect(() => signInReason(bug)).toThrow(bug);
    expect(() => signInReason('a word')).toThrow('a word');
    expect([own.name, own.message]).toEqual(['ProviderFault', 'The OpenID provider: keys-missing']);
  });
});

describe('the key with which the gateway shows who it is', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));

  it('signs, stays inside, and is published under its thumbprint', async () => {
    const key = await importClientKey(pkcs8);
    const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
    expect(key.publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid: key.kid, alg: 'ES256', use: 'sig' });
    expect(key.kid).toBe(await calculateJwkThumbprint(key.publicJwk));
    const { extractable, usages, algorithm } = key.privateKey;
    expect([extractable, usages, algorithm]).toEqual([false, ['sign'], { name: 'ECDSA', namedCurve: 'P-256' }]);
  });

  it('is a P-256 key in PKCS#8 and nothing else', async () => {
    const wrong = [createHash('sha256').update('x').digest(), new Uint8Array()];
    for (const bytes of wrong) {
      await expect(importClientKey(new Uint8Array(bytes))).rejects.toThrow('the client key is no P-256 key in PKCS#8');
    }
  });

  it('asks a provider of persons for ES256, whatever its issuer', async () => {
    const settings = { id: 'p', issuer: 'https://idp.example/x', clientId: 'c', publicOrigin: 'https://g.example' };
    const clientKey = await importClientKey(pkcs8);
    expect(openPersonProvider({ ...settings, clientKey, timeoutSeconds: 1 })).toMatchObject({
      id: 'p',
      issuer: 'https://idp.example/x',
      origin: 'https://idp.example',
      clientId: 'c',
      idTokenAlgorithm: 'ES256',
      authTime: 'required',
    });
  });
});
