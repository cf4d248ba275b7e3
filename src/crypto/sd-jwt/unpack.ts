import { ok, type Result, refuse } from '../../result.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../strict-json.ts';
import { type Disclosure, isDigest, parseDisclosure } from './disclosure.ts';
import { maxDepth } from './format.ts';
import { SdJwtError, type SdJwtReason, sdJwtReasonOf } from './reasons.ts';

/** Where something stands in the claims: names of members and places in lists. */
export type ClaimPath = readonly (string | number)[];

export interface DisclosedClaim {
  readonly path: ClaimPath;
  readonly disclosure: Disclosure;
}

export interface Unpacked {
  /** The claims with every disclosure in its place and no digest left ("processed payload"). */
  readonly claims: JsonObject;
  /** What was disclosed, outer parts before inner ones. */
  readonly disclosed: readonly DisclosedClaim[];
}

/**
 * Puts disclosures into their places (RFC 9901 §7.1 steps 3 to 5). Every disclosure is used exactly once, every digest stands once,
 * and nothing that is disclosed replaces what the issuer left open.
 */
export function unpackClaims(payload: JsonObject, disclosures: readonly string[]): Result<Unpacked, SdJwtReason> {
  try {
    if (new Set(disclosures).size !== disclosures.length) throw new SdJwtError('disclosure-repeated');
    const parsed = disclosures.map(parseDisclosure);
    const { _sd_alg: hash, ...members } = payload;
    if (hash !== undefined && hash !== 'sha-256') throw new SdJwtError('hash-unknown');
    const found = new Map(parsed.map((disclosure) => [disclosure.digest, disclosure]));
    const work: Work = { found, seen: new Set(), disclosed: [] };
    const claims = unpackObject(members, [], work);
    if (work.disclosed.length !== parsed.length) throw new SdJwtError('disclosure-unreferenced');
    return ok({ claims, disclosed: work.disclosed });
  } catch (error) {
    return refuse(sdJwtReasonOf(error));
  }
}

interface Work {
  readonly found: ReadonlyMap<string, Disclosure>;
  readonly seen: Set<string>;
  readonly disclosed: DisclosedClaim[];
}

function unpack(value: JsonValue, path: ClaimPath, work: Work): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (path.length >= maxDepth) throw new SdJwtError('json-too-deep');
  return isJsonObject(value) ? unpackObject(value, path, work) : unpackList(value, path, work);
}

function unpackObject(object: JsonObject, path: ClaimPath, work: Work): JsonObject {
  const { _sd: digests = [], ...open } = object;
  // `...` stands for an element of a list and nowhere else; `_sd_alg` only at the top, where it has been taken away.
  if ('...' in open) throw new SdJwtError('digest-malformed');
  if ('_sd_alg' in open) throw new SdJwtError('name-reserved');
  if (!Array.isArray(digests)) throw new SdJwtError('digest-malformed');
  const members = new Map(Object.entries(open).map(([name, value]) => [name, unpack(value, [...path, name], work)]));
  for (const digest of digests as readonly JsonValue[]) {
    const disclosure = take(digest, work);
    if (disclosure === null) continue;
    const { name, value } = disclosure;
    if (name === null) throw new SdJwtError('disclosure-misplaced');
    if (members.has(name)) throw new SdJwtError('name-taken');
    const place = [...path, name];
    work.disclosed.push({ path: place, disclosure });
    members.set(name, unpack(value, place, work));
  }
  // fromEntries defines members and never assigns them: `__proto__` is a name like any other.
  return Object.fromEntries(members);
}

function unpackList(list: readonly JsonValue[], path: ClaimPath, work: Work): readonly JsonValue[] {
  const elements: JsonValue[] = [];
  for (const element of list) {
    const place = [...path, elements.length];
    if (!isJsonObject(element) || !('...' in element)) {
      elements.push(unpack(element, place, work));
      continue;
    }
    if (Object.keys(element).length !== 1) throw new SdJwtError('digest-malformed');
    const disclosure = take(element['...'], work);
    if (disclosure === null) continue;
    if (disclosure.name !== null) throw new SdJwtError('disclosure-misplaced');
    work.disclosed.push({ path: place, disclosure });
    elements.push(unpack(disclosure.value, place, work));
  }
  return elements;
}

function take(digest: JsonValue | undefined, { found, seen }: Work): Disclosure | null {
  if (!isDigest(digest)) throw new SdJwtError('digest-malformed');
  if (seen.has(digest)) throw new SdJwtError('digest-repeated');
  seen.add(digest);
  return found.get(digest) ?? null;
}
