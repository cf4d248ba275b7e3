import { ok, type Result, refuse } from '../../result.ts';
import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  asciiOf,
  countOf,
  endOf,
  expectTag,
  nextDer,
  nextIf,
  nextOf,
  oidOf,
  openDer,
  TAG,
  timeOf,
} from '../der-reader.ts';
import type { DigestAlgorithm } from './algorithm-identifiers.ts';
import { derGeneralizedTime, derInteger, derOid, derSequence } from './der-write.ts';
import { readMessageImprint } from './timestamp-query.ts';

/** What a time-stamp token says (RFC 3161 §2.4.2). */
export interface TstInfo {
  readonly policy: string;
  readonly digest: DigestAlgorithm | null;
  readonly imprint: Uint8Array;
  /** Hexadecimal. */
  readonly serial: string;
  readonly genTime: Date;
  /** Half the width of the interval that genTime stands for; null when the token gives none. */
  readonly accuracyMilliseconds: number | null;
  /** The nonce's INTEGER as DER. */
  readonly nonce: Uint8Array | null;
}

/** TSTInfo with an accuracy of one second. */
export function tstInfo(input: {
  readonly policy: string;
  readonly messageImprint: Uint8Array;
  readonly serial: bigint;
  readonly genTime: Date;
  readonly nonce: Uint8Array | null;
}): Uint8Array {
  return derSequence(
    derInteger(1),
    derOid(input.policy),
    input.messageImprint,
    derInteger(input.serial),
    derGeneralizedTime(input.genTime),
    derSequence(derInteger(1)),
    ...(input.nonce === null ? [] : [input.nonce]),
  );
}

export function parseTstInfo(bytes: Uint8Array): Result<TstInfo, 'malformed'> {
  try {
    return ok(readTstInfo(bytes));
  } catch (error) {
    if (error instanceof DerError) return refuse('malformed');
    throw error;
  }
}

function readTstInfo(bytes: Uint8Array): TstInfo {
  const cursor = openDer(scanDer(bytes, { maxBytes: 4096 }));
  if (countOf(nextDer(cursor)) !== 1) throw new DerError('der.structure');
  const policy = oidOf(nextDer(cursor));
  const imprint = readMessageImprint(nextDer(cursor));
  const serial = Buffer.from(nextOf(cursor, TAG.integer).content).toString('hex');
  const genTime = readGenTime(nextDer(cursor));
  const accuracy = nextIf(cursor, TAG.sequence);
  nextIf(cursor, TAG.boolean);
  const nonce = nextIf(cursor, TAG.integer);
  nextIf(cursor, 0xa0);
  // Extensions [1] are refused: RFC 3161 has none of its own, and a critical one would have to be.
  endOf(cursor);
  return {
    ...imprint,
    policy,
    serial,
    genTime,
    accuracyMilliseconds: accuracy === null ? null : readAccuracy(accuracy),
    nonce: nonce?.bytes ?? null,
  };
}

/** GeneralizedTime in Z, seconds present, a fraction without trailing zeros (RFC 3161 §2.4.2). */
function readGenTime(value: DerValue): Date {
  expectTag(value, TAG.generalizedTime);
  const form = /^(\d{14})(?:\.(\d{0,8}[1-9]))?Z$/.exec(asciiOf(value));
  const [, whole, fraction = ''] = form ?? [];
  if (whole === undefined) throw new DerError('der.structure');
  const seconds = timeOf({ ...value, content: new TextEncoder().encode(`${whole}Z`) }).date;
  return new Date(seconds.getTime() + Number(fraction.slice(0, 3).padEnd(3, '0')));
}

function readAccuracy(value: DerValue): number {
  const cursor = openDer(value);
  const seconds = nextIf(cursor, TAG.integer);
  const millis = nextIf(cursor, 0x80);
  const micros = nextIf(cursor, 0x81);
  endOf(cursor);
  const number = (part: DerValue | null): number => (part === null ? 0 : countOf(part, part.tag));
  return number(seconds) * 1000 + number(millis) + Math.ceil(number(micros) / 1000);
}
