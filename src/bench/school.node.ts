import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Client, expectSuccess } from './http-client.node.ts';
import { logIn } from './log-in.node.ts';
import type { LoadSetup } from './messages.ts';

/** One school as its school-affairs system and its principal see it. */
export interface School {
  readonly code: string;
  /** A token by private_key_jwt, fresh at each call. */
  token(): Promise<string>;
  /** A token that is at most four minutes old. */
  heldToken(): Promise<string>;
  readonly pupils: readonly Pupil[];
  /** Headers of the principal's session. */
  readonly principal: Readonly<Record<string, string>>;
}

export interface Pupil {
  readonly id: string;
  readonly kana: string;
  readonly birthDate: string;
}

/** Every school of the world that has a machine client and a principal. */
export async function openSchools(client: Client, setup: LoadSetup): Promise<readonly School[]> {
  const schools: School[] = [];
  for (const machine of setup.machines) {
    const principal = setup.principals.find(({ schoolCode }) => schoolCode === machine.schoolCode);
    if (principal === undefined) continue;
    const issue = await tokenSource(client, setup.gateway, machine);
    const token = await issue();
    const answer = await expectSuccess(client, {
      method: 'GET',
      url: `${setup.gateway}/api/pupils`,
      headers: { authorization: `Bearer ${token}` },
    });
    const cookie = await logIn(setup.gateway, principal.subject);
    schools.push({
      code: machine.schoolCode,
      token: issue,
      heldToken: hold(issue),
      // Sound: the API's own shape; what is missing shows at the first draft.
      pupils: (JSON.parse(answer.body.toString()) as { items: Pupil[] }).items,
      principal: { cookie, origin: setup.gateway, 'sec-fetch-site': 'same-origin' },
    });
  }
  return schools;
}

async function tokenSource(
  client: Client,
  gateway: string,
  machine: LoadSetup['machines'][number],
): Promise<() => Promise<string>> {
  // Sound: a private JWK that the demonstration wrote.
  const jwk = JSON.parse(await readFile(machine.keyFile, 'utf8')) as JsonWebKey & { readonly kid: string };
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion({ key, kid: jwk.kid, clientId: machine.clientId, audience: gateway }),
    });
    const answer = await expectSuccess(client, {
      method: 'POST',
      url: `${gateway}/api/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    });
    // Sound: RFC 6749 §5.1.
    return (JSON.parse(answer.body.toString()) as { access_token: string }).access_token;
  };
}

function hold(issue: () => Promise<string>): () => Promise<string> {
  let held: { readonly token: Promise<string>; readonly at: number } | null = null;
  return () => {
    if (held === null || performance.now() - held.at > 240_000) held = { token: issue(), at: performance.now() };
    return held.token;
  };
}

/** RFC 7523 §3. */
function assertion(of: {
  readonly key: KeyObject;
  readonly kid: string;
  readonly clientId: string;
  readonly audience: string;
}): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'ES256', kid: of.kid };
  const claims = { iss: of.clientId, sub: of.clientId, aud: of.audience, iat: now, exp: now + 60, jti: randomUUID() };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: of.key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
