import { eq } from 'drizzle-orm';
import { openSmall, sealSmall } from '../../crypto/chunked.ts';
import { jwkThumbprint } from '../../crypto/jwk-thumbprint.ts';
import { type Signer, webCryptoSigner } from '../../crypto/signer.ts';
import type { Transaction } from '../../database/connection.ts';
import { sqlState } from '../../database/errors.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { certificatesJob, recordSchoolByGateway } from '../requests/record.ts';
import { badgeKeys } from './tables.ts';

type BadgeKeyRow = typeof badgeKeys.$inferSelect;

/** The RSA key that a school's Open Badges are signed with: they take no other, and no certificate beside it. */
export interface BadgeKey {
  readonly thumbprint: string;
  /** Public members alone. */
  readonly jwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string };
}

const made = 'badge-key.made';
const patienceMs = 3_000;
const pauseMs = 250;

/**
 * The school's key, once the log has it: whoever can write into the database, and no more, cannot put their own in its place. Null when
 * none has been made yet. Faults: credential.not-issuable
 */
export async function findBadgeKey(gateway: Gateway, school: string): Promise<Result<BadgeKey | null>> {
  const row = await readRow(gateway, school);
  return row === null ? ok(null) : confirm(gateway, row);
}

/** Signs with the school's key, which is made when it is first needed. Faults: credential.not-issuable. @throws {KeyServiceUnavailable} */
export async function openBadgeKey(
  gateway: Gateway,
  school: string,
): Promise<Result<{ readonly key: BadgeKey; readonly signer: Signer }>> {
  const row = (await readRow(gateway, school)) ?? (await makeKey(gateway, school));
  const key = await confirm(gateway, row);
  if (!key.ok) return key;
  const secret = await gateway.keys.unwrap(row.rootRef, row.wrappedKey, labelOf(row));
  const pkcs8 = openSmall({ key: secret, context: contextOf(row), sealed: row.sealedPrivateKey });
  return ok({ key: key.value, signer: await webCryptoSigner(pkcs8, [], 'RS256') });
}

async function readRow({ database }: Pick<Gateway, 'database'>, school: string): Promise<BadgeKeyRow | null> {
  const [row] = await database.transaction(scopeOf(school), (tx) =>
    tx.select().from(badgeKeys).where(eq(badgeKeys.schoolCode, school)),
  );
  return row ?? null;
}

async function makeKey(gateway: Gateway, school: string): Promise<BadgeKeyRow> {
  const root = (await gateway.keys.describe()).root;
  if (root === null) throw new Error('the key service has no root key');
  const parameters = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  };
  const pair = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const { n = '', e = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const named = { schoolCode: school, thumbprint: thumbprintOf({ n, e }) };
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const wrapped = {
    rootRef: root,
    wrappedKey: await gateway.keys.wrap(root, secret, labelOf(named)),
    sealedPrivateKey: sealSmall({ key: secret, context: contextOf(named), message: pkcs8 }),
  };
  const row = { ...named, ...wrapped, n, e };
  try {
    return await gateway.database.transaction(scopeOf(school), (tx) => storeKey(tx, gateway, row));
  } catch (error) {
    // Somebody else was faster: nothing of ours stands, neither key nor log entry.
    const known = sqlState(error) === uniqueViolation ? await readRow(gateway, school) : null;
    if (known === null) throw error;
    return known;
  }
}

const uniqueViolation = '23505';

async function storeKey(
  tx: Transaction,
  gateway: Gateway,
  row: Omit<BadgeKeyRow, 'madeBy' | 'madeAt'>,
): Promise<BadgeKeyRow> {
  const { schoolCode: school, thumbprint } = row;
  const madeBy = await recordSchoolByGateway(tx, gateway, { name: made, school, detail: { thumbprint } });
  const [stored] = await tx
    .insert(badgeKeys)
    .values({ ...row, madeBy, madeAt: gateway.clock.now() })
    .returning();
  if (stored === undefined) throw new Error('a key was not stored');
  return stored;
}

/** The log publishes every half second: whoever asks right after the making waits that long, and not forever. */
async function confirm(gateway: Gateway, row: BadgeKeyRow): Promise<Result<BadgeKey>> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const proven = await gateway.log.findProvenDetail(scopeOf(row.schoolCode), row.madeBy);
    if (proven.ok) {
      const { event, organisation, detail } = proven.value;
      const isThatKey =
        event === made &&
        organisation === row.schoolCode &&
        detail['thumbprint'] === row.thumbprint &&
        thumbprintOf(row) === row.thumbprint;
      if (!isThatKey) break;
      return ok({ thumbprint: row.thumbprint, jwk: { kty: 'RSA', n: row.n, e: row.e } });
    }
    if (proven.fault !== 'event.not-yet') break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return refuse(fault('credential.not-issuable', { detail: 'badge-key' }));
}

function thumbprintOf({ n, e }: Pick<BadgeKeyRow, 'n' | 'e'>): string {
  return jwkThumbprint({ kty: 'RSA', n, e }) ?? '';
}

function scopeOf(school: string) {
  return { ...systemScope(certificatesJob), school };
}

function labelOf({ schoolCode, thumbprint }: Pick<BadgeKeyRow, 'schoolCode' | 'thumbprint'>): string {
  return `hikitsugi/badge-key/v1/${schoolCode}/${thumbprint}`;
}

function contextOf(row: Pick<BadgeKeyRow, 'schoolCode' | 'thumbprint'>): Uint8Array {
  return new TextEncoder().encode(`${labelOf(row)}/private-key`);
}
