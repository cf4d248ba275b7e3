import type { X509Certificate } from './certificate.ts';
import type { Crl, IssuingDistributionPoint } from './crl-reader.ts';
import type { DistributionPoint, ReasonBits } from './extension-types.ts';
import { generalNameKey } from './general-names.ts';
import { nameKey } from './names.ts';
import { isAuthority } from './profile.ts';

/** Every bit of ReasonFlags (RFC 5280 §4.2.1.13); bit 0 is unused. */
export const ALL_REASONS: ReasonBits = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * For which reasons of revocation this list speaks about this certificate (RFC 5280 §6.3.3 (b), (d)); empty when it does not.
 * Indirect lists are not supported: the list and the certificate must have the same issuer, which the caller has checked.
 */
export function coveredReasons(crl: Crl, certificate: X509Certificate): ReasonBits {
  const { scope } = crl;
  const points = certificate.extensions.crlDistributionPoints?.points ?? [];
  if (scope === null) return ALL_REASONS;
  if (scope.indirect || scope.onlyAttributes) return [];
  if (isAuthority(certificate) ? scope.onlyUsers : scope.onlyAuthorities) return [];
  const stated = scope.onlySomeReasons ?? ALL_REASONS;
  if (scope.fullName === null && scope.relativeKey === null) return stated;
  const named = scopeNames(scope, crl);
  const matching = points.filter((point) => pointNames(point, certificate).some((name) => named.has(name)));
  // A point that names some reasons promises no more than these.
  return stated.filter((reason) => matching.some(({ reasons }) => reasons === null || reasons.includes(reason)));
}

function scopeNames(scope: IssuingDistributionPoint, crl: Crl): ReadonlySet<string> {
  return new Set(namesOf(scope, [...crl.issuer.keys]));
}

/** A point with its own cRLIssuer belongs to an indirect list. */
function pointNames(point: DistributionPoint, certificate: X509Certificate): string[] {
  return point.crlIssuer === null ? namesOf(point, [...certificate.issuer.keys]) : [];
}

/** Names comparable with each other; a relative name becomes the whole name that it stands for. */
function namesOf(point: Pick<DistributionPoint, 'fullName' | 'relativeKey'>, issuerKeys: string[]): string[] {
  const full = point.fullName?.map(generalNameKey) ?? [];
  if (point.relativeKey === null) return full;
  const keys = [...issuerKeys, point.relativeKey];
  return [...full, `directoryName ${nameKey({ keys })}`];
}
