import type { PdfTrust } from '../crypto/pdf/verify/report.ts';
import { fault } from '../faults.ts';
import { stillActs } from '../identity/still-acting.ts';
import type { ObjectReservation, StoredDocument } from '../locker/store-document.ts';
import { scopeOf } from '../policy/actor.ts';
import { inspectorFor } from '../records/inspect.ts';
import {
  type DocumentForm,
  type DocumentKind,
  formsFor,
  type MediaType,
  mediaTypes,
  visibilityOf,
} from '../records/kinds.ts';
import { cleanTitle } from '../records/titles.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, authorise, perform, refuseLogged, resourceOf, type VerbContext } from './act.ts';
import { newId } from './ids.ts';
import { backToDraft, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { parseReprDigest } from './repr-digest.ts';
import { maxDocuments } from './rules.ts';
import { changeCase, changeDocument, findCase, findDocument, insertDocument, listDocuments } from './store.ts';
import { type DocumentView, viewDraftDocument } from './view.ts';

export interface AnnounceInput {
  readonly caseId: string;
  readonly kind: DocumentKind;
  readonly form: DocumentForm;
  readonly title: string;
  readonly mediaType: MediaType;
}

/** Says what will be sent, before its bytes: kind, form and right are checked while nothing has been uploaded yet. */
export async function announceDocument(context: VerbContext, input: AnnounceInput): Promise<Result<DocumentView>> {
  return perform(context, { event: 'document.added', caseId: input.caseId }, async (tx) => {
    const row = await findCase(tx, input.caseId);
    if (row === null) return refuse(fault('case.not-found'));
    const visibility = visibilityOf(input.kind);
    const allowed = authorise(context, 'document.add', resourceOf(context.actor, row, visibility));
    if (!allowed.ok) return allowed;
    if (!formsFor(input.kind, row.kind).includes(input.form)) return refuse(fault('document.form-not-allowed'));
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.read' });
    if (!opened.ok) return opened;
    const draft = await backToDraft(tx, context, opened.value);
    if (!draft.ok) return draft;
    const present = await listDocuments(tx, row.id);
    if (present.length >= maxDocuments) {
      return refuse(fault('document.too-many', { params: { limit: String(maxDocuments) } }));
    }
    const document = await insertDocument(tx, {
      id: newId(),
      caseId: row.id,
      position: (present.at(-1)?.position ?? 0) + 1,
      kind: input.kind,
      form: input.form,
      visibility,
      title: cleanTitle(input.title),
      mediaType: input.mediaType,
      state: 'uploading',
      addedBy: scopeOf(context.actor).actor,
      addedAt: context.gateway.clock.now(),
    });
    return ok(viewDraftDocument(context.actor, draft.value, document));
  });
}

export interface UploadInput {
  readonly caseId: string;
  readonly documentId: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly declaredBytes: number | null;
  /** From Content-Type; null when none was given. It has to be the announced type (U-09). */
  readonly declaredType: string | null;
  /** RFC 9530; machines must send it. */
  readonly reprDigest: string | null;
}

/**
 * Takes the bytes of an announced document: checked, hashed and encrypted in one pass; refused ones leave nothing behind.
 * Faults: document.digest-*, document.truncated, document.not-what-it-says, document.active-content, request.too-large …
 */
export async function addDocument(context: VerbContext, input: UploadInput): Promise<Result<DocumentView>> {
  const attempt = { event: 'document.added', caseId: input.caseId } as const;
  const expectedSha256 = parseReprDigest(input.reprDigest);
  if (expectedSha256 === null && (context.actor.kind === 'machine' || input.reprDigest !== null)) {
    return refuseLogged(context, attempt, fault('document.digest-missing'));
  }
  const before = await answeredBefore<DocumentView>(context, input.caseId);
  if (before !== null) return before;
  const prepared = await reserve(context, input);
  if (!prepared.ok) return refuseLogged(context, attempt, prepared.fault);
  const inspector = inspectorFor(prepared.value, context.gateway.inspections, trustOf(context.gateway));
  try {
    const stored = await context.gateway.locker.storeDocument({
      reservation: prepared.value.reservation,
      source: input.body,
      maxBytes: Math.min(context.gateway.settings.MAX_DOCUMENT_BYTES, inspector.maxBytes ?? Infinity),
      expectedBytes: input.declaredBytes ?? undefined,
      expectedSha256: expectedSha256 ?? undefined,
      onChunk: (piece) => inspector.take(piece),
      onEnd: () => inspector.end(),
    });
    if (!stored.ok) return await refuseLogged(context, attempt, stored.fault);
    return await finish(context, input, { stored: stored.value, findings: inspector.findings() });
  } finally {
    inspector.close();
  }
}

/** For what a document brings signed: schools seal, and so do those whom the trust list names for it. */
function trustOf({ trust, clock }: VerbContext['gateway']): PdfTrust {
  return { anchors: trust.seal, timestampAnchors: trust.time, revocation: trust.revocation, at: clock.now() };
}

interface Prepared {
  readonly reservation: ObjectReservation;
  readonly mediaType: MediaType;
  readonly kind: DocumentKind;
}

/** Writes down where the object will lie, before its first byte (crash rules of the object store). */
async function reserve(context: VerbContext, input: UploadInput): Promise<Result<Prepared>> {
  const { gateway, actor } = context;
  return gateway.database.transaction(scopeOf(actor), async (tx) => {
    const row = await findCase(tx, input.caseId);
    const document = row === null ? null : await findDocument(tx, row.id, input.documentId);
    if (row === null || document === null) return refuse(fault('document.not-found'));
    const allowed = authorise(context, 'document.add', resourceOf(actor, row, document.visibility));
    if (!allowed.ok) return allowed;
    if (row.state !== 'draft' || document.state !== 'uploading') {
      return refuse(fault('case.wrong-state', { detail: `${row.state}/${document.state}` }));
    }
    const mediaType = mediaTypes.find((type) => type === document.mediaType);
    if (mediaType === undefined) throw new Error('an announced document has a media type that is not accepted');
    if (input.declaredType !== null && input.declaredType !== mediaType) {
      return refuse(fault('document.not-what-it-says', { params: { type: mediaType }, detail: 'content-type' }));
    }
    const reservation = await gateway.locker.reserve(tx, {
      organisation: row.senderCode,
      caseId: row.id,
      // Every attempt has an object of its own: a broken one is collected, a later one starts afresh.
      objectId: `${document.id}.${newId()}`,
      mediaType,
    });
    return reservation === null
      ? refuse(fault('case.wrong-state', { detail: 'no-key' }))
      : ok({ reservation, mediaType, kind: document.kind });
  });
}

/** Writes down what has arrived. Case and role may have moved on while the bytes came: then they are not part of it. */
async function finish(
  context: VerbContext,
  input: UploadInput,
  arrived: { readonly stored: StoredDocument; readonly findings: readonly string[] },
): Promise<Result<DocumentView>> {
  const { stored, findings } = arrived;
  const result = await perform(context, { event: 'document.added', caseId: input.caseId }, async (tx) => {
    const acts = await stillActs(tx, context.actor, context.gateway.clock.now());
    if (!acts.ok) return acts;
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.read' });
    if (!opened.ok) return opened;
    const document = await findDocument(tx, opened.value.id, input.documentId);
    if (document === null) return refuse(fault('document.not-found'));
    const allowed = authorise(context, 'document.add', resourceOf(context.actor, opened.value, document.visibility));
    if (!allowed.ok) return allowed;
    if (opened.value.state !== 'draft' || document.state !== 'uploading') return refuse(fault('case.wrong-state'));
    await context.gateway.locker.markStored(tx, stored);
    const changed = await changeDocument(tx, document.id, {
      state: 'ready',
      objectId: stored.objectId,
      byteCount: stored.bytes,
      sha256: stored.sha256,
      ciphertextBytes: stored.ciphertextBytes,
      ciphertextSha256: stored.ciphertextSha256,
      findings,
    });
    const row = await changeCase(tx, opened.value, { updatedAt: context.gateway.clock.now() });
    await recordEvent(tx, context, { name: 'document.added', row, digest: stored.ciphertextSha256 });
    return ok(viewDraftDocument(context.actor, row, changed));
  });
  if (!result.ok) await discardUnused(context, stored.objectId);
  return result;
}

async function discardUnused({ gateway, actor }: VerbContext, objectId: string): Promise<void> {
  await gateway.database.transaction(scopeOf(actor), (tx) => gateway.locker.discard(tx, objectId));
}
