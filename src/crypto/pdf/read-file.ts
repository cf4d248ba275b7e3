import { type CrossReference, parseTable, readSectionStream, type Section } from './cross-references.ts';
import {
  type Cursor,
  hasText,
  isDigit,
  peek,
  polyglot,
  skipFew,
  skipSpace,
  takeInteger,
  takeKeyword,
} from './cursor.ts';
import { indexOf } from './find-bytes.ts';
import { expandObjectStream, type InnerObject, isContainer } from './object-streams.ts';
import { parseValue } from './parse-value.ts';
import { openStream, type Revisions, readRevisions, takeEndOfStream, takeObjectHeader } from './revisions.ts';
import {
  type Budget,
  breathe,
  damaged,
  integerOf,
  isDictionary,
  isReference,
  type PdfDictionary,
  type PdfValue,
  spendValues,
  tooComplex,
} from './values.ts';

const maxObjects = 200_000;
const maxVersions = 256;

/** Every object of a file, of all its revisions, wherever it lies: what any reader could come to see. */
export interface PdfFile {
  /** By number; more than one when a later revision replaced it, since readers may differ in which one they take. */
  readonly objects: ReadonlyMap<number, readonly PdfValue[]>;
  readonly trailers: readonly PdfDictionary[];
  readonly bytes: Uint8Array;
  readonly revisions: Revisions;
  /** Indirect objects by the offset at which they begin. */
  readonly body: ReadonlyMap<number, IndirectObject>;
  /** What object streams hold, by the offset of the stream. */
  readonly packed: ReadonlyMap<number, readonly InnerObject[]>;
  /** In the order of the file. */
  readonly ends: readonly EndMark[];
  /** Offsets of all cross-reference tables and streams, whether or not the newest leads to them. */
  readonly sectionOffsets: readonly number[];
}

/** `startxref`, a number, `%%EOF`: where a revision ends. */
export interface EndMark {
  /** The number: where its cross-references begin. */
  readonly start: number;
  /** Behind `%%EOF`. */
  readonly end: number;
}

/**
 * Reads the whole file from its first byte to its last, and not only what its cross-references name; then demands that
 * the cross-references agree with what was found. So nothing hides between, behind or inside the objects, and no reader
 * has a reason to repair the file and find others.
 * @throws {PdfRefused}
 */
export async function readPdf(bytes: Uint8Array, budget: Budget): Promise<PdfFile> {
  const revisions = readRevisions(bytes, budget);
  const found = await readBody({ bytes, at: 0, end: bytes.length, budget }, revisions);
  const streams = sectionStreams(found);
  const sections = [
    ...revisions.sections,
    ...found.tables.values(),
    ...[...streams.values()].map((stream) => readSectionStream(bytes, stream, budget)),
  ];
  const trailers = sections.map(({ trailer }) => trailer);
  const sectionOffsets = [...found.tables.keys(), ...streams.keys()];
  const outer = { trailers, bytes, revisions, ends: found.ends, sectionOffsets };
  // With encryption nothing of what follows means what it says; the walk refuses it.
  if (trailers.some(({ entries }) => entries.has('Encrypt'))) {
    return { ...outer, objects: new Map(), body: new Map(), packed: new Map() };
  }
  const objects = new Map<number, PdfValue[]>();
  for (const { number, value } of found.objects.values()) {
    add(objects, number, value);
  }
  const containers = new Map<number, readonly (readonly number[])[]>();
  const packed = new Map<number, readonly InnerObject[]>();
  for (const [offset, { number, value }] of found.objects) {
    if (!isContainer(value)) continue;
    const inside = expandObjectStream(bytes, value, budget);
    packed.set(offset, inside);
    for (const object of inside) add(objects, object.number, object.value);
    const numbers = inside.map((object) => object.number);
    containers.set(number, [...(containers.get(number) ?? []), numbers]);
    await breathe(budget);
  }
  const cursor: Cursor = { bytes, at: 0, end: bytes.length, budget };
  for (const guess of found.guesses) compareGuess(cursor, guess, objects.get(guess.number) ?? []);
  for (const { references } of sections) {
    for (const reference of references) compare(reference, { bytes, budget, found: found.objects, containers });
  }
  return { ...outer, objects, body: found.objects, packed };
}

/** By offset; those cross-reference streams too to which the newest revision does not lead. */
function sectionStreams({ objects }: Body): ReadonlyMap<number, PdfDictionary> {
  const streams = new Map<number, PdfDictionary>();
  for (const [offset, { value }] of objects) {
    if (isDictionary(value) && value.data !== null && value.entries.get('Type') === 'XRef') streams.set(offset, value);
  }
  return streams;
}

export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
}

interface Body {
  /** By offset. */
  readonly objects: Map<number, IndirectObject>;
  /** By offset, whether or not the newest revision leads to them: readers of linearised files begin at the first. */
  readonly tables: Map<number, Section>;
  readonly ends: EndMark[];
  readonly guesses: Guess[];
}

