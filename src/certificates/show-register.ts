import { staffFor } from '../administration/manager.ts';
import type { Transaction } from '../database/connection.ts';
import { findClosedInto, findSchools, type SchoolView } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import { type CertificateKind, certificateKinds, type IssuedKind } from '../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, schoolOf, type VerbContext } from '../transfers/act.ts';
import type { RegisterFacts } from './facts.ts';
import { type IssuedFrom, listIssuedFrom } from './issue/store.ts';
import { type CorrectionRecord, findCorrections } from './register-corrections.ts';
import { type EntryRow, findEntriesByNumber, findEntry, listEntries, numberKeyOf } from './register-store.ts';
import { answersFor } from './requests/certifier.ts';
import { type Certifiable, certifiable } from './rules.ts';
import { type ClosedEntry, openEntry, withKeys } from './sealed-entries.ts';

export interface EntryView {
  readonly id: string;
  readonly pupilId: string | null;
  /** The closed school whose entry it is; changed on a stated ground alone. */
  readonly formerSchool: { readonly code: string; readonly name: string } | null;
  /** What was corrected since that school closed, and why; empty for an entry of the school's own. */
  readonly corrections: readonly (Omit<CorrectionRecord, 'bySchool'> & {
    readonly bySchool: { readonly code: string; readonly name: string };
  })[];
  readonly version: number;
  readonly changedAt: string;
  readonly facts: RegisterFacts;
  /** What the school can certify from it today, each kind. */
  readonly certifiable: readonly { readonly asked: CertificateKind; readonly answer: Certifiable }[];
  /** Certificates that count, made from it. */
  readonly issued: readonly IssuedView[];
}

export interface IssuedView {
  readonly requestId: string;
  readonly number: string;
  readonly kind: IssuedKind;
  readonly issuedOn: string;
  /** Made before the entry was changed last: it may say what is not so. */
  readonly beforeChange: boolean;
}

/** What a page shows at once; an older entry is found by its number. */
export const listedEntries = 100;

/** The register's newest entries, or those with this number. */
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
    return ok(await around(tx, await withKeys(tx, context.gateway, rows)));
  });
  return found.ok ? ok(await viewEntries(context, found.value)) : found;
}

/** Faults: certificate.entry-not-found */
export async function showEntry(context: VerbContext, entryId: string): Promise<Result<EntryView>> {
  const found = await look(context, async (tx) => {
    const closed = await readableEntry(tx, context, entryId);
    return closed.ok ? ok(await around(tx, [closed.value])) : closed;
  });
  if (!found.ok) return found;
  const [view] = await viewEntries(context, found.value);
  return view === undefined ? refuse(fault('certificate.entry-not-found')) : ok(view);
}

/** Its own, or that of a closed school whose successor it is. */
export async function readableEntry(
  tx: Transaction,
  context: VerbContext,
  entryId: string,
): Promise<Result<ClosedEntry>> {
  const staff = staffFor(context, 'certificate.read');
  if (!staff.ok) return staff;
  const row = await findEntry(tx, entryId);
  const isReadable = row !== null && (await answersFor(tx, staff.value.school, row.schoolCode));
  const [closed] = isReadable ? await withKeys(tx, context.gateway, [row]) : [];
  return closed === undefined ? refuse(fault('certificate.entry-not-found')) : ok(closed);
}

/** By its number at this school, and at each closed school whose successor it is. */
async function findNumbered(
  tx: Transaction,
  { gateway }: VerbContext,
  { school, number }: { readonly school: string; readonly number: string },
): Promise<EntryRow[]> {
  const inherited = await findClosedInto(tx, school);
  const rows: EntryRow[] = [];
  for (const code of [school, ...inherited.map((one) => one.code)]) {
    rows.push(...(await findEntriesByNumber(tx, code, [numberKeyOf(gateway, code, number)])));
  }
  return rows;
}

/** Entries, and what is known about them outside of them. */
interface Around {
  readonly closed: readonly ClosedEntry[];
  readonly schools: ReadonlyMap<string, SchoolView>;
  readonly issued: readonly IssuedFrom[];
  readonly corrections: ReadonlyMap<string, readonly CorrectionRecord[]>;
}

async function around(tx: Transaction, closed: readonly ClosedEntry[]): Promise<Around> {
  const issued = await listIssuedFrom(
    tx,
    closed.map(({ row }) => row.id),
  );
  const corrections = await findCorrections(
    tx,
    closed.map(({ row }) => row.id),
  );
  const schools = await findSchools(tx, [
    ...closed.map(({ row }) => row.schoolCode),
    ...[...corrections.values()].flat().map(({ bySchool }) => bySchool),
  ]);
  return { closed, schools, issued, corrections };
}

/** Outside any transaction: the key service may be asked. */
function viewEntries(context: VerbContext, { closed, ...known }: Around): Promise<EntryView[]> {
  return Promise.all(closed.map((one) => viewEntry(context, one, known)));
}

async function viewEntry(
  { gateway, actor }: VerbContext,
  closed: ClosedEntry,
  { schools, issued, corrections }: Omit<Around, 'closed'>,
): Promise<EntryView> {
  const { row, facts } = await openEntry(gateway, closed);
  const { id, pupilId, schoolCode, version, changedAt } = row;
  const today = dayInJapan(gateway.clock.now());
  const isOwn = schoolCode === schoolOf(actor);
  return {
    id,
    pupilId,
    formerSchool: isOwn ? null : { code: schoolCode, name: schools.get(schoolCode)?.name ?? schoolCode },
    corrections: (corrections.get(id) ?? []).map(({ bySchool, ...correction }) => ({
      ...correction,
      bySchool: { code: bySchool, name: schools.get(bySchool)?.name ?? bySchool },
    })),
    version,
    changedAt: changedAt.toISOString(),
    facts,
    certifiable: certificateKinds.map((asked) => ({ asked, answer: certifiable(asked, facts, today) })),
    issued: issued.flatMap((one) => (one.entryId === id ? [viewIssued(one, changedAt)] : [])),
  };
}

function viewIssued({ requestId, number, kind, issuedOn, issuedAt }: IssuedFrom, changedAt: Date): IssuedView {
  return { requestId, number, kind, issuedOn, beforeChange: issuedAt !== null && issuedAt < changedAt };
}
