import { signCompactJwt } from '../../crypto/jose.ts';
import { encodeBitstring, packBits } from '../../crypto/status-list/bitstring.ts';
import { statusListSize } from '../../crypto/status-list/entries.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { sha256Hex } from '../../transfers/ids.ts';
import { certificatesJob } from '../requests/record.ts';
import { openBadgeKey } from './badge-key.ts';
import { bitstringAddress, issuerId, keyAddress } from './issuer-profile.ts';
import { listLifetimeSeconds, resignAfterMs, statusJob, statusOfCredential } from './rules.ts';
import type { SignedList } from './status-list-cache.ts';
import { findStatusList, listNotPlainlyValid } from './store.ts';

interface WantedList {
  readonly school: string;
  readonly listId: string;
}

/**
 * Which exports of a school have been revoked (W3C Bitstring Status List v1.0), as its certificates stand now: a credential of its own, as
 * VC-JWT by the key of its badges. A certificate that was replaced counts as revoked; one that is suspended does not, since revocation is
 * for good there. Faults: request.not-found, credential.list-unavailable
 */
export async function publishBitstringList(gateway: Gateway, of: WantedList): Promise<Result<SignedList>> {
  if (!/^[\w-]{22}$/.test(of.listId)) return refuse(fault('request.not-found'));
  return gateway.statusLists.together(cacheKey(of), () => publish(gateway, of));
}

async function publish(gateway: Gateway, of: WantedList): Promise<Result<SignedList>> {
  const { database, clock, settings, statusLists } = gateway;
  const { school, listId } = of;
  const list = await database.transaction(systemScope(statusJob), (tx) => findStatusList(tx, listId));
  const isOurs = list?.schoolCode === school && list.issuer === issuerId(settings.PUBLIC_ORIGIN, school);
  if (!isOurs) return refuse(fault('request.not-found'));
  const scope = { ...systemScope(certificatesJob), school };
  const rows = await database.transaction(scope, (tx) => listNotPlainlyValid(tx, listId));
  const revoked = rows.filter((row) => statusOfCredential(row) !== 'suspended').map(({ listIndex }) => listIndex);
  const bits = packBits(statusListSize, revoked);
  const entries = await sha256Hex(bits);
  const known = statusLists.find(cacheKey(of));
  const isFresh = known !== null && clock.now().getTime() - known.signedAt.getTime() < resignAfterMs;
  return isFresh && known.entries === entries ? ok(known) : sign(gateway, { ...of, bits, entries });
}

async function sign(
  gateway: Gateway,
  { bits, entries, ...of }: WantedList & { readonly bits: Uint8Array; readonly entries: string },
): Promise<Result<SignedList>> {
  const { PUBLIC_ORIGIN: origin } = gateway.settings;
  const opened = await openBadgeKey(gateway, of.school);
  if (!opened.ok) return refuse(fault('credential.list-unavailable', { detail: opened.fault.detail ?? 'badge-key' }));
  const { key, signer } = opened.value;
  const signedAt = gateway.clock.now();
  const id = bitstringAddress(origin, of.school, of.listId);
  const seconds = Math.floor(signedAt.getTime() / 1000);
  const document = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuerId(origin, of.school),
    validFrom: instant(seconds),
    validUntil: instant(seconds + listLifetimeSeconds),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: await encodeBitstring(bits),
    },
  };
  const registered = { iss: document.issuer, jti: id, nbf: seconds, exp: seconds + listLifetimeSeconds };
  const token = await signCompactJwt({
    header: { kid: keyAddress(origin, of.school, key.thumbprint), typ: 'JWT' },
    claims: { ...document, ...registered },
    signer,
  });
  const etag = `"${(await sha256Hex(new TextEncoder().encode(token))).slice(0, 32)}"`;
  const signed = { token, etag, entries, signedAt };
  gateway.statusLists.keep(cacheKey(of), signed);
  return ok(signed);
}

function cacheKey({ listId }: WantedList): string {
  return `bitstring/${listId}`;
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
