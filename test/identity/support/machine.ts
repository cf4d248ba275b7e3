import { exportJWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { jwkThumbprint } from '../../../src/crypto/jwk-thumbprint.ts';
import { systemScope } from '../../../src/database/scope.ts';
import { machineClients, machineKeys, type PublicJwk } from '../../../src/identity/clients/tables.ts';
import type { MachineScope } from '../../../src/policy/actor.ts';
import { type BoundClient, openBoundClient } from '../../support/dpop.ts';
import { origin, schoolCode, type World } from './world.ts';

export interface MachineClient {
  readonly clientId: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** Sends with the key that this client binds its tokens to. */
  readonly bound: BoundClient;
  /** A token for all its scopes. */
  token(): Promise<string>;
  /** A client assertion; everything about it may be changed. */
  assertion(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

let count = 0;

/** Registers a school-affairs system of the elementary school with an ES256 key of its own. */
export async function registerClient(
  world: World,
  scopes: readonly MachineScope[] = ['transfers:read', 'transfers:write'],
  app = () => world.app,
): Promise<MachineClient> {
  count += 1;
  const clientId = `system-${count}`;
  const { privateKey, publicKey } = await newKeys();
  // Sound: an exported EC public key has these members.
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' } as PublicJwk;
  await world.database.transaction(systemScope('directory'), async (tx) => {
    await tx.insert(machineClients).values({
      clientId,
      schoolCode: schoolCode('elementary'),
      name: '校務支援システム',
      scopes,
      createdAt: world.clock.now(),
    });
    await tx.insert(machineKeys).values(keyRow(world, clientId, jwk));
  });
  const bound = await openBoundClient(
    async (url, init) => app().request(url, init),
    () => world.clock.now(),
  );
  const client: MachineClient = {
    clientId,
    privateKey,
    publicKey,
    bound,
    token: async () => tokenOf(await askForToken(client, async () => tokenForm(await client.assertion()))),
    assertion: (claims, header) => signAssertion({ clientId, privateKey, now: world.clock.now(), claims, header }),
  };
  return client;
}

/** A key of a client as it is registered. */
export function keyRow(world: World, clientId: string, jwk: PublicJwk): typeof machineKeys.$inferInsert {
  const thumbprint = jwkThumbprint({ ...jwk }) ?? '';
  return { clientId, schoolCode: schoolCode('elementary'), thumbprint, jwk, addedAt: world.clock.now() };
}

export function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

async function signAssertion(input: {
  clientId: string;
  privateKey: CryptoKey;
  now: Date;
  claims: Readonly<Record<string, unknown>> | undefined;
  header: Readonly<Record<string, unknown>> | undefined;
}): Promise<string> {
  const { clientId, privateKey, now } = input;
  const iat = Math.floor(now.getTime() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: origin, iat, exp: iat + 60, jti: crypto.randomUUID() };
  const header: JWTHeaderParameters = { kid: 'k1', ...input.header, alg: 'ES256' };
  return new SignJWT({ ...claims, ...input.claims }).setProtectedHeader(header).sign(privateKey);
}

export function tokenForm(assertion: string, more: Readonly<Record<string, string>> = {}): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...more,
  });
}

/** As a machine does it: no cookie, no Origin, no fetch metadata; a nonce is fetched first when there is none. */
export async function askForToken(
  { bound }: Pick<MachineClient, 'bound'>,
  form: () => Promise<URLSearchParams>,
): Promise<Response> {
  return bound.token(`${origin}/api/token`, form);
}

export async function tokenOf(response: Response): Promise<string> {
  // Sound: RFC 6749 §5.1.
  return ((await response.json()) as { access_token: string }).access_token;
}
