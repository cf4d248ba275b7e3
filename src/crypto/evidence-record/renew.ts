import { ok, type Result, refuse } from '../../result.ts';
import { gatherValidationData } from '../pdf/gather-validation.ts';
import type { TimestampReason, TimestampService } from '../timestamp.ts';
import { type EvidenceRecord, type RecordedObject, stampedBytes } from './record.ts';
import { type RecordTrust, verifyRecord } from './verify.ts';

export type RecordRenewalReason = TimestampReason | 'evidence-not-good' | 'revocation-list-missing' | 'nothing-gained';

export interface RenewedRecord {
  readonly record: EvidenceRecord;
  readonly countsUntil: Date;
}

/**
 * Puts a time stamp over evidence, or over a record of it, together with the revocation lists that prove what is under it.
 * That the evidence is good now is for the caller to have verified; that the record is, and lasts longer afterwards, is not.
 *
 * @param from.countsUntil - until when the evidence stands without it
 */
export async function renewRecord(
  from:
    | {
        readonly objects: readonly RecordedObject[];
        /** Certificates and time stamps in the objects. */
        readonly chain: readonly Uint8Array[];
        readonly tokens: readonly Uint8Array[];
        readonly countsUntil: Date;
      }
    | { readonly record: EvidenceRecord },
  by: { readonly trust: RecordTrust; readonly timestamps: TimestampService; readonly lists: readonly Uint8Array[] },
): Promise<Result<RenewedRecord, RecordRenewalReason>> {
  const { trust, timestamps, lists } = by;
  const before = 'record' in from ? (await verifyRecord(from.record, trust)).countsUntil : from.countsUntil;
  if (before === null) return refuse('evidence-not-good');
  const former: EvidenceRecord = 'record' in from ? from.record : { objects: from.objects, stamps: [] };
  const proved =
    'record' in from
      ? { chain: [], tokens: from.record.stamps.slice(-1).map(({ token }) => token) }
      : { chain: from.chain, tokens: from.tokens };
  const { data, isComplete } = gatherValidationData({ ...proved, lists });
  if (!isComplete) return refuse('revocation-list-missing');
  const token = await timestamps.stamp(stampedBytes(former, former.stamps.length, data.crls));
  if (!token.ok) return token;
  const record = { ...former, stamps: [...former.stamps, { token: token.value, crls: data.crls }] };
  const { status, countsUntil } = await verifyRecord(record, trust);
  if (status !== 'proved' || countsUntil === null) return refuse('evidence-not-good');
  return countsUntil > before ? ok({ record, countsUntil }) : refuse('nothing-gained');
}
