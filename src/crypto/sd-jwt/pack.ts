import { toBase64url } from '../jose-encoding.ts';
import { type RandomBytes, randomBelow } from '../random.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../strict-json.ts';
import { disclosureDigest, makeDisclosure, reservedNames } from './disclosure.ts';
import { maxDepth } from './format.ts';

/** Which parts of an object or a list may be withheld, and how many digests stand for nothing. */
export interface DisclosureFrame {
  /** Names of members, or places in a list. */
  readonly disclosable?: readonly (string | number)[];
  readonly decoys?: number;
  /** Frames of what lies inside, by name or place. */
  readonly within?: Readonly<Record<string, DisclosureFrame>>;
}

export interface Packed {
  readonly payload: JsonObject;
  /** In no order that tells anything. */
  readonly disclosures: readonly string[];
}

const saltBytes = 16;
const fillTo = 8;

/**
 * Hides parts of claims behind digests (RFC 9901 §4.2). Digests are sorted, which mixes them, since their salts are random.
 *
 * @param input.random - 128 bits for each salt, 256 for each decoy; pinned in vectors only
 * @throws TypeError for reserved names, more than 8 levels, and frames of what is not there
 */
export function packClaims(input: {
  readonly claims: JsonObject;
  readonly frame: DisclosureFrame;
  readonly random: RandomBytes;
}): Packed {
  const work: Work = { random: input.random, disclosures: [] };
  const payload = packObject(input.claims, input.frame, work, 1);
  const hash = work.disclosures.length > 0 || '_sd' in payload ? { _sd_alg: 'sha-256' } : {};
  return { payload: { ...payload, ...hash }, disclosures: work.disclosures.toSorted() };
}

/**
 * Every member, every list and every element of a list by itself. Digests are filled up with decoys to a multiple of 8, so that the
 * number of subjects stays hidden.
 */
export function everyField(claims: JsonObject): DisclosureFrame {
  return { ...frameOf(Object.keys(claims)), within: framesWithin(Object.entries(claims)) };
}

function frameOf(disclosable: readonly (string | number)[]): DisclosureFrame {
  return { disclosable, decoys: (fillTo - (disclosable.length % fillTo)) % fillTo };
}

function framesWithin(members: readonly (readonly [string, JsonValue])[]): Record<string, DisclosureFrame> {
  return Object.fromEntries(
    members.flatMap(([name, value]) => {
      if (isJsonObject(value)) return [[name, everyField(value)] as const];
      return Array.isArray(value) ? [[name, frameOf([...value.keys()])] as const] : [];
    }),
  );
}

interface Work {
  readonly random: RandomBytes;
  readonly disclosures: string[];
}

function pack(value: JsonValue, frame: DisclosureFrame, work: Work, depth: number): JsonValue {
  if (typeof value !== 'object' || value === null) {
    if (frame !== whole) throw new TypeError('a frame for what has no parts');
    return value;
  }
  if (depth > maxDepth) throw new TypeError('claims are nested too deep');
  return isJsonObject(value) ? packObject(value, frame, work, depth) : packList(value, frame, work, depth);
}

const whole: DisclosureFrame = {};

/** A claim may be called `toString`. */
function frameIn(within: NonNullable<DisclosureFrame['within']>, place: string | number): DisclosureFrame {
  return (Object.hasOwn(within, place) ? within[place] : undefined) ?? whole;
}

function packObject(object: JsonObject, frame: DisclosureFrame, work: Work, depth: number): JsonObject {
  const { disclosable = [], decoys = 0, within = {} } = frame;
  refuseUnknown([...disclosable, ...Object.keys(within)], (name) => Object.hasOwn(object, name));
  const open: [string, JsonValue][] = [];
  const digests: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (reservedNames.includes(name)) throw new TypeError(`${name} is reserved`);
    const packed = pack(value, frameIn(within, name), work, depth + 1);
    if (disclosable.includes(name)) digests.push(hide({ name, value: packed }, work));
    else open.push([name, packed]);
  }
  for (let count = 0; count < decoys; count += 1) digests.push(decoy(work));
  return Object.fromEntries(digests.length === 0 ? open : [...open, ['_sd', digests.sort()]]);
}

function packList(list: readonly JsonValue[], frame: DisclosureFrame, work: Work, depth: number): readonly JsonValue[] {
  const { disclosable = [], decoys = 0, within = {} } = frame;
  refuseUnknown([...disclosable, ...Object.keys(within)], (place) => Object.hasOwn(list, place));
  const elements: JsonValue[] = [];
  for (const [place, value] of list.entries()) {
    const packed = pack(value, frameIn(within, place), work, depth + 1);
    elements.push(disclosable.includes(place) ? { '...': hide({ name: null, value: packed }, work) } : packed);
  }
  for (let count = 0; count < decoys; count += 1) {
    elements.splice(randomBelow(elements.length + 1, work.random), 0, { '...': decoy(work) });
  }
  return elements;
}

function hide(
  content: { readonly name: string | null; readonly value: JsonValue },
  { random, disclosures }: Work,
): string {
  const disclosure = makeDisclosure(random(saltBytes), content);
  disclosures.push(disclosure.text);
  return disclosure.digest;
}

/** RFC 9901 §4.2.5: the digest of random bytes, as any other to look at. */
function decoy({ random }: Work): string {
  return disclosureDigest(toBase64url(random(32)));
}

function refuseUnknown(names: readonly (string | number)[], isThere: (name: string | number) => boolean): void {
  if (!names.every(isThere)) throw new TypeError('a frame names what is not there');
}
