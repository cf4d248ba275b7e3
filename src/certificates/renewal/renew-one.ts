import { createHash } from 'node:crypto';
import { pdfEvidenceEnd, type RenewReason, renewPdfEvidence } from '../../crypto/pdf/renew.ts';
import type { PdfTrust } from '../../crypto/pdf/verify/report.ts';
import { type ActorScope, systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { nextTry, renewalDue } from '../../transfers/renewal/rules.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { storePdf } from '../issue/store-pdf.ts';
import { recordByGateway } from '../requests/record.ts';
import { renewalJob } from '../tables.ts';
import { changeEvidence, type EvidenceRow, replaceFile } from './store.ts';

type Problem = RenewReason | 'file-unreadable' | 'file-changed';

/** `gone`: revoked or superseded meanwhile, so that nobody gets its file any more, or renewed by somebody faster; nothing is left to do. */
export type RenewalOutcome = 'renewed' | 'standing' | 'failed' | 'no-time' | 'gone';

/**
 * Looks at one certificate's file and renews its evidence when that ends soon. The new file is stored whole before the
 * transaction that puts it in the former one's place, with the log entry; a crash before leaves the former one, and an
 * unfinished object that the collector takes away. @throws {ObjectStoreError} {KeyServiceUnavailable}
 */
export async function renewOne(gateway: Gateway, evidence: EvidenceRow): Promise<RenewalOutcome> {
  const scope = { ...systemScope(renewalJob), school: evidence.schoolCode };
  const row = await gateway.database.transaction(scope, (tx) => findCertificate(tx, evidence.certificateId));
  if (row?.state !== 'valid') return leave(gateway, evidence);
  const pdf = await readPdf(gateway, scope, row);
  if (!pdf.ok) return fail(gateway, evidence, pdf.fault);
  const trust: PdfTrust = {
    anchors: gateway.trust.seal,
    timestampAnchors: gateway.trust.time,
    revocation: gateway.trust.revocation,
    at: gateway.clock.now(),
  };
  const countsUntil = await pdfEvidenceEnd(pdf.value, trust);
  if (countsUntil === null) return fail(gateway, evidence, 'evidence-not-good');
  if (renewalDue(countsUntil) > trust.at) return stand(gateway, evidence, countsUntil);
  const lists = await gateway.revocationLists();
  const renewed = await renewPdfEvidence(pdf.value, { trust, timestamps: gateway.timestamps, lists });
  if (!renewed.ok) return fail(gateway, { ...evidence, countsUntil }, renewed.fault);
  const of = { scope, row, pdf: renewed.value.pdf, countsUntil: renewed.value.countsUntil };
  return (await putInPlace(gateway, of)) ? 'renewed' : 'gone';
}

/** The file as it lies in the locker, and is what the register of certificates says it is. */
async function readPdf(
  { database, locker }: Gateway,
  scope: ActorScope,
  { objectId, schoolCode, sha256 }: CertificateRow,
): Promise<Result<Uint8Array, Problem>> {
  const readable =
    objectId === null
      ? null
      : await database.transaction(scope, (tx) => locker.find(tx, { objectId, holder: schoolCode }));
  const opened = readable === null ? null : await locker.openDocument(readable);
  if (opened?.ok !== true) return refuse('file-unreadable');
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.value) pieces.push(piece);
  const pdf = new Uint8Array(Buffer.concat(pieces));
  return createHash('sha256').update(pdf).digest('hex') === sha256 ? ok(pdf) : refuse('file-changed');
}

async function putInPlace(
  gateway: Gateway,
  of: {
    readonly scope: ActorScope;
    readonly row: CertificateRow;
    readonly pdf: Uint8Array;
    readonly countsUntil: Date;
  },
): Promise<boolean> {
  const { scope, row, pdf, countsUntil } = of;
  const stored = await storePdf(gateway, { scope, requestId: row.requestId, schoolCode: row.schoolCode, pdf });
  return gateway.database.transaction(scope, async (tx) => {
    const at = gateway.clock.now();
    const { objectId, sha256 } = stored;
    if (!(await replaceFile(tx, row, { objectId, sha256, at }))) return false;
    await gateway.locker.markStored(tx, stored);
    // Every byte of it stands at the beginning of the new one.
    if (row.objectId !== null) await gateway.locker.discard(tx, row.objectId);
    await changeEvidence(tx, row.id, { countsUntil, lookAt: renewalDue(countsUntil), problem: null });
    await recordByGateway(tx, gateway, {
      name: 'certificate.renewed',
      // What the gateway does to the file by itself says nothing of who had access.
      row: { id: row.requestId, schoolCode: row.schoolCode, pupilId: null, kind: row.kind },
      detail: { certificate: row.id, former: row.sha256, countsUntil: countsUntil.toISOString() },
      digest: sha256,
    });
    return true;
  });
}

async function stand({ database }: Gateway, { certificateId }: EvidenceRow, countsUntil: Date) {
  const changes = { countsUntil, lookAt: renewalDue(countsUntil), problem: null };
  await database.transaction(systemScope(renewalJob), (tx) => changeEvidence(tx, certificateId, changes));
  return 'standing' as const;
}

async function leave({ database }: Gateway, { certificateId }: EvidenceRow) {
  await database.transaction(systemScope(renewalJob), (tx) => changeEvidence(tx, certificateId, { lookAt: null }));
  return 'gone' as const;
}

async function fail({ database, clock }: Gateway, { certificateId, countsUntil }: EvidenceRow, problem: Problem) {
  const changes = { countsUntil, lookAt: nextTry(countsUntil, clock.now()), problem };
  await database.transaction(systemScope(renewalJob), (tx) => changeEvidence(tx, certificateId, changes));
  return problem === 'unreachable' || problem === 'http-status' ? ('no-time' as const) : ('failed' as const);
}
