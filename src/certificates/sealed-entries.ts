import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import type { Gateway } from '../gateway.ts';
import type { CaseKeyWrap, NewCaseKey } from '../locker/case-key.ts';
import { openFacts, sealFacts } from '../locker/case-key.ts';
import { ok, type Result, refuse } from '../result.ts';
import { newId } from '../transfers/ids.ts';
import { type RegisterFacts, registerFacts } from './facts.ts';
import { changeEntry, type EntryRow, insertEntry, numberKeyOf } from './register-store.ts';

/** An entry as it lies, with what opens it: found inside a transaction, opened outside. */
export interface ClosedEntry {
  readonly row: EntryRow;
  readonly wrap: CaseKeyWrap;
}

export interface OpenEntry {
  readonly row: EntryRow;
  readonly facts: RegisterFacts;
}

const factsName = 'register';

/** The keys of entries; an entry whose key is gone is shredded and left out. */
export async function withKeys(
  tx: Transaction,
  { locker }: Pick<Gateway, 'locker'>,
  rows: readonly EntryRow[],
): Promise<ClosedEntry[]> {
  const found = await Promise.all(
    rows.map(async (row) => ({ row, wrap: await locker.findCaseKey(tx, row.id, row.schoolCode) })),
  );
  return found.flatMap(({ row, wrap }) => (wrap === null ? [] : [{ row, wrap }]));
}

/** Outside any transaction: the key service may be asked. @throws {KeyRefused} {KeyServiceUnavailable} */
export async function openEntry({ locker }: Pick<Gateway, 'locker'>, { row, wrap }: ClosedEntry): Promise<OpenEntry> {
  const plain = openFacts(await locker.openCaseKey(wrap), factsName, row.sealedFacts);
  return { row, facts: registerFacts.parse(JSON.parse(new TextDecoder().decode(plain))) };
}

export interface EntryDraft {
  readonly pupilId: string | null;
  readonly facts: RegisterFacts;
  /** The entry it replaces; null for a new one. */
  readonly of: ClosedEntry | null;
}

/** Facts sealed and ready for their transaction. */
export interface SealedEntry {
  readonly id: string;
  readonly isNew: boolean;
  /** Faults: certificate.number-taken, request.precondition-failed */
  store(tx: Transaction): Promise<Result<true>>;
}

/** Outside any transaction: the key service may be asked. @throws {KeyServiceUnavailable} */
export async function sealEntry(gateway: Gateway, school: string, draft: EntryDraft): Promise<SealedEntry> {
  const plain = new TextEncoder().encode(JSON.stringify(draft.facts));
  const changed = {
    numberKey: numberKeyOf(gateway, school, draft.facts.number),
    pupilId: draft.pupilId,
    changedAt: gateway.clock.now(),
  };
  const { of } = draft;
  if (of === null) return newEntry(await gateway.locker.newCaseKey(school), { ...changed, school, plain });
  const sealedFacts = sealFacts(await gateway.locker.openCaseKey(of.wrap), factsName, plain);
  return {
    id: of.row.id,
    isNew: false,
    async store(tx) {
      const done = await changeEntry(tx, of.row, { ...changed, sealedFacts });
      return done ? ok(true) : refuse(fault('request.precondition-failed'));
    },
  };
}

function newEntry(
  key: NewCaseKey,
  {
    school,
    plain,
    ...row
  }: Pick<EntryRow, 'numberKey' | 'pupilId' | 'changedAt'> & { school: string; plain: Uint8Array },
): SealedEntry {
  const id = newId();
  const sealedFacts = key.sealFacts({ caseId: id, name: factsName }, plain);
  return {
    id,
    isNew: true,
    async store(tx) {
      if (!(await insertEntry(tx, { ...row, id, schoolCode: school, sealedFacts }))) {
        return refuse(fault('certificate.number-taken'));
      }
      await key.store(tx, id);
      return ok(true);
    },
  };
}
