import { staffFor } from '../administration/manager.ts';
import type { Transaction } from '../database/connection.ts';
import { sqlState } from '../database/errors.ts';
import { findPupil } from '../directory/find-member.ts';
import { findClosedInto, findSchools, type SchoolView } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import { type CertificateKind, certificateKinds } from '../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, look, perform, refuseLogged, schoolOf, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { checkFacts, type RegisterFacts } from './facts.ts';
import { findEntriesByNumber, findEntry, listEntries, numberKeyOf } from './register-store.ts';
import { certifierFor } from './requests/certifier.ts';
import { type Certifiable, certifiable } from './rules.ts';
import { type ClosedEntry, openEntry, type SealedEntry, sealEntry, withKeys } from './sealed-entries.ts';

export interface EntryView {
  readonly id: string;
  readonly pupilId: string | null;
  /** The closed school whose entry it is; it is read only then. */
  readonly formerSchool: { readonly code: string; readonly name: string } | null;
  readonly version: number;
  readonly changedAt: string;
  readonly facts: RegisterFacts;
  /** What the school can certify from it today, each kind. */
  readonly certifiable: readonly { readonly asked: CertificateKind; readonly answer: Certifiable }[];
}

/** What a page shows at once; an older entry is found by its number. */
export const listedEntries = 100;

const uniqueViolation = '23505';
const event = { event: 'certificate-register.changed', caseId: null } as const;

/** The register's newest entries, or the one with this number. */
export async function showRegister(
  context: VerbContext,
  { number }: { readonly number: string | null },
): Promise<Result<readonly EntryView[]>> {
  const found = await look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.read');
    if (!staff.ok) return staff;
    const { school } = staff.value;
    const rows =
      number === null
        ? await listEntries(tx, school, listedEntries)
        : await findNumbered(tx, context, { school, number });
    const closed = await withKeys(tx, context.gateway, rows);
    return ok({ school, closed, schools: await findSchools(tx, [...new Set(rows.map((row) => row.schoolCode))]) });
  });
  if (!found.ok) return found;
  const { school, closed, schools } = found.value;
  return ok(await Promise.all(closed.map((one) => viewEntry(context, one, formerOf(one, { school, schools })))));
}

/** By its number at this school, and at each closed school that it has taken the place of. */
async function findNumbered(
  tx: Transaction,
  { gateway }: VerbContext,
  { school, number }: { readonly school: string; readonly number: string },
) {
  const inherited = await findClosedInto(tx, school);
  const rows = [];
  for (const code of [school, ...inherited.map((one) => one.code)]) {
    rows.push(...(await findEntriesByNumber(tx, code, [numberKeyOf(gateway, code, number)])));
  }
  return rows;
}

function formerOf(
  { row }: ClosedEntry,
  { school, schools }: { readonly school: string; readonly schools: ReadonlyMap<string, SchoolView> },
): EntryView['formerSchool'] {
  const { schoolCode } = row;
  return schoolCode === school ? null : { code: schoolCode, name: schools.get(schoolCode)?.name ?? schoolCode };
}

/** Faults: certificate.entry-not-found */
export async function showEntry(context: VerbContext, entryId: string): Promise<Result<EntryView>> {
  const found = await look(context, async (tx) => {
    const closed = await readableEntry(tx, context, entryId);
    if (!closed.ok) return closed;
    const { schoolCode } = closed.value.row;
    return ok({ closed: closed.value, schools: await findSchools(tx, [schoolCode]) });
  });
  if (!found.ok) return found;
  const { closed, schools } = found.value;
  const school = schoolOf(context.actor) ?? '';
  return ok(await viewEntry(context, closed, formerOf(closed, { school, schools })));
}

export interface EntryInput {
  /** Null for a new entry. */
  readonly entryId: string | null;
  /** The version that was looked at; null when it was not said. */
  readonly version: number | null;
  readonly pupilId: string | null;
  readonly facts: RegisterFacts;
}

/**
 * Enters or changes what the school certifies from. Nothing becomes a certificate by it: each one is approved.
 * Faults: certificate.facts, certificate.entry-not-found, certificate.number-taken, pupil.not-found,
 * request.precondition-failed
 */
