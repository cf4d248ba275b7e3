import { MultipartParseError, parseMultipartRequest } from '@remix-run/multipart-parser';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { fault } from '../faults.ts';
import { documentForms, documentKinds, type MediaType, mediaTypes } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { VerbContext } from './act.ts';
import { addDocument, announceDocument } from './add-document.ts';
import { pick } from './form-values.ts';
import { removeDocument } from './remove-document.ts';

/** Without script a browser sends one multipart form; what a form may hold at once is kept in memory. */
const maxFormFileBytes = 32 * 1024 * 1024;

/** The upload of browsers without script: fields and files in one form, each file a document. */
export async function uploadFromForm(c: Context<AppEnv>, context: VerbContext, caseId: string): Promise<Result<true>> {
  const parsed = await readForm(c, maxFormFileBytes);
  if (!parsed.ok) return parsed;
  const { fields, files } = parsed.value;
  const kind = pick(documentKinds, fields['kind']);
  const form = pick(documentForms, fields['form']);
  if (kind === null || form === null || files.length === 0) {
    return refuse(fault('request.malformed', { fields: { kind: 'component.choose' } }));
  }
  for (const file of files) {
    const mediaType = mediaTypeOf(file);
    if (mediaType === null) return refuse(fault('document.not-what-it-says', { params: { type: file.name } }));
    const title = fields['title']?.trim() || file.name.replace(/\.[^.]*$/, '');
    const announced = await announceDocument(context, { caseId, kind, form, title, mediaType });
    if (!announced.ok) return announced;
    const documentId = announced.value.id;
    const sent = await addDocument(context, {
      caseId,
      documentId,
      body: once(file.bytes),
      declaredBytes: file.bytes.length,
      declaredType: null,
      reprDigest: null,
    });
    if (!sent.ok) {
      // Nothing half done: what could not be taken does not stay announced.
      await removeDocument(context, { caseId, documentId });
      return sent;
    }
  }
  return ok(true);
}

interface FormFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A multipart form with small files: a key. */
export async function readSmallForm(c: Context<AppEnv>) {
  return readForm(c, 128 * 1024);
}

async function readForm(
  c: Context<AppEnv>,
  maxBytes: number,
): Promise<Result<{ readonly fields: Readonly<Record<string, string>>; readonly files: readonly FormFile[] }>> {
  const fields: Record<string, string> = {};
  const files: FormFile[] = [];
  const limits = { maxFileSize: maxBytes, maxTotalSize: maxBytes + 65_536, maxParts: 16 };
  try {
    for await (const part of parseMultipartRequest(c.req.raw, limits)) {
      if (part.isFile) files.push({ name: part.filename ?? '', type: part.mediaType ?? '', bytes: part.bytes });
      else if (part.name !== undefined) fields[part.name] = part.text;
    }
  } catch (error) {
    if (!(error instanceof MultipartParseError)) throw error;
    return refuse(
      fault('request.too-large', { params: { limit: `${Math.floor(maxBytes / 1024)} KB` }, detail: error.name }),
    );
  }
  return ok({ fields, files: files.filter((file) => file.bytes.length > 0) });
}

const byEnding: Readonly<Record<string, MediaType>> = {
  pdf: 'application/pdf',
  json: 'application/json',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
};

/** By what the browser says and by the ending; null when neither is known, or when they disagree (U-09). */
function mediaTypeOf(file: FormFile): MediaType | null {
  const said = pick(mediaTypes, file.type);
  const ending = byEnding[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? null;
  if (said !== null && ending !== null && said !== ending) return null;
  return said ?? ending;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
