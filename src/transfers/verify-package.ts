import { createHash } from 'node:crypto';
import { verifySealedJws } from '../crypto/sealed-jws.ts';
import type { SignerStatus } from '../crypto/signer-verdict.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { type Manifest, manifestType, parseManifest } from '../records/manifest.ts';
import { isSealOfAnother } from '../records/seal-holder.ts';
import { sealPurpose } from '../records/seal-purpose.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, perform, refuseLogged, resourceOf, type VerbContext } from './act.ts';
import { openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { findSenderKey } from './sender-key.ts';
import { type CaseRow, changeCase, type DocumentRow, findCase, listDocuments, reachGrade } from './store.ts';
import { type InnerSignature, innerSignatureOf, outcomeOf, type PackageVerdict, type Verdict } from './verdict.ts';
import { type CaseView, viewCase } from './view.ts';

/**
 * Decrypts and verifies what was opened: seal, issuer, time and the digest of every document, each with a verdict of its
 * own. May be repeated; the newest verdicts count.
 */
export async function verifyPackage(
  context: VerbContext,
  input: { readonly caseId: string },
): Promise<Result<CaseView>> {
  const attempt = { event: 'package.verified', caseId: input.caseId } as const;
  const found = await look(context, async (tx) => {
    const row = await findCase(tx, input.caseId);
    if (row === null) return refuse(fault('case.not-found'));
    const allowed = authorise(context, 'case.verify', resourceOf(context.actor, row));
    if (!allowed.ok) return allowed;
    if (row.state !== 'opened') return refuse(fault('case.wrong-state', { detail: row.state }));
    return ok({ row, documents: await listDocuments(tx, row.id) });
  });
  if (!found.ok) return refuseLogged(context, attempt, found.fault);
  const verification = await judge(context, found.value);
  return perform(context, attempt, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.verify' });
    if (!opened.ok) return opened;
    if (opened.value.state !== 'opened') return refuse(fault('case.wrong-state', { detail: opened.value.state }));
    const now = context.gateway.clock.now();
    const row = await changeCase(tx, opened.value, { verification, verifiedAt: now, updatedAt: now });
    const appended = await recordEvent(tx, context, {
      name: 'package.verified',
      row,
      detail: { outcome: verification.outcome },
    });
    await reachGrade(tx, {
      caseId: row.id,
      attempt: row.attempt,
      documentIds: verification.documents.filter(({ digest }) => digest === 'valid').map(({ id }) => id),
      grade: 'verified',
      eventId: appended.eventId,
      at: now,
    });
    return ok(await viewCase(tx, context.actor, row));
  });
}

interface Opened {
  readonly row: CaseRow;
  readonly documents: readonly DocumentRow[];
}

async function judge(context: VerbContext, opened: Opened): Promise<PackageVerdict> {
  const { trust, clock } = context.gateway;
  const seal = await verifySealedJws({
    jws: opened.row.manifest,
    typ: manifestType,
    anchors: trust.seal,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: clock.now(),
    purpose: sealPurpose,
  });
  const manifest = seal.payload === null ? null : parseManifest(seal.payload);
  const documents = await judgeDocuments(context, opened.documents, manifest);
  const isForeign = seal.issuer !== null && isSealOfAnother(seal.issuer.certificate, opened.row.senderCode);
  const senderKey =
    seal.issuer === null
      ? null
      : await findSenderKey(context.gateway, {
          school: opened.row.senderCode,
          fingerprint: seal.issuer.certificate.sha256,
          at: seal.time.genTime ?? clock.now(),
        });
  const parts = {
    // A seal over another case, sender or recipient is no seal of this package.
    seal: manifest !== null && isAbout(manifest, opened.row) ? ('valid' as const) : ('invalid' as const),
    issuer: seal.issuer === null || isForeign ? ('invalid' as const) : issuerVerdict(seal.issuer.status),
    time: timeVerdict(seal.time.status),
    digests: together(documents.map(({ digest }) => digest)),
  };
  return {
    ...parts,
    outcome: outcomeOf(parts),
    signer: seal.issuer?.name ?? null,
    senderKey,
    sealedAt: seal.time.genTime?.toISOString() ?? null,
    reasons: [...seal.reasons, ...(isForeign ? ['issuer-other-school'] : [])],
    documents,
    checkedAt: clock.now().toISOString(),
  };
}

function isAbout(manifest: Manifest, row: CaseRow): boolean {
  return manifest.case === row.id && manifest.sender === row.senderCode && manifest.recipient === row.recipientCode;
}

/** Every document listed and every listed document there, each with the digest that was sealed. */
async function judgeDocuments(
  context: VerbContext,
  documents: readonly DocumentRow[],
  manifest: Manifest | null,
): Promise<PackageVerdict['documents']> {
  const judged: { id: string; digest: Verdict; innerSignature: InnerSignature }[] = [];
  for (const document of documents) {
    const listed = manifest?.documents.find(({ id }) => id === document.id);
    const innerSignature = innerSignatureOf(document.findings);
    const digest = listed === undefined ? 'invalid' : await digestVerdict(context, document, listed.sha256);
    judged.push({ id: document.id, digest, innerSignature });
  }
  for (const listed of manifest?.documents ?? []) {
    if (documents.some(({ id }) => id === listed.id)) continue;
    judged.push({ id: listed.id, digest: 'invalid', innerSignature: 'none' });
  }
  return judged;
}

async function digestVerdict({ gateway }: VerbContext, document: DocumentRow, sha256: string): Promise<Verdict> {
  const { objectId } = document;
  if (objectId === null) return 'invalid';
  const readable = await gateway.database.transaction(systemScope('locker'), (tx) =>
    gateway.locker.find(tx, { objectId, holder: null }),
  );
  if (readable === null) return 'notChecked';
  const opened = await gateway.locker.openDocument(readable);
  if (!opened.ok) return opened.fault.detail?.startsWith('key') === true ? 'notChecked' : 'invalid';
  const hash = createHash('sha256');
  try {
    for await (const piece of opened.value) hash.update(piece);
  } catch (error) {
    // A chunk that does not authenticate is a changed document; a store that fails is a broken world.
    if (error instanceof Error && error.name === 'ChunkedDecryptionError') return 'invalid';
    throw error;
  }
  return hash.digest('hex') === sha256 ? 'valid' : 'invalid';
}

function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0 || verdicts.includes('invalid')) return 'invalid';
  return verdicts.includes('notChecked') ? 'notChecked' : 'valid';
}

function issuerVerdict(status: SignerStatus): Verdict {
  if (status === 'trusted') return 'valid';
  return status === 'notChecked' ? 'notChecked' : 'invalid';
}

function timeVerdict(status: 'valid' | 'invalid' | 'absent' | 'notChecked'): Verdict {
  if (status === 'valid') return 'valid';
  return status === 'notChecked' ? 'notChecked' : 'invalid';
}