export async function saveEntry(context: VerbContext, input: EntryInput): Promise<Result<{ readonly id: string }>> {
  const before = await answeredBefore<{ readonly id: string }>(context, null);
  if (before !== null) return before;
  const wrong = checkFacts(input.facts);
  const prepared = await look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.register');
    if (!staff.ok) return staff;
    const { school } = staff.value;
    if (wrong !== null) return refuse(fault('certificate.facts', { fields: { [wrong]: `register.wrong-${wrong}` } }));
    const of = input.entryId === null ? ok(null) : await ownEntry(tx, context, input.entryId);
    if (!of.ok) return of;
    // Whoever has left the roll meanwhile stays the one whom the entry is about.
    const isSame = of.value !== null && of.value.row.pupilId === input.pupilId;
    if (input.pupilId !== null && !isSame && (await findPupil(tx, input.pupilId))?.schoolCode !== school) {
      return refuse(fault('pupil.not-found'));
    }
    const isStale = of.value !== null && input.version !== null && of.value.row.version !== input.version;
    return isStale ? refuse(fault('request.precondition-failed')) : ok({ school, of: of.value });
  });
  if (!prepared.ok) return refuseLogged(context, event, prepared.fault);
  const sealed = await sealEntry(context.gateway, prepared.value.school, { ...input, of: prepared.value.of });
  try {
    return await perform(context, event, async (tx) => {
      const staff = staffFor(context, 'certificate.register');
      if (!staff.ok) return staff;
      const stored = await storeEntry(tx, context, sealed);
      return stored.ok ? ok({ id: sealed.id }) : stored;
    });
  } catch (error) {
    // An entry takes another one's number or pupil: the index knows it, also of one that this reader may not see.
    if (sqlState(error) !== uniqueViolation) throw error;
    return refuseLogged(context, event, fault('certificate.number-taken'));
  }
}

/** One entry with its line in the log: the id, and nothing of what it says. */
export async function storeEntry(tx: Transaction, context: VerbContext, sealed: SealedEntry): Promise<Result<true>> {
  const stored = await sealed.store(tx);
  if (!stored.ok) return stored;
  await logPlainEvent(tx, context, 'certificate-register.changed', {
    entry: sealed.id,
    change: sealed.isNew ? 'new' : 'changed',
  });
  return stored;
}

/** Its own, or that of a closed school that it has taken the place of. */
async function readableEntry(tx: Transaction, context: VerbContext, entryId: string): Promise<Result<ClosedEntry>> {
  const staff = staffFor(context, 'certificate.read');
  if (!staff.ok) return staff;
  const row = await findEntry(tx, entryId);
  const certifier = row === null ? null : await certifierFor(tx, row.schoolCode);
  const isOwn = row?.schoolCode === staff.value.school;
  const isInherited = certifier?.ok === true && certifier.value.schoolCode === staff.value.school;
  if (row === null || !(isOwn || isInherited)) return refuse(fault('certificate.entry-not-found'));
  const [closed] = await withKeys(tx, context.gateway, [row]);
  return closed === undefined ? refuse(fault('certificate.entry-not-found')) : ok(closed);
}

/** What the school itself may change. */
async function ownEntry(tx: Transaction, context: VerbContext, entryId: string): Promise<Result<ClosedEntry>> {
  const found = await readableEntry(tx, context, entryId);
  const isOwn = found.ok && found.value.row.schoolCode === schoolOf(context.actor);
  return !found.ok || isOwn ? found : refuse(fault('certificate.entry-not-found'));
}

async function viewEntry(
  { gateway }: VerbContext,
  closed: ClosedEntry,
  formerSchool: EntryView['formerSchool'],
): Promise<EntryView> {
  const { row, facts } = await openEntry(gateway, closed);
  const { id, pupilId, version, changedAt } = row;
  const today = dayInJapan(gateway.clock.now());
  const answers = certificateKinds.map((asked) => ({ asked, answer: certifiable(asked, facts, today) }));
  return { id, pupilId, formerSchool, version, changedAt: changedAt.toISOString(), facts, certifiable: answers };
}
