import { eq, sql } from 'drizzle-orm';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { machineClients, machineKeys, type PublicJwk } from '../../src/identity/clients/tables.ts';
import { secondsOfDayLeft } from '../../src/identity/rules.ts';
import { machineScopes } from '../../src/policy/actor.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import {
  askForToken,
  keyRow,
  type MachineClient,
  newKeys,
  registerClient,
  tokenForm,
  tokenOf,
} from './support/machine.ts';
import { openWorld, origin, schoolCode, type World } from './support/world.ts';

describe('the log-in of a school-affairs system', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.drop());

  async function identityWith({ bound }: Pick<MachineClient, 'bound'>, token: string): Promise<Response> {
    return bound.send(token, `${origin}/api/session`, {});
  }

  async function expectInvalidClient(response: Response): Promise<string | undefined> {
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: 'invalid_client' });
    return (await refusalsOf(world)).at(-1);
  }

  it('gives a token for five minutes that acts for the one school within its scopes', async () => {
    const client = await registerClient(world);
    const answer = await askForToken(client, async () => tokenForm(await client.assertion()));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = (await answer.json()) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'DPoP', expires_in: 300, scope: 'transfers:read transfers:write' });
    expect(await (await identityWith(client, body.access_token)).json()).toMatchObject({
      kind: 'machine',
      scopes: ['transfers:read', 'transfers:write'],
    });
  });

  it('serves a library that knows only our issuer (RFC 8414, private_key_jwt)', async () => {
    const client = await registerClient(world);
    const configuration = await oidc.discovery(
      new URL(origin),
      client.clientId,
      undefined,
      oidc.PrivateKeyJwt({ key: client.privateKey, kid: 'k1' }),
      {
        algorithm: 'oauth2',
        execute: [oidc.allowInsecureRequests],
        [oidc.customFetch]: async (url, options) => world.app.request(url, options as RequestInit),
      },
    );
    expect(configuration.serverMetadata()).toEqual({
      issuer: origin,
      token_endpoint: `${origin}/api/token`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: machineScopes,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'RS256'],
      dpop_signing_alg_values_supported: ['ES256', 'RS256'],
    });
    const DPoP = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair());
    const tokens = await oidc.clientCredentialsGrant(configuration, { scope: 'transfers:read' }, { DPoP });
    expect([tokens.scope, tokens.token_type]).toEqual(['transfers:read', 'dpop']);
    const asked = [configuration, tokens.access_token, new URL(`${origin}/api/session`), 'GET'] as const;
    const answer = await oidc.fetchProtectedResource(...asked, null, undefined, { DPoP });
    expect(await answer.json()).toMatchObject({ kind: 'machine', scopes: ['transfers:read'] });
  });

  it('refuses an assertion that is used twice, at once or later', async () => {
    const client = await registerClient(world);
    const assertion = await client.assertion();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => askForToken(client, async () => tokenForm(assertion))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(assertion)))).toBe(
      'assertion-replayed',
    );
  });

  it('refuses the same jti in another assertion', async () => {
    const client = await registerClient(world);
    const jti = crypto.randomUUID();
    expect((await askForToken(client, async () => tokenForm(await client.assertion({ jti })))).status).toBe(200);
    const again = await askForToken(client, async () => tokenForm(await client.assertion({ jti, scope: 'x' })));
    expect(await expectInvalidClient(again)).toBe('assertion-replayed');
  });

  const now = Math.floor(Date.now() / 1000);
  it.each<[string, Record<string, unknown>, string]>([
    ['our token endpoint as audience', { aud: `${origin}/api/token` }, 'audience-mismatch'],
    ['another audience', { aud: 'https://other.example' }, 'audience-mismatch'],
    ['two audiences', { aud: [origin, 'https://other.example'] }, 'audience-mismatch'],
    ['a life of two minutes', { iat: now, exp: now + 120 }, 'lifetime-too-long'],
    ['no jti', { jti: undefined }, 'claims-invalid'],
    ['no expiry', { exp: undefined }, 'claims-invalid'],
    ['no issue time', { iat: undefined }, 'claims-invalid'],
    ['an issuer that is not the client', { iss: 'somebody-else' }, 'issuer-mismatch'],
    ['an expiry in the past', { iat: now - 120, exp: now - 60 }, 'expired'],
    ['an issue time in the future', { iat: now + 600, exp: now + 660 }, 'not-yet-valid'],
  ])('refuses %s', async (_name, claims, reason) => {
    const client = await registerClient(world);
    const answer = await askForToken(client, async () => tokenForm(await client.assertion(claims)));
    expect(await expectInvalidClient(answer)).toBe(`assertion:${reason}`);
  });

  it('refuses another key, an unknown key id, and a key that the assertion brings along', async () => {
    const client = await registerClient(world);
    const other = await newKeys();
    const claims = {
      iss: client.clientId,
      sub: client.clientId,
      aud: origin,
      iat: now,
      exp: now + 60,
      jti: 'abcdefgh1',
    };
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(other.privateKey);
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(foreign)))).toBe(
      'assertion:signature-invalid',
    );
    const unknown = await client.assertion({}, { kid: 'k2' });
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(unknown)))).toBe(
      'assertion:key-unknown',
    );
    const brought = await client.assertion({}, { jwk: { kty: 'EC' } });
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(brought)))).toBe(
      'assertion:header-not-allowed',
    );
  });

  it('takes a jti of eight to two hundred characters', async () => {
    const client = await registerClient(world);
    const ask = (jti: string) => askForToken(client, async () => tokenForm(await client.assertion({ jti })));
    for (const length of [8, 200]) expect((await ask('j'.repeat(length))).status).toBe(200);
    for (const length of [7, 201])
      expect(await expectInvalidClient(await ask('j'.repeat(length)))).toBe('jti-malformed');
  });

  it('refuses an assertion that names nobody, or somebody at length, or says nothing', async () => {
    const client = await registerClient(world);
    const nothing = await new CompactSign(new TextEncoder().encode('[]'))
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(client.privateKey);
    const claims = [{ sub: undefined }, { sub: 'x'.repeat(201) }];
    const assertions = [nothing, ...(await Promise.all(claims.map((claim) => client.assertion(claim))))];
    for (const assertion of assertions) {
      const answer = await askForToken(client, async () => tokenForm(assertion));
      expect(await expectInvalidClient(answer)).toBe('assertion-malformed');
    }
    const long = await client.assertion({ sub: 'x'.repeat(200) });
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(long)))).toBe('client-unknown');
  });

  it('finds the key by its thumbprint too, and needs no name for the only one', async () => {
    const client = await registerClient(world);
    const ask = (header: Readonly<Record<string, unknown>>) =>
      askForToken(client, async () => tokenForm(await client.assertion({}, header)));
    expect((await ask({ kid: undefined })).status).toBe(200);
    const { publicKey } = await newKeys();
    // Sound: an exported EC public key has these members.
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k2', alg: 'ES256', use: 'sig' } as PublicJwk;
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.insert(machineKeys).values(keyRow(world, client.clientId, jwk));
    });
    expect(await expectInvalidClient(await ask({ kid: undefined }))).toBe('assertion:key-unknown');
    expect((await ask({ kid: await calculateJwkThumbprint(client.publicKey) })).status).toBe(200);
    const stranger = await registerClient(world);
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.delete(machineKeys).where(eq(machineKeys.clientId, stranger.clientId));
    });
    const answer = await askForToken(stranger, async () => tokenForm(await stranger.assertion({}, { kid: undefined })));
    expect(await expectInvalidClient(answer)).toBe('assertion:key-unknown');
  });

  it('remembers an assertion beyond its end, for as long as a clock may differ', async () => {
    const [client, other] = [await registerClient(world), await registerClient(world)];
    const assertion = await client.assertion();
    expect((await askForToken(client, async () => tokenForm(assertion))).status).toBe(200);
    world.clock.pass({ seconds: 61 });
    // Whoever comes next has what is over removed.
    await other.token();
    const late = await askForToken(client, async () => tokenForm(assertion));
    world.clock.pass({ seconds: -61 });
    expect(await expectInvalidClient(late)).toBe('assertion-replayed');
  });

  it('accepts RS256 with a registered RSA key, and neither none nor HS256 ever', async () => {
    const client = await registerClient(world);
    const rsa = await generateKeyPair('RS256', { extractable: true });
    // Sound: an exported RSA public key has these members.
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'r1', alg: 'RS256', use: 'sig' } as PublicJwk;
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.insert(machineKeys).values(keyRow(world, client.clientId, jwk));
    });
    const claims = () => {
      const jti = crypto.randomUUID();
      return { iss: client.clientId, sub: client.clientId, aud: origin, iat: now, exp: now + 60, jti };
    };
    const good = await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: 'r1' }).sign(rsa.privateKey);
    expect((await askForToken(client, async () => tokenForm(good))).status).toBe(200);
    const none = new UnsecuredJWT(claims()).encode();
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(none)))).toBe(
      'assertion-malformed',
    );
    const secret = new TextEncoder().encode(JSON.stringify(jwk));
    const confused = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'r1' }).sign(secret);
    const answer = await askForToken(client, async () => tokenForm(confused));
    expect(await expectInvalidClient(answer)).toBe('assertion:algorithm-not-allowed');
  });

  it('refuses an unknown client, a blocked one, and a client_id that differs', async () => {
    const client = await registerClient(world);
    const stranger = await client.assertion({ iss: 'nobody', sub: 'nobody' });
    expect(await expectInvalidClient(await askForToken(client, async () => tokenForm(stranger)))).toBe(
      'client-unknown',
    );
    const form = tokenForm(await client.assertion(), { client_id: 'another' });
    expect(await expectInvalidClient(await askForToken(client, async () => form))).toBe('client-differs');
    await block(client.clientId);
    const blocked = await askForToken(client, async () => tokenForm(await client.assertion()));
    expect(await expectInvalidClient(blocked)).toBe('client-blocked');
  });

  it('refuses other grants, missing parameters and scopes that the client does not have', async () => {
    const client = await registerClient(world);
    const grant = tokenForm(await client.assertion(), { grant_type: 'password' });
    expect(await (await askForToken(client, async () => grant)).json()).toEqual({ error: 'unsupported_grant_type' });
    const secret = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' });
    expect(await (await askForToken(client, async () => secret)).json()).toEqual({ error: 'invalid_request' });
    const scope = tokenForm(await client.assertion(), { scope: 'transfers:read health:read' });
    expect(await (await askForToken(client, async () => scope)).json()).toEqual({ error: 'invalid_scope' });
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      name: 'machine.token-issued',
      outcome: 'refused',
      reason: 'scope-not-registered',
      organisation: schoolCode('elementary'),
      detail: { client: client.clientId },
    });
    const untyped = tokenForm(await client.assertion(), { client_assertion_type: 'urn:example:other' });
    expect(await (await askForToken(client, async () => untyped)).json()).toEqual({ error: 'invalid_request' });
    const bare = tokenForm('');
    bare.delete('client_assertion');
    expect(await (await askForToken(client, async () => bare)).json()).toEqual({ error: 'invalid_request' });
  });

  it('stops an access token after five minutes', async () => {
    const client = await registerClient(world);
    const token = await client.token();
    expect((await identityWith(client, token)).status).toBe(200);
    world.clock.pass({ seconds: 310 });
    const late = await identityWith(client, token);
    world.clock.pass({ seconds: -310 });
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toBe('DPoP error="invalid_token", algs="ES256 RS256"');
  });

  it('stops a client at once when it is blocked, and scopes when they are taken away', async () => {
    const client = await registerClient(world, ['transfers:read', 'records:read']);
    const token = await client.token();
    await change(client.clientId, { scopes: ['transfers:read'] });
    expect(await (await identityWith(client, token)).json()).toMatchObject({ scopes: ['transfers:read'] });
    await block(client.clientId);
    const blocked = await identityWith(client, token);
    const told = 'DPoP error="invalid_token", algs="ES256 RS256"';
    expect([blocked.status, blocked.headers.get('www-authenticate')]).toEqual([401, told]);
  });

  it('knows no client that has been removed, whatever its token said', async () => {
    const client = await registerClient(world);
    const token = await client.token();
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.delete(machineKeys).where(eq(machineKeys.clientId, client.clientId));
      await tx.delete(machineClients).where(eq(machineClients.clientId, client.clientId));
    });
    expect((await identityWith(client, token)).status).toBe(401);
    const { bound } = await registerClient(world);
    expect((await identityWith({ bound }, token)).status).toBe(401);
    expect((await eventsOf(world)).at(-1)).toMatchObject({
      reason: 'dpop:key-differs',
      organisation: null,
      detail: { client: client.clientId },
    });
  });

  it('takes no client assertion, no changed token and no token of another key for an access token', async () => {
    const client = await registerClient(world);
    const assertion = await client.assertion();
    expect((await identityWith(client, assertion)).status).toBe(401);
    const token = await tokenOf(await askForToken(client, async () => tokenForm(assertion)));
    expect((await identityWith(client, `${token.slice(0, -4)}AAAA`)).status).toBe(401);
    const { privateKey } = await newKeys();
    const claims = { iss: origin, aud: origin, sub: client.clientId, scope: 'health:read', iat: now, exp: now + 300 };
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' }).sign(privateKey);
    expect((await identityWith(client, forged)).status).toBe(401);
  });

  it('holds a client to requests and uploads of its own, and counts no upload that was too often', async () => {
    const client = await registerClient(world);
    const other = await registerClient(world);
    const token = await client.token();
    await change(client.clientId, { requestsPerMinute: 3, uploadsPerDay: 1 });
    const upload = () =>
      client.bound.send(token, `${origin}/api/cases/x/documents/y/content`, { method: 'PUT', body: 'x' });
    const first = await identityWith(client, token);
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=3;w=60');
    // Behind this door there is nothing: the room is alone in this test.
    expect((await upload()).status).toBe(404);
    const spent = await upload();
    expect(await spent.json()).toMatchObject({ status: 429, code: 'client.uploads-spent' });
    const left = Number(spent.headers.get('retry-after'));
    expect(Math.abs(left - secondsOfDayLeft(world.clock.now()))).toBeLessThan(30);
    expect(await (await upload()).json()).toMatchObject({ code: 'request.too-often' });
    // The limits are those of one client: its school goes on by another.
    expect((await identityWith(other, await other.token())).headers.get('ratelimit-policy')).not.toContain('q=3');
    await change(client.clientId, { requestsPerMinute: 4, uploadsPerDay: 2 });
    await world.database.transaction(systemScope('login'), (tx) => tx.execute(sql`delete from rate_limits`));
    expect((await upload()).status).toBe(404);
    expect(await (await upload()).json()).toMatchObject({ code: 'client.uploads-spent' });
  });

  it('names the school in the log', async () => {
    const client = await registerClient(world);
    await askForToken(client, async () => tokenForm(await client.assertion()));
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'machine.token-issued',
      outcome: 'done',
      reason: null,
      organisation: schoolCode('elementary'),
      side: 'gateway',
      role: 'machineClient',
      detail: { client: client.clientId, scope: 'transfers:read transfers:write' },
    });
  });

  async function block(clientId: string): Promise<void> {
    await change(clientId, { blockedAt: world.clock.now() });
  }

  async function change(clientId: string, values: Partial<typeof machineClients.$inferInsert>): Promise<void> {
    await world.database.transaction(systemScope('directory'), async (tx) => {
      await tx.update(machineClients).set(values).where(eq(machineClients.clientId, clientId));
    });
  }
});
