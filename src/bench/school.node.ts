import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Answer, Call, Client } from './http-client.node.ts';
import { logIn } from './log-in.node.ts';
import type { LoadSetup } from './messages.ts';
import { openProver, type Prover, signJwt } from './prover.node.ts';

/** One school as its school-affairs system and its principal see it. */
export interface School {
  readonly code: string;
  /** A token by private_key_jwt, fresh at each call. */
  token(): Promise<string>;
  /** A token that is at most four minutes old. */
  heldToken(): Promise<string>;
  /** A request with such a token, and the proof of the key that it is bound to. */
  call(client: Client, token: string, call: Call): Promise<Answer>;
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
    const prover = openProver();
    const issue = await tokenSource({ client, prover, gateway: setup.gateway }, machine);
    const answer = await prover.call(client, await issue(), { method: 'GET', url: `${setup.gateway}/api/pupils` });
    const cookie = await logIn(setup.gateway, principal.subject);
    schools.push({
      code: machine.schoolCode,
      token: issue,
      heldToken: hold(issue),
      call: (by, token, call) => prover.call(by, token, call),
      // Sound: the API's own shape; what is missing shows at the first draft.
      pupils: (JSON.parse(answer.body.toString()) as { items: Pupil[] }).items,
      principal: { cookie, origin: setup.gateway, 'sec-fetch-site': 'same-origin' },
    });
  }
  return schools;
}

async function tokenSource(
  by: { readonly client: Client; readonly prover: Prover; readonly gateway: string },
  machine: LoadSetup['machines'][number],
): Promise<() => Promise<string>> {
  const { client, prover, gateway } = by;
  // Sound: a private JWK that the demonstration wrote.
  const jwk = JSON.parse(await readFile(machine.keyFile, 'utf8')) as JsonWebKey & { readonly kid: string };
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const call = (): Call => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion({ key, kid: jwk.kid, clientId: machine.clientId, audience: gateway }),
    });
    return {
      method: 'POST',
      url: `${gateway}/api/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    };
  };
  await prover.fetchNonce(client, call());
  return async () => {
    const answer = await prover.call(client, null, call());
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
  const claims = { iss: of.clientId, sub: of.clientId, aud: of.audience, iat: now, exp: now + 60, jti: randomUUID() };
  return signJwt(of.key, { alg: 'ES256', kid: of.kid }, claims);
}
