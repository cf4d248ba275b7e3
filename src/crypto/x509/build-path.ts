import { type SignatureInput, verifySignature } from './algorithms.ts';
import type { X509Certificate } from './certificate.ts';
import { generalNameKey } from './general-names.ts';
import { hexOf } from './hex.ts';
import { nameKey, sameName } from './names.ts';
import type { PathCache } from './path-cache.ts';
import type { AnchorRules } from './profile.ts';
import { keyFits } from './public-key.ts';
import { spendSignature, spendStep, type Work } from './work.ts';

/** What one verification shares, from the first path to the last CRL signer. */
export interface Search {
  readonly work: Work;
  /** Of earlier verifications too. */
  readonly cache: PathCache;
  /** Results by certificate and issuer key. */
  readonly signatures: Map<string, Promise<boolean>>;
}

export interface BuildInput<A extends AnchorRules> {
  readonly leaf: X509Certificate;
  readonly pool: readonly X509Certificate[];
  readonly anchors: readonly A[];
  readonly at: Date;
}

export interface BuiltPath<A extends AnchorRules> {
  /** Leaf first, without the anchor. Names chain and signatures are good; nothing else has been checked. */
  readonly certificates: readonly X509Certificate[];
  readonly anchor: A;
}

/** How far building came when it found no path: the certificate that has no issuer, or none whose key fits. */
export interface DeadEnd {
  code: 'issuer-not-found' | 'signature-invalid';
  certificate: number;
}

/**
 * Every path from the leaf to an anchor, shortest first (iterative deepening), so that nine cross-signed intermediates cost as little as
 * the path they hide. Bounded by the search's work; each signature is verified once (docs/path-validation.md §3).
 */
export async function* buildPaths<A extends AnchorRules>(
  input: BuildInput<A>,
  search: Search,
  deadEnd: DeadEnd,
): AsyncGenerator<BuiltPath<A>> {
  const anchors = new Set(input.anchors.map(({ certificate }) => certificate.sha256));
  const pool = input.pool.filter(({ sha256 }) => !anchors.has(sha256));
  for (let length = 1; length <= search.work.limits.maxCertificates; length++) {
    const round: Round<A> = { input: { ...input, pool }, search, deadEnd, length, reached: false };
    yield* extend(round, [input.leaf]);
    if (!round.reached) return;
  }
}

interface Round<A extends AnchorRules> {
  readonly input: BuildInput<A>;
  readonly search: Search;
  readonly deadEnd: DeadEnd;
  readonly length: number;
  reached: boolean;
}

async function* extend<A extends AnchorRules>(
  round: Round<A>,
  path: readonly X509Certificate[],
): AsyncGenerator<BuiltPath<A>> {
  const { input, search } = round;
  const last = path.at(-1);
  if (last === undefined) return;
  if (path.length === round.length) {
    round.reached = true;
    for (const anchor of input.anchors) {
      if (await isIssuedBy(last, anchor.certificate, round, path)) yield { certificates: path, anchor };
    }
    return;
  }
  const visited = new Set(path.map(loopKey));
  for (const candidate of issuersOf(last, input)) {
    spendStep(search.work);
    if (visited.has(loopKey(candidate))) continue;
    if (await isIssuedBy(last, candidate, round, path)) yield* extend(round, [...path, candidate]);
  }
}

/** By name, likeliest first. The key identifier is a hint: three generations of one authority may share a name (JPKI, docs/path-validation.md §3). */
function issuersOf<A extends AnchorRules>(
  certificate: X509Certificate,
  { pool, at }: BuildInput<A>,
): X509Certificate[] {
  const wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier;
  const rank = (candidate: X509Certificate) => {
    const own = candidate.extensions.subjectKeyIdentifier?.keyIdentifier;
    const hinted = wanted != null && own !== undefined && hexOf(own) === hexOf(wanted);
    const current = candidate.notBefore <= at && at <= candidate.notAfter;
    return (hinted ? 0 : 2) + (current ? 0 : 1);
  };
  return pool
    .filter(({ subject }) => sameName(subject, certificate.issuer))
    .sort((left, right) => rank(left) - rank(right));
}

async function isIssuedBy<A extends AnchorRules>(
  certificate: X509Certificate,
  issuer: X509Certificate,
  { search, deadEnd }: Round<A>,
  path: readonly X509Certificate[],
): Promise<boolean> {
  if (!sameName(certificate.issuer, issuer.subject)) return noteDeadEnd(deadEnd, 'issuer-not-found', path.length - 1);
  if (await isSignedBy(certificate, issuer, search)) return true;
  return noteDeadEnd(deadEnd, 'signature-invalid', path.length - 1);
}

/** Keeps the farthest point, and of one point the more telling reason. */
function noteDeadEnd(deadEnd: DeadEnd, code: DeadEnd['code'], certificate: number): false {
  const isFarther = certificate > deadEnd.certificate;
  if (isFarther || (certificate === deadEnd.certificate && code === 'signature-invalid')) {
    deadEnd.code = code;
    deadEnd.certificate = certificate;
  }
  return false;
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate, search: Search): Promise<boolean> {
  const { kind, spki } = issuer.publicKey;
  const { signatureAlgorithm: algorithm, tbs: data, signature } = certificate;
  if (!keyFits(kind, algorithm)) return Promise.resolve(false);
  const key = `${certificate.sha256} ${hexOf(spki)}`;
  const known = search.signatures.get(key);
  if (known !== undefined) return known;
  const result =
    search.cache.proved.get(key) === true
      ? Promise.resolve(true)
      : prove(key, search, { algorithm, spki, data, signature });
  search.signatures.set(key, result);
  return result;
}

async function prove(key: string, search: Search, input: SignatureInput): Promise<boolean> {
  const isGood = await verifyWithin(search, input);
  if (isGood) search.cache.proved.set(key, true);
  return isGood;
}

/** One signature, paid from the budget of the search. */
export function verifyWithin(search: Search, input: SignatureInput): Promise<boolean> {
  spendSignature(search.work);
  return verifySignature(input, search.cache.keys);
}

/** RFC 4158 §2.4.2: the same subject, key and alternative names twice is a loop. */
function loopKey({ subject, publicKey, extensions }: X509Certificate): string {
  const alternatives = extensions.subjectAltNames?.names.map(generalNameKey) ?? [];
  return JSON.stringify([nameKey(subject), hexOf(publicKey.spki), alternatives]);
}
