import { type BuiltPath, buildPaths, type DeadEnd, type Search, verifyWithin } from './build-path.ts';
import type { X509Certificate } from './certificate.ts';
import { checkPath, type PathPurpose, type RuleReason } from './check-path.ts';
import { createPathCache, type PathCache } from './path-cache.ts';
import type { AnchorRules } from './profile.ts';
import type { RevocationAnswer, RevocationSource } from './revocation.ts';
import { DEFAULT_LIMITS, type LimitReason, newWork, type PathLimits, WorkLimitError } from './work.ts';

export interface TrustAnchor extends AnchorRules {
  /** For people and logs; no part of any check. */
  readonly name: string;
  /**
   * What becomes of a person whose certificate nobody could check: `refuse` unless told; `limit` lets them in to see, never to read
   * a document. No part of any check here.
   */
  readonly whenNotChecked?: 'refuse' | 'limit';
}

/** What the leaf is to be used for. */
export type Purpose = PathPurpose;

export interface PathInput {
  readonly leaf: X509Certificate;
  /** Other certificates that may help, in any order; nothing here is trusted. */
  readonly pool: readonly X509Certificate[];
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly purpose: Purpose;
  readonly revocation: RevocationSource;
  /** `refuse` unless told: a path whose revocation nobody could check is then not valid. `report` leaves it to the caller. */
  readonly whenNotChecked?: 'refuse' | 'report';
  readonly limits?: Partial<PathLimits>;
  readonly signal?: AbortSignal;
  /** What earlier verifications found out for ever. */
  readonly cache?: PathCache | undefined;
}

export type PathReason =
  | RuleReason
  | LimitReason
  | 'issuer-not-found'
  | 'signature-invalid'
  | 'revoked'
  | 'revocation-unknown'
  | 'internal-error';

export interface PathFault {
  readonly code: PathReason;
  /** Index in `path` (leaf 0), or null for the path as a whole. */
  readonly certificate: number | null;
  readonly detail?: string;
}

export interface PathVerdict {
  readonly valid: boolean;
  /** Leaf first, anchor last; of a refused leaf the path that came farthest, perhaps the leaf alone. */
  readonly path: readonly X509Certificate[];
  readonly anchor: TrustAnchor | null;
  /** Empty exactly when valid. `revoked` and `revocation-unknown` are never mixed up. */
  readonly reasons: readonly PathFault[];
  /** The worst of all certificates below the anchor; `notChecked` also when a refused path made checking pointless. */
  readonly revocation: RevocationAnswer['status'];
  /** User-constrained policy set of RFC 5280 §6.1.5 (g). */
  readonly policies: readonly string[];
  readonly at: Date;
}

/**
 * RFC 5280 §6 path validation with path building and revocation, in bounded work (docs/path-validation.md).
 * Never throws: an unexpected exception is a refusal with the reason `internal-error`.
 */
export async function verifyPath(input: PathInput): Promise<PathVerdict> {
  const work = newWork({ ...DEFAULT_LIMITS, ...input.limits }, input.signal ?? null);
  const search: Search = { work, cache: input.cache ?? createPathCache(), signatures: new Map() };
  return verifyWithSearch(input, { search, pending: [] });
}

/** `pending`: certificates whose status is being looked up right now, so that lists cannot vouch for each other in a circle. */
interface Context {
  readonly search: Search;
  readonly pending: readonly string[];
}

async function verifyWithSearch(input: PathInput, context: Context): Promise<PathVerdict> {
  const { limits } = context.search.work;
  if (input.pool.length > limits.maxPool) return refused(input, { code: 'limit-pool', certificate: null });
  let best: PathVerdict | null = null;
  const deadEnd: DeadEnd = { code: 'issuer-not-found', certificate: 0 };
  try {
    for await (const built of buildPaths(input, context.search, deadEnd)) {
      const verdict = await judge(built, input, context);
      // A leaf that its issuer has revoked is not saved by another way up.
      if (verdict.valid || isLeafRevoked(verdict)) return verdict;
      best = nearer(best, verdict);
    }
  } catch (error) {
    const code = error instanceof WorkLimitError ? error.reason : 'internal-error';
    return refused(input, { code, certificate: null });
  }
  return best ?? refused(input, { ...deadEnd });
}

