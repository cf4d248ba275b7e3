import type { CmsReason } from '../../cms/parse.ts';
import type { IntegrityReason } from '../../cms/verify.ts';
import type { TokenReason } from '../../timestamp-token.ts';
import type { X509Certificate } from '../../x509/certificate.ts';
import type { PathReason, Purpose, TrustAnchor } from '../../x509/path.ts';
import type { RevocationReason, RevocationSource } from '../../x509/revocation.ts';
import type { Modifications } from '../changes/judge.ts';
import type { PdfReason } from '../open.ts';
import type { FormReason, PlaceReason } from './find-signatures.ts';
import type { SubFilter } from './value.ts';

/** What a verdict rests on. Nothing is fetched: what is not here or in the file is not known. */
export interface PdfTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Now. */
  readonly at: Date;
  /** What the signer's certificate must be for; signatures on documents, unless told. */
  readonly purpose?: Purpose;
}

/** What became of the whole file, and of each signature in it; no single word for all. */
export interface PdfReport {
  readonly document: {
    readonly status: 'read' | 'refused';
    readonly reasons: readonly (PdfReason | FormReason | 'signature-hidden')[];
  };
  readonly revisions: number;
  readonly signatures: readonly PdfSignatureReport[];
}

/** Separate answers, each with the reasons why it is not the best one. */
export interface PdfSignatureReport {
  /** The name of its field. */
  readonly field: string;
  readonly kind: 'signature' | 'document-timestamp' | 'unreadable';
  readonly subFilter: SubFilter | null;
  /** Whether it is a signature over its byte range by the key of the certificate that it names. */
  readonly integrity: Finding<
    'valid' | 'invalid',
    PlaceReason | CmsReason | IntegrityReason | TokenReason | 'content-inside'
  >;
  /** Whether that is all of the file, or of an earlier revision. */
  readonly coverage: Finding<'file' | 'revision' | 'unknown', PlaceReason>;
  readonly modifications: Modifications | null;
  readonly signer: { readonly name: string; readonly certificate: X509Certificate } | null;
  /** Whether the signer's certificate leads to an anchor, at `time.judgedAt`; its revocation aside. */
  readonly path: Finding<
    'trusted' | 'notTrusted' | 'notChecked',
    PathReason | 'signer-usage' | 'no-anchor' | 'algorithm-ended'
  >;
  readonly revocation: Finding<'good' | 'revoked' | 'notChecked', RevocationReason>;
  readonly time: PdfTime;
  /** PAdES baseline (ETSI EN 319 142-1 §6): what the file itself proves, with the given anchors alone. */
  readonly level: Finding<Level, LevelReason>;
}

export interface Finding<Status, Reason> {
  readonly status: Status;
  readonly reasons: readonly Reason[];
}

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | 'none';

/** Why the level is not higher. */
export type LevelReason =
  | 'not-pades'
  | 'integrity-invalid'
  | 'modified'
  | 'time-not-proved'
  | 'signer-not-trusted'
  | 'validation-data-incomplete'
  | 'not-stamped-after'
  | 'document-timestamp';

export interface PdfTime extends Finding<'proved' | 'absent' | 'invalid' | 'notChecked', TokenReason | 'time-order'> {
  /** By a time stamp of the signature itself, or one that was put on the document later. */
  readonly by: 'signature-timestamp' | 'document-timestamp' | null;
  /** The moment at which the signer was judged: the earliest that is proved, else now; for a document time stamp its own. */
  readonly judgedAt: Date;
  /** Until when the time stamp stands by itself: by then the next one has to be on top of it. Null where it proves nothing. */
  readonly countsUntil: Date | null;
  /** What the signer says (/M), as it is written; evidence of nothing. */
  readonly claimed: string | null;
}
