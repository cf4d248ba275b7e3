import { endOfEvidence } from '../algorithm-suites.ts';
import { standingAt, type TokenReason, verifyToken } from '../timestamp-token.ts';
import { crlSource } from '../x509/crl.ts';
import type { TrustAnchor } from '../x509/path.ts';
import { combineSources, type RevocationSource } from '../x509/revocation.ts';
import { type EvidenceRecord, stampedBytes } from './record.ts';

export interface RecordTrust {
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Now. */
  readonly at: Date;
}

export interface RecordVerdict {
  readonly status: 'proved' | 'invalid' | 'notChecked';
  readonly reasons: readonly (TokenReason | 'time-order')[];
  /** When everything in the record certainly existed; null unless proved. */
  readonly existedAt: Date | null;
  /** Until when the newest stamp stands by itself; null unless proved. */
  readonly countsUntil: Date | null;
  /** What the record keeps and what the caller knows: what is in it is to be judged by both. */
  readonly revocation: RevocationSource;
}

/** Verifies every stamp from the newest to the oldest: each proves when what lies under it existed. */
export async function verifyRecord(record: EvidenceRecord, trust: RecordTrust): Promise<RecordVerdict> {
  const kept = record.stamps.flatMap(({ crls }) => [...crls]);
  const revocation = combineSources([crlSource(kept, { now: trust.at }), trust.revocation]);
  const refused = (status: 'invalid' | 'notChecked', reasons: RecordVerdict['reasons']): RecordVerdict => ({
    status,
    reasons,
    existedAt: null,
    countsUntil: null,
    revocation,
  });
  let existedAt = trust.at;
  let countsUntil: Date | null = null;
  for (const [place, { token, crls }] of [...record.stamps.entries()].reverse()) {
    const stamped = { data: stampedBytes(record, place, crls) };
    const anchors = trust.timestampAnchors;
    const found = standingAt(await verifyToken({ token, stamped, anchors, revocation, at: trust.at }), existedAt);
    const { status, genTime, signer, reasons } = found;
    if (status !== 'valid' || genTime === null || signer === null) {
      return refused(status === 'notChecked' ? 'notChecked' : 'invalid', reasons);
    }
    if (genTime > existedAt && place < record.stamps.length - 1) return refused('invalid', ['time-order']);
    countsUntil ??= endOfEvidence(signer.path.path).at;
    existedAt = genTime;
  }
  return { status: 'proved', reasons: [], existedAt, countsUntil, revocation };
}
