import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, type VerbContext } from '../../transfers/act.ts';
import { readStatement } from '../credentials/read-statement.ts';
import type { CertificateRow } from '../issue/store.ts';
import { findHeld, mustCount } from './holder.ts';
import { fieldsOf, maxKeptShares, type ShareField } from './rules.ts';
import { borrowKey, openContent } from './sealed-share.ts';
import { findShare, listSharesOf, listViews, type ShareRow, type ShareViews } from './store.ts';
import { type ShareView, viewShare } from './view.ts';

export interface SharesOf {
  readonly certificate: Pick<CertificateRow, 'id' | 'requestId' | 'kind' | 'number' | 'state'>;
  readonly shares: readonly ShareView[];
}

/** What a person lets others see of one certificate, and what a guardian does of theirs; newest first. Faults: those of `findHeld` */
export async function listShares(context: VerbContext, certificateId: string): Promise<Result<SharesOf>> {
  const found = await look(context, async (tx) => {
    const held = await findHeld(tx, context, certificateId, 'certificate.unshare');
    if (!held.ok) return held;
    const { certificate } = held.value;
    return ok({ certificate, ...(await withViews(tx, await listSharesOf(tx, certificate.id, maxKeptShares))) });
  });
  if (!found.ok) return found;
  const { certificate, ...rows } = found.value;
  return ok({ certificate: nameOf(certificate), shares: await openAll(context, rows) });
}

/** One of them. Faults: share.not-found */
export async function showShare(context: VerbContext, shareId: string): Promise<Result<ShareView>> {
  const found = await look(context, async (tx) => {
    const row = await findHeldShare(tx, context, shareId);
    return row.ok ? ok(await withViews(tx, [row.value])) : row;
  });
  if (!found.ok) return found;
  const [view] = await openAll(context, found.value);
  return view === undefined ? refuse(fault('share.not-found')) : ok(view);
}

/** A share of whoever is asking, or about them. Faults: login.required, policy.denied, share.not-found */
export async function findHeldShare(tx: Transaction, context: VerbContext, shareId: string): Promise<Result<ShareRow>> {
  const row = context.actor.kind === 'person' ? await findShare(tx, { id: shareId }) : null;
  const held = await findHeld(tx, context, row?.certificateId ?? '', 'certificate.unshare');
  if (held.ok && row !== null) return ok(row);
  if (!held.ok && held.fault.code !== 'certificate.not-found') return held;
  return refuse(fault('share.not-found'));
}

/** What can be chosen; the names of facts, not what they say. Faults: those of `findHeld` and `mustCount`, document.unreadable */
export async function listFields(
  context: VerbContext,
  certificateId: string,
): Promise<Result<{ readonly certificate: SharesOf['certificate']; readonly fields: readonly ShareField[] }>> {
  const held = await look(context, (tx) => findHeld(tx, context, certificateId));
  if (!held.ok) return held;
  const { certificate } = held.value;
  const counts = mustCount(certificate);
  if (!counts.ok) return counts;
  const statement = await readStatement(context.gateway, certificate);
  return statement.ok ? ok({ certificate: nameOf(certificate), fields: fieldsOf(statement.value) }) : statement;
}

function nameOf({ id, requestId, kind, number, state }: CertificateRow): SharesOf['certificate'] {
  return { id, requestId, kind, number, state };
}

interface Rows {
  readonly rows: readonly ShareRow[];
  readonly views: readonly ShareViews[];
}

async function withViews(tx: Transaction, rows: readonly ShareRow[]): Promise<Rows> {
  const ids = rows.map(({ id }) => id);
  return { rows, views: await listViews(tx, ids) };
}

/** All of one certificate, and so under one key. */
async function openAll({ gateway }: VerbContext, { rows, views }: Rows): Promise<ShareView[]> {
  const [first] = rows;
  const key = first === undefined ? null : await borrowKey(gateway, first);
  const at = gateway.clock.now();
  return rows.map((row) => viewShare(row, { content: key === null ? null : openContent(key, row), views, at }));
}
