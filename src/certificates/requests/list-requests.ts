import { staffFor } from '../../administration/manager.ts';
import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import { findClosedInto } from '../../directory/find-organisation.ts';
import type { CertificateStatement } from '../../records/certificate-statement.ts';
import { ok, type Result } from '../../result.ts';
import { look, type VerbContext } from '../../transfers/act.ts';
import { ownRequest } from './own-request.ts';
import { findMaterial, prepare } from './prepare.ts';
import type { RequestState } from './rules.ts';
import { listRequests, type RequestRow } from './store.ts';
import { type RequestView, viewRequests } from './view.ts';

/** A request in the list of the office, with the name of whoever it is about where they are on the roll. */
export interface ListedRequest extends RequestView {
  readonly pupilName: string | null;
}

export const listedRequests = 200;

export async function showRequests(
  context: VerbContext,
  { states }: { readonly states: readonly RequestState[] },
): Promise<Result<readonly ListedRequest[]>> {
  return look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.read');
    if (!staff.ok) return staff;
    const { school } = staff.value;
    const inherited = await findClosedInto(tx, school);
    const schools = [school, ...inherited.map(({ code }) => code)];
    const rows = await listRequests(tx, { schools, states, limit: listedRequests });
    return ok(await withNames(tx, rows));
  });
}

/** What a certificate would say today, or why it cannot be made. */
export type Outlook =
  | { readonly can: true; readonly statement: CertificateStatement }
  | { readonly can: false; readonly code: string; readonly params: Readonly<Record<string, string>> };

/** One request with what would be certified. Faults: certificate.request-not-found */
export async function showRequest(
  context: VerbContext,
  requestId: string,
): Promise<Result<{ readonly request: ListedRequest; readonly outlook: Outlook }>> {
  const found = await look(context, async (tx) => {
    const row = await ownRequest(tx, context, requestId);
    if (!row.ok) return row;
    const [request] = await withNames(tx, [row.value]);
    if (request === undefined) throw new Error('a request vanished');
    return ok({ request, material: await findMaterial(tx, context.gateway, row.value) });
  });
  if (!found.ok) return found;
  const { request, material } = found.value;
  const prepared = material.ok ? await prepare(context.gateway, material.value) : material;
  if (prepared.ok) return ok({ request, outlook: { can: true, statement: prepared.value.statement } });
  const { code, params = {} } = prepared.fault;
  return ok({ request, outlook: { can: false, code, params } });
}

async function withNames(tx: Transaction, rows: readonly RequestRow[]): Promise<ListedRequest[]> {
  const views = await viewRequests(tx, rows);
  return Promise.all(
    views.map(async (view) => {
      const pupil = view.pupilId === null ? null : await findPupil(tx, view.pupilId);
      return { ...view, pupilName: pupil?.displayName ?? null };
    }),
  );
}
