import type { Transaction } from '../../database/connection.ts';
import { findSchools, type SchoolView } from '../../directory/find-organisation.ts';
import type { CertificateKind, IssuedKind } from '../../records/certificate-kinds.ts';
import { type CertificateRow, findCertificates, listCopiesOf } from '../issue/store.ts';
import type { CertificateLanguage } from '../statement.ts';
import type { IssuedState, RequestProblem, RevocationReason, RevocationRefusal } from '../tables.ts';
import type { Purpose, Refusal, Relation, Replacement, RequestState } from './rules.ts';
import type { RequestRow } from './store.ts';

/** A request as everybody sees it who may see it. */
export interface RequestView {
  readonly id: string;
  readonly school: string;
  /** The closed school that was attended, where its successor certifies; the name only where it was looked up. */
  readonly formerSchool: { readonly code: string; readonly name: string | null } | null;
  readonly pupilId: string | null;
  readonly entryId: string | null;
  readonly relation: Relation;
  readonly kind: CertificateKind;
  readonly language: CertificateLanguage;
  readonly copies: number;
  readonly purpose: Purpose;
  /** A person agreed to it here; else the office entered it on a power of attorney. */
  readonly hasConsent: boolean;
  /** For all copies together. */
  readonly feeYen: number;
  readonly assurance: RequestRow['assurance'];
  readonly agentReference: string | null;
  readonly state: RequestState;
  readonly version: number;
  readonly problem: RequestProblem | null;
  readonly refusal: Refusal | null;
  /** The certificate that what is issued takes the place of. */
  readonly replacement: {
    readonly of: string;
    /** Null where only the request itself was looked at. */
    readonly number: string | null;
    readonly reason: Replacement;
  } | null;
  readonly approval: 'principal' | 'rule' | null;
  readonly requestedAt: string;
  readonly checkedAt: string | null;
  readonly approvedAt: string | null;
  readonly endedAt: string | null;
  /** What was issued; empty before. */
  readonly certificates: readonly CopyView[];
}

export interface CopyView {
  readonly id: string;
  readonly number: string;
  /** What was issued; another kind than was asked for where that can no longer be certified. */
  readonly kind: IssuedKind;
  readonly copy: number;
  readonly state: IssuedState;
  readonly issuedOn: string;
  readonly level: 'B-T' | 'B-LT' | 'B-LTA' | null;
  /** Why it was revoked or, while it is valid, why somebody at the school wishes that it were. */
  readonly revocation: RevocationReason | null;
  /** Why the last wish to revoke it was declined. */
  readonly declined: RevocationRefusal | null;
  /** What took its place, as far as whoever is asking may see it. */
  readonly replacedBy: { readonly request: string; readonly number: string } | null;
}

/** Requests with what was issued for them. */
export async function viewRequests(tx: Transaction, rows: readonly RequestRow[]): Promise<RequestView[]> {
  const copies = await listCopiesOf(
    tx,
    rows.filter(({ state }) => state === 'issued').map(({ id }) => id),
  );
  const others = await findCertificates(tx, [
    ...rows.flatMap(({ replaces }) => replaces ?? []),
    ...copies.flatMap(({ supersededBy }) => supersededBy ?? []),
  ]);
  const known = new Map(others.map((one) => [one.id, one]));
  const schools = await findSchools(
    tx,
    rows.flatMap(({ originCode }) => originCode ?? []),
  );
  return rows.map((row) => {
    const view = withNames(viewRequest(row), { known, schools });
    const own = copies.filter(({ requestId }) => requestId === row.id);
    return { ...view, certificates: own.flatMap((copy) => viewCopy(copy, known)) };
  });
}

export function viewRequest(row: RequestRow): RequestView {
  const { id, pupilId, entryId, relation, kind, language, copies, purpose, assurance, agentReference } = row;
  const { state, version, problem, refusal, approvedBy, replaces, replacement } = row;
  return {
    id,
    school: row.schoolCode,
    formerSchool: row.originCode === null ? null : { code: row.originCode, name: null },
    pupilId,
    entryId,
    relation,
    kind,
    language,
    copies,
    purpose,
    hasConsent: row.consent !== null,
    feeYen: row.feeYen * copies,
    assurance,
    agentReference,
    state,
    version,
    problem,
    refusal,
    replacement: replaces === null || replacement === null ? null : { of: replaces, number: null, reason: replacement },
    approval: approvedBy === null ? null : approvedBy === byRule ? 'rule' : 'principal',
    requestedAt: row.requestedAt.toISOString(),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    certificates: [],
  };
}

function withNames(
  view: RequestView,
  { known, schools }: { readonly known: Known; readonly schools: ReadonlyMap<string, SchoolView> },
): RequestView {
  const { replacement, formerSchool } = view;
  return {
    ...view,
    replacement: replacement && { ...replacement, number: known.get(replacement.of)?.number ?? null },
    formerSchool: formerSchool && { ...formerSchool, name: schools.get(formerSchool.code)?.name ?? null },
  };
}

function viewCopy(row: CertificateRow, known: Known): CopyView[] {
  const { id, number, kind, copyNumber, state, issuedOn, level, revocationReason, revocationDeclined } = row;
  if (state === 'issuing') return [];
  const successor = row.supersededBy === null ? undefined : known.get(row.supersededBy);
  const replacedBy = successor === undefined ? null : { request: successor.requestId, number: successor.number };
  const shared = { id, number, kind, copy: copyNumber, state, issuedOn, level, replacedBy };
  return [{ ...shared, revocation: revocationReason, declined: revocationDeclined }];
}

/** Other certificates that those shown lead to, by id. */
type Known = ReadonlyMap<string, CertificateRow>;

/** Stands in the place of a principal where the standing rule of the school has approved. */
export const byRule = 'rule';
