import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import { type Manifest, manifestSchema } from '../records/manifest.ts';
import { type PackageSeal, sealPackage as signPackage } from '../records/package-seal.ts';
import { findSealKey, openSealKey, type SealKeyRow } from '../records/seal-keys.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, authorise, look, perform, refuseLogged, resourceOf, type VerbContext } from './act.ts';
import { contentDigest, packageContent } from './content.ts';
import { advance, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { confirmsRecipient, mayFollow } from './rules.ts';
import { confirmSealKey } from './seal-key-standing.ts';
import { type CaseRow, findApproval, findCase, listDocuments, replaceContainerSeals } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

export interface SealInput {
  readonly caseId: string;
  /** The end of the recipient's code, typed by hand: people; null from machines, which name the whole code. */
  readonly confirmation: string;
}

/**
 * 封緘: seals exactly what was approved, with the school's seal key and a time stamp. Signing happens outside any
 * transaction; the case must be unchanged when the seal is stored.
 * Faults: approval.missing, recipient.not-confirmed, seal.key-missing, seal.key-elsewhere, seal.key-doubted,
 * seal.time-unavailable.
 */
export async function sealCase(context: VerbContext, input: SealInput): Promise<Result<CaseView>> {
  const attempt = { event: 'package.sealed', caseId: input.caseId } as const;
  const before = await answeredBefore<CaseView>(context, input.caseId);
  if (before !== null) return before;
  const prepared = await prepareSeal(context, input);
  if (!prepared.ok) return refuseLogged(context, attempt, prepared.fault);
  const { gateway } = context;
  const signer = await openSealKey(prepared.value.key, gateway.keys);
  if (signer === null) return refuseLogged(context, attempt, fault('seal.key-elsewhere'));
  const sealed = await signPackage(prepared.value.manifest, {
    signer,
    timestamps: gateway.timestamps,
    now: gateway.clock.now(),
  });
  if (!sealed.ok) return refuseLogged(context, attempt, fault('seal.time-unavailable', { detail: sealed.fault }));
  return storeSeal(context, { row: prepared.value.row, seal: sealed.value, sealedBy: 'gateway' });
}

/** The seal is made; the case must be the one that was looked at. */
export async function storeSeal(
  context: VerbContext,
  made: { readonly row: CaseRow; readonly seal: PackageSeal; readonly sealedBy: 'gateway' | 'school' },
): Promise<Result<CaseView>> {
  const { row, seal, sealedBy } = made;
  return perform(context, { event: 'package.sealed', caseId: row.id }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: row.id, action: 'case.seal', version: row.version });
    if (!opened.ok) return opened;
    const moved = await advance(tx, context, {
      row: opened.value,
      to: 'sealed',
      changes: sealedChanges(context, seal),
    });
    if (!moved.ok) return moved;
    await Promise.all([
      replaceContainerSeals(tx, moved.value.id, seal.containers),
      recordEvent(tx, context, {
        name: 'package.sealed',
        row: moved.value,
        ...(moved.value.contentDigest === null ? {} : { digest: moved.value.contentDigest }),
        detail: { sealedBy },
      }),
    ]);
    return ok(await viewCase(tx, context.actor, moved.value));
  });
}

export interface Prepared {
  readonly row: CaseRow;
  readonly manifest: Manifest;
  readonly key: SealKeyRow;
}

/** What is to be sealed, once it is approved; the confirmation is null while nothing is sealed yet. */
export async function prepareSeal(
  context: VerbContext,
  input: { readonly caseId: string; readonly confirmation: string | null },
): Promise<Result<Prepared>> {
  const prepared = await look(context, (tx) => prepare(tx, context, input));
  if (!prepared.ok) return prepared;
  // The log is asked outside any transaction.
  const confirmed = await confirmSealKey(context, prepared.value.key);
  return confirmed.ok ? prepared : confirmed;
}

async function prepare(
  tx: Transaction,
  { gateway, actor }: VerbContext,
  input: { readonly caseId: string; readonly confirmation: string | null },
): Promise<Result<Prepared>> {
  const row = await findCase(tx, input.caseId);
  if (row === null) return refuse(fault('case.not-found'));
  const allowed = authorise({ gateway, actor }, 'case.seal', resourceOf(actor, row));
  if (!allowed.ok) return allowed;
  if (!mayFollow(row.state, 'sealed')) return refuse(fault('case.wrong-state', { detail: row.state }));
  if (row.recipientCode === null) return refuse(fault('recipient.missing'));
  if (input.confirmation !== null && !confirmsRecipient(row.recipientCode, input.confirmation)) {
    return refuse(fault('recipient.not-confirmed'));
  }
  const [approval, listed, key] = await Promise.all([
    findApproval(tx, row.id),
    listDocuments(tx, row.id),
    findSealKey(tx, row.senderCode),
  ]);
  const content = packageContent(row, listed);
  const digest = await contentDigest(content);
  const approved = approval !== null && approval.contentDigest === digest && approval.expiresAt > gateway.clock.now();
  if (!approved) return refuse(fault('approval.missing'));
  if (key === null) return refuse(fault('seal.key-missing'));
  const { documents, ...facts } = content;
  const manifest = manifestSchema.parse({
    version: 'hikitsugi-manifest/1',
    ...facts,
    documents,
    draftedAt: row.createdAt.toISOString(),
    approvedAt: approval.approvedAt.toISOString(),
  });
  return ok({ row, manifest, key });
}

function sealedChanges({ gateway }: VerbContext, seal: PackageSeal): Partial<CaseRow> {
  return { manifest: seal.manifest, sealedAt: gateway.clock.now() };
}
