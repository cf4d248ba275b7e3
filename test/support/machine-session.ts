import { readFile } from 'node:fs/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Clock } from '../../src/clock.ts';
import type { DemoMachineClient } from '../../src/demo/machine-clients.node.ts';
import type { MachineScope } from '../../src/policy/actor.ts';
import { readAnswer } from './answer.ts';
import { openBoundClient } from './dpop.ts';
import { openProvingSession, type Session } from './session.ts';

/** A token lives five minutes; a long run asks for another in time, as a school-affairs system would. */
const renewAfterMs = 4 * 60_000;

/** The school-affairs system of a school of the demonstration, with a token for these scopes. */
export async function openMachineClientSession(
  at: { readonly origin: string; readonly clock: Clock },
  client: DemoMachineClient,
  scopes: readonly MachineScope[],
): Promise<Session> {
  const { origin, clock } = at;
  const { clientId } = client;
  // Sound: a JWK that the demonstration wrote.
  const jwk = JSON.parse(await readFile(client.keyFile, 'utf8')) as JWK;
  const key = await importJWK(jwk, 'ES256');
  const bound = await openBoundClient(fetch, () => clock.now());
  const ask = async () => {
    const answer = await bound.token(`${origin}/api/token`, async () => {
      const iat = Math.floor(clock.now().getTime() / 1000);
      const claims = { iss: clientId, sub: clientId, aud: origin, iat, exp: iat + 50, jti: crypto.randomUUID() };
      return new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '' }).sign(key),
        scope: scopes.join(' '),
      });
    });
    const body = readAnswer(await answer.text());
    if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${JSON.stringify(body)}`);
    return { value: body.access_token, renewAt: clock.now().getTime() + renewAfterMs };
  };
  let token = await ask();
  return openProvingSession(origin, async (url, init) => {
    if (clock.now().getTime() >= token.renewAt) token = await ask();
    return bound.send(token.value, url, init);
  });
}