interface Guess {
  /** Of the object that holds the length. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

async function readBody(cursor: Cursor, revisions: Revisions): Promise<Body> {
  const body: Body = { objects: new Map(), tables: new Map(), ends: [], guesses: [] };
  readHeader(cursor);
  for (skipSpace(cursor); cursor.at < cursor.end; skipSpace(cursor)) {
    const offset = cursor.at;
    if (isDigit(peek(cursor))) {
      body.objects.set(offset, readObject(cursor, revisions, body));
      if (body.objects.size > maxObjects) throw tooComplex('objects');
    } else if (takeKeyword(cursor, 'xref')) body.tables.set(offset, parseTable(cursor));
    else if (takeKeyword(cursor, 'startxref')) body.ends.push(readEnd(cursor));
    else throw damaged('between-objects');
    await breathe(cursor.budget);
  }
  return body;
}

/** §7.5.2; at offset 0, although many readers would look for it further on. */
function readHeader(cursor: Cursor): void {
  if (!hasText(cursor, '%PDF-')) throw polyglot('header');
  cursor.at += 5;
  if (!/^[12]$/.test(String.fromCharCode(peek(cursor) ?? 0))) throw damaged('version');
  // What stands in the rest of the line is a comment.
  cursor.at = 0;
}

function readEnd(cursor: Cursor): EndMark {
  skipFew(cursor);
  const start = takeInteger(cursor);
  if (start === null) throw damaged('startxref');
  skipFew(cursor);
  if (!hasText(cursor, '%%EOF')) throw damaged('eof');
  return { start, end: cursor.at + '%%EOF'.length };
}

function readObject(cursor: Cursor, revisions: Revisions, body: Body): IndirectObject {
  const { number, generation } = takeObjectHeader(cursor);
  const value = parseValue(cursor);
  const stream = openStream(cursor, value, (length, start) => lengthOf(cursor, { length, start, revisions }, body));
  skipSpace(cursor);
  if (!takeKeyword(cursor, 'endobj')) throw damaged('endobj');
  return { number, generation, value: stream ?? value };
}

/** A length may stand in an object of its own, further on or replaced since: that one counts at whose end the stream ends. */
function lengthOf(
  cursor: Cursor,
  of: { readonly length: PdfValue; readonly start: number; readonly revisions: Revisions },
  body: Body,
): number | null {
  if (!isReference(of.length)) return integerOf(of.length);
  for (const offset of of.revisions.offsets.get(of.length.number) ?? []) {
    spendValues(cursor.budget, 1);
    const there: Cursor = { ...cursor, at: offset };
    skipFew(there);
    takeObjectHeader(there);
    skipFew(there);
    const length = takeInteger(there);
    if (length !== null && takeEndOfStream({ ...cursor, at: of.start + length })) return length;
  }
  // Else it may lie in an object stream, which is opened later: so look for the end now and compare then.
  const { bytes } = cursor;
  const end = indexOf(bytes, 'endstream', of.start);
  if (end === -1) return null;
  body.guesses.push({ number: of.length.number, start: of.start, end });
  return end - of.start;
}

/** A stream whose length was not known yet has to end where it was guessed. */
function compareGuess(cursor: Cursor, guess: Guess, lengths: readonly PdfValue[]): void {
  for (const length of lengths.map(integerOf)) {
    if (length === null) continue;
    const there = { ...cursor, at: guess.start + length };
    if (takeEndOfStream(there) && there.at === guess.end + 'endstream'.length) return;
  }
  throw damaged('stream-length');
}

interface Found {
  readonly bytes: Uint8Array;
  readonly budget: Budget;
  readonly found: ReadonlyMap<number, IndirectObject>;
  readonly containers: ReadonlyMap<number, readonly (readonly number[])[]>;
}

/** A reference that points elsewhere than at its object makes readers repair the file, and find what is not there. */
function compare(reference: CrossReference, { bytes, budget, found, containers }: Found): void {
  if (reference.kind === 'free') return;
  if (reference.kind === 'inside') {
    const versions = containers.get(reference.container) ?? [];
    if (!versions.some((numbers) => numbers[reference.index] === reference.number)) throw damaged('xref-inside');
    return;
  }
  const there: Cursor = { bytes, at: reference.offset, end: bytes.length, budget };
  skipFew(there);
  const object = found.get(there.at);
  if (object?.number !== reference.number || object.generation !== reference.generation) throw damaged('xref-offset');
}

function add(objects: Map<number, PdfValue[]>, number: number, value: PdfValue): void {
  // A reference to a reference: readers differ in how far they follow.
  if (isReference(value)) throw damaged('reference-object');
  const known = objects.get(number);
  if (known === undefined) objects.set(number, [value]);
  else known.push(value);
  if (known !== undefined && known.length > maxVersions) throw tooComplex('versions');
}
