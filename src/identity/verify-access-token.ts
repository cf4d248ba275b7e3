import { verifyCompactJwt } from '../crypto/jose.ts';
import { systemScope } from '../database/scope.ts';
import type { MachineActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type AskedFor, countedOf } from './rate-rules.ts';
import { type RateVerdict, takeRates } from './rates.ts';
import { accessTokenSeconds } from './rules.ts';
import type { IdentityServices } from './services.ts';
import { findMachineClient } from './store.ts';

type Services = Pick<
  IdentityServices,
  'database' | 'clock' | 'publicOrigin' | 'tokenKey' | 'personTrust' | 'rates' | 'sealDetail'
>;

export interface VerifiedMachine {
  readonly actor: MachineActor;
  readonly rate: RateVerdict | null;
}

/**
 * From a bearer token to the machine client behind it. The client is read again at every request: a central block and
 * scopes taken away act at once, not after five minutes. The request is counted in the same transaction.
 */
export async function verifyAccessToken(
  services: Services,
  token: string,
  asked: AskedFor,
): Promise<Result<VerifiedMachine, string>> {
  const verified = await verifyCompactJwt({
    token,
    algorithms: [services.tokenKey.signer.algorithm],
    typ: 'at+jwt',
    keyFrom: () => services.tokenKey.verification,
    now: services.clock.now(),
    issuer: services.publicOrigin,
    audience: services.publicOrigin,
    required: ['sub', 'scope', 'exp', 'iat'],
    maxLifetimeSeconds: accessTokenSeconds,
  });
  if (!verified.ok) return refuse(verified.fault);
  const { sub, scope } = verified.value.claims;
  if (sub === undefined || typeof scope !== 'string') return refuse('claims-invalid');
  return services.database.transaction(systemScope('login'), async (tx) => {
    const client = await findMachineClient(tx, sub);
    if (client === null) return refuse('client-unknown');
    if (client.blockedAt !== null) return refuse('client-blocked');
    const words = scope.split(' ');
    const scopes = client.scopes.filter((registered) => words.includes(registered));
    const actor: MachineActor = { kind: 'machine', clientId: client.clientId, school: client.schoolCode, scopes };
    return ok({ actor, rate: await takeRates(tx, services, countedOf(actor, asked)) });
  });
}
