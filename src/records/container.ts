import { canonicalJson } from '../crypto/jcs.ts';
import type { FlattenedJws } from '../crypto/jose.ts';
import type { Visibility } from './kinds.ts';
import { containerName, type Manifest, type ManifestDocument, visibilityOfDocument } from './manifest.ts';

/** A file of a container, without its bytes: what the signed container manifest lists. */
export interface ContainerFile {
  readonly name: string;
  readonly mediaType: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** The document behind it; null for the sealed manifest itself. */
  readonly document: ManifestDocument | null;
}

export const sealedManifestName = 'records/manifest.jws.json';

/** The files of one container: the whole sealed manifest, and the documents of one visibility. */
export async function containerFiles(
  manifest: Manifest,
  sealed: FlattenedJws,
  visibility: Visibility,
): Promise<readonly ContainerFile[]> {
  const bytes = sealedManifestBytes(sealed);
  const own: ContainerFile = {
    name: sealedManifestName,
    mediaType: 'application/jose+json',
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    document: null,
  };
  const documents = manifest.documents.flatMap((document, position) =>
    visibilityOfDocument(document) === visibility
      ? [
          {
            name: containerName(document, position),
            mediaType: document.mediaType,
            sha256: document.sha256,
            bytes: document.bytes,
            document,
          },
        ]
      : [],
  );
  return [own, ...documents];
}

/** The sealed manifest as the file that lies in a container: these bytes are digested and signed. */
export function sealedManifestBytes(sealed: FlattenedJws): Uint8Array {
  return canonicalJson(sealed);
}

async function sha256Hex(data: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
