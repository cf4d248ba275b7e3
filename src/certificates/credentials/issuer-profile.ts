import type { JsonObject } from '../../crypto/strict-json.ts';
import { systemScope } from '../../database/scope.ts';
import { findSchool, type SchoolView } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { certificatesJob } from '../requests/record.ts';
import { findBadgeKey } from './badge-key.ts';

export const issuersPath = '/issuers';

/** `issuer.id` of a school's Open Badges, where its profile is served. */
export function issuerId(origin: string, school: string): string {
  return `${origin}${issuersPath}/${school}`;
}

/** `kid`: an address that answers with the key itself (Open Badges 3.0 §8.2.3). */
export function keyAddress(origin: string, school: string, thumbprint: string): string {
  return `${issuerId(origin, school)}/keys/${thumbprint}`;
}

/** Where a list tells which exports have been revoked, and the id of that list. */
export function bitstringAddress(origin: string, school: string, listId: string): string {
  return `${issuerId(origin, school)}/status-lists/${listId}`;
}

/** A school as an issuer, as it stands in its badges and at its address. Pure. */
export function profileOf(origin: string, school: Pick<SchoolView, 'code' | 'name' | 'nameEnglish'>): JsonObject {
  return {
    id: issuerId(origin, school.code),
    type: ['Profile'],
    name: school.name,
    description: school.nameEnglish,
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: school.code, identifierType: 'ext:schoolCode' }],
  };
}

/** Faults: request.not-found */
export async function showProfile(gateway: Gateway, code: string): Promise<Result<JsonObject>> {
  const scope = { ...systemScope(certificatesJob), school: code };
  const school = await gateway.database.transaction(scope, (tx) => findSchool(tx, code));
  if (school === null) return refuse(fault('request.not-found'));
  const context = [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ];
  return ok({ '@context': context, ...profileOf(gateway.settings.PUBLIC_ORIGIN, school) });
}

/** The public keys of a school's badges, as a JWK Set. Faults: request.not-found, credential.list-unavailable */
export async function showKeys(gateway: Gateway, code: string): Promise<Result<{ readonly keys: JsonObject[] }>> {
  if (!(await showProfile(gateway, code)).ok) return refuse(fault('request.not-found'));
  const found = await findBadgeKey(gateway, code);
  if (!found.ok) return refuse(fault('credential.list-unavailable', { detail: found.fault.detail ?? 'badge-key' }));
  const key = found.value;
  if (key === null) return ok({ keys: [] });
  const kid = keyAddress(gateway.settings.PUBLIC_ORIGIN, code, key.thumbprint);
  return ok({ keys: [{ ...key.jwk, kid, alg: 'RS256', use: 'sig' }] });
}

/** What `kid` of a badge leads to. Faults: request.not-found, credential.list-unavailable */
export async function showKey(
  gateway: Gateway,
  of: { readonly school: string; readonly thumbprint: string },
): Promise<Result<JsonObject>> {
  const found = await showKeys(gateway, of.school);
  if (!found.ok) return found;
  const kid = keyAddress(gateway.settings.PUBLIC_ORIGIN, of.school, of.thumbprint);
  const key = found.value.keys.find((one) => one['kid'] === kid);
  return key === undefined ? refuse(fault('request.not-found')) : ok(key);
}
