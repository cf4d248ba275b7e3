import { createHash } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCompactJwt } from '../../src/crypto/jose.ts';
import { systemScope } from '../../src/database/scope.ts';
import { proofNonce } from '../../src/identity/proof-nonce.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { usedTokens } from '../../src/identity/tables.ts';
import { newProofKey, type ProofKey, type ProofParts, proofWith } from '../support/dpop.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import { type MachineClient, registerClient, tokenForm, tokenOf } from './support/machine.ts';
import { openWorld, origin, schoolCode, type World } from './support/world.ts';

const tokenUrl = `${origin}/api/token`;
const sessionUrl = `${origin}/api/session`;

/** RFC 9449: a token is worth nothing without the key that it was asked for with. */
describe('a proof of possession', () => {
  let world: World;
  let client: MachineClient;
  let key: ProofKey;
  let token: string;

  beforeAll(async () => {
    world = await openWorld();
    client = await registerClient(world);
    key = await newProofKey();
    const parts = { method: 'POST', url: tokenUrl, nonce: nonce() };
    token = await tokenOf(await askWith(await proofWith(key, parts)));
  });
  afterAll(() => world.drop());

  function nonce(): string {
    return proofNonce(world.services.proofNonceKey, world.clock.now());
  }

  async function askWith(proof: string | null): Promise<Response> {
    const headers: Record<string, string> = proof === null ? {} : { dpop: proof };
    return world.app.request(tokenUrl, { method: 'POST', body: tokenForm(await client.assertion()), headers });
  }

  function useWith(proof: string | null, authorization = `DPoP ${token}`, url = sessionUrl): Promise<Response> {
    const headers: Record<string, string> = { authorization, ...(proof === null ? {} : { dpop: proof }) };
    return Promise.resolve(world.app.request(url, { headers }));
  }

  function proof(parts: Partial<ProofParts> = {}, by = key): Promise<string> {
    return proofWith(by, { method: 'GET', url: sessionUrl, token, nonce: nonce(), ...parts });
  }

  async function expectRefused(answer: Response, error: string): Promise<void> {
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(`DPoP error="${error}", algs="ES256 RS256"`);
    expect(await answer.json()).toMatchObject({ code: 'login.required' });
  }

  it('lets a token through together with its key, and binds it by thumbprint (RFC 7638)', async () => {
    expect(await (await useWith(await proof())).json()).toMatchObject({ kind: 'machine' });
    const { crv, kty, x, y } = key.jwk;
    const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    expect(decodeJwt(token)).toMatchObject({ cnf: { jkt: thumbprint } });
  });

  it('takes proofs by RSA keys too, and addresses that are equal by RFC 3986', async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const rsa = { privateKey: pair.privateKey, jwk: { ...(await exportJWK(pair.publicKey)) } };
    const header = { alg: 'RS256' };
    const asked = await askWith(await proofWith(rsa, { method: 'POST', url: tokenUrl, nonce: nonce(), header }));
    const bound = await tokenOf(asked);
    const equal = [sessionUrl, `${sessionUrl}?side=sender#x`, 'HTTP://LOCALHOST:8787/%61pi/./session'];
    for (const htu of [...equal, sessionUrl.toUpperCase(), `${sessionUrl}/`]) {
      const used = await useWith(await proof({ token: bound, header, claims: { htu } }, rsa), `DPoP ${bound}`);
      expect([htu, used.status]).toEqual([htu, equal.includes(htu) ? 200 : 401]);
    }
  });

  it('A-10 refuses a proof that is used again, at once or later, and logs it under the school', async () => {
    const again = await proof();
    const answers = await Promise.all(Array.from({ length: 5 }, () => useWith(again)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await expectRefused(await useWith(again), 'invalid_dpop_proof');
    expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'access.denied', reason: 'dpop:replayed' });
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      organisation: schoolCode('elementary'),
      side: 'gateway',
      role: 'machineClient',
      detail: { client: client.clientId },
    });
    const same = await proof({ claims: { jti: 'the-same-jti' } });
    expect((await useWith(same)).status).toBe(200);
    await expectRefused(await useWith(await proof({ claims: { jti: 'the-same-jti' } })), 'invalid_dpop_proof');
  });

  const seconds = () => Math.floor(world.clock.now().getTime() / 1000);
  it.each<[string, string, () => Partial<ProofParts>]>([
    ['another address', 'address-mismatch', () => ({ claims: { htu: `${origin}/api/cases` } })],
    ['another host', 'address-mismatch', () => ({ claims: { htu: 'http://evil.example/api/session' } })],
    ['another scheme', 'address-mismatch', () => ({ claims: { htu: sessionUrl.replace('http', 'https') } })],
    ['a name in the address', 'address-mismatch', () => ({ claims: { htu: sessionUrl.replace('//', '//a@') } })],
    ['no address', 'claims-invalid', () => ({ claims: { htu: undefined } })],
    ['another method', 'method-mismatch', () => ({ claims: { htm: 'POST' } })],
    ['the method in small letters', 'method-mismatch', () => ({ claims: { htm: 'get' } })],
    ['a stale time', 'expired', () => ({ claims: { iat: seconds() - 70 } })],
    ['a time to come', 'not-yet-valid', () => ({ claims: { iat: seconds() + 30 } })],
    ['no time', 'claims-invalid', () => ({ claims: { iat: undefined } })],
    ['another token', 'token-mismatch', () => ({ token: `${token}x` })],
    ['no token', 'token-mismatch', () => ({ claims: { ath: undefined } })],
    ['a short jti', 'jti-malformed', () => ({ claims: { jti: 'x' } })],
    ['another type', 'type-mismatch', () => ({ header: { typ: 'JWT' } })],
    ['its key by address', 'header-not-allowed', () => ({ header: { jku: 'https://evil.example/keys' } })],
    ['no key', 'key-not-public', () => ({ header: { jwk: undefined } })],
  ])('A-10 refuses a proof with %s', async (_name, reason, lie) => {
    await expectRefused(await useWith(await proof(lie())), 'invalid_dpop_proof');
    expect((await refusalsOf(world)).at(-1)).toBe(`dpop:${reason}`);
  });

  it('A-10 refuses a proof by another key than the token’s', async () => {
    await expectRefused(await useWith(await proof({}, await newProofKey())), 'invalid_token');
    expect((await refusalsOf(world)).at(-1)).toBe('dpop:key-differs');
  });

  it('A-10 refuses a proof that shows its private key, brings a secret, is unsigned or signed by a secret', async () => {
    const shown = { ...key, jwk: { ...(await exportJWK(key.privateKey)) } };
    const secret = { ...key, jwk: { kty: 'oct', k: 'AAAA' } };
    for (const by of [shown, secret]) await expectRefused(await useWith(await proof({}, by)), 'invalid_dpop_proof');
    const claims = { htm: 'GET', htu: sessionUrl, iat: seconds(), jti: crypto.randomUUID(), nonce: nonce() };
    await expectRefused(await useWith(new UnsecuredJWT(claims).encode()), 'invalid_dpop_proof');
    const [, payload] = (await proof()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk })).toString('base64url');
    await expectRefused(await useWith(`${header}.${payload}.AAAA`), 'invalid_dpop_proof');
    expect((await refusalsOf(world)).at(-1)).toBe('dpop:algorithm-not-allowed');
  });

  it('A-10 refuses a bound token as a bearer token, with a proof or without, and a token without any proof', async () => {
    await expectRefused(await useWith(null, `Bearer ${token}`), 'invalid_token');
    await expectRefused(await useWith(await proof(), `Bearer ${token}`), 'invalid_token');
    await expectRefused(await useWith(null), 'invalid_dpop_proof');
    await expectRefused(await useWith(`${await proof()}, ${await proof()}`), 'invalid_dpop_proof');
  });

  it.each<[string, Record<string, unknown>]>([
    ['is bound to nothing', { cnf: null }],
    ['is bound by a word', { cnf: 'jkt' }],
    ['names no key', { cnf: {} }],
    ['names its key by a number', { cnf: { jkt: 1 } }],
    ['says its scope by a number', { scope: 1 }],
    ['names nobody', { sub: undefined }],
    ['never ends', { exp: undefined }],
  ])('A-10 refuses a token of our own key that %s', async (_name, wrong) => {
    const good = decodeJwt(token);
    const { signer } = world.services.tokenKey;
    const forge = (claims: Record<string, unknown>) =>
      signCompactJwt({ header: { typ: 'at+jwt' }, claims: { ...good, ...claims }, signer });
    const honest = await forge({});
    expect((await useWith(await proof({ token: honest }), `DPoP ${honest}`)).status).toBe(200);
    const forged = await forge(wrong);
    await expectRefused(await useWith(await proof({ token: forged }), `DPoP ${forged}`), 'invalid_token');
  });

  it('A-10 remembers a proof for as long as it would be taken, whoever has removed what is over', async () => {
    const once = await proof();
    expect((await useWith(once)).status).toBe(200);
    world.clock.pass({ seconds: 45 });
    await client.token();
    const again = await useWith(once);
    world.clock.pass({ seconds: -45 });
    await expectRefused(again, 'invalid_dpop_proof');
    expect((await refusalsOf(world)).at(-1)).toBe('dpop:replayed');
  });

  it('A-10 asks for a nonce that is missing, foreign or old, and takes it from any process', async () => {
    for (const old of [null, 'AAAA']) {
      const asked = await useWith(await proof({ nonce: old }));
      await expectRefused(asked, 'use_dpop_nonce');
      const given = asked.headers.get('dpop-nonce');
      expect((await useWith(await proof({ nonce: given }))).status).toBe(200);
    }
    const before = nonce();
    world.clock.pass({ seconds: 100 });
    const fresh = () => ({ claims: { iat: seconds() } });
    expect((await useWith(await proof({ nonce: before, ...fresh() }))).status).toBe(200);
    world.clock.pass({ seconds: 150 });
    const late = await useWith(await proof({ nonce: before, ...fresh() }));
    world.clock.pass({ seconds: -250 });
    await expectRefused(late, 'use_dpop_nonce');
  });

  it('A-10 is asked for at the token endpoint: none, a bad one, a used one, one for another address', async () => {
    const errorOf = async (given: string | null): Promise<[number, unknown]> => {
      const answer = await askWith(given);
      return [answer.status, ((await answer.json()) as { error: string }).error];
    };
    const good = { method: 'POST', url: tokenUrl };
    expect(await errorOf(null)).toEqual([400, 'invalid_dpop_proof']);
    expect(await errorOf('x')).toEqual([400, 'invalid_dpop_proof']);
    expect((await refusalsOf(world)).at(-1)).toBe('dpop:malformed');
    expect(await errorOf(await proofWith(key, good))).toEqual([400, 'use_dpop_nonce']);
    const elsewhere = await proofWith(key, { ...good, url: sessionUrl, nonce: nonce() });
    expect(await errorOf(elsewhere)).toEqual([400, 'invalid_dpop_proof']);
    const used = await proofWith(key, { ...good, nonce: nonce() });
    expect((await errorOf(used))[0]).toBe(200);
    expect(await errorOf(used)).toEqual([400, 'invalid_dpop_proof']);
    expect((await refusalsOf(world)).at(-1)).toBe('dpop:replayed');
  });

  it('spends no assertion when it sends a client away for a nonce', async () => {
    const form = tokenForm(await client.assertion());
    const asked = async (given: string | null) => {
      const headers = { dpop: await proofWith(key, { method: 'POST', url: tokenUrl, nonce: given }) };
      return world.app.request(tokenUrl, { method: 'POST', body: form, headers });
    };
    const first = await asked(null);
    expect([first.status, (await asked(first.headers.get('dpop-nonce'))).status]).toEqual([400, 200]);
  });

  it('is remembered by a hash of its key and its jti', async () => {
    await useWith(await proof({ claims: { jti: 'a-jti-to-find' } }));
    const rows = await world.database.transaction(systemScope('login'), (tx) => tx.select().from(usedTokens));
    const { crv, kty, x, y } = key.jwk;
    const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    const hashes = rows.map(({ tokenHash }) => tokenHash);
    expect(hashes).toContain(hashToken(JSON.stringify(['dpop', thumbprint, 'a-jti-to-find'])));
  });

  it('is forgotten once it could not come again', async () => {
    await useWith(await proof());
    world.clock.pass({ minutes: 10 });
    await client.token();
    world.clock.pass({ minutes: -10 });
    const rows = await world.database.transaction(systemScope('login'), (tx) => tx.select().from(usedTokens));
    expect(rows).toHaveLength(2);
  });
});
