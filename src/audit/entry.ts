import { isCanonicalJson } from '../crypto/jcs.ts';
import { ok, type Result, refuse } from '../result.ts';
import { maxEntryBytes } from './tiles.ts';

export const sides = ['sender', 'recipient', 'person', 'gateway'] as const;
export type Side = (typeof sides)[number];

/**
 * What the business transaction knows of a log entry. No name, no address, no school code, and no hash of one:
 * who it was stands in the commitment, whose salt can be shredded.
 */
export interface EntryBody {
  /** 2 since entries say their place at the school too; those written before stay what they are. */
  readonly v: 1 | 2;
  /** The event's name; a refused act ends in `.refused`. */
  readonly event: string;
  /** When it happened, RFC 3339 in UTC with milliseconds. */
  readonly time: string;
  readonly side: Side;
  readonly orgRole: string;
  readonly purpose: string | null;
  /** SHA-256 of a ciphertext, hexadecimal. */
  readonly objectDigest: string | null;
  /** 128 random bits per case and side, hexadecimal. */
  readonly token: string;
  /** 128 random bits of this entry alone, so that no leaf can be guessed from the public tiles. */
  readonly nonce: string;
  /** SHA-256(salt ‖ detail), hexadecimal. */
  readonly commitment: string;
}

/** An entry as it is hashed into the tree. */
export interface LogEntry extends EntryBody, EntryPlace {}

/** Where an entry stands among those of its board and of its school: proofs show presence, this shows completeness. */
export interface EntryPlace {
  /** A random name of one board's share of this log. */
  readonly boardSlice: string;
  /** 1, 2, 3 … without gaps in each slice. */
  readonly boardSeq: number;
  /** The same for its school, to be read with the school's key only (`schoolPlace`); since version 2. */
  readonly schoolPlace?: string;
}

/** A log entry must fit into a bundle, and says nothing in free text. */
export class EntryNotLoggable extends Error {
  override readonly name = 'EntryNotLoggable';
}

/** Canonical JSON (RFC 8785); refuses at creation what could never be sequenced. */
export function encodeBody(body: EntryBody): string {
  const malformed = Object.entries(shape).find(([field, fits]) => field in body && !fits(valueOf(body, field)));
  if (malformed !== undefined) throw new EntryNotLoggable(`${malformed[0]} cannot be logged`);
  // RFC 8785 §3.2: for strings and integers it is what JSON.stringify writes, with the names in order.
  const text = JSON.stringify(body, bodyFields);
  // Its shapes are ASCII, so characters are bytes.
  if (text.length > maxEntryBytes - completionBytes) throw new EntryNotLoggable('the entry is too long');
  return text;
}

/** Whether an act's entry will say its place at the school; one that has waited through an update does not. */
export function saysSchoolPlace(body: string): boolean {
  return body.endsWith('"v":2}');
}

/** The full entry in canonical order, around the body's text as it stands. */
export function completeEntry(body: string, { boardSlice, boardSeq, schoolPlace }: EntryPlace): string {
  const ofBoard = `{"boardSeq":${boardSeq},"boardSlice":"${boardSlice}",${body.slice(1)}`;
  if (schoolPlace === undefined) return ofBoard;
  // No value holds a quotation mark, so this stands once in the text.
  return ofBoard.replace(',"side":"', `,"schoolPlace":"${schoolPlace}","side":"`);
}

/** An entry's bytes, taken apart; only exactly the canonical form of exactly these fields. */
export function parseEntry(bytes: Uint8Array): Result<LogEntry, 'entry.malformed'> {
  if (!isCanonicalJson(bytes)) return refuse('entry.malformed');
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof value !== 'object' || value === null) return refuse('entry.malformed');
  const fields = valueOf(value, 'v') === 1 ? fieldsOfFirst : allFields;
  const complete = Object.keys(value).length === fields.length && fields.every((field) => field in value);
  if (!complete || !fields.every((field) => shape[field](valueOf(value, field)))) return refuse('entry.malformed');
  // Sound: exactly the fields of LogEntry are there, each of its shape.
  return ok(value as LogEntry);
}

/** What the signed receipt can know already: the entry without what the sequencer adds. */
export function bodyOf({ boardSlice: _slice, boardSeq: _seq, schoolPlace: _place, ...body }: LogEntry): EntryBody {
  return body;
}

const word = /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/;
const hex128 = /^[0-9a-f]{32}$/;
const hex256 = /^[0-9a-f]{64}$/;
// {"boardSeq":9007199254740991,"boardSlice":"<32>", and "schoolPlace":"<64>",
const completionBytes = 200;

const shape: Readonly<Record<keyof LogEntry, (value: unknown) => boolean>> = {
  v: (value) => value === 1 || value === 2,
  event: (value) => matches(value, word),
  time: (value) => matches(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  side: (value) => sides.some((side) => side === value),
  orgRole: (value) => matches(value, word),
  purpose: (value) => value === null || matches(value, word),
  objectDigest: (value) => value === null || matches(value, hex256),
  token: (value) => matches(value, hex128),
  nonce: (value) => matches(value, hex128),
  commitment: (value) => matches(value, hex256),
  boardSlice: (value) => matches(value, hex128),
  boardSeq: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  schoolPlace: (value) => matches(value, hex256),
};

const allFields = Object.keys(shape).filter((field): field is keyof LogEntry => field in shape);
const fieldsOfFirst = allFields.filter((field) => field !== 'schoolPlace');
const bodyFields = fieldsOfFirst.filter((field) => field !== 'boardSlice' && field !== 'boardSeq').toSorted();

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function valueOf(record: object, field: string): unknown {
  return Object.getOwnPropertyDescriptor(record, field)?.value;
}
