import { ok, type Result, refuse } from '../../result.ts';
import { canonicalJson } from '../jcs.ts';
import { parseBase64, toBase64 } from '../jose-encoding.ts';
import { isJsonObject, type JsonValue, parseStrictJson } from '../strict-json.ts';

/** One piece of evidence that the record is about, by the SHA-256 of its bytes (hexadecimal). */
export interface RecordedObject {
  readonly name: string;
  readonly sha256: string;
}

/** One renewal. */
export interface RecordStamp {
  /** RFC 3161 over everything before it in the record, and its own lists. */
  readonly token: Uint8Array;
  /** Revocation lists (DER) that prove what came before it. */
  readonly crls: readonly Uint8Array[];
}

/** Time stamps over evidence, each over all before it: what RFC 4998 does, in JSON and with one tree level. */
export interface EvidenceRecord {
  readonly objects: readonly RecordedObject[];
  readonly stamps: readonly RecordStamp[];
}

const version = 'hikitsugi-renewal/1';
const limits = { bytes: 8 * 1024 * 1024, objects: 200, stamps: 32, crls: 64 } as const;

/** What a stamp's token is over: the objects, all stamps before it, and the lists that came with it. */
export function stampedBytes(
  { objects, stamps }: EvidenceRecord,
  place: number,
  crls: readonly Uint8Array[],
): Uint8Array {
  return canonicalJson({ ...plain({ objects, stamps: stamps.slice(0, place) }), crls: crls.map(toBase64) });
}

export function recordBytes(record: EvidenceRecord): Uint8Array {
  return canonicalJson(plain(record));
}

function plain({ objects, stamps }: EvidenceRecord) {
  return {
    version,
    objects: objects.map(({ name, sha256 }) => ({ name, sha256 })),
    stamps: stamps.map(({ token, crls }) => ({ token: toBase64(token), crls: crls.map(toBase64) })),
  };
}

/** Reads a record strictly: nothing in it goes unread. It proves nothing before its stamps are verified. */
export function parseRecord(bytes: Uint8Array): Result<EvidenceRecord, 'record-malformed'> {
  const parsed = bytes.length > limits.bytes ? null : parseStrictJson(bytes, 6);
  const value = parsed?.ok === true ? parsed.value : null;
  if (!isJsonObject(value ?? undefined) || value === null) return refuse('record-malformed');
  const { version: said, objects, stamps, ...more } = value as Readonly<Record<string, JsonValue>>;
  if (said !== version || Object.keys(more).length > 0) return refuse('record-malformed');
  const readObjects = listOf(objects, limits.objects, objectOf);
  const readStamps = listOf(stamps, limits.stamps, stampOf);
  const isEmpty = readObjects === null || readStamps === null || readObjects.length === 0 || readStamps.length === 0;
  return isEmpty ? refuse('record-malformed') : ok({ objects: readObjects, stamps: readStamps });
}

function listOf<T>(
  value: JsonValue | undefined,
  most: number,
  read: (one: JsonValue) => T | null,
): readonly T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const found = value.map(read);
  const whole = found.filter((one) => one !== null);
  return whole.length === found.length ? whole : null;
}

function objectOf(value: JsonValue): RecordedObject | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return null;
  const { name, sha256 } = value;
  if (typeof name !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { name, sha256 };
}

function stampOf(value: JsonValue): RecordStamp | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return null;
  const token = bytesOf(value['token'] ?? null);
  const crls = listOf(value['crls'], limits.crls, bytesOf);
  return token === null || crls === null ? null : { token, crls };
}

function bytesOf(value: JsonValue): Uint8Array | null {
  return typeof value === 'string' ? parseBase64(value) : null;
}