async function judge(built: BuiltPath<TrustAnchor>, input: PathInput, context: Context): Promise<PathVerdict> {
  const { certificates, anchor } = built;
  const { at, purpose } = input;
  const rules = checkPath({ certificates, anchor, at, purpose }, context.search.work);
  const path = [...certificates, anchor.certificate];
  const base = { path, anchor, policies: rules.policies, at };
  if (rules.faults.length > 0) return { ...base, valid: false, reasons: rules.faults, revocation: 'notChecked' };
  const { faults, revocation } = await checkRevocation(built, input, context);
  const reasons = input.whenNotChecked === 'report' ? faults.filter(({ code }) => code === 'revoked') : faults;
  return { ...base, valid: reasons.length === 0, reasons, revocation };
}

/** From the anchor down: a list counts only when the authority that signed it has been found good before. */
async function checkRevocation(built: BuiltPath<TrustAnchor>, input: PathInput, context: Context) {
  const faults: PathFault[] = [];
  for (let place = built.certificates.length - 1; place >= 0; place--) {
    const answer = await askSource(built, place, { input, context });
    const { status, reason } = answer;
    if (status === 'good') continue;
    const code = status === 'revoked' ? 'revoked' : 'revocation-unknown';
    faults.push({ code, certificate: place, ...(reason === undefined ? {} : { detail: reason }) });
    if (status === 'revoked') return { faults: [...faults].reverse(), revocation: status };
  }
  return { faults, revocation: faults.length === 0 ? ('good' as const) : ('notChecked' as const) };
}

async function askSource(
  { certificates, anchor }: BuiltPath<TrustAnchor>,
  place: number,
  { input, context }: { readonly input: PathInput; readonly context: Context },
): Promise<RevocationAnswer> {
  const chain = [...certificates, anchor.certificate];
  const [certificate, issuer] = chain.slice(place);
  if (certificate === undefined || issuer === undefined) return { status: 'notChecked', reason: 'source-failed' };
  const above = new Set(chain.slice(place + 1).map(({ sha256 }) => sha256));
  return ask({ certificate, issuer, anchor, above, input }, context);
}

interface Inquiry {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly anchor: TrustAnchor;
  /** Digests of the certificates above, which have been found good. */
  readonly above: ReadonlySet<string>;
  readonly input: PathInput;
}

async function ask(inquiry: Inquiry, context: Context): Promise<RevocationAnswer> {
  const { certificate, issuer, anchor, above, input } = inquiry;
  const below = { ...context, pending: [...context.pending, certificate.sha256] };
  try {
    return await input.revocation.check({
      certificate,
      issuer,
      anchor,
      at: input.at,
      pool: input.pool,
      verify: (signature) => verifyWithin(context.search, signature),
      isTrusted: async (signer) =>
        above.has(signer.sha256) || isTrustedSigner(signer, { ...input, anchors: [anchor] }, below),
      askAbout: async (sibling) =>
        isTooDeep(sibling, below)
          ? { status: 'notChecked', reason: 'source-failed' }
          : ask({ ...inquiry, certificate: sibling }, below),
    });
  } catch (error) {
    if (error instanceof WorkLimitError) throw error;
    // A source that is down has not said "good".
    return { status: 'notChecked', reason: 'source-failed' };
  }
}

function isTooDeep(signer: X509Certificate, { pending }: Context): boolean {
  return pending.length > 3 || pending.includes(signer.sha256);
}

/** A separate CRL key is legal (PKITS 4.4.19, 4.5.6): its certificate needs a path, and a status, of its own. */
async function isTrustedSigner(signer: X509Certificate, input: PathInput, context: Context): Promise<boolean> {
  if (isTooDeep(signer, context)) return false;
  const purpose: Purpose = { keyUsage: ['cRLSign'], allowAuthority: true };
  const verdict = await verifyWithSearch({ ...input, leaf: signer, purpose, whenNotChecked: 'refuse' }, context);
  return verdict.valid;
}

function isLeafRevoked({ reasons }: PathVerdict): boolean {
  return reasons.some(({ code, certificate }) => code === 'revoked' && certificate === 0);
}

/** The verdict that tells most: one that got as far as revocation, else the one with fewer faults, else the first. */
function nearer(best: PathVerdict | null, next: PathVerdict): PathVerdict {
  if (best === null) return next;
  return distance(next) < distance(best) ? next : best;
}

function distance({ reasons }: PathVerdict): number {
  const isLate = reasons.every(({ code }) => code === 'revoked' || code === 'revocation-unknown');
  return reasons.length + (isLate ? 0 : 1_000);
}

function refused({ leaf, at }: PathInput, fault: PathFault): PathVerdict {
  return { valid: false, path: [leaf], anchor: null, reasons: [fault], revocation: 'notChecked', policies: [], at };
}
