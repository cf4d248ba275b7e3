import { type AsicEntry, asicBytes, asicMediaType, writeAsic } from '../crypto/asic.ts';
import { fault } from '../faults.ts';
import { containerFiles, sealedManifestBytes } from '../records/container.ts';
import type { Visibility } from '../records/kinds.ts';
import { documentsOf, type Manifest, parseManifest } from '../records/manifest.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, perform, resourceOf, type VerbContext } from './act.ts';
import { authoriseReading, findObject, hidingDenial } from './read-document.ts';
import { recordEvent } from './record.ts';
import type { Download } from './render.ts';
import { type CaseRow, type DocumentRow, findCase, listContainerSeals, listDocuments } from './store.ts';

interface Sealed {
  readonly row: CaseRow;
  readonly documents: readonly DocumentRow[];
  readonly manifest: Manifest;
  readonly seal: { readonly manifestXml: Uint8Array; readonly signature: Uint8Array };
}

/**
 * One ASiC-E container with the documents of one visibility, the sealed manifest and the sender's signature, written while
 * it is decrypted. Faults: case.not-found when there is no such container, policy.denied, document.unreadable.
 */
export async function readContainer(
  context: VerbContext,
  input: { readonly caseId: string; readonly visibility: Visibility },
): Promise<Result<Download>> {
  const attempt = { event: 'container.handed-over', caseId: input.caseId } as const;
  const found = await perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const row = await findCase(tx, input.caseId);
    if (row === null) return refuse(fault('case.not-found'));
    const allowed = hidingDenial(authorise(context, 'document.read', resourceOf(context.actor, row, input.visibility)));
    if (!allowed.ok) return allowed;
    const sealed = await findSealed({ row, documents: await listDocuments(tx, row.id) }, input.visibility, () =>
      listContainerSeals(tx, row.id),
    );
    if (sealed === null) return refuse(fault('case.not-found'));
    for (const document of sealed.documents) {
      const readable = authoriseReading(context, row, document);
      if (!readable.ok) return readable;
    }
    await recordEvent(tx, context, { name: 'container.handed-over', row, detail: { visibility: input.visibility } });
    return ok(sealed);
  });
  return found.ok ? writeContainer(context, found.value, input.visibility) : found;
}

async function findSealed(
  found: { readonly row: CaseRow; readonly documents: readonly DocumentRow[] },
  visibility: Visibility,
  seals: () => ReturnType<typeof listContainerSeals>,
): Promise<Sealed | null> {
  const { row } = found;
  const payload = row.manifest === null ? null : Buffer.from(row.manifest.payload, 'base64url');
  const manifest = payload === null ? null : parseManifest(payload);
  const seal = (await seals()).find((one) => one.visibility === visibility);
  if (manifest === null || seal === undefined) return null;
  const wanted = documentsOf(manifest, visibility).map(({ id }) => id);
  return { row, manifest, seal, documents: found.documents.filter(({ id }) => wanted.includes(id)) };
}

async function writeContainer(context: VerbContext, sealed: Sealed, visibility: Visibility): Promise<Result<Download>> {
  const { row, manifest, seal } = sealed;
  if (row.manifest === null) throw new Error('a container without its sealed manifest');
  const own = sealedManifestBytes(row.manifest);
  const entries: AsicEntry[] = [];
  for (const file of await containerFiles(manifest, row.manifest, visibility)) {
    const bytes = file.document === null ? once(own) : documentBytes(context, sealed, file.document.id);
    entries.push({ name: file.name, mediaType: file.mediaType, sha256: file.sha256, size: file.bytes, bytes });
  }
  const signature = { manifest: seal.manifestXml, signature: seal.signature };
  return ok({
    name: `hikitsugi-${visibility}-${row.id.slice(0, 8)}.asice`,
    mediaType: asicMediaType,
    bytes: asicBytes(entries, signature),
    body: writeAsic(entries, signature),
  });
}

/** Opened only when the container's turn comes to it, so that one document at a time is in flight. */
async function* documentBytes(context: VerbContext, sealed: Sealed, documentId: string): AsyncGenerator<Uint8Array> {
  const document = sealed.documents.find(({ id }) => id === documentId);
  const readable = document === undefined ? null : await findObject(context, document);
  if (readable === null) throw new Error('a sealed document is not in the locker');
  const opened = await context.gateway.locker.openDocument(readable);
  if (!opened.ok) throw new Error('a sealed document does not open');
  yield* opened.value;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
