import { packStatuses, statusListSize } from '../../crypto/status-list/entries.ts';
import { signStatusList } from '../../crypto/status-list/sign.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { sha256Hex } from '../../transfers/ids.ts';
import { certificatesJob } from '../requests/record.ts';
import { openIssuer } from './open-issuer.ts';
import { listLifetimeSeconds, listTtlSeconds, resignAfterMs, statusJob, statusOfCredential } from './rules.ts';
import { listAddress } from './status-address.ts';
import type { SignedList } from './status-list-cache.ts';
import { findStatusList, listNotPlainlyValid, type StatusListRow } from './store.ts';

/**
 * The status list at an address (Token Status List), as the certificates of its school stand now, signed by the school's seal. It says
 * nothing about anybody: two bits for each of 131,072 entries, most of which nobody has.
 *
 * Faults: request.not-found, credential.list-unavailable
 */
export async function publishStatusList(gateway: Gateway, listId: string): Promise<Result<SignedList>> {
  if (!/^[\w-]{22}$/.test(listId)) return refuse(fault('request.not-found'));
  return gateway.statusLists.together(listId, () => publish(gateway, listId));
}

async function publish(gateway: Gateway, listId: string): Promise<Result<SignedList>> {
  const { database, clock, statusLists } = gateway;
  const list = await database.transaction(systemScope(statusJob), (tx) => findStatusList(tx, listId));
  if (list === null) return refuse(fault('request.not-found'));
  const scope = { ...systemScope(certificatesJob), school: list.schoolCode };
  const rows = await database.transaction(scope, (tx) => listNotPlainlyValid(tx, list.id));
  const packed = packStatuses(
    statusListSize,
    rows.map((row) => [row.listIndex, statusOfCredential(row)] as const),
  );
  const entries = await sha256Hex(packed);
  const known = statusLists.find(listId);
  const isFresh = known !== null && clock.now().getTime() - known.signedAt.getTime() < resignAfterMs;
  if (isFresh && known.entries === entries) return ok(known);
  return sign(gateway, { list, packed, entries });
}

async function sign(
  gateway: Gateway,
  of: { readonly list: StatusListRow; readonly packed: Uint8Array; readonly entries: string },
): Promise<Result<SignedList>> {
  const { list, packed, entries } = of;
  const opened = await openIssuer(gateway, list.schoolCode);
  if (!opened.ok) return refuse(unavailable(opened.fault.detail ?? opened.fault.code));
  const { signer, names } = opened.value;
  // A list speaks only of credentials of the names in its own certificate.
  if (!names.includes(list.issuer)) return refuse(unavailable('issuer-name'));
  const signedAt = gateway.clock.now();
  const token = await signStatusList({
    uri: listAddress(gateway.settings.PUBLIC_ORIGIN, list.id),
    issuedAt: signedAt,
    expiresAt: new Date(signedAt.getTime() + listLifetimeSeconds * 1000),
    ttlSeconds: listTtlSeconds,
    entries: packed,
    signer,
  });
  const etag = `"${(await sha256Hex(new TextEncoder().encode(token))).slice(0, 32)}"`;
  const signed = { token, etag, entries, signedAt };
  gateway.statusLists.keep(list.id, signed);
  return ok(signed);
}

function unavailable(detail: string) {
  return fault('credential.list-unavailable', { detail });
}
