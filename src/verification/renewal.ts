import { createHash } from 'node:crypto';
import { readAsic } from '../crypto/asic.ts';
import { type EvidenceRecord, parseRecord } from '../crypto/evidence-record/record.ts';
import { verifyRecord } from '../crypto/evidence-record/verify.ts';
import { canonicalJson } from '../crypto/jcs.ts';
import { parseJson } from './parse-json.ts';
import { type Report, type Verdict, verdict } from './report.ts';
import { timeText } from './time-text.ts';
import type { TrustMaterial } from './trust-material.ts';

/** Verdict on a renewal record, and the trust that the file beside it is judged by. */
export interface JudgedRenewal {
  readonly verdict: Verdict;
  readonly trust: TrustMaterial;
}

/** What a renewal record can be about, and what it is known by there. */
export interface RenewedFile {
  readonly kind: Report['kind'];
  readonly bytes: Uint8Array;
}

/**
 * Judges the renewal records that were given with a file: the one that is about it, else the first. Only one that is about this very file, and proves its time, changes
 * anything: the file is then judged as of the day when its evidence was first renewed, by the lists that the record keeps.
 */
export async function judgeRenewal(
  file: RenewedFile,
  recordFiles: readonly Uint8Array[],
  trust: TrustMaterial,
): Promise<JudgedRenewal> {
  const digests = renewedDigests(file);
  const records = recordFiles.map(parseRecord);
  const record = records.find((one) => one.ok && isAbout(one.value, digests)) ?? records.find((one) => !one.ok);
  if (record?.ok === false) return { trust, verdict: verdict('renewal', 'invalid', { reasons: [record.fault] }) };
  if (record === undefined)
    return { trust, verdict: verdict('renewal', 'notChecked', { reasons: ['renewal-other-file'] }) };
  const { time: timestampAnchors, revocation, at } = trust;
  const found = await verifyRecord(record.value, { timestampAnchors, revocation, at });
  if (found.status !== 'proved' || found.existedAt === null) {
    const word = found.status === 'notChecked' ? 'notChecked' : 'invalid';
    return { trust, verdict: verdict('renewal', word, { reasons: found.reasons }) };
  }
  return {
    trust: { ...trust, revocation: found.revocation, existedAt: found.existedAt },
    verdict: verdict('renewal', 'valid', { about: timeText(found.existedAt) }),
  };
}

/**
 * Those of the records chosen together with some files that go with this one: what is about it, and what is about none of them, so
 * that its reader is told.
 */
export function recordsBeside(
  file: RenewedFile,
  recordFiles: readonly Uint8Array[],
  files: readonly RenewedFile[],
): readonly Uint8Array[] {
  if (recordFiles.length === 0) return [];
  const known = files.map(renewedDigests);
  const own = renewedDigests(file);
  // Beside a receipt with its record, a PDF is not told that it has none.
  if (own.length === 0 && known.some((digests) => digests.length > 0)) return [];
  return recordFiles.filter((bytes) => {
    const record = parseRecord(bytes);
    return !record.ok || isAbout(record.value, own) || !known.some((digests) => isAbout(record.value, digests));
  });
}

/** Whether a file says that it is a renewal record; a damaged one is told where it is judged. */
export function isRenewalRecord(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x7b || bytes.length > maxRecordBytes) return false;
  const said = parseJson(bytes);
  const version = typeof said === 'object' && said !== null && 'version' in said ? said.version : null;
  return typeof version === 'string' && version.startsWith('hikitsugi-renewal/');
}

const maxRecordBytes = 8 * 1024 * 1024;

function isAbout({ objects }: EvidenceRecord, digests: readonly string[]): boolean {
  return digests.length > 0 && digests.every((digest) => objects.some(({ sha256 }) => sha256 === digest));
}

/**
 * What a renewal record knows a file by: the canonical form of a manifest or receipt, each signature of a container (it
 * covers everything inside). Empty for what has no such record.
 */
function renewedDigests({ kind, bytes }: RenewedFile): readonly string[] {
  if (kind === 'manifest' || kind === 'receipt' || kind === 'consent')
    return [evidenceDigest(canonicalJson(parseJson(bytes)))];
  const container = kind === 'container' ? readAsic(bytes) : null;
  if (container?.ok !== true) return [];
  return container.value.signatures.map(({ content }) => evidenceDigest(content));
}

export function evidenceDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
