import { z } from 'zod';
import { caseKinds, documentForms, documentKinds, mediaTypes, type Visibility, visibilityOf } from './kinds.ts';

/** The manifest of a package, version 1 (docs/formats.md): what exactly was sent, by whom, for whom, on which legal basis. */
export const manifestSchema = z.strictObject({
  version: z.literal('hikitsugi-manifest/1'),
  case: z.string().min(1).max(64),
  kind: z.enum(caseKinds),
  legalBasis: z.string().max(400),
  purpose: z.string().max(400),
  sender: z.string().length(13),
  recipient: z.string().length(13),
  pupil: z.strictObject({
    officialName: z.string().max(400),
    nonStandardCharacters: z.array(z.strictObject({ codePoint: z.string(), glyph: z.string() })).max(64),
    displayName: z.string().max(400),
    kana: z.string().max(400),
    birthDate: z.iso.date(),
    masterIdentifier: z.string().max(64).nullable(),
  }),
  documents: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        kind: z.enum(documentKinds),
        form: z.enum(documentForms),
        title: z.string().max(255),
        mediaType: z.enum(mediaTypes),
        bytes: z.int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(64),
  draftedAt: z.iso.datetime(),
  approvedAt: z.iso.datetime(),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestDocument = Manifest['documents'][number];

export const manifestType = 'hikitsugi-manifest+jws';

/** The manifest in received bytes; null when it is not one, or names a document twice. */
export function parseManifest(bytes: Uint8Array): Manifest | null {
  const parsed = manifestSchema.safeParse(parseJson(bytes));
  if (!parsed.success) return null;
  const ids = new Set(parsed.data.documents.map((document) => document.id));
  return ids.size === parsed.data.documents.length ? parsed.data : null;
}

export function visibilityOfDocument(document: ManifestDocument): Visibility {
  return visibilityOf(document.kind);
}

export function documentsOf(manifest: Manifest, visibility: Visibility): readonly ManifestDocument[] {
  return manifest.documents.filter((document) => visibilityOfDocument(document) === visibility);
}

/** ASCII name of a document inside a container; display names stay inside the manifest (docs/formats.md, Container). */
export function containerName(document: ManifestDocument, position: number): string {
  const extension = { 'application/pdf': 'pdf', 'application/json': 'json', 'image/jpeg': 'jpg', 'image/png': 'png' };
  return `records/${String(position + 1).padStart(2, '0')}-${document.kind}.${extension[document.mediaType]}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
