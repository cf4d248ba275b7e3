import { ok, type Result, refuse } from '../../result.ts';
import { DerError, type DerValue, scanDer } from '../der.ts';
import { booleanOf, countOf, endOf, nextDer, nextIf, octetsOf, oidOf, openDer, TAG } from '../der-reader.ts';
import { type DigestAlgorithm, digestIdentifier, readDigestIdentifier } from './algorithm-identifiers.ts';
import { derInteger, derOctetString, derOid, derSequence, derTrue, derUnsigned } from './der-write.ts';

/** A time-stamp request as a server reads it (RFC 3161 §2.4.1). */
export interface TimestampQuery {
  /** Null when the hash is none of ours. */
  readonly digest: DigestAlgorithm | null;
  readonly imprint: Uint8Array;
  /** The MessageImprint as DER, to be copied into the token. */
  readonly messageImprint: Uint8Array;
  readonly policy: string | null;
  /** The nonce's INTEGER as DER. */
  readonly nonce: Uint8Array | null;
  readonly wantsCertificates: 'yes' | 'no';
}

/** A request for a SHA-256 imprint, certificates wanted; `nonce` is the octets of a positive number. */
export function timestampQuery(input: {
  readonly imprint: Uint8Array;
  readonly nonce: Uint8Array;
  readonly policy: string | null;
}): Uint8Array {
  return derSequence(
    derInteger(1),
    derSequence(digestIdentifier('SHA-256'), derOctetString(input.imprint)),
    ...(input.policy === null ? [] : [derOid(input.policy)]),
    derUnsigned(input.nonce),
    derTrue(),
  );
}

export function parseTimestampQuery(bytes: Uint8Array): Result<TimestampQuery, 'malformed'> {
  try {
    return ok(readQuery(bytes));
  } catch (error) {
    if (error instanceof DerError) return refuse('malformed');
    throw error;
  }
}

function readQuery(bytes: Uint8Array): TimestampQuery {
  const cursor = openDer(scanDer(bytes, { maxBytes: 4096 }));
  if (countOf(nextDer(cursor)) !== 1) throw new DerError('der.structure');
  const imprint = nextDer(cursor);
  const policy = nextIf(cursor, TAG.oid);
  const nonce = nextIf(cursor, TAG.integer);
  const certificates = nextIf(cursor, TAG.boolean);
  // No extension is known here, and an unknown one must not be ignored silently.
  endOf(cursor);
  return {
    ...readMessageImprint(imprint),
    messageImprint: imprint.bytes,
    policy: policy === null ? null : oidOf(policy),
    nonce: nonce?.bytes ?? null,
    wantsCertificates: certificates !== null && booleanOf(certificates) ? 'yes' : 'no',
  };
}

/** MessageImprint (RFC 3161 §2.4.1); `digest` is null when the hash is none of ours. */
export function readMessageImprint(value: DerValue): {
  readonly digest: DigestAlgorithm | null;
  readonly imprint: Uint8Array;
} {
  const cursor = openDer(value);
  const digest = readDigestIdentifier(nextDer(cursor));
  const imprint = octetsOf(nextDer(cursor));
  endOf(cursor);
  return { digest, imprint };
}
