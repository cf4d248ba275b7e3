import { lengthPrefixed } from '../crypto/length-prefixed.ts';

/** Which object a document key or a ciphertext belongs to; moved elsewhere it does not open (F-08). */
export interface ObjectIdentity {
  /** Code of the school that put it in: the tenant. */
  readonly organisation: string;
  readonly caseId: string;
  readonly objectId: string;
  readonly mediaType: string;
}

const formatVersion = '1';
// Suite 1 of crypto/chunked: SHA-512 and AES-256-GCM.
const suite = '1';

/** docs/formats.md, Ciphertext: format version | suite | tenant | transfer | object | media type. */
export function documentContext(of: ObjectIdentity): Uint8Array {
  return lengthPrefixed([
    'hikitsugi/document',
    formatVersion,
    suite,
    of.organisation,
    of.caseId,
    of.objectId,
    of.mediaType,
  ]);
}

export function documentKeyContext(of: ObjectIdentity): Uint8Array {
  return lengthPrefixed(['hikitsugi/document-key', formatVersion, suite, of.organisation, of.caseId, of.objectId]);
}

export function caseKeyContext(of: { readonly caseId: string; readonly organisation: string; readonly month: string }) {
  return lengthPrefixed(['hikitsugi/case-key', formatVersion, suite, of.caseId, of.organisation, of.month]);
}

/** Facts of a case that are too small for an object of their own. */
export function factsContext(of: { readonly caseId: string; readonly name: string }): Uint8Array {
  return lengthPrefixed(['hikitsugi/facts', formatVersion, suite, of.caseId, of.name]);
}

export function organisationKeyContext(of: { readonly organisation: string; readonly month: string }): string {
  return `hikitsugi/organisation-key/${formatVersion}/${of.month}/${of.organisation}`;
}
