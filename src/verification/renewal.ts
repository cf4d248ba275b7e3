import { createHash } from 'node:crypto';
import { readAsic } from '../crypto/asic.ts';
import { parseRecord } from '../crypto/evidence-record/record.ts';
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

/**
 * Judges a renewal record that was given with a file. Only one that is about this very file, and proves its time, changes
 * anything: the file is then judged as of the day when its evidence was first renewed, by the lists that the record keeps.
 */
export async function judgeRenewal(
  file: { readonly kind: Report['kind']; readonly bytes: Uint8Array },
  recordFile: Uint8Array,
  trust: TrustMaterial,
): Promise<JudgedRenewal> {
  const record = parseRecord(recordFile);
  if (!record.ok) return { trust, verdict: verdict('renewal', 'invalid', { reasons: [record.fault] }) };
  const digests = renewedDigests(file.kind, file.bytes);
  const isAbout =
    digests.length > 0 && digests.every((digest) => record.value.objects.some(({ sha256 }) => sha256 === digest));
  if (!isAbout) return { trust, verdict: verdict('renewal', 'notChecked', { reasons: ['renewal-other-file'] }) };
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
 * What a renewal record knows a file by: the canonical form of a manifest or receipt, each signature of a container (it
 * covers everything inside). Empty for what has no such record.
 */
function renewedDigests(kind: Report['kind'], bytes: Uint8Array): readonly string[] {
  if (kind === 'manifest' || kind === 'receipt' || kind === 'consent')
    return [evidenceDigest(canonicalJson(parseJson(bytes)))];
  const container = kind === 'container' ? readAsic(bytes) : null;
  if (container?.ok !== true) return [];
  return container.value.signatures.map(({ content }) => evidenceDigest(content));
}

export function evidenceDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
