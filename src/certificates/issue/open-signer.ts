import type { Signer } from '../../crypto/signer.ts';
import type { ActorScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { findSealKey, openSealKey } from '../../records/seal-keys.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { confirmSealKeyAs } from '../../transfers/seal-key-standing.ts';

/**
 * The school's seal, once the log has confirmed the key. Faults: seal.key-missing, seal.key-not-yet, seal.key-doubted,
 * seal.key-elsewhere
 */
export async function openSigner(gateway: Gateway, scope: ActorScope, school: string): Promise<Result<Signer>> {
  const key = await gateway.database.transaction(scope, (tx) => findSealKey(tx, school));
  if (key === null) return refuse(fault('seal.key-missing'));
  const confirmed = await confirmSealKeyAs(gateway, { scope, actorRole: 'gateway' }, key);
  if (!confirmed.ok) return confirmed;
  const signer = await openSealKey(key, gateway.keys);
  return signer === null ? refuse(fault('seal.key-elsewhere')) : ok(signer);
}
