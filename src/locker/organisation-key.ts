import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { refuseInsideTransaction } from '../database/inside.ts';
import { systemScope } from '../database/scope.ts';
import { KeyRefused, KeyServiceUnavailable } from '../keys/service.ts';
import { organisationKeyContext } from './contexts.ts';
import type { OrganisationKey } from './organisation-key-cache.ts';
import type { LockerParts } from './parts.ts';
import { lockerJob, organisationKeys } from './tables.ts';

type OrganisationKeyRow = typeof organisationKeys.$inferSelect;

/**
 * The organisation's key of the current month, made when it is first needed.
 * @throws {KeyServiceUnavailable} and nothing is stored.
 */
export async function currentOrganisationKey(parts: LockerParts, organisation: string): Promise<OrganisationKey> {
  const month = parts.clock.now().toISOString().slice(0, 7);
  return organisationKey(parts, { organisation, month, create: 'when-missing' });
}

/**
 * The organisation's key of the month that a wrap names.
 * @throws {KeyRefused} when it was destroyed or does not open; {KeyServiceUnavailable}.
 */
export async function organisationKeyOf(
  parts: LockerParts,
  of: { readonly organisation: string; readonly month: string },
): Promise<OrganisationKey> {
  return organisationKey(parts, { ...of, create: 'never' });
}

interface Wanted {
  readonly organisation: string;
  readonly month: string;
  readonly create: 'when-missing' | 'never';
}

async function organisationKey(parts: LockerParts, wanted: Wanted): Promise<OrganisationKey> {
  refuseInsideTransaction('the key service');
  return parts.cache.get(`${wanted.month}/${wanted.organisation}`, () => load(parts, wanted));
}

async function load(parts: LockerParts, wanted: Wanted): Promise<OrganisationKey> {
  const stored = await parts.database.transaction(systemScope(lockerJob), async (tx) => find(tx, wanted));
  if (stored !== null) return unwrap(parts, stored);
  if (wanted.create === 'never') throw new KeyRefused('unknown-key');
  return create(parts, wanted);
}

async function create(parts: LockerParts, { organisation, month }: Wanted): Promise<OrganisationKey> {
  const { root } = await parts.keys.describe();
  if (root === null) throw new KeyServiceUnavailable();
  const key = randomBytes(32);
  const wrappedKey = await parts.keys.wrap(root, key, organisationKeyContext({ organisation, month }));
  const row = { organisation, month, rootRef: root, wrappedKey, createdAt: parts.clock.now() };
  const winner = await parts.database.transaction(systemScope(lockerJob), async (tx) => {
    const inserted = await tx.insert(organisationKeys).values(row).onConflictDoNothing().returning();
    return inserted.length === 1 ? null : find(tx, { organisation, month });
  });
  // Another process was first: its key is the one that counts.
  return winner === null ? { organisation, month, key } : unwrap(parts, winner);
}

async function unwrap(parts: LockerParts, row: OrganisationKeyRow): Promise<OrganisationKey> {
  const key = await parts.keys.unwrap(row.rootRef, row.wrappedKey, organisationKeyContext(row));
  return { organisation: row.organisation, month: row.month, key };
}

async function find(
  tx: Transaction,
  of: { readonly organisation: string; readonly month: string },
): Promise<OrganisationKeyRow | null> {
  const [row] = await tx.select().from(organisationKeys).where(named(of.organisation, of.month));
  return row ?? null;
}

function named(organisation: string, month: string) {
  return and(eq(organisationKeys.organisation, organisation), eq(organisationKeys.month, month));
}
