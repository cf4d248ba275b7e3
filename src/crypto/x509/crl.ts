import { ok, type Result, refuse } from '../../result.ts';
import type { X509Certificate } from './certificate.ts';
import { type Crl, type CrlEntry, readCrl } from './crl-reader.ts';
import { ALL_REASONS, coveredReasons } from './crl-scope.ts';
import { hexOf } from './hex.ts';
import { nameKey, sameName } from './names.ts';
import { keyFits } from './public-key.ts';
import { reasonOf, type X509Reason } from './reasons.ts';
import type { RevocationAnswer, RevocationQuestion, RevocationReason, RevocationSource } from './revocation.ts';

export interface CrlOptions {
  /** 16 MiB unless told. */
  readonly maxBytes?: number;
  /**
   * When a question is about the past: the time of the verification itself. A list issued after the time in question
   * (and before this one) then counts, whatever its nextUpdate.
   */
  readonly now?: Date;
}

/** Reads one certificate revocation list (v2, strict DER). Never throws; the list proves nothing before its signature is verified. */
export function parseCrl(der: Uint8Array, maxBytes = 16_777_216): Result<Crl, X509Reason> {
  try {
    return ok(readCrl(der, maxBytes));
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/**
 * Answers from complete CRLs (RFC 5280 §6.3, docs/path-validation.md §5). Deltas and indirect lists are not supported: they prove nothing, so that
 * a certificate that depends on them is `notChecked`. Lists that cannot be read are left out. Make one source and keep it: it remembers
 * which lists it has authenticated.
 */
export function crlSource(crls: readonly Uint8Array[], options: CrlOptions = {}): RevocationSource {
  const parsed = crls.flatMap((der) => {
    const crl = parseCrl(der, options.maxBytes);
    return crl.ok ? [crl.value] : [];
  });
  const byIssuer = Map.groupBy(parsed, ({ issuer }) => nameKey(issuer));
  const authenticated = new Set<string>();
  return {
    check: (question) =>
      checkLists({ lists: byIssuer.get(nameKey(question.certificate.issuer)) ?? [], question, options, authenticated }),
  };
}

const CERTIFICATE_HOLD = 6;

interface Lookup {
  readonly lists: readonly Crl[];
  readonly question: RevocationQuestion;
  readonly options: CrlOptions;
  /** `list sha256 + key` of every signature found good; only good ones, so that strangers cannot fill it. */
  readonly authenticated: Set<string>;
}

async function checkLists(lookup: Lookup): Promise<RevocationAnswer> {
  const { certificate, at } = lookup.question;
  const covered = new Set<number>();
  let doubt: RevocationReason = lookup.lists.length === 0 ? 'crl-missing' : 'crl-scope';
  for (const crl of lookup.lists) {
    const reasons = coveredReasons(crl, certificate);
    if (reasons.length === 0) continue;
    const fault = listFault(crl, lookup) ?? (await authenticityFault(crl, lookup));
    const entry = fault === null ? crl.entries.get(certificate.serial) : undefined;
    // A hold may have been lifted by a delta.
    const isOpen = entry?.reason === CERTIFICATE_HOLD && crl.hasDeltas;
    if (entry !== undefined && !isOpen && countsAt(entry, at)) {
      return { status: 'revoked', reason: 'listed', revokedAt: entry.revokedAt };
    }
    // A list with deltas can say "revoked", but its silence is not the newest word.
    const silence = fault ?? (crl.hasDeltas || certificate.extensions.freshestCrl ? 'crl-delta' : null);
    if (silence !== null) doubt = silence;
    else for (const reason of reasons) covered.add(reason);
  }
  const isWhole = ALL_REASONS.every((reason) => covered.has(reason));
  return isWhole ? { status: 'good' } : { status: 'notChecked', reason: doubt };
}

/** What makes a list worthless as a whole (docs/path-validation.md §5). */
function listFault(crl: Crl, { question, options }: Lookup): RevocationReason | null {
  const { anchor, certificate, at } = question;
  if (crl.hasUnknownCritical) return 'crl-unknown-critical-extension';
  if (crl.isDelta) return 'crl-delta';
  if (crl.nextUpdate === null) return 'crl-next-update-missing';
  if (!anchor.algorithms.includes(crl.signatureAlgorithm)) return 'crl-algorithm-not-allowed';
  // RFC 5280 §5.2.3: conforming issuers number their lists, not critically.
  if (crl.number?.critical !== false && !anchor.relax?.includes('crl-number')) return 'crl-number';
  // Expired certificates leave the list, so one from after notAfter says nothing.
  const isLater = options.now !== undefined && crl.thisUpdate > at && crl.thisUpdate <= options.now;
  if (isLater && crl.thisUpdate <= certificate.notAfter) return null;
  if (crl.thisUpdate > at) return 'crl-not-yet-valid';
  return crl.nextUpdate < at ? 'crl-expired' : null;
}

/** A compromised key counts from the day it was lost; every other reason from the revocation. */
export function countsAt(entry: CrlEntry, at: Date): boolean {
  const compromised = entry.reason === 1 || entry.reason === 2;
  const from =
    compromised && entry.invalidAt !== null && entry.invalidAt < entry.revokedAt ? entry.invalidAt : entry.revokedAt;
  return from <= at;
}

/** RFC 5280 §6.3.3 (f), (g): signed by a key of the issuer's name with cRLSign, which ends at the same anchor. */
async function authenticityFault(crl: Crl, lookup: Lookup): Promise<RevocationReason | null> {
  const { question, authenticated } = lookup;
  for (const signer of signersOf(crl, question)) {
    const { spki } = signer.publicKey;
    const known = `${crl.sha256} ${hexOf(spki)}`;
    const input = { algorithm: crl.signatureAlgorithm, spki, data: crl.tbs, signature: crl.signature };
    if (!authenticated.has(known) && !(await question.verify(input))) continue;
    authenticated.add(known);
    if (await question.isTrusted(signer)) return null;
  }
  return 'crl-signature';
}

function signersOf(crl: Crl, { issuer, anchor, pool }: RevocationQuestion): X509Certificate[] {
  const wanted = crl.authorityKeyIdentifier?.keyIdentifier;
  const candidates = [issuer, anchor.certificate, ...pool].filter(
    (candidate, index, all) =>
      all.indexOf(candidate) === index &&
      sameName(candidate.subject, crl.issuer) &&
      keyFits(candidate.publicKey.kind, crl.signatureAlgorithm) &&
      candidate.extensions.keyUsage?.bits.includes('cRLSign') !== false,
  );
  // The identifier is a hint for the order only; the signature decides.
  const isHinted = (candidate: X509Certificate) => {
    const own = candidate.extensions.subjectKeyIdentifier?.keyIdentifier;
    return wanted !== undefined && wanted !== null && own !== undefined && hexOf(own) === hexOf(wanted) ? 0 : 1;
  };
  return candidates.sort((left, right) => isHinted(left) - isHinted(right));
}
