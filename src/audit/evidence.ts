import { canonicalJson, isCanonicalJson } from '../crypto/jcs.ts';
import type { FlattenedJws } from '../crypto/jose.ts';
import { type SealVerdict, sealJws, verifySealedJws } from '../crypto/sealed-jws.ts';
import type { Signer } from '../crypto/signer.ts';
import type { TrustAnchor } from '../crypto/x509/path.ts';
import type { RevocationSource } from '../crypto/x509/revocation.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type Checkpoint } from './checkpoint.ts';
import { bodyOf, type EntryBody, encodeBody, type LogEntry, parseEntry } from './entry.ts';
import type { VerifierKey } from './note.ts';
import { type ProofReason, parseProof, verifyProof } from './proof-text.ts';

/**
 * What a receipt states. Further facts (digests, parties) stand beside these.
 * The log entry is carried without its place, which the sequencer gives it later: the proof brings the whole of it.
 */
export interface EvidenceStatement {
  /** Name of the evidence after ETSI EN 319 522, e.g. `SubmissionAcceptance`. */
  readonly event: string;
  readonly eventId: string;
  /** RFC 3339. */
  readonly issuedAt: string;
  readonly log: { readonly origin: string; readonly entry: EntryBody };
  readonly [fact: string]: unknown;
}

export interface EvidenceVerdict {
  readonly seal: SealVerdict;
  /** Null when the signature is invalid or what was signed is no evidence. */
  readonly statement: EvidenceStatement | null;
}

/** Where a proof found the receipt's entry. */
export interface EvidencePlace {
  readonly index: bigint;
  readonly entry: LogEntry;
  readonly checkpoint: Checkpoint;
}

export type EvidenceProofReason = ProofReason | 'proof.other-log' | 'proof.no-entry' | 'proof.other-entry';

export const evidenceType = 'hikitsugi-evidence+jws';

/** Signs a receipt at once, as a flattened JWS with the signer's certificates; canonical JSON inside. */
export async function signEvidence(statement: EvidenceStatement, signer: Signer): Promise<FlattenedJws> {
  const sealed = await sealJws({
    payload: canonicalJson(statement),
    typ: evidenceType,
    signer,
    timestamps: null,
    iat: new Date(statement.issuedAt),
  });
  if (!sealed.ok) throw new Error('a seal without time stamp cannot be refused one');
  return sealed.value;
}

/** Verifies a receipt offline: the signature, who signed, and that it is evidence. Its proof is another question. */
export async function verifyEvidence(input: {
  readonly jws: unknown;
  readonly anchors: readonly TrustAnchor[];
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  readonly at: Date;
  readonly existedAt?: Date;
}): Promise<EvidenceVerdict> {
  const seal = await verifySealedJws({ ...input, typ: evidenceType });
  return { seal, statement: seal.payload === null ? null : parseStatement(seal.payload) };
}

/**
 * Verifies that a receipt's log entry is in the log: the proof's extra line brings the full entry, which must be the
 * receipt's own but for its place; its hash must lie where the signed checkpoint says. Nothing is taken on trust.
 */
export async function verifyEvidenceProof(
  statement: EvidenceStatement,
  proofText: string,
  logKey: VerifierKey,
): Promise<Result<EvidencePlace, EvidenceProofReason>> {
  const proof = parseProof(proofText);
  if (!proof.ok) return proof;
  const { origin, entry: promised } = statement.log;
  // A gateway has a log for each school year under one origin.
  if (logKey.name !== origin && !logKey.name.startsWith(`${origin}/`)) return refuse('proof.other-log');
  if (proof.value.extra === null) return refuse('proof.no-entry');
  const entry = parseEntry(proof.value.extra);
  if (!entry.ok || encodeBody(bodyOf(entry.value)) !== encodeBody(promised)) return refuse('proof.other-entry');
  const checkpoint = await verifyProof(proof.value, proof.value.extra, logKey);
  if (!checkpoint.ok) return checkpoint;
  return ok({ index: proof.value.index, entry: entry.value, checkpoint: checkpoint.value });
}

function parseStatement(payload: Uint8Array): EvidenceStatement | null {
  if (!isCanonicalJson(payload)) return null;
  const value: unknown = JSON.parse(new TextDecoder().decode(payload));
  return isStatement(value) ? value : null;
}

function isStatement(value: unknown): value is EvidenceStatement {
  if (!isRecord(value) || !isRecord(value['log']) || !isBody(value['log']['entry'])) return false;
  const texts = [value['event'], value['eventId'], value['issuedAt'], value['log']['origin']];
  return texts.every((text) => typeof text === 'string');
}

function isBody(value: unknown): value is EntryBody {
  if (!isRecord(value)) return false;
  // A body is an entry without its place: with any place it has to parse.
  const place = {
    boardSlice: '0'.repeat(32),
    boardSeq: 1,
    ...(value['v'] === 1 ? {} : { schoolPlace: '0'.repeat(64) }),
  };
  const hasPlace = ['boardSlice', 'boardSeq', 'schoolPlace'].some((field) => field in value);
  return !hasPlace && parseEntry(canonicalJson({ ...value, ...place })).ok;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
