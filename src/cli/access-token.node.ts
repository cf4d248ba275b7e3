import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { signCompactJwt } from '../crypto/jose.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { MachineKey } from './machine-key.node.ts';
import type { Prover } from './prover.node.ts';
import { reach } from './reach.ts';

const answerSchema = z.object({ access_token: z.string(), expires_in: z.number(), scope: z.string() });
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const assertionSeconds = 60;

export interface AccessToken {
  readonly token: string;
  readonly scope: string;
  readonly expiresAt: Date;
}

interface Client {
  readonly origin: string;
  readonly clientId: string;
  readonly key: MachineKey;
  readonly clock: Clock;
  readonly prover: Prover;
}

/** Client credentials with private_key_jwt (RFC 7523): every assertion is used once and good for a minute. */
export async function fetchAccessToken(client: Client): Promise<AccessToken> {
  const { clock, prover } = client;
  const now = clock.now();
  let answer = await ask(client);
  // The first request of a run has no nonce yet (RFC 9449 §8).
  if (await prover.learn(answer)) answer = await ask(client);
  await prover.learn(answer);
  const parsed = answerSchema.safeParse(await answer.json().catch(() => null));
  if (!answer.ok || !parsed.success) {
    const exit = answer.status >= 500 ? exitCodes.notChecked : exitCodes.failed;
    throw new CliError(exit, 'login.refused', { status: answer.status });
  }
  const { access_token: token, expires_in: seconds, scope } = parsed.data;
  return { token, scope, expiresAt: new Date(now.getTime() + seconds * 1000) };
}

async function ask(client: Client): Promise<Response> {
  const { origin, clientId, key, clock, prover } = client;
  const iat = Math.floor(clock.now().getTime() / 1000);
  const assertion = await signCompactJwt({
    header: { typ: 'JWT', ...(key.kid === null ? {} : { kid: key.kid }) },
    claims: { iss: clientId, sub: clientId, aud: origin, iat, exp: iat + assertionSeconds, jti: randomUUID() },
    signer: key.signer,
  });
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_assertion_type: assertionType,
    client_assertion: assertion,
  });
  const url = `${origin}/api/token`;
  const headers = { dpop: await prover.prove({ method: 'POST', url, accessToken: null }) };
  return reach(() => fetch(url, { method: 'POST', headers, body, redirect: 'error' }), origin);
}
