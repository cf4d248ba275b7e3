import { canonicalJson } from '../crypto/jcs.ts';
import { type DocumentKind, type MediaType, mediaTypes } from '../records/kinds.ts';
import type { ManifestDocument } from '../records/manifest.ts';
import { sha256Hex } from './ids.ts';
import type { PackageContent } from './rules.ts';
import type { CaseRow, DocumentRow } from './store.ts';

/** What is approved and sealed, from the rows; every document must be ready. */
export function packageContent(row: CaseRow, documents: readonly DocumentRow[]): PackageContent {
  return {
    case: row.id,
    kind: row.kind,
    sender: row.senderCode,
    recipient: row.recipientCode ?? '',
    purpose: row.purpose,
    legalBasis: row.legalBasis,
    pupil: pupilOf(row),
    documents: documents.map(manifestDocument),
  };
}

/** SHA-256 (hex) over the canonical form: the thing that an approval names. */
export async function contentDigest(content: PackageContent): Promise<string> {
  return sha256Hex(canonicalJson(content));
}

function pupilOf(row: CaseRow) {
  return {
    officialName: row.pupilOfficialName,
    nonStandardCharacters: [...row.pupilNonStandardCharacters],
    displayName: row.pupilDisplayName,
    kana: row.pupilKana,
    birthDate: row.pupilBirthDate,
    masterIdentifier: row.pupilMasterIdentifier,
  };
}

function manifestDocument(document: DocumentRow): ManifestDocument {
  const { id, form, title, byteCount, sha256 } = document;
  const kind: DocumentKind = document.kind;
  if (byteCount === null || sha256 === null) throw new Error('a document that is not ready was to be sealed');
  return { id, kind, form, title, mediaType: asMediaType(document.mediaType), bytes: byteCount, sha256 };
}

function asMediaType(text: string): MediaType {
  const known = mediaTypes.find((type) => type === text);
  if (known === undefined) throw new Error('a stored document has a media type that is not accepted');
  return known;
}
