import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { openSmall, sealSmall } from '../crypto/chunked.ts';
import { ChunkedDecryptionError } from '../crypto/chunked-format.ts';
import { buildSelect } from '../database/built-select.ts';
import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import type { ActorScope } from '../database/scope.ts';
import { KeyRefused } from '../keys/service.ts';
import { caseKeyContext, factsContext } from './contexts.ts';
import { currentOrganisationKey, organisationKeyOf } from './organisation-key.ts';
import type { OrganisationKey } from './organisation-key-cache.ts';
import type { LockerParts } from './parts.ts';
import { caseKeys } from './tables.ts';

export type CaseKeyWrap = typeof caseKeys.$inferSelect;

/** The opened key of a case; held only as long as one verb runs. */
export interface CaseKey {
  readonly caseId: string;
  readonly key: Uint8Array;
}

/** A case key that waits for the transaction of its case. */
export interface NewCaseKey {
  store(tx: Transaction, caseId: string): Promise<void>;
  /** Seals small facts that belong to the case, under its key; see {@link sealFacts}. */
  sealFacts(of: FactsName, facts: Uint8Array): Uint8Array;
}

/** Which facts of a case: sealed for one place, they do not open in another. */
export interface FactsName {
  readonly caseId: string;
  readonly name: string;
}

/** A wrap that waits for the transaction of its cause. */
export interface SharedCaseKey {
  store(tx: Transaction): Promise<void>;
}

/**
 * Prepares a key for a new case, wrapped to the sender. Call it before the transaction, `store` inside.
 * @throws {KeyServiceUnavailable} and nothing is stored.
 */
export async function newCaseKey(parts: LockerParts, organisation: string): Promise<NewCaseKey> {
  const wrapping = await currentOrganisationKey(parts, organisation);
  const key = randomBytes(32);
  return {
    sealFacts: (of, facts) => sealFacts({ caseId: of.caseId, key }, of.name, facts),
    async store(tx, caseId) {
      await tx.insert(caseKeys).values({
        ...wrap(wrapping, { caseId, key }),
        grantedBy: organisation,
        createdAt: parts.clock.now(),
      });
    },
  };
}

/** Opens a wrap. @throws {KeyRefused} when the wrap and the key do not fit; {KeyServiceUnavailable}. */
export async function openCaseKey(parts: LockerParts, row: CaseKeyWrap): Promise<CaseKey> {
  const { key } = await organisationKeyOf(parts, row);
  try {
    return { caseId: row.caseId, key: openSmall({ key, context: caseKeyContext(row), sealed: row.wrappedKey }) };
  } catch (error) {
    if (!(error instanceof ChunkedDecryptionError)) throw error;
    throw new KeyRefused(error.reason === 'wrong-key-or-context' ? error.reason : 'malformed', { cause: error });
  }
}

/** Facts too small for an object of their own, sealed under the case's key. */
export function sealFacts({ caseId, key }: CaseKey, name: string, facts: Uint8Array): Uint8Array {
  return sealSmall({ key, context: factsContext({ caseId, name }), message: facts });
}

/** @throws {KeyRefused} when they were sealed for another case, under another name or key, or are damaged. */
export function openFacts({ caseId, key }: CaseKey, name: string, sealed: Uint8Array): Uint8Array {
  try {
    return openSmall({ key, context: factsContext({ caseId, name }), sealed });
  } catch (error) {
    if (!(error instanceof ChunkedDecryptionError)) throw error;
    throw new KeyRefused(error.reason === 'wrong-key-or-context' ? error.reason : 'malformed', { cause: error });
  }
}

/**
 * Prepares the recipient's wrap at deposit; null when the scope sees no wrap of `from`.
 * @throws {KeyServiceUnavailable} and nothing is stored.
 */
export async function shareCaseKey(
  parts: LockerParts,
  scope: ActorScope,
  input: { readonly caseId: string; readonly from: string; readonly to: string },
): Promise<SharedCaseKey | null> {
  const own = await parts.database.transaction(scope, async (tx) => findCaseKey(tx, input.caseId, input.from));
  if (own === null) return null;
  const opened = await openCaseKey(parts, own);
  const wrapping = await currentOrganisationKey(parts, input.to);
  return {
    async store(tx) {
      const shared = { ...wrap(wrapping, opened), grantedBy: input.from, createdAt: parts.clock.now() };
      await tx.insert(caseKeys).values(shared);
      // The sender's wrap must still be there: a case shredded meanwhile is not brought back.
      const answer = await tx.update(caseKeys).set({ sharedWith: input.to }).where(holds(input.caseId, input.from));
      expectRows(answer, 1);
    },
  };
}

/** Takes one organisation's access away; the wrap must exist and the scope must be allowed to, else it throws. */
export async function dropCaseKey(tx: Transaction, caseId: string, organisation: string): Promise<void> {
  expectRows(await tx.delete(caseKeys).where(holds(caseId, organisation)), 1);
}

/** Crypto-shredding: without a wrap nothing of the case opens any more. Needs the locker's own scope. */
export async function shredCaseKey(tx: Transaction, caseId: string): Promise<void> {
  await tx.delete(caseKeys).where(eq(caseKeys.caseId, caseId));
}

const keyOfHolder = buildSelect<typeof caseKeys, { caseId: string; organisation: string }>(caseKeys, (rows, value) =>
  rows.where(and(eq(caseKeys.caseId, value('caseId')), eq(caseKeys.organisation, value('organisation')))),
);

export async function findCaseKey(tx: Transaction, caseId: string, organisation: string): Promise<CaseKeyWrap | null> {
  const [row] = await keyOfHolder(tx, { caseId, organisation });
  return row ?? null;
}

function wrap(wrapping: OrganisationKey, { caseId, key }: CaseKey) {
  const { organisation, month } = wrapping;
  const context = caseKeyContext({ caseId, organisation, month });
  return { caseId, organisation, month, wrappedKey: sealSmall({ key: wrapping.key, context, message: key }) };
}

function holds(caseId: string, organisation: string) {
  return and(eq(caseKeys.caseId, caseId), eq(caseKeys.organisation, organisation));
}
