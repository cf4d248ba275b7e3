import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import type { ReadableObject } from '../locker/open-document.ts';
import { scopeOf } from '../policy/actor.ts';
import { personMayRead } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type Asking, authorise, perform, refuseLogged, resourceOf, schoolOf, type VerbContext } from './act.ts';
import { mayBreakGlass, runningGlass } from './open-break-glass.ts';
import { recordEvent } from './record.ts';
import type { Download } from './render.ts';
import { type CaseRow, type DocumentRow, findCase, findDocument } from './store.ts';

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/json': 'json',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

/**
 * Hands out one document, decrypted chunk by chunk; every access is a line of the ledger. Who may is the table of
 * permissions. Faults: document.not-found, policy.denied, document.unreadable.
 */
export async function readDocument(
  context: VerbContext,
  input: { readonly caseId: string; readonly documentId: string },
): Promise<Result<Download>> {
  const attempt = { event: 'document.handed-over', caseId: input.caseId } as const;
  const found = await perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const [row, document] = await Promise.all([
      findCase(tx, input.caseId),
      findDocument(tx, input.caseId, input.documentId),
    ]);
    if (row === null || document === null) return refuse(fault('document.not-found'));
    const glass = mayBreakGlass(context, row, document) ? await runningGlass(tx, context, document.id) : null;
    const allowed = authoriseReading(context, row, { ...document, glassBroken: glass !== null });
    if (!allowed.ok) return allowed;
    if (document.state !== 'ready') return refuse(fault('document.not-found'));
    const [readable] = await Promise.all([
      findOwnObject(tx, context, document),
      recordEvent(tx, context, {
        ...(glass === null
          ? { name: 'document.handed-over' }
          : { name: 'break-glass.read', detail: { breakGlass: glass.id } }),
        row,
        ...(document.ciphertextSha256 === null ? {} : { digest: document.ciphertextSha256 }),
      }),
    ]);
    return ok({ document, readable });
  });
  if (!found.ok) return found;
  const { document } = found.value;
  const readable = found.value.readable ?? (await findObject(context, document));
  // The ledger says before that it was to be handed over, and after that it could not be: an operator has to look.
  if (readable === null) return refuseLogged(context, attempt, fault('document.unreadable', { detail: 'no-key' }));
  const opened = await context.gateway.locker.openDocument(readable);
  if (!opened.ok) return refuseLogged(context, attempt, opened.fault);
  const extension = extensions[document.mediaType] ?? 'bin';
  return ok({
    name: `${document.kind}-${document.id.slice(0, 8)}.${extension}`,
    mediaType: document.mediaType,
    bytes: readable.bytes,
    body: opened.value,
  });
}

/** A document, and whether the reader holds it open by break-glass. */
type Readable = DocumentRow & { readonly glassBroken?: boolean };

export function authoriseReading(context: Asking, row: CaseRow, document: Readable): Result<true> {
  const { actor } = context;
  if (actor.kind === 'person' && !personMayRead(document.kind)) return refuse(fault('document.not-found'));
  const resource = { ...resourceOf(actor, row, document.visibility), glassBroken: document.glassBroken === true };
  return hidingDenial(authorise(context, 'document.read', resource));
}

/** What one may not read answers like what is not there; the log keeps the difference. */
export function hidingDenial(allowed: Result<true>): Result<true> {
  // Whoever would read it but for an unchecked certificate is told what is in the way.
  if (allowed.ok || allowed.fault.code === 'login.not-checked') return allowed;
  return refuse(fault('document.not-found', { detail: allowed.fault.detail ?? 'denied' }));
}

/** The same for a school, in the transaction that found the document; null for a person, who has no key. */
async function findOwnObject(
  tx: Transaction,
  { gateway, actor }: VerbContext,
  { objectId }: DocumentRow,
): Promise<ReadableObject | null> {
  const holder = schoolOf(actor);
  return objectId === null || holder === null ? null : gateway.locker.find(tx, { objectId, holder });
}

/** The object behind a document with the actor's own key; a person, whom policy has let through, borrows the holder's. */
export async function findObject(
  { gateway, actor }: VerbContext,
  document: DocumentRow,
): Promise<ReadableObject | null> {
  const { objectId } = document;
  if (objectId === null) return null;
  const holder = schoolOf(actor);
  const scope = holder === null ? systemScope('locker') : scopeOf(actor);
  return gateway.database.transaction(scope, (tx) => gateway.locker.find(tx, { objectId, holder }));
}
