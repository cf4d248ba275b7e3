import { systemScope } from '../database/scope.ts';
import type { Gateway } from '../gateway.ts';
import { after } from '../identity/rules.ts';
import { findSealKeyByFingerprint } from '../records/seal-keys.ts';
import { standingOf } from './seal-key-standing.ts';
import type { SenderKey } from './verdict.ts';

/** A key that was exchanged in secret is found out by its owner within such a time: the principal sees its history. */
const newForDays = 30;

/** What the receiver cannot see in the certificate: since when the sender's people have called this key theirs. */
export async function findSenderKey(
  gateway: Pick<Gateway, 'database' | 'clock' | 'log' | 'sealDetail'>,
  sealed: { readonly school: string; readonly fingerprint: string; readonly at: Date },
): Promise<SenderKey> {
  const { school, fingerprint, at } = sealed;
  const scope = { ...systemScope('seal-watch'), school };
  const key = await gateway.database.transaction(scope, (tx) => findSealKeyByFingerprint(tx, school, fingerprint));
  if (key === null) return { fingerprint, registeredAt: null, standing: null, isNew: false };
  return {
    fingerprint,
    registeredAt: key.addedAt.toISOString(),
    standing: await standingOf(gateway, scope, key),
    isNew: at < after(key.addedAt, { days: newForDays }),
  };
}
